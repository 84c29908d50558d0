/** Measures over time, one panel each: what every window of a run saw, a line for each cluster or product. */
import type { RunResult } from '../scenario/result.ts';
import { chart, type ChartPart, type ChartSize, type ChartSpec } from './spec.ts';
import { columnsOf, rowsOf, secondsAxis, timeAxis } from './time-axis.ts';

/** What of a run charts show over time. */
export type ChartedRun = Pick<RunResult, 'clock' | 'horizon' | 'series' | 'title'>;

/** One measure that a panel shows. */
export interface Panel {
  readonly id: string;
  readonly title: string;
  /** Columns of the series are called `<column>.<line>`. */
  readonly column: string;
  /** What the lines are. */
  readonly of: 'cluster' | 'product';
  /** Seconds stand on a logarithmic scale, on which a zero - nothing to measure - has no place. */
  readonly unit: 'share' | 'count' | 'seconds';
  /** A sentence on what one sees. */
  readonly note: string;
}

/** The panels there are, in reading order. */
export const panels: readonly Panel[] = [
  {
    id: 'user-errors',
    title: 'User requests that fail',
    column: 'userErrorShare',
    of: 'product',
    unit: 'share',
    note: 'share of the requests of each product in a minute',
  },
  {
    id: 'dns',
    title: 'Names that fail',
    column: 'dnsFailureShare',
    of: 'cluster',
    unit: 'share',
    note: 'share of DNS look-ups in a minute that get no address',
  },
  {
    id: 'api-success',
    title: 'API requests that succeed',
    column: 'apiSuccessShare',
    of: 'cluster',
    unit: 'share',
    note: 'without those of the offending agents themselves',
  },
  {
    id: 'latency',
    title: 'API requests without LISTs, p99',
    column: 'apiLatencyP99',
    of: 'cluster',
    unit: 'seconds',
    note: 'from sending to the answer or to giving up; turned away at once = not counted',
  },
  {
    id: 'list-latency',
    title: 'API LISTs, p99',
    column: 'listLatencyP99',
    of: 'cluster',
    unit: 'seconds',
    note: 'from sending to the answer or to giving up; those of the agents are among them',
  },
  {
    id: 'saturation',
    title: 'API server CPU',
    column: 'apiServerCpu',
    of: 'cluster',
    unit: 'share',
    note: 'share of all cores in use; a server that is down uses none',
  },
  {
    id: 'memory',
    title: 'API server memory, fullest server',
    column: 'apiServerMemory',
    of: 'cluster',
    unit: 'share',
    note: 'share of the limit at which the process is killed',
  },
  {
    id: 'rejections',
    title: 'Requests turned away',
    column: 'apiRejections',
    of: 'cluster',
    unit: 'count',
    note: 'answered 429 in a minute',
  },
  {
    id: 'nodes',
    title: 'Nodes not ready',
    column: 'nodesNotReady',
    of: 'cluster',
    unit: 'count',
    note: 'as the control plane would say it',
  },
  {
    id: 'agents',
    title: 'Agents running',
    column: 'agentsRunning',
    of: 'cluster',
    unit: 'count',
    note: 'pods of the change that was rolled out',
  },
];

const valueAxes: Readonly<Record<Panel['unit'], ChartPart>> = {
  share: { scale: { domain: [0, 1] }, axis: { format: '%', title: null, tickCount: 4 } },
  count: { scale: { domainMin: 0 }, axis: { title: null, tickCount: 4 } },
  seconds: secondsAxis,
};

/** A chart of one measure over time. Throws RangeError for a panel that is not known. */
export function overTimeChart(result: ChartedRun, id: string, size: ChartSize = {}): ChartSpec {
  const panel = panels.find((one) => one.id === id);
  if (panel === undefined) {
    throw new RangeError(`overTimeChart: expected one of ${panels.map((one) => one.id).join(', ')}, got "${id}"`);
  }
  return chart(panelPart(result, panel, size));
}

/** Whether the run has what the panel shows. */
export function hasPanel(result: ChartedRun, panel: Panel): boolean {
  return columnsOf(result, panel.column).length > 0;
}

/** One panel, to stand alone or among others. */
export function panelPart(result: ChartedRun, panel: Panel, size: ChartSize, isLast = true): ChartPart {
  const columns = columnsOf(result, panel.column);
  return {
    ...panelFrame(panel, size),
    data: { values: rowsOf(result, columns, whichOf(panel)) },
    encoding: {
      x: timeAxis(result, isLast),
      y: valueAxis(panel),
      color: { field: 'line', type: 'nominal', title: panel.of, sort: columns.map(({ line }) => line) },
      strokeDash: { field: 'line', type: 'nominal', legend: null, sort: columns.map(({ line }) => line) },
    },
  };
}

/** Title, size and mark of a panel. */
export function panelFrame(panel: Panel, size: ChartSize): ChartPart {
  return {
    title: { text: panel.title, subtitle: panel.note },
    width: size.width ?? 640,
    height: size.height ?? 120,
    mark: { type: 'line', interpolate: 'step-after', strokeWidth: 1.5, clip: true, tooltip: true },
  };
}

/** The vertical axis of a panel: shares from 0 to 1, counts from 0, seconds logarithmic. */
export function valueAxis({ unit }: Panel): ChartPart {
  return { field: 'value', type: 'quantitative', ...valueAxes[unit] };
}

/** Which windows a panel shows: a zero has no place on a logarithmic scale. */
export function whichOf({ unit }: Panel): 'all' | 'without zeros' {
  return unit === 'seconds' ? 'without zeros' : 'all';
}
