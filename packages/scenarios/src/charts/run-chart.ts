/** The charts of one run by name: what the command and the library offer. */
import type { RunResult } from '../scenario/result.ts';
import { causesChart } from './causes.ts';
import { latenciesChart } from './latencies.ts';
import type { OneClusterOptions } from './one-cluster.ts';
import { overTimeChart, panels } from './over-time.ts';
import { overviewChart } from './overview.ts';
import { seatsChart } from './seats.ts';
import type { ChartSpec } from './spec.ts';
import { timelineChart } from './timeline.ts';

const own: Readonly<Record<string, (result: RunResult, options: OneClusterOptions) => ChartSpec>> = {
  overview: overviewChart,
  timeline: timelineChart,
  causes: causesChart,
  latencies: latenciesChart,
  seats: seatsChart,
};

/** Names of the charts of one run; those from the sixth on are measures over time, a line for each cluster or product. */
export const runChartNames: readonly string[] = [...Object.keys(own), ...panels.map(({ id }) => id)];

/**
 * A chart of a run by its name. `cluster` (default the one that fared worst) is looked at by those of one cluster: latencies,
 * seats. Throws RangeError for a name or a cluster that is not known.
 */
export function runChart(result: RunResult, name: string = 'overview', options: OneClusterOptions = {}): ChartSpec {
  if (Object.hasOwn(own, name)) return own[name]!(result, options);
  if (panels.some(({ id }) => id === name)) return overTimeChart(result, name, options);
  throw new RangeError(`runChart: expected one of ${runChartNames.join(', ')}, got "${name}"`);
}
