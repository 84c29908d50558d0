/** Differences with their intervals, one row each: a forest plot. What crosses zero is not shown to differ. */
import { chart, colours, type ChartPart, type ChartSize, type ChartSpec, type Json } from './spec.ts';

/** One row of a forest plot. */
export interface ForestRow {
  readonly label: string;
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

/** What a forest plot is of. */
export interface ForestOptions extends ChartSize {
  readonly title: string;
  /** Of the horizontal axis, with the unit: "outage, minutes less than the baseline". */
  readonly axis: string;
  /** Default true: zero means no difference, and rows say whether they differ from it. False for plain values. */
  readonly isDifference?: boolean;
}

/** The plot, rows in the order given. Infinite ends are drawn to the edge. */
export function forestChart(rows: readonly ForestRow[], options: ForestOptions): ChartSpec {
  const ends = rows.flatMap(({ estimate, low, high }) => [estimate, low, high]).filter(Number.isFinite);
  const edge = { low: Math.min(0, ...ends), high: Math.max(0, ...ends) };
  const values: Json = rows.map(({ label, estimate, low, high }) => ({
    label,
    estimate: bounded(estimate, edge),
    low: bounded(low, edge),
    high: bounded(high, edge),
    verdict: low > 0 || high < 0 ? 'differs' : 'not shown to differ',
  }));
  const y: ChartPart = {
    field: 'label',
    type: 'nominal',
    sort: null,
    axis: { title: null, labelLimit: 360, ticks: false, domain: false },
  };
  const x = (field: string): ChartPart => ({ field, type: 'quantitative', axis: { title: options.axis } });
  const { isDifference = true } = options;
  const verdicts: ChartPart = isDifference
    ? {
        field: 'verdict',
        type: 'nominal',
        title: null,
        scale: { domain: ['differs', 'not shown to differ'], range: [colours.published, colours.faint] },
      }
    : { value: colours.published };
  return chart({
    title: { text: options.title },
    width: options.width ?? 480,
    height: options.height ?? Math.max(60, rows.length * 24),
    data: { values },
    layer: [
      { mark: { type: 'rule', strokeWidth: 2 }, encoding: { y, x: x('low'), x2: { field: 'high' }, color: verdicts } },
      {
        mark: { type: 'point', filled: true, size: 70, tooltip: true },
        encoding: { y, x: x('estimate'), color: verdicts },
      },
      {
        data: { values: [{ zero: 0 }] },
        mark: { type: 'rule', color: colours.ink },
        encoding: { x: { field: 'zero', type: 'quantitative' } },
      },
    ],
  });
}

function bounded(value: number, { low, high }: { readonly low: number; readonly high: number }): number {
  return Math.min(high, Math.max(low, value));
}
