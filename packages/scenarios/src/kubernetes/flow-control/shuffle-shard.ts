/**
 * Shuffle sharding: a flow is dealt a hand of distinct queues, the same hand every time, so that a flow that fills its
 * queues leaves nearly every other flow at least one queue of its own. The deal reads the hash as a number in a mixed
 * radix, as kubernetes/apiserver does (pkg/util/shufflesharding, tag kubernetes-1.36.3), so a flow gets the very queues
 * here that it gets in a real API server.
 */

/** Bits of the hash that a deal may use up; more would make the last card unevenly likely. */
const usableHashBits = 60;

/** A 64-bit hash as four 16-bit digits, the most significant first: doubles cannot hold 64 bits. */
export type FlowHash = readonly [number, number, number, number];

/** Throws RangeError unless `handSize` distinct queues can be dealt from `queues` with the bits of one hash. */
export function checkDeal(owner: string, queues: number, handSize: number): void {
  if (!Number.isInteger(queues) || queues < 1) throw new RangeError(`${owner}: queues must be >= 1, got ${queues}`);
  if (!Number.isInteger(handSize) || handSize < 1 || handSize > queues) {
    throw new RangeError(`${owner}: handSize must be in 1..${queues}, the number of queues, got ${handSize}`);
  }
  const bits = Math.ceil(Math.log2(queues) * handSize);
  if (bits > usableHashBits) {
    throw new RangeError(
      `${owner}: a hand of ${handSize} from ${queues} queues needs ${bits} bits of hash, more than ${usableHashBits}`,
    );
  }
}

/**
 * Deals `handSize` distinct queues out of `queues` into `hand`, starting at `offset`. Every ordered hand is equally
 * likely when the hash is uniform.
 */
export function dealHand(
  hash: FlowHash,
  deck: { readonly queues: number; readonly handSize: number },
  hand: Int32Array,
  offset: number,
): void {
  const digits = [...hash];
  for (let card = 0; card < deck.handSize; card++) hand[offset + card] = divideDigits(digits, deck.queues - card);
  // So far card i says which of the queues not yet dealt is meant; counting past the earlier cards turns that into a
  // queue. Going backwards through them undoes the deals in the order opposite to the one they were made in.
  for (let card = deck.handSize - 1; card > 0; card--) {
    let queue = hand[offset + card]!;
    for (let earlier = card - 1; earlier >= 0; earlier--) {
      if (queue >= hand[offset + earlier]!) queue++;
    }
    hand[offset + card] = queue;
  }
}

/** Divides the number in `digits` (base 65,536) in place and returns the remainder. Exact for divisors below 2^37. */
function divideDigits(digits: number[], divisor: number): number {
  let remainder = 0;
  for (let index = 0; index < digits.length; index++) {
    const value = remainder * 65_536 + digits[index]!;
    const quotient = Math.floor(value / divisor);
    digits[index] = quotient;
    remainder = value - quotient * divisor;
  }
  return remainder;
}
