/** What a debrief says. Plain data; how it is found is in debrief-study.ts, what its words mean in docs/guides/drill.md. */
import type { TimelineEntry } from '../scenario/result.ts';
import type { DrillOutcome } from './drill-run.ts';

/** See above. */
export interface Debrief {
  readonly schema: 'brownout/debrief@1';
  readonly scenario: string;
  readonly title: string;
  readonly engineVersion: string;
  readonly documentHash: string;
  readonly seed: string;
  readonly digest: string;
  readonly clock: { readonly zero: string; readonly zone: string };
  readonly difficulty: string;
  readonly trainees: readonly { readonly name: string; readonly roles: readonly string[] }[];
  /** From here to there, in seconds after the trigger: all runs below end where the session ended. */
  readonly startSeconds: number;
  readonly untilSeconds: number;
  /** What was run besides the session; what was not is `null` in everything below. */
  readonly made: {
    readonly runs: number;
    readonly counterfactuals: number;
    readonly alternatives: number;
    /** Other seeds under which the ranking was run again. */
    readonly seeds: number;
  };
  readonly score: DrillScore;
  readonly rows: readonly ScoreRow[];
  readonly decisions: readonly Decision[];
  /** Best first; the session, nobody and the document's crew are among them. */
  readonly ranking: readonly RankedRun[];
  /** The story of the run with what people did and said, by time. */
  readonly timeline: readonly TimelineEntry[];
  readonly notes: readonly { readonly t: number; readonly text: string }[];
  /** Draft of a postmortem, Markdown. */
  readonly postmortem: string;
}

/** How the session did between nobody at all and the people of the document. */
export interface DrillScore {
  /**
   * 0 = as if nobody had acted, 100 = as the document's own operators; more is better than they, less than 0 worse than nobody.
   * `null` while either is not known, or where they come to the same, so that there was nothing to gain.
   */
  readonly points: number | null;
  /** Minutes for which all users together went without. */
  readonly lostMinutes: { readonly own: number; readonly nobody: number | null; readonly crew: number | null };
  /** In a sentence. */
  readonly verdict: string;
}

/** One measure of the session beside nobody and the crew. */
export interface ScoreRow {
  readonly name: string;
  readonly title: string;
  readonly unit: 'seconds' | 'minutes' | 'share' | 'count' | 'moment';
  readonly own: number | null;
  readonly nobody: number | null;
  readonly crew: number | null;
  /** What it is made of. */
  readonly meaning: string;
}

/**
 * What leaving a decision out would have done, all else the same. `helped`: more would have been lost; `harmed`: less would
 * have been; `no-difference`: neither by more than the tolerance; `failed`: it did not come off, so there is nothing to leave
 * out; `not-tried`: nobody ran that.
 */
export type DecisionVerdict = 'helped' | 'harmed' | 'no-difference' | 'failed' | 'not-tried';

/** Everything that one person set off with one line. */
export interface Decision {
  readonly t: number;
  readonly clock: string;
  readonly by: string;
  /** The line, or what was done. */
  readonly text: string;
  readonly clusters: readonly string[];
  readonly isDone: boolean;
  /** It takes back what was done before: a block is lifted, traffic comes back. */
  readonly isReversal: boolean;
  readonly verdict: DecisionVerdict;
  /** Minutes lost without it, less those lost with it: more than 0 = it helped. */
  readonly gainMinutes: number | null;
  readonly gainOutageSeconds: number | null;
}

/** A run of the debrief with its place. */
export interface RankedRun {
  readonly key: string;
  readonly kind: 'session' | 'nobody' | 'crew' | 'alternative';
  readonly text: string;
  readonly lostMinutes: number;
  /** Less than the session's: negative = better than it. */
  readonly differenceMinutes: number;
  readonly outageSeconds: number | null;
  readonly usersAffectedShare: number | null;
  readonly lastClusterRecovered: number | null;
  readonly errorShare: DrillOutcome['errorShare'];
  /** How it compares with the session under other seeds; `null` = not run under any, or it is the session. */
  readonly again: SeedSpread | null;
}

/** A comparison with the session, made again under other seeds, each of which both have. */
export interface SeedSpread {
  /** How many. */
  readonly seeds: number;
  /** Under so many less was lost than in the session, or more, by more than the tolerance. */
  readonly better: number;
  readonly worse: number;
  /** Minutes lost less those of the session: the least and the most of all seeds. Negative = better than the session. */
  readonly leastMinutes: number;
  readonly mostMinutes: number;
}
