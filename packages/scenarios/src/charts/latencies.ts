/** How long the API requests of one cluster take: three percentiles over time, LISTs below everything else. */
import type { ChartedRun } from './over-time.ts';
import { chartedCluster, type ChartedClusters, type OneClusterOptions } from './one-cluster.ts';
import { chart, lineColours, type ChartPart, type ChartSize, type ChartSpec } from './spec.ts';
import { rowsOf, secondsAxis, timeAxis } from './time-axis.ts';

const lines = ['p50', 'p90', 'p99'] as const;

/** The chart of one cluster, by default the one that fared worst. */
export function latenciesChart(result: ChartedRun & ChartedClusters, options: OneClusterOptions = {}): ChartSpec {
  const cluster = chartedCluster(result, 'latenciesChart', options);
  return chart({
    title: {
      text: `How long API requests take, ${cluster}`,
      subtitle:
        'attempts that ended in a minute, from sending to the answer or to giving up; turned away = not counted',
      anchor: 'start',
      fontSize: 15,
    },
    spacing: 14,
    vconcat: [
      part(result, 'apiLatency', cluster, 'All but LISTs', options, false),
      part(result, 'listLatency', cluster, 'LISTs', options, true),
    ],
  });
}

function part(
  result: ChartedRun,
  measure: string,
  cluster: string,
  title: string,
  size: ChartSize,
  isLast: boolean,
): ChartPart {
  const columns = lines.map((line) => ({ column: `${measure}P${line.slice(1)}.${cluster}`, line }));
  return {
    title: { text: title },
    width: size.width ?? 640,
    height: size.height ?? 120,
    data: { values: rowsOf(result, columns, 'without zeros') },
    mark: { type: 'line', interpolate: 'step-after', strokeWidth: 1.5, clip: true, tooltip: true },
    encoding: {
      x: timeAxis(result, isLast),
      y: { field: 'value', type: 'quantitative', ...secondsAxis },
      color: {
        field: 'line',
        type: 'nominal',
        title: 'percentile',
        sort: [...lines],
        scale: { domain: [...lines], range: [lineColours[5]!, lineColours[0]!, lineColours[1]!] },
      },
      strokeDash: { field: 'line', type: 'nominal', legend: null, sort: [...lines] },
    },
  };
}
