/** Seats of one cluster's API servers by priority level: in use against the limit, and how many requests wait for one. */
import type { ChartedRun } from './over-time.ts';
import { chartedCluster, type ChartedClusters, type OneClusterOptions } from './one-cluster.ts';
import { chart, colours, lineColours, type ChartPart, type ChartSpec, type Json } from './spec.ts';
import { columnsOf, rowsOf, timeAxis } from './time-axis.ts';

const measures = [
  ['in use', 'seatsInUse'],
  ['limit', 'seatLimit'],
] as const;
const waiting = ['waiting (right)', 'requestsWaiting'] as const;

/** The chart of one cluster, by default the one that fared worst; a row for each level that was ever used. */
export function seatsChart(result: ChartedRun & ChartedClusters, options: OneClusterOptions = {}): ChartSpec {
  const cluster = chartedCluster(result, 'seatsChart', options);
  const levels = levelsOf(result, cluster);
  return chart({
    title: {
      text: `Seats by priority level, ${cluster}`,
      subtitle: 'over all API servers that serve, the most in a minute; right axis: requests that wait for a seat',
      anchor: 'start',
      fontSize: 15,
    },
    spacing: 12,
    vconcat: levels.map((level, i) => row(result, `${cluster}/${level}`, level, options, i === levels.length - 1)),
  });
}

/** Priority levels of which the run has seats, in the order of the configuration. */
export function levelsOf(result: Pick<ChartedRun, 'series'>, cluster: string): string[] {
  const prefix = `${cluster}/`;
  return columnsOf(result, 'seatsInUse')
    .filter(({ line }) => line.startsWith(prefix))
    .map(({ line }) => line.slice(prefix.length));
}

function row(result: ChartedRun, place: string, level: string, size: OneClusterOptions, isLast: boolean): ChartPart {
  const seats = measures.map(([line, measure]) => ({ column: `${measure}.${place}`, line }));
  const queue = rowsOf(result, [{ column: `${waiting[1]}.${place}`, line: waiting[0] }]) as readonly Json[];
  return {
    title: { text: level },
    width: size.width ?? 640,
    height: size.height ?? 64,
    layer: [
      linesOf(result, rowsOf(result, seats), isLast),
      ...(queue.length === 0 ? [] : [linesOf(result, queue, isLast)]),
    ],
    resolve: { scale: { y: 'independent' } },
  };
}

const names = ['in use', 'limit', waiting[0]];

function linesOf(result: ChartedRun, values: Json, isLast: boolean): ChartPart {
  return {
    data: { values },
    mark: { type: 'line', interpolate: 'step-after', strokeWidth: 1.5, clip: true, tooltip: true },
    encoding: {
      x: timeAxis(result, isLast),
      y: {
        field: 'value',
        type: 'quantitative',
        scale: { domainMin: 0 },
        axis: { title: null, tickCount: 3 },
      },
      color: {
        field: 'line',
        type: 'nominal',
        title: null,
        scale: { domain: names, range: [lineColours[0]!, colours.faint, colours.bad] },
      },
      strokeDash: {
        field: 'line',
        type: 'nominal',
        title: null,
        scale: {
          domain: names,
          range: [
            [1, 0],
            [5, 3],
            [2, 2],
          ],
        },
      },
    },
  };
}
