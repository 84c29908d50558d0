/** Ratios of means - failed requests per request asked, attempts per request - with their uncertainty. */
import { meanInterval } from './interval.ts';

/** A ratio and the range that covers the true one with the given probability. */
export interface RatioInterval {
  /** Sum of the numerators by sum of the denominators, corrected for the bias that a quotient has. */
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
  /** Probability of covering the true ratio, for instance 0.95. */
  readonly level: number;
  /** Pairs behind it. */
  readonly count: number;
}

/**
 * The interval of E[numerator] / E[denominator] from independent pairs, one per replication (default level 0.95). By the
 * jackknife (R. G. Miller, Biometrika 61, 1974; in simulation D. L. Iglehart, Naval Research Logistics Quarterly 22,
 * 1975): each pair is left out in turn, and the Student interval of the resulting pseudo-values is taken. Beside the
 * delta method it has a smaller bias for few replications. Not the mean of the ratios of the single replications, in which
 * a run with three requests would count as much as one with three million. Throws RangeError below two pairs, for unequal
 * lists, negative denominators, and when a single replication holds the whole denominator.
 */
export function ratioInterval(
  numerators: readonly number[],
  denominators: readonly number[],
  level = 0.95,
): RatioInterval {
  const count = numerators.length;
  if (count !== denominators.length) {
    throw new RangeError(
      `ratioInterval: pairs need lists of equal length, got ${count} numerators and ${denominators.length} denominators`,
    );
  }
  if (![...numerators, ...denominators].every(Number.isFinite) || denominators.some((value) => value < 0)) {
    throw new RangeError('ratioInterval: expected finite numbers and denominators >= 0');
  }
  const top = sum(numerators);
  const bottom = sum(denominators);
  const rests = denominators.map((denominator) => bottom - denominator);
  if (rests.some((rest) => !(rest > 0))) {
    throw new RangeError('ratioInterval: expected at least two replications with a denominator > 0');
  }
  const whole = top / bottom;
  const pseudo = numerators.map((numerator, i) => count * whole - (count - 1) * ((top - numerator) / rests[i]!));
  const { mean, low, high } = meanInterval(pseudo, level);
  return { ratio: mean, low, high, level, count };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
