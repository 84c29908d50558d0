/** What is kept of one run: its measures, rounded to six digits, and what is needed to recognise the run again. */
import type { FirstFailure, RunResult, ScenarioDocument } from '@brownout/scenarios';
import { rollbackMeasures } from './rollback-measures.ts';

/** Measures by name: seconds after the trigger, shares or counts; `null` = did not happen. */
export type Measures = Readonly<Record<string, number | null>>;

/** One run, as it is stored. */
export interface RunRow {
  readonly hash: string;
  readonly seed: string;
  readonly engine: string;
  /** Fingerprint of the sources that made it. */
  readonly sources: string;
  readonly digest: string;
  readonly events: number;
  readonly measures: Measures;
  /** First resource to fail, by cluster; clusters in which none failed are left out. */
  readonly resources: Readonly<Record<string, string>>;
  readonly warnings: readonly string[];
}

/** Measures that are kept of each cluster, as `<cluster>/<name>`. */
const clusterMeasures = [
  'clustersLost',
  'firstSaturation',
  'firstUserError',
  'peakErrorShare',
  'lastClusterRecovered',
  'lockoutSeconds',
];

/** The row of a run. */
export function rowOf(result: RunResult, document: ScenarioDocument, sources: string): RunRow {
  return {
    hash: result.documentHash,
    seed: result.seed,
    engine: result.engineVersion,
    sources,
    digest: result.digest,
    events: result.eventCount,
    measures: Object.fromEntries(
      Object.entries(measuresOf(result, document)).map(([name, value]) => [name, rounded(value)]),
    ),
    resources: Object.fromEntries(result.firstFailures.filter(hasFailed).map((one) => [one.cluster, one.resource])),
    warnings: result.warnings,
  };
}

/** Whether two rows are of the same run with the same outcome, whoever made them. */
export function isSameOutcome(a: RunRow, b: RunRow): boolean {
  // A table has a column for every measure of any of its rows: what a row has no value of may be there as null, or not at all.
  const valued = (measures: Measures) => Object.entries(measures).filter(([, value]) => value !== null);
  const content = ({ hash, seed, digest, measures, resources }: RunRow): string =>
    JSON.stringify([hash, seed, digest, valued(measures).sort(), Object.entries(resources).sort()]);
  return content(a) === content(b);
}

function measuresOf(result: RunResult, document: ScenarioDocument): Measures {
  const measures: Record<string, number | null> = {};
  for (const [name, value] of Object.entries(result.kpis)) {
    if (value === null || typeof value === 'number') measures[name] = value;
  }
  const { firstSaturation = null, firstUserError = null } = measures;
  measures['errorsAfterSaturation'] =
    firstSaturation === null || firstUserError === null ? null : firstUserError - firstSaturation;
  const staging = document.clusters.filter(({ role }) => role === 'staging').map(({ id }) => id);
  measures['stagingCpuRise'] = greatest(staging.map((id) => cpuRise(result, id)));
  // Staging has no users: it is judged by what they would meet there.
  measures['stagingNameFailureShare'] = greatest(
    staging.map((id) => Math.max(0, ...(result.series.columns[`dnsFailureShare.${id}`] ?? []))),
  );
  Object.assign(measures, rollbackMeasures(result));
  for (const [id, kpis] of Object.entries(result.kpis.byCluster)) {
    for (const name of clusterMeasures) measures[`${id}/${name}`] = kpis[name] ?? null;
    measures[`${id}/cpuRise`] = cpuRise(result, id);
  }
  return measures;
}

/** How far the API servers' CPU rose above that of the first minute, at most; a share of their cores. */
function cpuRise(result: RunResult, cluster: string): number {
  const cpu = result.series.columns[`apiServerCpu.${cluster}`] ?? [];
  return cpu.length === 0 ? 0 : Math.max(...cpu) - cpu[0]!;
}

function hasFailed({ resource }: FirstFailure): boolean {
  return resource !== 'none';
}

function greatest(values: readonly number[]): number | null {
  return values.length === 0 ? null : Math.max(...values);
}

function rounded(value: number | null): number | null {
  return value === null || Number.isInteger(value) ? value : Number(value.toPrecision(6));
}
