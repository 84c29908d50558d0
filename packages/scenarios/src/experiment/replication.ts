/** One run as experiments keep it: its numbers, and what is needed to make it again. */
import { documentHash } from '../scenario/hash.ts';
import { isControlPlaneDocument } from '../scenario/control-plane/schema.ts';
import { makeControlPlaneReplication } from './control-plane-replication.ts';
import type { KpiValues, RunResult } from '../scenario/result.ts';
import { runScenario } from '../scenario/run.ts';
import type { ScenarioDocument } from '../scenario/document.ts';

/** Measures by name - `outageSeconds`, `byCluster.large-1.peakErrorShare` -; `null` = did not happen. */
export type MeasureValues = Readonly<Record<string, number | null>>;

/** What one replication left behind. Plain data: the same run gives the same bytes wherever it was made. */
export interface Replication {
  readonly hash: string;
  readonly engine: string;
  readonly seed: string;
  /** Seconds after the trigger at which it was ended early; `null` = at the end of the document's horizon. */
  readonly until: number | null;
  readonly digest: string;
  readonly events: number;
  readonly measures: MeasureValues;
}

/** A run that somebody wants: one document under one seed. */
export interface Wanted {
  readonly document: ScenarioDocument;
  readonly seed: string;
  readonly untilSeconds?: number;
}

/** A document under a range of seeds: the unit that is sent to another core or machine. Plain data. */
export interface Job {
  readonly document: ScenarioDocument;
  /** Of the document; who receives a job checks it. */
  readonly hash: string;
  readonly seeds: SeedRange;
  readonly untilSeconds?: number;
}

/** Seeds number `first` to `first + count - 1` of those that `base` begins, see `seedAt`. */
export interface SeedRange {
  readonly base: string;
  readonly first: number;
  readonly count: number;
}

/**
 * The seed of replication `index` (from 0). A whole number counts on: base `5` gives 5, 6, 7; any other text gives `base`,
 * `base/1`, `base/2`. Two variants of a scenario under one seed share their random numbers.
 */
export function seedAt(base: string, index: number): string {
  if (/^(0|[1-9]\d{0,14})$/.test(base)) return String(Number(base) + index);
  return index === 0 ? base : `${base}/${index}`;
}

/** What tells one replication from every other: equal keys mean equal bytes. */
export function replicationKey(one: Pick<Replication, 'hash' | 'engine' | 'seed' | 'until'>): string {
  return JSON.stringify([one.engine, one.hash, one.until, one.seed]);
}

/** The replication of a finished run. */
export function replicationOf(result: RunResult, untilSeconds: number | undefined): Replication {
  return {
    hash: result.documentHash,
    engine: result.engineVersion,
    seed: result.seed,
    until: untilSeconds ?? null,
    digest: result.digest,
    events: result.eventCount,
    measures: measureValues(result),
  };
}

/** All numbers among the KPIs of a run, those of clusters and products under `byCluster.<id>.` and `byProduct.<id>.`. */
export function measureValues({ kpis }: Pick<RunResult, 'kpis'>): MeasureValues {
  const values: Record<string, number | null> = {};
  const add = (prefix: string, named: KpiValues): void => {
    for (const [name, value] of Object.entries(named)) values[`${prefix}${name}`] = value;
  };
  for (const [name, value] of Object.entries(kpis)) {
    if (value === null || typeof value === 'number') values[name] = value;
  }
  for (const [id, named] of Object.entries(kpis.byCluster)) add(`byCluster.${id}.`, named);
  for (const [id, named] of Object.entries(kpis.byProduct)) add(`byProduct.${id}.`, named);
  return values;
}

/**
 * A measure as comparisons, sweeps and conditions take it: undefined for a name that the run does not have, null for what did
 * not happen - and 0 for the recovery of lost clusters where none was lost. A run has null for that as well, but nothing had to
 * recover: taken for *never* it would rank what prevents an outage behind what shortens it.
 */
export function comparedValue(measures: MeasureValues, name: string): number | null | undefined {
  const value = measures[name];
  const [, owner] = recovery.exec(name) ?? [];
  return value === null && owner !== undefined && measures[`${owner}clustersLost`] === 0 ? 0 : value;
}

/** Whether a measure is the recovery of lost clusters, of the run or of one of its parts. */
export function isRecovery(name: string): boolean {
  return recovery.test(name);
}

const recovery = /^(.*\.|)(?:first|last)ClusterRecovered$/;

/** How a run is watched while it lasts. */
export interface RunHooks {
  /** Called now and then with how far the run is, in seconds after the trigger. */
  readonly onProgress?: (simulatedSeconds: number, endSeconds: number) => void;
  /** Ends the run where it is; `makeReplication` then returns undefined, for half a run is none. */
  readonly abort?: { readonly aborted: boolean };
  /** Called with the whole result of a finished run of a scenario; a control plane alone has none. */
  readonly onResult?: (result: RunResult) => void;
}

/**
 * Makes a wanted run, here and now: of a scenario, or of a control plane alone under declared load, which is handed over
 * under the same type. Returns undefined when it was aborted.
 */
export function makeReplication(wanted: Wanted, hooks: RunHooks = {}): Replication | undefined {
  const { document, seed, untilSeconds } = wanted;
  if (isControlPlaneDocument(document)) return makeControlPlaneReplication(wanted, hooks);
  const { onResult, ...watched } = hooks;
  const result = runScenario(document, {
    seed,
    ...(untilSeconds === undefined ? {} : { untilSeconds }),
    ...watched,
  });
  if (hooks.abort?.aborted === true) return undefined;
  onResult?.(result);
  return replicationOf(result, untilSeconds);
}

/** The job of making replications `first` to `first + count - 1` of a document. */
export function jobOf(document: ScenarioDocument, seeds: SeedRange, untilSeconds?: number): Job {
  return { document, hash: documentHash(document), seeds, ...(untilSeconds === undefined ? {} : { untilSeconds }) };
}

/** The runs a job consists of, in order. */
export function runsOf({ document, seeds, untilSeconds }: Job): Wanted[] {
  return Array.from({ length: seeds.count }, (_, i) => ({
    document,
    seed: seedAt(seeds.base, seeds.first + i),
    ...(untilSeconds === undefined ? {} : { untilSeconds }),
  }));
}
