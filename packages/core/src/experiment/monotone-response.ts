/**
 * Where a chance that grows along an axis crosses a level, from yes-or-no outcomes seen here and there, without any
 * assumption but that it grows. For every place the likelihood of "the chance crosses the level here" is that of the best
 * growing curve that does, against the best growing curve at all (M. Banerjee and J. A. Wellner, Likelihood ratio tests for
 * monotone functions, Annals of Statistics 29, 2001). The best curve that crosses at a place is made of the best curves on
 * either side, cut off at the level.
 */

/** Outcomes at one place of the axis. */
export interface Response {
  /** On the axis as the search sees it: 0 at its beginning, 1 at its end. */
  readonly at: number;
  /** Outcomes that were yes, and all of them. */
  readonly hits: number;
  readonly count: number;
}

/** A stretch of the axis on which the crossing is equally likely: between two neighbouring places that were tried. */
export interface Gap {
  readonly low: number;
  readonly high: number;
  /** Twice the logarithm by which the best curve that crosses here falls short of the best curve; 0 = as good. */
  readonly deficit: number;
}

/** Responses with those at the same place put together, from low to high. */
export function pooled(responses: readonly Response[]): Response[] {
  const byPlace = new Map<number, { at: number; hits: number; count: number }>();
  for (const { at, hits, count } of responses) {
    const known = byPlace.get(at) ?? { at, hits: 0, count: 0 };
    byPlace.set(at, { at, hits: known.hits + hits, count: known.count + count });
  }
  return [...byPlace.values()].sort((a, b) => a.at - b.at);
}

/** The growing curve that fits best, at each place: pool adjacent violators. */
export function growingFit(responses: readonly Response[]): number[] {
  const blocks: { hits: number; count: number; places: number }[] = [];
  for (const { hits, count } of responses) {
    let block = { hits, count, places: 1 };
    for (let last = blocks.at(-1); last !== undefined; last = blocks.at(-1)) {
      if (last.hits * block.count < block.hits * last.count) break;
      blocks.pop();
      block = { hits: last.hits + block.hits, count: last.count + block.count, places: last.places + block.places };
    }
    blocks.push(block);
  }
  return blocks.flatMap(({ hits, count, places }) => Array.from({ length: places }, () => hits / count));
}

/**
 * The gaps between 0, the places and 1, from low to high, and how likely the crossing is in each. Responses must be pooled.
 * A crossing exactly at a place that was tried is as likely as in the better of the gaps beside it.
 */
export function crossingGaps(responses: readonly Response[], level: number): Gap[] {
  const best = logLikelihood(responses, growingFit(responses));
  const edges = [0, ...responses.map(({ at }) => at), 1];
  const gaps: Gap[] = [];
  for (let index = 0; index < edges.length - 1; index++) {
    const below = responses.slice(0, index);
    const above = responses.slice(index);
    const left = logLikelihood(
      below,
      growingFit(below).map((chance) => Math.min(chance, level)),
    );
    const right = logLikelihood(
      above,
      growingFit(above).map((chance) => Math.max(chance, level)),
    );
    gaps.push({ low: edges[index]!, high: edges[index + 1]!, deficit: Math.max(0, 2 * (best - left - right)) });
  }
  return gaps;
}

/** Where the likelihood, spread over the axis, has the given share on its left. */
export function likelihoodQuantile(gaps: readonly Gap[], share: number): number {
  const weights = gaps.map(({ low, high, deficit }) => (high - low) * Math.exp(-deficit / 2));
  let left = share * weights.reduce((sum, weight) => sum + weight, 0);
  for (const [index, { low, high }] of gaps.entries()) {
    const weight = weights[index]!;
    if (left <= weight && weight > 0) return low + (high - low) * (left / weight);
    left -= weight;
  }
  return 1;
}

/** The part of the axis whose deficit is at most `limit`: from its first place to its last. */
export function likelyRange(gaps: readonly Gap[], limit: number): { readonly low: number; readonly high: number } {
  const likely = gaps.filter(({ low, high, deficit }) => deficit <= limit && (high > low || low === 0 || high === 1));
  return { low: likely[0]!.low, high: likely.at(-1)!.high };
}

function logLikelihood(responses: readonly Response[], chances: readonly number[]): number {
  let sum = 0;
  for (const [index, { hits, count }] of responses.entries()) {
    const chance = chances[index]!;
    if (hits > 0) sum += hits * Math.log(chance);
    if (hits < count) sum += (count - hits) * Math.log(1 - chance);
  }
  return sum;
}
