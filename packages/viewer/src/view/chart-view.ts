/** Charts over time as columns of numbers: one chart for each panel that the run has something for. */
import { clockText, levelsOf, panels, type Panel, type RunResult } from '@brownout/scenarios';

/** One line of a chart. */
export interface LineView {
  /** Of the cluster, product or priority level. */
  readonly name: string;
  /** One for each window of the run. */
  readonly values: readonly number[];
  /** The same of the baseline, by window; null where it has none. Absent without a baseline. */
  readonly baseline?: readonly (number | null)[];
  /** What the values may rise to, by window; absent where there is no limit. */
  readonly limit?: readonly number[];
  readonly lowest: number;
  readonly highest: number;
  /** When the highest value is first reached, "15:12". */
  readonly highestAt: string;
}

/** One measure over time. */
export interface ChartView {
  readonly id: string;
  readonly title: string;
  /** A sentence on what one sees. */
  readonly note: string;
  /** Seconds stand on a logarithmic scale; 0 = nothing to measure in that window. */
  readonly unit: Panel['unit'];
  /** What the lines are. */
  readonly of: 'cluster' | 'product' | 'priority level';
  readonly lines: readonly LineView[];
}

/** Digits kept: more than a screen can show, few enough for a small file. */
const digits = 4;

/** The charts of a run, in the order of the panels. */
export function chartViews(result: RunResult, baseline?: RunResult): ChartView[] {
  return [...panels.map((panel) => chartView(panel, result, baseline)), ...seatViews(result, baseline)].filter(
    ({ lines }) => lines.some(({ lowest, highest }) => lowest !== 0 || highest !== 0),
  );
}

/** How many clusters have charts of their seats at most. */
const clustersWithSeats = 3;

/** Seats of the clusters in which most requests wait for one, and those requests. */
function seatViews(result: RunResult, baseline: RunResult | undefined): ChartView[] {
  const { columns } = result.series;
  const waited = (cluster: string): number =>
    levelsOf(result, cluster).reduce(
      (most, level) => Math.max(most, ...(columns[`requestsWaiting.${cluster}/${level}`] ?? [])),
      0,
    );
  const clusters = result.firstFailures
    .map(({ cluster }) => ({ cluster, most: waited(cluster) }))
    .filter(({ most }) => most > 0)
    .sort((a, b) => b.most - a.most)
    .slice(0, clustersWithSeats);
  return clusters.flatMap(({ cluster }): ChartView[] => {
    const view = (measure: string, limit: string | undefined): LineView[] =>
      // Every level in each of them, so that it has the same colour.
      levelsOf(result, cluster).map((level) => {
        const column = `${measure}.${cluster}/${level}`;
        const values = columns[column] ?? result.series.t.map(() => 0);
        const line = lineView(level, values, result, baselineValues(column, result, baseline));
        const limits = limit === undefined ? undefined : columns[`${limit}.${cluster}/${level}`];
        return limits === undefined ? line : { ...line, limit: limits };
      });
    return [
      {
        id: `seats-${cluster}`,
        title: `Seats in use, ${cluster}`,
        note: 'by priority level, over all API servers that serve; thin: the limit',
        unit: 'count',
        of: 'priority level',
        lines: view('seatsInUse', 'seatLimit'),
      },
      {
        id: `waiting-${cluster}`,
        title: `Requests that wait for a seat, ${cluster}`,
        note: 'the most at one time in a minute',
        unit: 'count',
        of: 'priority level',
        lines: view('requestsWaiting', undefined),
      },
    ];
  });
}

function chartView(panel: Panel, result: RunResult, baseline: RunResult | undefined): ChartView {
  const { id, title, note, unit, of, column } = panel;
  const prefix = `${column}.`;
  const lines = Object.entries(result.series.columns)
    .filter(([name]) => name.startsWith(prefix))
    .map(([name, values]) =>
      lineView(name.slice(prefix.length), values, result, baselineValues(name, result, baseline)),
    );
  return { id, title, note, unit, of, lines };
}

function lineView(
  name: string,
  raw: readonly number[],
  result: RunResult,
  baseline: readonly (number | null)[] | undefined,
): LineView {
  const values = raw.map(rounded);
  const highest = values.reduce((most, value) => Math.max(most, value), -Infinity);
  const lowest = values.reduce((least, value) => Math.min(least, value), Infinity);
  const at = result.series.t[values.indexOf(highest)];
  return {
    name,
    values,
    ...(baseline === undefined ? {} : { baseline }),
    lowest: Number.isFinite(lowest) ? lowest : 0,
    highest: Number.isFinite(highest) ? highest : 0,
    highestAt: at === undefined ? '' : clockText(result, at),
  };
}

/** Values of the baseline in the windows of the run; its windows may be others. */
function baselineValues(
  column: string,
  { series }: RunResult,
  baseline: RunResult | undefined,
): readonly (number | null)[] | undefined {
  const values = baseline?.series.columns[column];
  if (baseline === undefined || values === undefined) return undefined;
  const byTime = new Map(baseline.series.t.map((t, index) => [t, values[index]]));
  return series.t.map((t) => {
    const value = byTime.get(t);
    return value === undefined ? null : rounded(value);
  });
}

function rounded(value: number): number {
  return Number(value.toPrecision(digits));
}
