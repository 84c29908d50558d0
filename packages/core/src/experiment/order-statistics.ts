/** Which of the sorted values enclose a quantile: the one rule behind the intervals of medians and quantiles. */
import { binomialTails } from './binomial.ts';

/** The ranks, from 1, whose values enclose a quantile with probability `level`; the ends where values are too few. */
export function quantileRanks(
  count: number,
  share: number,
  level: number,
): { readonly lowRank: number; readonly highRank: number; readonly coverage: number } {
  const { lower, upper } = binomialTails(count, share);
  const side = ((1 - level) / 2) * (1 + 1e-12);
  let lowRank = 1;
  while (lowRank < count && lower[lowRank]! <= side) lowRank++;
  let highRank = count;
  while (highRank > 1 && upper[highRank - 1]! <= side) highRank--;
  return { lowRank, highRank, coverage: Math.max(0, 1 - lower[lowRank - 1]! - upper[highRank]!) };
}
