/**
 * The regularised incomplete gamma function and its inverse: the distribution and quantile of a gamma variable, and
 * through them of Erlang and lognormal ones. Power series below the mode, Lentz's continued fraction above it
 * (W. H. Press et al., Numerical Recipes, section 6.2); both tails are computed without subtraction where they are small.
 */
import { logGamma, stirlingCorrection } from './log-gamma.ts';
import { normalQuantile } from './normal-quantile.ts';

const EPSILON = 2 ** -53;
const TERM_LIMIT = 100_000;

/** The two tails of a distribution at one point; they add up to 1. */
export interface Tails {
  /** Probability of a value up to x. */
  readonly lower: number;
  /** Probability of a value above x, accurate also where it is tiny. */
  readonly upper: number;
}

/** Both tails of the gamma distribution with the given shape and scale 1 at `x`. */
export function gammaTails(shape: number, x: number): Tails {
  if (x <= 0) return { lower: 0, upper: 1 };
  if (x === Infinity) return { lower: 1, upper: 0 };
  if (x < shape + 1) {
    const lower = densityTimesX(shape, x, Math.log(x)) * lowerSeries(shape, x);
    return { lower, upper: 1 - lower };
  }
  const upper = densityTimesX(shape, x, Math.log(x)) * upperFraction(shape, x);
  return { lower: 1 - upper, upper };
}

/** x times the density of the gamma distribution with the given shape and scale 1; `logX` may be far below log(5e-324). */
export function densityTimesX(shape: number, x: number, logX: number): number {
  if (shape < 10) return Math.exp(shape * logX - x - logGamma(shape));
  // Written around x = shape, because shape * log(x) - x - logGamma(shape) cancels for large shapes.
  const excess = (x - shape) / shape;
  return Math.sqrt(shape / (2 * Math.PI)) * Math.exp(shape * (Math.log1p(excess) - excess) - stirlingCorrection(shape));
}

/**
 * The logarithm of the point with probability `lower` below it and `upper` above it (they add up to 1; the smaller one is
 * used). The logarithm, because for small shapes the point itself is often below the smallest double.
 */
export function logGammaQuantile(shape: number, lower: number, upper: number): number {
  if (lower <= 0) return -Infinity;
  if (upper <= 0) return Infinity;
  const useLower = lower <= upper;
  let y = firstGuess(shape, lower, upper);
  let low = -Infinity;
  let high = Infinity;
  for (let round = 0; round < 200; round++) {
    const x = Math.exp(y);
    const tails = logTails(shape, x, y);
    // Both in logarithms: Newton then converges from the far tails as well.
    const error = useLower ? tails.logLower - Math.log(lower) : Math.log(upper) - tails.logUpper;
    if (error === 0) return y;
    if (error > 0) high = Math.min(high, y);
    else low = Math.max(low, y);
    const slope = densityTimesX(shape, x, y) / (useLower ? Math.exp(tails.logLower) : Math.exp(tails.logUpper));
    let next = y - error / slope;
    if (!(next > low && next < high)) next = middleOf(low, high, y);
    if (Math.abs(next - y) <= 4 * EPSILON * Math.max(1, Math.abs(y))) return next;
    y = next;
  }
  return y;
}

interface LogTails {
  readonly logLower: number;
  readonly logUpper: number;
}

function logTails(shape: number, x: number, y: number): LogTails {
  if (x < 1e-300 || y < -600) {
    // Below the range of doubles only the first term of the series is left: P = x^shape / Γ(shape + 1).
    return { logLower: shape * y - logGamma(shape + 1), logUpper: 0 };
  }
  const { lower, upper } = gammaTails(shape, x);
  return { logLower: Math.log(lower), logUpper: Math.log(upper) };
}

function middleOf(low: number, high: number, y: number): number {
  if (low === -Infinity) return y - 1;
  if (high === Infinity) return y + 1;
  return low + (high - low) / 2;
}

/** Wilson and Hilferty's cube root for the bulk, the first term of the series where that falls below zero. */
function firstGuess(shape: number, lower: number, upper: number): number {
  const z = lower <= upper ? normalQuantile(lower) : -normalQuantile(upper);
  const root = 1 - 1 / (9 * shape) + z / (3 * Math.sqrt(shape));
  if (shape >= 0.5 && root > 0.2) return Math.log(shape) + 3 * Math.log(root);
  const fromSeries = (Math.log(lower) + logGamma(shape + 1)) / shape;
  return Math.min(fromSeries, Math.log(shape + 1 - Math.log(upper)));
}

function lowerSeries(shape: number, x: number): number {
  let term = 1 / shape;
  let sum = term;
  for (let n = 1; n < TERM_LIMIT && term > sum * EPSILON; n++) {
    term *= x / (shape + n);
    sum += term;
  }
  return sum;
}

function upperFraction(shape: number, x: number): number {
  const tiny = 1e-300;
  let b = x + 1 - shape;
  let c = 1 / tiny;
  let d = 1 / b;
  let fraction = d;
  for (let n = 1; n < TERM_LIMIT; n++) {
    const a = -n * (n - shape);
    b += 2;
    d = a * d + b;
    if (Math.abs(d) < tiny) d = tiny;
    c = b + a / c;
    if (Math.abs(c) < tiny) c = tiny;
    d = 1 / d;
    const factor = d * c;
    fraction *= factor;
    if (Math.abs(factor - 1) <= 2 * EPSILON) break;
  }
  return fraction;
}
