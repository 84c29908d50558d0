import type { Stream } from '../stream.ts';

/**
 * A distribution of numbers without a unit of its own: whoever makes it decides whether it means seconds, bytes or objects.
 *
 * Unless its own comment says otherwise, `sample` is the inverse transform: it takes exactly one uniform and is monotone in
 * it. Two variants of a model that draw from equally named streams then see "the same luck" even where the variants give a
 * different mean or a different distribution, which is what makes their difference precise (common random numbers).
 */
export interface Distribution {
  /** Says kind and parameters, for errors and reports: `exponential(mean 0.5)`. */
  readonly name: string;
  /** May be Infinity. */
  mean(): number;
  /** May be Infinity. */
  variance(): number;
  /** One value. */
  sample(stream: Stream): number;
  /** Where a value stays at or below the result with probability `p`, 0 <= p <= 1. */
  quantile?(p: number): number;
  /** Probability of a value up to `x`. */
  cdf?(x: number): number;
}

/** A distribution whose quantile and distribution function are known; every distribution made by this package is one. */
export interface KnownDistribution extends Distribution {
  quantile(p: number): number;
  cdf(x: number): number;
}

/** Whether quantile and distribution function are there. */
export function isKnown(distribution: Distribution): distribution is KnownDistribution {
  return distribution.quantile !== undefined && distribution.cdf !== undefined;
}

/** Throws unless `value` is a finite number above zero. */
export function requirePositive(distribution: string, parameter: string, value: number): void {
  if (!(value > 0 && value < Infinity)) throw refused(distribution, `${parameter} must be a finite number > 0`, value);
}

/** Throws unless `value` is a finite number. */
export function requireFinite(distribution: string, parameter: string, value: number): void {
  if (!Number.isFinite(value)) throw refused(distribution, `${parameter} must be a finite number`, value);
}

/** Throws unless `p` is a probability; the common door of all quantile functions. */
export function requireProbability(distribution: string, p: number): void {
  if (!(p >= 0 && p <= 1)) throw refused(distribution, 'quantile expects a probability in [0, 1]', p);
}

/** The error of a constructor that was given `value`. */
export function refused(distribution: string, expected: string, value: unknown): RangeError {
  return new RangeError(`distribution "${distribution}": ${expected}, got ${String(value)}`);
}
