/**
 * The debrief as a study: a generator that yields the runs it wants and is handed what they left, in the same order, like those
 * of experiment/. First the day without anybody and with the document's own people; then, without each decision in turn, what
 * it was worth; then what else could have been done. A host makes the runs wherever it likes, or asks for fewer.
 */
import { documentHash } from '../scenario/hash.ts';
import { engineVersion } from '../version.ts';
import { type Alternative, alternativesOf, without } from './alternatives.ts';
import type { Debrief, Decision, RankedRun, SeedSpread } from './debrief.ts';
import { underSeeds } from './debrief-seeds.ts';
import { debriefTimeline } from './debrief-timeline.ts';
import { type Decided, decisionsOf, shownDecision } from './decisions.ts';
import { drillPostmortem } from './drill-postmortem.ts';
import type { DrillRecord } from './drill-record.ts';
import { type DrillOutcome, type DrillRun, makeDrillRun, outcomeOf } from './drill-run.ts';
import { spareApiServersOf } from './drill-setup.ts';
import { scoreOf, scoreRows } from './score.ts';

/** How much a debrief may run. */
export interface DebriefOptions {
  /** Runs without one decision each, at most; those made first are tried first. Default 8. */
  readonly counterfactuals?: number | undefined;
  /** Runs of what else could have been done, at most. Default 6. */
  readonly alternatives?: number | undefined;
  /** Other seeds under which the ranking is run again, to see how often each was better. Default 0. */
  readonly seeds?: number | undefined;
}

/** A debrief under way. Each list it yields may be made in any order, side by side. */
export type DebriefStudy = Generator<readonly DrillRun[], Debrief, readonly DrillOutcome[]>;

/** Minutes of difference below which a decision made none: half a minute, or a fiftieth of what was lost (assumed). */
export function toleranceOf(lostMinutes: number): number {
  return Math.max(0.5, lostMinutes / 50);
}

/** What can be said of a session alone. */
export function ownDebrief(record: DrillRecord): Debrief {
  const own = outcomeOf('session', record.result);
  return debriefOf(record, {
    own,
    nobody: null,
    crew: null,
    decisions: shown(record),
    alternatives: [],
    runs: 0,
    seeds: 0,
    again: new Map(),
  });
}

/** See the head of this file. */
export function* debriefStudy(record: DrillRecord, options: DebriefOptions = {}): DebriefStudy {
  const { counterfactuals = 8, alternatives = 6, seeds = 0 } = options;
  const own = outcomeOf('session', record.result);
  const { document } = record.setup;
  // What the facilitator broke is part of the day, whoever is at work in it.
  const actions = without(
    record.actions,
    record.actions.filter(({ input }) => input.kind !== 'fault').map(({ id }) => id),
  );
  const references = [
    runOf(record, { key: 'nobody', title: 'nobody acts', document, crew: 'none', actions }),
    runOf(record, { key: 'crew', title: 'the crew of the document', document, crew: 'simulated', actions }),
  ];
  const [nobody, crew] = yield references;
  const decided = decisionsOf(record);
  const tried = decided.filter(({ isDone }) => isDone).slice(0, counterfactuals);
  const left = tried.length === 0 ? [] : yield tried.map((one) => runOf(record, leftOut(record, one)));
  const decisions = shown(record).map((decision, index) => {
    const place = tried.indexOf(decided[index]!);
    return place < 0 ? decision : judged(decision, own, left[place]!);
  });
  const harmed = decided.filter((_, index) => decisions[index]!.verdict === 'harmed');
  const others = alternativesOf(record, decided, harmed, troubledIn(nobody!)).slice(0, alternatives);
  const made = others.length === 0 ? [] : yield others.map((one) => runOf(record, otherwise(record, one)));
  const outcomes = others.map((alternative, place) => ({ alternative, outcome: made[place]! }));
  const later = laterOf(record, outcomes, own);
  const madeLater = later.length === 0 ? [] : yield later.map((one) => runOf(record, otherwise(record, one)));
  later.forEach((alternative, place) => outcomes.push({ alternative, outcome: madeLater[place]! }));
  const session = runOf(record, { ...record.made, key: own.key, title: 'what you did', actions: record.actions });
  const ranked = [...references, ...outcomes.map(({ alternative }) => runOf(record, otherwise(record, alternative)))];
  const again = yield* underSeeds(session, ranked, seeds, toleranceOf);
  const runs = 2 + left.length + outcomes.length + seeds * (1 + ranked.length);
  return debriefOf(record, {
    own,
    nobody: nobody!,
    crew: crew!,
    decisions,
    alternatives: outcomes,
    runs,
    seeds,
    again,
  });
}

/** Carries a debrief to its end, here and now. */
export function conductDebrief(
  study: DebriefStudy,
  make: (run: DrillRun) => DrillOutcome = (run) => makeDrillRun(run)!,
): Debrief {
  let step = study.next();
  while (step.done !== true) step = study.next(step.value.map(make));
  return step.value;
}

type Wanted = Pick<DrillRun, 'key' | 'title' | 'document' | 'crew' | 'actions'>;

function runOf({ setup, untilSeconds }: DrillRecord, wanted: Wanted): DrillRun {
  return { ...wanted, seed: setup.seed ?? '1', spareApiServers: spareApiServersOf(setup), untilSeconds };
}

/** The best alternative at later times, where it is better than the session and there is time left for it. */
function laterOf(
  { untilSeconds }: DrillRecord,
  tried: Found['alternatives'],
  own: DrillOutcome,
): readonly Alternative[] {
  const [best] = [...tried].sort((one, other) => one.outcome.lostMinutes - other.outcome.lostMinutes);
  if (best === undefined || own.lostMinutes - best.outcome.lostMinutes <= toleranceOf(own.lostMinutes)) return [];
  return (best.alternative.later ?? []).filter(({ actions }) => actions.every(({ t }) => t < untilSeconds));
}

function leftOut({ made, actions }: DrillRecord, { text, ids, t }: Decided): Wanted {
  return { ...made, key: `without ${t} ${ids.join(',')}`, title: `without: ${text}`, actions: without(actions, ids) };
}

function otherwise({ made }: DrillRecord, { key, text, actions }: Alternative): Wanted {
  return { ...made, key, title: text, actions };
}

function shown(record: DrillRecord): Decision[] {
  return decisionsOf(record).map((one) => shownDecision(one, record.result.clock.zero));
}

function judged(decision: Decision, own: DrillOutcome, left: DrillOutcome): Decision {
  const gainMinutes = Number((left.lostMinutes - own.lostMinutes).toPrecision(6));
  const gainOutageSeconds = (left.measures['outageSeconds'] ?? 0) - (own.measures['outageSeconds'] ?? 0);
  const tolerance = toleranceOf(own.lostMinutes);
  const verdict = gainMinutes > tolerance ? 'helped' : gainMinutes < -tolerance ? 'harmed' : 'no-difference';
  return { ...decision, verdict, gainMinutes, gainOutageSeconds };
}

/** Clusters that get into trouble when nobody does anything. */
function troubledIn({ measures }: DrillOutcome): string[] {
  return Object.keys(measures).flatMap((name) => {
    const id = /^byCluster\.(.+)\.clustersLost$/.exec(name)?.[1];
    return id !== undefined && measures[name] === 1 ? [id] : [];
  });
}

interface Found {
  readonly own: DrillOutcome;
  readonly nobody: DrillOutcome | null;
  readonly crew: DrillOutcome | null;
  readonly decisions: readonly Decision[];
  readonly alternatives: readonly { readonly alternative: Alternative; readonly outcome: DrillOutcome }[];
  readonly runs: number;
  readonly seeds: number;
  readonly again: ReadonlyMap<string, SeedSpread>;
}

function debriefOf(record: DrillRecord, found: Found): Debrief {
  const { setup, result, startSeconds, untilSeconds, notes } = record;
  const { own, nobody, crew, decisions, alternatives, runs, seeds } = found;
  const counterfactuals = decisions.filter(({ gainMinutes }) => gainMinutes !== null).length;
  const whole: Omit<Debrief, 'postmortem'> = {
    schema: 'brownout/debrief@1',
    scenario: result.scenario,
    title: result.title,
    engineVersion,
    documentHash: documentHash(setup.document),
    seed: result.seed,
    digest: result.digest,
    clock: result.clock,
    difficulty: setup.difficulty ?? 'standard',
    trainees: setup.trainees.map(({ name, roles }) => ({ name, roles })),
    startSeconds,
    untilSeconds,
    made: { runs, counterfactuals, alternatives: alternatives.length, seeds },
    score: scoreOf(own, nobody, crew),
    rows: scoreRows(record, own, nobody, crew, decisions),
    decisions,
    ranking: rankingOf(found),
    timeline: debriefTimeline(record, decisions),
    notes,
  };
  return { ...whole, postmortem: drillPostmortem(whole, result) };
}

function rankingOf({ own, nobody, crew, alternatives, again }: Found): RankedRun[] {
  const ranked = (kind: RankedRun['kind'], text: string, outcome: DrillOutcome | null): RankedRun[] =>
    outcome === null
      ? []
      : [
          {
            key: outcome.key,
            kind,
            text,
            lostMinutes: outcome.lostMinutes,
            differenceMinutes: Number((outcome.lostMinutes - own.lostMinutes).toPrecision(6)),
            outageSeconds: outcome.measures['outageSeconds'] ?? null,
            usersAffectedShare: outcome.measures['usersAffectedShare'] ?? null,
            lastClusterRecovered: outcome.measures['lastClusterRecovered'] ?? null,
            errorShare: outcome.errorShare,
            again: again.get(outcome.key) ?? null,
          },
        ];
  return [
    ...ranked('session', 'what you did', own),
    ...ranked('crew', 'the crew of the document', crew),
    ...ranked('nobody', 'nobody acts', nobody),
    ...alternatives.flatMap(({ alternative, outcome }) => ranked('alternative', alternative.text, outcome)),
  ].sort((one, other) => one.lostMinutes - other.lostMinutes);
}
