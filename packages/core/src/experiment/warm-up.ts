/**
 * How much of the start of a run to discard before it stands for the steady state. Two ways: Welch's curve averages many
 * replications point by point, which shows the start as it is; MSER-5 looks at a single run.
 */
import { meanInterval } from './interval.ts';

/** Welch's curve, and where it says that the start is over. */
export interface WelchCurve {
  /** Mean over the replications, point by point. */
  readonly means: readonly number[];
  /** The same, averaged over `window` points on each side; near the start over as many as there are. */
  readonly smoothed: readonly number[];
  readonly window: number;
  /** How many points to discard; `null` when the runs had not settled, and longer ones are needed. */
  readonly cut: number | null;
}

/** Points on each side. */
export interface WelchOptions {
  /** From 1 to a quarter of the points; default a twentieth of them, at least 1. */
  readonly window?: number;
}

/** A twentieth on each side smooths a tenth of the run together; Welch leaves the choice to the eye, this one is ours. */
const WINDOW_SHARE = 1 / 20;
/** Level at which the third and the last quarter must not differ. */
const SETTLED_LEVEL = 0.99;

/**
 * P. D. Welch's procedure (A. M. Law, Simulation Modeling and Analysis, 5th edition, 9.5.1) for equally long replications
 * of the same points: the n-th customers, or equal slices of time. Where Welch looks at the curve, this rule decides: the
 * second half of the smoothed curve shows what range belongs to the steady state, and the cut is the first point from
 * which the curve never leaves that range again. It is trusted only if the runs had settled by then, that is, if the third
 * and the last quarter of the replications do not differ (paired interval at 99 %). Throws RangeError below two
 * replications, for unequal lengths and below eight points.
 */
export function welch(replications: readonly (readonly number[])[], options: WelchOptions = {}): WelchCurve {
  const length = replications[0]?.length ?? 0;
  if (replications.length < 2 || length < 8 || replications.some((one) => one.length !== length)) {
    const lengths = [...new Set(replications.map((one) => one.length))].join(', ');
    throw new RangeError(
      `welch: expected two or more replications of equal length >= 8, got ${replications.length} of length ${lengths}`,
    );
  }
  const { window = Math.max(1, Math.floor(length * WINDOW_SHARE)) } = options;
  if (!(Number.isSafeInteger(window) && window >= 1 && window <= length / 4)) {
    throw new RangeError(`welch: window must be a whole number from 1 to a quarter of ${length} points, got ${window}`);
  }
  const means = Array.from({ length }, (_, i) => mean(replications.map((one) => one[i]!)));
  const smoothed = smooth(means, window);
  const late = smoothed.slice(Math.floor(smoothed.length / 2));
  const low = Math.min(...late);
  const high = Math.max(...late);
  const cut = smoothed.findLastIndex((value) => value < low || value > high) + 1;
  return { means, smoothed, window, cut: hasSettled(replications) ? cut : null };
}

/** The moving average; the last `window` points have no full window and are left out, as Welch does. */
function smooth(means: readonly number[], window: number): number[] {
  return Array.from({ length: means.length - window }, (_, i) => {
    const reach = Math.min(i, window);
    return mean(means.slice(i - reach, i + reach + 1));
  });
}

function hasSettled(replications: readonly (readonly number[])[]): boolean {
  const drifts = replications.map((one) => {
    const quarter = Math.floor(one.length / 4);
    return mean(one.slice(-quarter)) - mean(one.slice(-2 * quarter, -quarter));
  });
  const { low, high } = meanInterval(drifts, SETTLED_LEVEL);
  return low <= 0 && 0 <= high;
}

/** What MSER-5 says about one run. */
export interface MserCut {
  /** How many values to discard, a multiple of the batch; `null` when the run is too short to tell. */
  readonly cut: number | null;
  /** Mean of the values after the cut, an incomplete last batch left out; NaN without a cut. */
  readonly mean: number;
  /** The statistic that the cut makes least: variance of the mean of what is kept, were the batches independent. */
  readonly statistic: number;
}

/** Values averaged into one before anything else. */
export interface MserOptions {
  /** Default 5, hence the name; 1 gives plain MSER. */
  readonly batch?: number;
}

/**
 * The marginal standard error rule on batches of five values (K. P. White, M. J. Cobb and S. C. Spratt, Winter Simulation
 * Conference 2000): discard as many batches as make the squared standard error of the rest least, which weighs the bias
 * that a longer start brings against the values that a longer cut costs. The statistic becomes meaningless near the end,
 * where few batches are alike by chance, so the last five are never the rest; and a least value beyond the middle says
 * that the run is too short, not where to cut it: then `cut` is `null` (K. Hoad, S. Robinson and R. Davies, Journal of the
 * Operational Research Society 61, 2010). Throws RangeError below twelve batches and for what is not finite.
 */
export function mser5(values: readonly number[], { batch = 5 }: MserOptions = {}): MserCut {
  if (!(Number.isSafeInteger(batch) && batch >= 1)) {
    throw new RangeError(`mser5: batch must be a whole number >= 1, got ${batch}`);
  }
  if (!values.every(Number.isFinite)) throw new RangeError('mser5: expected finite numbers');
  const count = Math.floor(values.length / batch);
  if (count < 12) {
    throw new RangeError(`mser5: at least ${12 * batch} values are needed, got ${values.length}`);
  }
  const means = Array.from({ length: count }, (_, i) => mean(values.slice(i * batch, (i + 1) * batch)));
  let best = { discarded: 0, statistic: Infinity, mean: NaN };
  // From the end, so that means and squares of what is kept are updated and not summed up again (Welford).
  let keptMean = 0;
  let squares = 0;
  for (let discarded = count - 1; discarded >= 0; discarded--) {
    const kept = count - discarded;
    const distance = means[discarded]! - keptMean;
    keptMean += distance / kept;
    squares += distance * (means[discarded]! - keptMean);
    const statistic = squares / (kept * kept);
    // Of equal statistics the one that discards less.
    if (kept > 5 && statistic <= best.statistic) best = { discarded, statistic, mean: keptMean };
  }
  const isValid = best.discarded <= count / 2;
  return {
    cut: isValid ? best.discarded * batch : null,
    mean: isValid ? best.mean : NaN,
    statistic: best.statistic,
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
