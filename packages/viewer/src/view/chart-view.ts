/** Charts over time as columns of numbers: one chart for each panel that the run has something for. */
import { clockText, panels, type Panel, type RunResult } from '@brownout/scenarios';

/** One line of a chart. */
export interface LineView {
  /** Of the cluster or product. */
  readonly name: string;
  /** One for each window of the run. */
  readonly values: readonly number[];
  /** The same of the baseline, by window; null where it has none. Absent without a baseline. */
  readonly baseline?: readonly (number | null)[];
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
  readonly unit: 'share' | 'count';
  /** What the lines are. */
  readonly of: 'cluster' | 'product';
  readonly lines: readonly LineView[];
}

/** Digits kept: more than a screen can show, few enough for a small file. */
const digits = 4;

/** The charts of a run, in the order of the panels. */
export function chartViews(result: RunResult, baseline?: RunResult): ChartView[] {
  return panels
    .map((panel) => chartView(panel, result, baseline))
    .filter(({ lines }) => lines.some(({ lowest, highest }) => lowest !== 0 || highest !== 0));
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
