/** Shares - so many of so many - with their uncertainty. */
import { normalQuantile } from '../random/normal-quantile.ts';

/** A share and the range that covers the true one. */
export interface ShareInterval {
  readonly share: number;
  readonly low: number;
  readonly high: number;
  /** How many were counted, and among how many. */
  readonly hits: number;
  readonly count: number;
}

/**
 * E. B. Wilson's interval of a share (Journal of the American Statistical Association 22, 1927; default level 0.95): it
 * stays inside [0, 1] and is honest also where all or none were counted. Throws RangeError for impossible counts.
 */
export function shareInterval(hits: number, count: number, level = 0.95): ShareInterval {
  if (!(count >= 1 && hits >= 0 && hits <= count)) {
    throw new RangeError(`shareInterval: expected 0 <= hits <= count and count >= 1, got ${hits} of ${count}`);
  }
  if (!(level > 0 && level < 1)) throw new RangeError(`shareInterval: level must be inside (0, 1), got ${level}`);
  const z = normalQuantile(0.5 + level / 2);
  const share = hits / count;
  const weight = (z * z) / count;
  const middle = (share + weight / 2) / (1 + weight);
  const half = (z * Math.sqrt((share * (1 - share)) / count + weight / (4 * count))) / (1 + weight);
  return {
    share,
    low: hits === 0 ? 0 : middle - half,
    high: hits === count ? 1 : middle + half,
    hits,
    count,
  };
}
