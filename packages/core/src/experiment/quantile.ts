/** Quantiles of a list of values, and the intervals that their order statistics give without knowing the distribution. */
import { ascending } from './median.ts';
import { quantileRanks } from './order-statistics.ts';

/** A quantile, and the range between two of the sorted values that covers the true one. */
export interface QuantileInterval {
  /** Share of values below the quantile, for instance 0.95. */
  readonly share: number;
  readonly quantile: number;
  readonly low: number;
  readonly high: number;
  /** Probability that the range covers the true quantile, whatever the distribution; at least the level asked for. */
  readonly coverage: number;
  /** Values behind it. */
  readonly count: number;
}

/** Which quantile, and how sure. */
export interface QuantileIntervalOptions {
  /** Share of values below the quantile, inside (0, 1). */
  readonly share: number;
  /** Default 0.95. */
  readonly level?: number;
}

/**
 * The value below which a `share` of the values lies, between two of them in proportion (type 7 of R. J. Hyndman and Y.
 * Fan, The American Statistician 50, 1996; what most tools give). Infinite where it falls between values one of which is;
 * NaN of nothing. For `share` 1/2 it is the median.
 */
export function quantile(values: readonly number[], share: number): number {
  return quantileOfSorted([...values].sort(ascending), share);
}

/**
 * The distribution-free interval of a quantile from independent values - one per replication -: the values with the ranks
 * between which the true quantile lies with probability `level` or more. As many values as lie below it are a binomial
 * count; each side leaves out at most half of what is left (W. J. Conover, Practical Nonparametric Statistics, 3rd
 * edition, section 3.2), so each end is a one-sided bound as well, and for the median it is `medianInterval`. Values that
 * never came are `Infinity` and rank last. Values from within one run depend on each other: the range is then too narrow.
 *
 * Throws RangeError when there are too few values for the level, and says how many are needed.
 */
export function quantileInterval(values: readonly number[], options: QuantileIntervalOptions): QuantileInterval {
  const { share, level = 0.95 } = options;
  checkShare('quantileInterval', share);
  if (!(level > 0 && level < 1)) throw new RangeError(`quantileInterval: level must be inside (0, 1), got ${level}`);
  if (values.some(Number.isNaN)) throw new RangeError('quantileInterval: expected numbers, got NaN');
  const count = values.length;
  const needed = valuesForQuantile(options);
  if (count < needed) {
    throw new RangeError(
      `quantileInterval: the ${share} quantile at level ${level} needs at least ${needed} values, got ${count}`,
    );
  }
  const sorted = [...values].sort(ascending);
  const { lowRank, highRank, coverage } = quantileRanks(count, share, level);
  return {
    share,
    quantile: quantileOfSorted(sorted, share),
    low: sorted[lowRank - 1]!,
    high: sorted[highRank - 1]!,
    coverage,
    count,
  };
}

/** The least number of values from which `quantileInterval` gives a range: 6 for a median at 0.95, 72 for the 0.95 quantile. */
export function valuesForQuantile({ share, level = 0.95 }: QuantileIntervalOptions): number {
  const side = Math.log((1 - level) / 2);
  // All values lie below the quantile with probability share^count, all above with (1 - share)^count.
  const needed = Math.ceil(Math.max(side / Math.log(share), side / Math.log1p(-share)) - 1e-9);
  return Math.max(2, needed);
}

/** `quantile` of values that are sorted already. */
export function quantileOfSorted(sorted: readonly number[], share: number): number {
  checkShare('quantile', share);
  const position = share * (sorted.length - 1);
  const below = Math.floor(position);
  const lower = sorted[below] ?? NaN;
  const upper = sorted[Math.min(below + 1, sorted.length - 1)] ?? NaN;
  return position === below || lower === upper ? lower : lower + (position - below) * (upper - lower);
}

function checkShare(name: string, share: number): void {
  if (!(share > 0 && share < 1)) throw new RangeError(`${name}: share must be inside (0, 1), got ${share}`);
}
