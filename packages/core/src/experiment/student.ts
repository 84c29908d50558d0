/**
 * Student's t distribution, for intervals from few replications. Its tail is a regularised incomplete beta function,
 * evaluated by the continued fraction of W. H. Press et al., Numerical Recipes, section 6.4; the quantile is found by
 * Newton steps kept inside a bracket. Our own because the libraries that have it bring an untyped or a very large package
 * for these eighty lines.
 */
import { logGamma } from '../random/log-gamma.ts';
import { normalQuantile } from '../random/normal-quantile.ts';

const EPSILON = 2 ** -53;
const TINY = 1e-300;
/** log(Γ(1/2)). */
const LOG_ROOT_PI = 0.5723649429247001;

/** Probability that a t variable with that many degrees of freedom exceeds `t`; accurate also where it is tiny. */
export function studentUpperTail(t: number, degrees: number): number {
  if (t < 0) return 1 - studentUpperTail(-t, degrees);
  return incompleteBeta(degrees / 2, (t * t) / degrees) / 2;
}

/** Where a t variable stays below the result with probability `p`, 0 < p < 1. Relative accuracy about 1e-12. */
export function studentQuantile(p: number, degrees: number): number {
  if (!(p > 0 && p < 1)) throw new RangeError(`studentQuantile: expected a probability inside (0, 1), got ${p}`);
  if (!(degrees > 0)) throw new RangeError(`studentQuantile: degrees of freedom must be > 0, got ${degrees}`);
  if (degrees > 1e10) return normalQuantile(p);
  if (p < 0.5) return -quantileOfTail(p, degrees);
  return p === 0.5 ? 0 : quantileOfTail(1 - p, degrees);
}

/** The t > 0 that is exceeded with probability `tail` < 1/2. */
function quantileOfTail(tail: number, degrees: number): number {
  let low = 0;
  let high = Infinity;
  let t = Math.max(1e-8, -normalQuantile(tail));
  for (let round = 0; round < 300; round++) {
    const upper = studentUpperTail(t, degrees);
    if (upper > tail) low = t;
    else high = t;
    // Newton on the logarithm of the tail, which is nearly straight far out, where t itself may be enormous.
    let next = t * Math.exp((upper * Math.log(upper / tail)) / (t * density(t, degrees)));
    if (!(next > low && next < high)) next = high === Infinity ? 2 * t : low + (high - low) / 2;
    if (Math.abs(next - t) <= 4 * EPSILON * t) return next;
    t = next;
  }
  return t;
}

function density(t: number, degrees: number): number {
  const half = degrees / 2;
  return Math.exp(logGammaStep(half) - Math.log(degrees * Math.PI) / 2 - (half + 0.5) * Math.log1p((t * t) / degrees));
}

/** The regularised incomplete beta function with parameters a and 1/2 at x = 1 / (1 + ratio), without forming 1 - x. */
function incompleteBeta(a: number, ratio: number): number {
  if (ratio === 0) return 1;
  const x = 1 / (1 + ratio);
  const y = ratio / (1 + ratio);
  const front = Math.exp(logGammaStep(a) - LOG_ROOT_PI - a * Math.log1p(ratio) + Math.log(y) / 2);
  // The fraction converges quickly below the mean; above it the other tail is taken.
  return x < (a + 1) / (a + 2.5) ? (front * betaFraction(a, 0.5, x)) / a : 1 - 2 * front * betaFraction(0.5, a, y);
}

/** log(Γ(a + 1/2) / Γ(a)); the difference of two large logarithms would lose digits, so a series serves beyond 100. */
function logGammaStep(a: number): number {
  if (a < 100) return logGamma(a + 0.5) - logGamma(a);
  const inverse = 1 / a;
  return Math.log(a) / 2 - inverse / 8 + (inverse * inverse * inverse) / 192;
}

function betaFraction(a: number, b: number, x: number): number {
  let c = 1;
  let d = 1 / nonZero(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m < 100_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / nonZero(1 + even * d);
    c = nonZero(1 + even / c);
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / nonZero(1 + odd * d);
    c = nonZero(1 + odd / c);
    const factor = d * c;
    fraction *= factor;
    if (Math.abs(factor - 1) <= 2 * EPSILON) break;
  }
  return fraction;
}

function nonZero(x: number): number {
  return Math.abs(x) < TINY ? TINY : x;
}
