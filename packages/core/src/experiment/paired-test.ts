/** Whether two variants that ran under the same seeds differ: the difference, its interval and its chance. */
import { binomialTails } from './binomial.ts';
import { pairedInterval } from './interval.ts';
import { pairedMedianInterval } from './median.ts';
import { pearson } from './ranks.ts';
import { studentUpperTail } from './student.ts';
import { Tally } from '../metrics/tally.ts';

/**
 * What is compared: the mean of the differences with Student's interval, or their median with the interval and the test
 * of the signs, which asks for no variance and so works with values that never came.
 */
export type PairedMethod = 'mean' | 'median';

/** What the pairs say. Values that never came are `Infinity` on the way in, and so may differences and bounds be. */
export interface PairedTest {
  /** Second less first. */
  readonly difference: number;
  readonly low: number;
  readonly high: number;
  /** Probability that the interval covers the true difference: the level, or less where pairs are too few for it. */
  readonly coverage: number;
  /** Chance of a difference at least as clear, in either direction, if there were none. */
  readonly probability: number;
  /** Which way it goes: the sign of the mean, or that of most pairs. */
  readonly direction: 'lower' | 'higher' | 'neither';
  /** No pair differs at all. */
  readonly isIdentical: boolean;
}

/** What pairing was worth. */
export interface PairingGain {
  /** Pearson's, between the two lists. */
  readonly correlation: number;
  /** Variance of the difference of independent runs by that of the pairs: so many times fewer replications are needed. */
  readonly saving: number;
}

/**
 * Compares two lists, pair by pair. Differences that are all the same have no spread that Student's test could use; their
 * chance is then that of so many equal signs: six equal runs are needed at 0.95, not two. A pair of which neither side came
 * differs by 0; pairs that differ by 0 say nothing about the sign and are left out of its test, not of the interval
 * (W. J. Conover, Practical Nonparametric Statistics, 3rd edition, section 3.4).
 */
export function pairedTest(
  first: readonly number[],
  second: readonly number[],
  options: { readonly method: PairedMethod; readonly level: number },
): PairedTest {
  const differences = second.map((value, i) => (value === first[i] ? 0 : value - first[i]!));
  const isIdentical = differences.every((difference) => difference === 0);
  if (options.method === 'median') {
    const { median, low, high, coverage } = pairedMedianInterval(first, second, options.level);
    const signs = differences.reduce((sum, difference) => sum + Math.sign(difference), 0);
    const [probability, direction] = [chanceOfSigns(differences), directionOf(signs)];
    return { difference: median, low, high, coverage, probability, direction, isIdentical };
  }
  const { mean, low, high } = pairedInterval(first, second, options.level);
  const isConstant = differences.every((difference) => difference === differences[0]);
  const probability = isConstant ? chanceOfSigns(differences) : chanceOfMean(differences);
  const direction = directionOf(mean);
  return { difference: mean, low, high, coverage: options.level, probability, direction, isIdentical };
}

/** The gain of pairing two lists of finite values; undefined where the differences do not vary. */
export function pairingGain(first: readonly number[], second: readonly number[]): PairingGain | undefined {
  const spread = varianceOf(second.map((value, i) => value - first[i]!));
  if (!(spread > 0)) return undefined;
  return { correlation: pearson(first, second), saving: (varianceOf(first) + varianceOf(second)) / spread };
}

function directionOf(sign: number): PairedTest['direction'] {
  return sign < 0 ? 'lower' : sign > 0 ? 'higher' : 'neither';
}

/** Two-sided exact test of the signs. */
function chanceOfSigns(differences: readonly number[]): number {
  const up = differences.filter((difference) => difference > 0).length;
  const down = differences.filter((difference) => difference < 0).length;
  if (up + down === 0) return 1;
  return Math.min(1, 2 * binomialTails(up + down, 0.5).lower[Math.min(up, down)]!);
}

function chanceOfMean(differences: readonly number[]): number {
  const tally = new Tally();
  for (const difference of differences) tally.record(difference);
  const t = Math.abs(tally.mean) / Math.sqrt(tally.variance / tally.count);
  return Math.min(1, 2 * studentUpperTail(t, tally.count - 1));
}

function varianceOf(values: readonly number[]): number {
  const tally = new Tally();
  for (const value of values) tally.record(value);
  return tally.variance;
}
