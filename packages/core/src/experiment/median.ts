/**
 * Medians with their uncertainty, for results that no mean can stand for: times that did not come before the end of a run
 * are `Infinity` here and rank last, so they are counted and never dropped.
 */
import { quantileRanks } from './order-statistics.ts';

/** A median, and the range between two of the sorted values that covers the true one. */
export interface MedianInterval {
  /** Infinite when half of the values or more are. */
  readonly median: number;
  readonly low: number;
  readonly high: number;
  /** Probability that the range covers the true median, whatever the distribution: at least `level` if values suffice. */
  readonly coverage: number;
  /** Values behind it. */
  readonly count: number;
}

/** The middle value, or the mean of the two in the middle; infinite when one of those is. NaN of nothing. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort(ascending);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : meanOf(sorted[middle - 1] ?? NaN, upper);
}

/**
 * The distribution-free interval of a median: the narrowest pair of order statistics, counted equally far from both ends,
 * that covers the true median with probability `level` (default 0.95) or more. The number of values below the median is
 * binomial with probability 1/2 (W. J. Conover, Practical Nonparametric Statistics, 3rd edition, section 3.2). With 30
 * values these are the 10th and the 21st, with fewer than six none suffices at 0.95: then it is the whole range, and
 * `coverage` says how little that is worth. Throws RangeError without values, and when one of them is NaN.
 */
export function medianInterval(values: readonly number[], level = 0.95): MedianInterval {
  if (!(level > 0 && level < 1)) throw new RangeError(`medianInterval: level must be inside (0, 1), got ${level}`);
  const count = values.length;
  if (count === 0) throw new RangeError('medianInterval: at least one value is needed, got 0');
  if (values.some(Number.isNaN)) throw new RangeError('medianInterval: expected numbers, got NaN');
  const sorted = [...values].sort(ascending);
  const { lowRank, highRank, coverage } = quantileRanks(count, 0.5, level);
  return { median: median(sorted), low: sorted[lowRank - 1]!, high: sorted[highRank - 1]!, coverage, count };
}

/**
 * The interval of the median of the differences `second` - `first`, value by value, of two lists that share their luck: the
 * sign test turned round (Conover, section 3.4). It asks for no symmetry and no variance, so a side that never came in
 * time counts as an infinite difference. Where neither came, no difference was seen: 0.
 */
export function pairedMedianInterval(
  first: readonly number[],
  second: readonly number[],
  level = 0.95,
): MedianInterval {
  if (first.length !== second.length) {
    throw new RangeError(
      `pairedMedianInterval: pairs need lists of equal length, got ${first.length} and ${second.length}`,
    );
  }
  return medianInterval(
    second.map((value, i) => (value === first[i] ? 0 : value - first[i]!)),
    level,
  );
}

function meanOf(lower: number, upper: number): number {
  return lower === upper ? upper : (lower + upper) / 2;
}

/** The order of numbers for sorting. Infinite values compare like any others, which a difference would not do. */
export function ascending(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
