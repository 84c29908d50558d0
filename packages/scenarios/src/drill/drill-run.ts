/**
 * A run that a debrief wants, and what it keeps of it: the same day with other actions or none. Plain data on both sides, so that
 * a host may make it in a worker, on a pool, or here.
 */
import type { MeasureValues } from '../experiment/replication.ts';
import { measureValues } from '../experiment/replication.ts';
import type { LiveAction } from '../live/live-input.ts';
import { LiveRun } from '../live/live-run.ts';
import type { ScenarioDocument } from '../scenario/document.ts';
import type { RunResult } from '../scenario/result.ts';
import type { StepOptions } from '../scenario/scenario-run.ts';

/** One of them. */
export interface DrillRun {
  /** Unique in a debrief; a host may keep results by it. */
  readonly key: string;
  /** For people, while it is made. */
  readonly title: string;
  readonly document: ScenarioDocument;
  readonly seed: string;
  readonly crew: 'simulated' | 'none';
  readonly actions: readonly LiveAction[];
  readonly spareApiServers: number;
  /** Where it ends, in seconds after the trigger. */
  readonly untilSeconds: number;
}

/** What a debrief keeps of a run. */
export interface DrillOutcome {
  readonly key: string;
  readonly digest: string;
  readonly measures: MeasureValues;
  /** Minutes for which all users together went without: the sum over minutes of the share of requests that failed. */
  readonly lostMinutes: number;
  /** When people first said that something was wrong, and when they first did something; `null` = never. */
  readonly firstNotice: number | null;
  readonly firstAction: number | null;
  /** Share of user requests that failed, by minute; for charts. */
  readonly errorShare: { readonly t: readonly number[]; readonly values: readonly number[] };
}

/** Makes a run, here and now; undefined when it was aborted. */
export function makeDrillRun(wanted: DrillRun, hooks: StepOptions = {}): DrillOutcome | undefined {
  const { document, seed, crew, actions, spareApiServers, untilSeconds } = wanted;
  const live = new LiveRun(document, { seed, crew, actions, spareApiServers, untilSeconds });
  if (!live.advanceTo(untilSeconds, hooks)) return undefined;
  return outcomeOf(wanted.key, live.result());
}

/** What is kept of a result. */
export function outcomeOf(key: string, result: RunResult): DrillOutcome {
  const { t, columns } = result.series;
  const values = columns['userErrorShare']!;
  const first = (kind: string): number | null => result.timeline.find((entry) => entry.kind === kind)?.t ?? null;
  return {
    key,
    digest: result.digest,
    measures: measureValues(result),
    lostMinutes: Number(values.reduce((sum, share) => sum + share, 0).toPrecision(8)),
    firstNotice: first('operators'),
    firstAction: first('action'),
    errorShare: { t, values },
  };
}
