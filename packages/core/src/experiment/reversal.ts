/** Outcomes that contradict a chance which only grows: mostly yes at some places, and mostly no at larger ones. */
import type { Response } from './monotone-response.ts';
import { evidence } from './side-of-level.ts';

/** Two places, the first smaller, and how strongly both contradict: the weaker of their two evidences. */
export interface Contradiction {
  readonly early: number;
  readonly late: number;
  readonly strength: number;
}

interface Block {
  readonly at: number;
  readonly strength: number;
}

const nothing: Block = { at: NaN, strength: 0 };

/**
 * The strongest contradiction among neighbouring places put together: a stretch whose share of yes is above the level, and a
 * later one whose share is below it. It is picked out of many, so it is a suspicion and no proof: new runs at both places
 * must tell. Responses must be pooled.
 */
export function strongestContradiction(responses: readonly Response[], level: number): Contradiction | undefined {
  const size = responses.length;
  const earlyUpTo: Block[] = Array.from({ length: size }, () => nothing);
  const lateFrom: Block[] = Array.from({ length: size + 1 }, () => nothing);
  for (let first = 0; first < size; first++) {
    let [hits, count] = [0, 0];
    for (let last = first; last < size; last++) {
      hits += responses[last]!.hits;
      count += responses[last]!.count;
      const block = { at: responses[(first + last) >> 1]!.at, strength: evidence(hits, count, level) };
      const isAbove = hits > level * count;
      if (isAbove && block.strength > earlyUpTo[last]!.strength) earlyUpTo[last] = block;
      if (!isAbove && block.strength > lateFrom[first]!.strength) lateFrom[first] = block;
    }
  }
  for (let index = size - 2; index >= 0; index--) lateFrom[index] = stronger(lateFrom[index]!, lateFrom[index + 1]!);
  let best: Contradiction | undefined;
  let early = nothing;
  for (let index = 0; index < size; index++) {
    early = stronger(early, earlyUpTo[index]!);
    const late = lateFrom[index + 1]!;
    const strength = Math.min(early.strength, late.strength);
    if (strength > (best?.strength ?? 0)) best = { early: early.at, late: late.at, strength };
  }
  return best;
}

function stronger(one: Block, other: Block): Block {
  return other.strength > one.strength ? other : one;
}
