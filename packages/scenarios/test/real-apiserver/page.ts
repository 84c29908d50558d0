/** Small tables in Markdown, and the judgement of one figure. */
import type { Spread } from '../../src/scenario/control-plane/result.ts';

/** A figure measured and simulated. */
export interface Comparison {
  readonly what: string;
  readonly measured: number;
  readonly simulated: Spread;
}

/** A table with its first column to the left and the others to the right. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rule = headings.map((_, column) => (column === 0 ? '---' : '---:'));
  return [line(headings), line(rule), ...rows.map(line)].join('\n');
}

/** Three digits. */
export function digits(value: number): string {
  if (Math.abs(value) >= 1_000) return Math.round(value).toLocaleString('en-US');
  return String(Number(value.toPrecision(3)));
}

/** Median and the range from the 5th to the 95th percentile of single runs. */
export function shownSpread(spread: Spread | null): string {
  if (spread === null) return '-';
  const { median, q05, q95 } = spread;
  return q05 === q95 ? digits(median) : `${digits(median)} [${digits(q05)}, ${digits(q95)}]`;
}

/** Whether the median is within 25 % of the measured value, and if not, whether the range of single runs covers it. */
export function verdict({ measured, simulated }: Comparison): string {
  const error = simulated.median / measured - 1;
  if (Math.abs(error) <= 0.25) return 'within 25 %';
  const isCovered = measured >= simulated.q05 && measured <= simulated.q95;
  return isCovered ? 'outside, range covers it' : '**outside**';
}

/** One row of a comparison. */
export function comparisonRow(comparison: Comparison): readonly string[] {
  const { what, measured, simulated } = comparison;
  const error = Math.round((simulated.median / measured - 1) * 100);
  const sign = error > 0 ? '+' : '';
  return [what, digits(measured), shownSpread(simulated), `${sign}${error} %`, verdict(comparison)];
}

/** Headings of `comparisonRow`. */
export const comparisonHeadings: readonly string[] = [
  'Figure',
  'Measured',
  'Simulated, median [5 %, 95 %]',
  'Median off by',
  'Verdict',
];
