/** One measure over many replications in eight numbers, as results and tables show it. */
import { median, medianInterval } from './median.ts';
import { quantile } from './quantile.ts';

/**
 * What several replications say about one measure. Plain data. `null` stands for *did not happen*, which ranks after every
 * number: a median of `null` says that it did not happen in half of the replications or more.
 */
export interface Summary {
  readonly median: number | null;
  /** Of all values; `null` when something is censored, for the mean of those that happened would be too small. */
  readonly mean: number | null;
  /** Lower end of the interval of the median; `null` = did not happen. */
  readonly lo: number | null;
  /** Upper end of the interval of the median; `null` = did not happen. */
  readonly hi: number | null;
  /** Value that 5 % of the replications stay below; an interpolated sample quantile, not a bound. */
  readonly q05: number | null;
  /** Value that 95 % of the replications stay below; an interpolated sample quantile, not a bound. */
  readonly q95: number | null;
  /** Replications, censored ones included. */
  readonly n: number;
  /** Replications in which it did not happen. */
  readonly censored: number;
  /**
   * Probability that `lo` to `hi` covers the true median, whatever the distribution. At least the level asked for, except
   * with very few replications (fewer than six at 0.95), where all of their range is worth no more than this.
   */
  readonly coverage: number;
}

/**
 * Summarises the values of one measure (default level 0.95). The interval is that of the median and not of the mean,
 * because a mean does not exist where something did not happen in some replications, and outcomes of cascades are often
 * in two heaps. Throws RangeError without values, and for values that are neither finite nor `null`.
 */
export function summarise(values: readonly (number | null)[], level = 0.95): Summary {
  if (values.length === 0) throw new RangeError('summarise: at least one value is needed, got 0');
  const wrong = values.find((value) => value !== null && !Number.isFinite(value));
  if (wrong !== undefined) throw new RangeError(`summarise: expected finite numbers and null, got ${wrong}`);
  const ranked = values.map((value) => value ?? Infinity);
  const censored = values.filter((value) => value === null).length;
  const { low, high, coverage } = medianInterval(ranked, level);
  return {
    median: orNull(median(ranked)),
    mean: censored > 0 ? null : ranked.reduce((sum, value) => sum + value, 0) / ranked.length,
    lo: orNull(low),
    hi: orNull(high),
    q05: orNull(quantile(ranked, 0.05)),
    q95: orNull(quantile(ranked, 0.95)),
    n: values.length,
    censored,
    coverage,
  };
}

function orNull(value: number): number | null {
  return value === Infinity ? null : value;
}
