/**
 * Choosing a branch and a value inside it with one uniform: the leading part of the uniform chooses, and what is left of
 * it, stretched back to [0, 1), is the branch's own uniform. Shared by mixtures and hyperexponentials.
 */

/** 1 - 2^-53, the largest uniform: a stretched remainder may round up to 1, whose quantile is often Infinity. */
export const LARGEST_UNIFORM: number = 1 - 2 ** -53;

/** Running sums of `weights` divided by their total, from 0 to exactly 1. */
export function branchBounds(weights: readonly number[]): Float64Array {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const bounds = new Float64Array(weights.length + 1);
  for (let i = 0; i < weights.length; i++) bounds[i + 1] = bounds[i]! + weights[i]! / total;
  bounds[weights.length] = 1;
  return bounds;
}

/** The branch that `u` falls into; branches that repeat often go first. */
export function branchAt(bounds: Float64Array, u: number): number {
  let branch = 0;
  while (u >= bounds[branch + 1]!) branch++;
  return branch;
}

/** What is left of `u` after choosing `branch`, uniform on [0, 1) again. */
export function remainderWithin(bounds: Float64Array, branch: number, u: number): number {
  const from = bounds[branch]!;
  return Math.min((u - from) / (bounds[branch + 1]! - from), LARGEST_UNIFORM);
}

/** The smallest double in [low, high] where `cdf` reaches `p`, by bisection: about 60 steps. */
export function bisectQuantile(p: number, low: number, high: number, cdf: (x: number) => number): number {
  let below = low;
  let above = high;
  while (below < above) {
    const middle = below + (above - below) / 2;
    if (middle <= below || middle >= above) break;
    if (cdf(middle) >= p) above = middle;
    else below = middle;
  }
  return cdf(below) >= p ? below : above;
}
