/** Rank correlation: whether one number grows with another, whatever the shape of the growth. */
import { ascending } from './median.ts';
import { studentUpperTail } from './student.ts';

/** A correlation of ranks. */
export interface RankCorrelation {
  /** From -1, always falls, through 0 to 1, always grows. 0 where one side does not vary. */
  readonly correlation: number;
  /** How likely so strong a correlation, up or down, would be by chance. */
  readonly probability: number;
  /** Pairs behind it. */
  readonly count: number;
}

/** Ranks counted from 1; equal values share the mean of the ranks they take up. Infinite values rank last. */
export function midRanks(values: readonly number[]): number[] {
  const order = values.map((_, index) => index).sort((a, b) => ascending(values[a]!, values[b]!) || a - b);
  const ranks = new Array<number>(values.length).fill(0);
  for (let first = 0; first < order.length; ) {
    let end = first + 1;
    while (end < order.length && values[order[end]!] === values[order[first]!]) end++;
    for (let i = first; i < end; i++) ranks[order[i]!] = (first + 1 + end) / 2;
    first = end;
  }
  return ranks;
}

/**
 * Spearman's rank correlation: Pearson's, of the mid-ranks, which is right with ties as well. The probability is that of
 * Student's t with two degrees of freedom fewer than pairs. Throws RangeError below three pairs and for unequal lists.
 */
export function spearman(first: readonly number[], second: readonly number[]): RankCorrelation {
  if (first.length !== second.length || first.length < 3) {
    throw new RangeError(
      `spearman: expected two lists of equal length, at least 3, got ${first.length} and ${second.length}`,
    );
  }
  const correlation = pearson(midRanks(first), midRanks(second));
  return { correlation, probability: chanceOf(correlation, first.length - 2), count: first.length };
}

/** Pearson's correlation; 0 where one side does not vary. */
export function pearson(first: readonly number[], second: readonly number[]): number {
  const meanFirst = mean(first);
  const meanSecond = mean(second);
  let product = 0;
  let squareFirst = 0;
  let squareSecond = 0;
  first.forEach((value, i) => {
    const a = value - meanFirst;
    const b = second[i]! - meanSecond;
    product += a * b;
    squareFirst += a * a;
    squareSecond += b * b;
  });
  if (squareFirst === 0 || squareSecond === 0) return 0;
  return Math.max(-1, Math.min(1, product / Math.sqrt(squareFirst * squareSecond)));
}

/** How likely a correlation at least as strong, up or down, is by chance with so many degrees of freedom. */
export function chanceOf(correlation: number, degrees: number): number {
  if (!(degrees > 0)) return 1;
  const rest = 1 - correlation * correlation;
  return rest <= 0 ? 0 : Math.min(1, 2 * studentUpperTail(Math.abs(correlation) * Math.sqrt(degrees / rest), degrees));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
