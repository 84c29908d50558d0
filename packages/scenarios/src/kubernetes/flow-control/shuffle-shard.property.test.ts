import fc from 'fast-check';
import { expect, test } from 'vitest';
import { flowHash } from './flow-hash.ts';
import { FlowTable } from './flow-table.ts';
import { checkDeal, dealHand, type FlowHash } from './shuffle-shard.ts';

const digit = fc.integer({ min: 0, max: 65_535 });
const hashes: fc.Arbitrary<FlowHash> = fc.tuple(digit, digit, digit, digit);
const decks = fc
  .tuple(fc.integer({ min: 1, max: 600 }), fc.integer({ min: 1, max: 12 }))
  .filter(([queues, handSize]) => handSize <= queues && Math.ceil(Math.log2(queues) * handSize) <= 60)
  .map(([queues, handSize]) => ({ queues, handSize }));

test('a hand holds distinct queues of the deck', () => {
  fc.assert(
    fc.property(hashes, decks, (hash, deck) => {
      const hand = dealt(hash, deck);
      expect(new Set(hand).size).toBe(deck.handSize);
      for (const queue of hand) expect(queue).toBeGreaterThanOrEqual(0);
      for (const queue of hand) expect(queue).toBeLessThan(deck.queues);
    }),
    { seed: 4_011, numRuns: 2_000 },
  );
});

test('the deal is the draw without replacement that the digits of the hash describe', () => {
  fc.assert(
    fc.property(hashes, decks, (hash, deck) => {
      // The same thing said with a real deck: take card number (hash mod cards left) out of the sorted deck.
      const cards = Array.from({ length: deck.queues }, (_, i) => i);
      let rest = hash.reduce((value, one) => value * 65_536n + BigInt(one), 0n);
      const expected = Array.from({ length: deck.handSize }, () => {
        const left = BigInt(cards.length);
        const [card] = cards.splice(Number(rest % left), 1);
        rest /= left;
        return card;
      });
      expect(dealt(hash, deck)).toEqual(expected);
    }),
    { seed: 4_012, numRuns: 2_000 },
  );
});

test('every ordered pair of 9 queues is dealt equally often', () => {
  const count = new Map<string, number>();
  const flows = 72 * 500;
  for (let i = 0; i < flows; i++) {
    const hand = dealt(flowHash('service-accounts', `system:serviceaccount:shop:s${i}`), { queues: 9, handSize: 2 });
    count.set(hand.join(), (count.get(hand.join()) ?? 0) + 1);
  }
  expect(count.size).toBe(72);
  const chiSquare = [...count.values()].reduce((sum, n) => sum + (n - 500) ** 2 / 500, 0);
  // 99.9 % quantile of the chi-square distribution with 71 degrees of freedom.
  expect(chiSquare).toBeLessThan(113.6);
});

test('of a hundred flows with six of 128 queues each, hardly any finds all its queues in one other hand', () => {
  const hands = Array.from(
    { length: 100 },
    (_, i) => new Set(dealt(flowHash('s', `flow ${i}`), { queues: 128, handSize: 6 })),
  );
  const shared = hands.slice(1).map((hand) => [...hand].filter((queue) => hands[0]!.has(queue)).length);
  expect(Math.max(...shared)).toBeLessThan(6);
});

test('a hand that needs more bits than a hash has is refused', () => {
  expect(() => checkDeal('level "x"', 8, 9)).toThrow(
    'level "x": handSize must be in 1..8, the number of queues, got 9',
  );
  expect(() => checkDeal('level "x"', 0, 1)).toThrow('level "x": queues must be >= 1, got 0');
  expect(() => checkDeal('level "x"', 1_024, 7)).toThrow(
    'level "x": a hand of 7 from 1024 queues needs 70 bits of hash, more than 60',
  );
});

test('a table gives a flow its number once and deals the same hand again for other settings', () => {
  const table = new FlowTable(64, 6);
  const numbers = ['a', 'b', 'a', 'c'].map((name) => table.number('schema', name));
  expect(numbers).toEqual([0, 1, 0, 2]);
  const redealt = table.redealt(16, 4);
  expect(redealt.number('schema', 'b')).toBe(1);
  expect([...redealt.hands.subarray(4, 8)]).toEqual(dealt(flowHash('schema', 'b'), { queues: 16, handSize: 4 }));
  expect(new FlowTable(0, 6).number('schema', 'b')).toBe(0);
});

function dealt(hash: FlowHash, deck: { readonly queues: number; readonly handSize: number }): number[] {
  const hand = new Int32Array(deck.handSize + 3);
  dealHand(hash, deck, hand, 3);
  return [...hand.subarray(3)];
}
