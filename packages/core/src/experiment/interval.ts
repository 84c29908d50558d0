/** Means with their uncertainty. One value per independent replication; never values from within one run. */
import { Tally } from '../metrics/tally.ts';
import { studentQuantile } from './student.ts';

/** A mean and the range that covers the true one with the given probability. */
export interface Interval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  /** (high - low) / 2. */
  readonly halfWidth: number;
  /** Probability of covering the true mean, for instance 0.99. */
  readonly level: number;
  /** Values behind it. */
  readonly count: number;
}

/**
 * Student's interval for the mean of independent values (default level 0.99). Exact for normal values, and close for
 * means of long runs, which are nearly normal. Throws RangeError below two values, where no spread can be seen.
 */
export function meanInterval(values: readonly number[], level = 0.99): Interval {
  if (!(level > 0 && level < 1)) throw new RangeError(`interval: level must be inside (0, 1), got ${level}`);
  if (values.length < 2) throw new RangeError(`interval: at least two values are needed, got ${values.length}`);
  const tally = new Tally();
  for (const value of values) tally.record(value);
  const spread = tally.standardDeviation / Math.sqrt(tally.count);
  const halfWidth = studentQuantile(0.5 + level / 2, tally.count - 1) * spread;
  const { mean, count } = tally;
  return { mean, low: mean - halfWidth, high: mean + halfWidth, halfWidth, level, count };
}

/**
 * The interval of the mean difference `second` - `first`, value by value: both lists come from the same replications,
 * whose common random numbers make the difference far more precise than the two means.
 */
export function pairedInterval(first: readonly number[], second: readonly number[], level = 0.99): Interval {
  if (first.length !== second.length) {
    throw new RangeError(`interval: pairs need lists of equal length, got ${first.length} and ${second.length}`);
  }
  return meanInterval(
    second.map((value, i) => value - first[i]!),
    level,
  );
}
