/**
 * The interval of a steady-state mean from one long run: its values depend on each other, but the means of long enough
 * batches of them hardly do, and are treated as independent. Whether the batches were long enough is tested.
 */
import { meanInterval } from './interval.ts';
import { normalQuantile } from '../random/normal-quantile.ts';

/** A mean from one run. */
export interface BatchMeans {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  readonly level: number;
  /** Batches the interval rests on. */
  readonly batches: number;
  /** Values in each of them. */
  readonly batchSize: number;
  /** Correlation between neighbouring batches of those that were tested, which are shorter than those used. */
  readonly neighbourCorrelation: number;
  /** False when the batches still hung together: the run is too short, and the interval too narrow. */
  readonly isIndependent: boolean;
}

/** Batches that are tested, longest list first; with fewer than 32 the test sees next to nothing. */
const TESTED = [256, 128, 64, 32] as const;
/** Beyond some thirty batches an interval gets hardly narrower (B. Schmeiser, Operations Research 30, 1982). */
const MOST_USED = 32;
/** Tested batches joined into one that is used: the correlation that the test may have missed falls about as much. */
const JOINED = 4;
const TEST_LEVEL = 0.95;

/**
 * Batch means (default level 0.95) of a run whose start is cut off already. The run is cut into 256 batches; J. von
 * Neumann's ratio (Annals of Mathematical Statistics 12, 1941; used so by G. S. Fishman, Management Science 24, 1978) tells
 * whether neighbours hang together; if so, the batches are made twice as long, down to 32 of them. Those that pass are
 * joined by fours, or more until 32 are left, and Student's interval is taken of these. When none pass, the eight longest
 * batches are used and `isIndependent` is false. Up to a batch less one value at the start are left out so that all are
 * equally long. Throws RangeError below 64 values and for what is not finite.
 */
export function batchMeans(values: readonly number[], level = 0.95): BatchMeans {
  if (values.length < 64) throw new RangeError(`batchMeans: at least 64 values are needed, got ${values.length}`);
  if (!values.every(Number.isFinite)) throw new RangeError('batchMeans: expected finite numbers');
  let tested = 0;
  let correlation = 0;
  let isIndependent = false;
  for (const count of TESTED) {
    if (count > values.length / 2) continue;
    tested = count;
    correlation = neighbourCorrelation(meansOf(values, count));
    isIndependent = correlation <= correlationByChance(count);
    if (isIndependent) break;
  }
  const batches = Math.min(MOST_USED, tested / JOINED);
  const means = meansOf(values, batches);
  const { mean, low, high } = meanInterval(means, level);
  const batchSize = Math.floor(values.length / batches);
  return { mean, low, high, level, batches, batchSize, neighbourCorrelation: correlation, isIndependent };
}

/**
 * How strongly each value hangs together with the next, by von Neumann's ratio of the mean squared step to the variance:
 * 0 when not at all, up to 1. Unlike the plain correlation it treats both ends alike. 0 where nothing varies.
 */
export function neighbourCorrelation(values: readonly number[]): number {
  const count = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  let squares = 0;
  let steps = 0;
  values.forEach((value, i) => {
    squares += (value - mean) * (value - mean);
    if (i > 0) steps += (value - values[i - 1]!) * (value - values[i - 1]!);
  });
  return squares === 0 ? 0 : 1 - steps / (2 * squares);
}

/** What the correlation of so many independent normal values stays below in 95 of 100 cases; its variance is exact. */
function correlationByChance(count: number): number {
  return normalQuantile(TEST_LEVEL) * Math.sqrt((count - 2) / (count * count - 1));
}

/** Means of `count` equally long batches up to the end of the run. */
function meansOf(values: readonly number[], count: number): number[] {
  const size = Math.floor(values.length / count);
  const first = values.length - count * size;
  return Array.from({ length: count }, (_, batch) => {
    let sum = 0;
    for (let i = first + batch * size; i < first + (batch + 1) * size; i++) sum += values[i]!;
    return sum / size;
  });
}
