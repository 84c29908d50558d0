/**
 * Student's t distribution, for intervals from few replications: the one place that knows jstat 1.9.6
 * (docs/decisions/0041-jstat.md). Beside SciPy its quantiles are right to 5e-8 of their value from 0.9 on, where intervals
 * are made, and to 1e-7 as they are near the middle; tails to 1e-6 of their value. Beyond 100,000 degrees of freedom its
 * continued fraction stops too early, and the first term of the expansion around the normal distribution is closer (E. A.
 * Cornish and R. A. Fisher, Review of the International Statistical Institute 5, 1938).
 */
import jStat from 'jstat';
import { gammaTails } from '../random/incomplete-gamma.ts';
import { normalQuantile } from '../random/normal-quantile.ts';

const MOST_DEGREES = 100_000;

/** Probability that a t variable with that many degrees of freedom exceeds `t`; accurate also where it is tiny. */
export function studentUpperTail(t: number, degrees: number): number {
  if (t < 0) return 1 - studentUpperTail(-t, degrees);
  if (t === 0) return 0.5;
  if (degrees <= MOST_DEGREES) return jStat.ibeta(degrees / (degrees + t * t), degrees / 2, 0.5) / 2;
  const z = t - widening(t, degrees);
  return gammaTails(0.5, (z * z) / 2).upper / 2;
}

/**
 * Where a t variable stays below the result with probability `p`, 0 < p < 1; the normal quantile for infinitely many
 * degrees of freedom. Throws RangeError for anything else.
 */
export function studentQuantile(p: number, degrees: number): number {
  if (!(p > 0 && p < 1)) throw new RangeError(`studentQuantile: expected a probability inside (0, 1), got ${p}`);
  if (!(degrees > 0)) throw new RangeError(`studentQuantile: degrees of freedom must be > 0, got ${degrees}`);
  if (p === 0.5) return 0;
  if (degrees <= MOST_DEGREES) return p < 0.5 ? -jStat.studentt.inv(1 - p, degrees) : jStat.studentt.inv(p, degrees);
  const z = normalQuantile(p);
  return z + widening(z, degrees);
}

/** How much further out than a normal quantile `z` that of a t variable lies, but for terms in 1 / degrees². */
function widening(z: number, degrees: number): number {
  return (z * z * z + z) / (4 * degrees);
}
