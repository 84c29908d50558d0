/** Chances of counts: how many of so many independent tries succeed. What order statistics and sign tests rest on. */

/**
 * The probability of at most k successes, for every k from 0 to `count`, in `count` tries with probability `p` each,
 * 0 < p < 1. Summed up from the smaller side, so that small tails keep their digits: `lower[k]` from below and
 * `upper[k]`, the probability of k or more, from above.
 */
export function binomialTails(
  count: number,
  p: number,
): { readonly lower: readonly number[]; readonly upper: readonly number[] } {
  const chances = binomialChances(count, p);
  const lower = new Array<number>(count + 1).fill(0);
  const upper = new Array<number>(count + 1).fill(0);
  let sum = 0;
  for (let k = 0; k <= count; k++) lower[k] = Math.min(1, (sum += chances[k]!));
  sum = 0;
  for (let k = count; k >= 0; k--) upper[k] = Math.min(1, (sum += chances[k]!));
  return { lower, upper };
}

/** The probability of exactly k successes, for every k: in proportion to the likeliest k, so that nothing overflows. */
function binomialChances(count: number, p: number): number[] {
  const weights = new Array<number>(count + 1).fill(0);
  const mode = Math.min(count, Math.floor((count + 1) * p));
  const odds = p / (1 - p);
  weights[mode] = 1;
  for (let k = mode; k > 0; k--) weights[k - 1] = (weights[k]! * k) / ((count - k + 1) * odds);
  for (let k = mode; k < count; k++) weights[k + 1] = (weights[k]! * (count - k) * odds) / (k + 1);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}
