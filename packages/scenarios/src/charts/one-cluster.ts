/** Which cluster a chart is about that shows one of them. */
import type { RunResult } from '../scenario/result.ts';
import type { ChartSize } from './spec.ts';

/** What a chart of one cluster may be told. */
export interface OneClusterOptions extends ChartSize {
  /** Id of the cluster; default the one whose control plane was away longest, the first of equals. */
  readonly cluster?: string;
}

/** What of a run says which of its clusters fared worst. */
export type ChartedClusters = Pick<RunResult, 'kpis' | 'firstFailures'>;

/** The cluster that is asked for, or the worst one. Throws RangeError for a cluster that the run does not have. */
export function chartedCluster(
  { kpis, firstFailures }: ChartedClusters,
  what: string,
  { cluster }: OneClusterOptions,
): string {
  const ids = firstFailures.map((one) => one.cluster);
  if (cluster !== undefined) {
    if (ids.includes(cluster)) return cluster;
    throw new RangeError(`${what}: expected one of ${ids.join(', ')}, got "${cluster}"`);
  }
  const away = (id: string): number => kpis.byCluster[id]?.['controlPlaneUnavailableSeconds'] ?? 0;
  return ids.reduce((worst, id) => (away(id) > away(worst) ? id : worst), ids[0] ?? '');
}
