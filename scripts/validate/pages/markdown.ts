/** Numbers and tables as the pages show them. */
import type { MedianInterval, ShareInterval } from '@brownout/core';
import type { AcceptanceBand } from '@brownout/scenarios';
import type { TableResult, VariantResult } from '../results.ts';

/** How a number of a measure is shown. */
export interface Shown {
  readonly factor: number;
  readonly digits: number;
  /** What stands for a value that never came. */
  readonly never?: string;
}

/** Seconds as minutes. */
export const asMinutes: Shown = { factor: 1 / 60, digits: 1, never: 'never' };
/** Shares as percent. */
export const asPercent: Shown = { factor: 100, digits: 1 };
/** Whole things. */
export const asCount: Shown = { factor: 1, digits: 1 };

/** How values of a band are shown. */
export function shownAs({ shownAs: kind }: AcceptanceBand): Shown {
  return kind === 'minutes' ? asMinutes : asPercent;
}

/** The first column to the left, the others to the right. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(headings), line(headings.map((_, i) => (i === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n');
}

/** One number; trailing zeros are left out. */
export function number(value: number, { factor, digits, never = 'never' }: Shown): string {
  if (value === Infinity) return never;
  if (value === -Infinity) return `-${never}`;
  if (Number.isNaN(value)) return '-';
  return String(Number((value * factor).toFixed(digits)));
}

/** `22.5 [22, 23]`: a median with its interval, only the median where all three agree. */
export function medianText(interval: MedianInterval | undefined, shown: Shown): string {
  if (interval === undefined) return '-';
  const [middle, low, high] = [interval.median, interval.low, interval.high].map((value) => number(value, shown));
  return low === middle && high === middle ? middle! : `${middle} [${low}, ${high}]`;
}

/** Chance with which intervals are to hold what they are about; of fewer than six values none of a median does. */
const LEVEL = 0.95;

/** A difference with its interval, bold where that leaves out zero and is worth its name. */
export function differenceText(interval: MedianInterval | undefined, shown: Shown): string {
  if (interval === undefined) return '-';
  const signed = (value: number): string => {
    if (value === Infinity) return 'never any more';
    if (value === -Infinity) return 'now at all';
    return `${value > 0 ? '+' : ''}${number(value, shown)}`;
  };
  const { median, low, high, coverage } = interval;
  const text =
    low === median && high === median ? signed(median) : `${signed(median)} [${signed(low)}, ${signed(high)}]`;
  return coverage >= LEVEL && (low > 0 || high < 0) ? `**${text}**` : text;
}

/** `43 % [36, 50]` of so many. */
export function shareText(share: ShareInterval | undefined): string {
  if (share === undefined) return '-';
  const percent = (value: number): string => (100 * value).toFixed(0);
  return `${percent(share.share)} % [${percent(share.low)}, ${percent(share.high)}] (${share.hits} of ${share.count})`;
}

/** How many of the runs asked for are there, as a sentence; said loudly when some are missing. */
export function countText(tables: readonly (TableResult | undefined)[]): string {
  const variants = tables.flatMap((one) => one?.variants ?? []);
  const asked = variants.reduce((sum, one) => sum + one.asked, 0);
  const there = variants.reduce((sum, one) => sum + one.rows.length, 0);
  if (there === asked) return `All ${asked} runs asked for are there.`;
  return `**Partial: ${there} of the ${asked} runs asked for are there; each row says how many it rests on.**`;
}

/** `30`, or `12 of 30` as long as some are missing. */
export function runsText({ rows, asked }: Pick<VariantResult, 'rows' | 'asked'>): string {
  return rows.length === asked ? String(asked) : `${rows.length} of ${asked}`;
}

/** A bar of ten for a share. */
export function bar(share: number): string {
  const full = Math.round(share * 10);
  return `${'█'.repeat(full)}${'░'.repeat(10 - full)}`;
}
