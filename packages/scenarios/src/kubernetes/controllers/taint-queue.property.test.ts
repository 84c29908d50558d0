import fc from 'fast-check';
import { expect, it } from 'vitest';
import { TaintQueue } from './taint-queue.ts';

const SECOND = 1_000_000;

it('lets one through at once and then one every ten seconds at 0.1 a second', () => {
  const queue = new TaintQueue(0.1);
  for (let node = 0; node < 5; node++) queue.add(node);
  const taken: [number, number][] = [];
  for (let now = 0; now <= 60 * SECOND; now += SECOND / 10) {
    for (let node = queue.take(now); node >= 0; node = queue.take(now)) taken.push([node, now / SECOND]);
  }
  expect(taken).toEqual([
    [0, 0],
    [1, 10],
    [2, 20],
    [3, 30],
    [4, 40],
  ]);
});

it('a node that is added again goes to the end, one that is removed is not taken', () => {
  const queue = new TaintQueue(1000);
  for (const node of [1, 2, 3, 4]) queue.add(node);
  queue.add(1);
  queue.remove(3);
  const order: number[] = [];
  for (let now = 0; now < SECOND; now += 1000) {
    const node = queue.take(now);
    if (node >= 0) order.push(node);
  }
  expect(order).toEqual([2, 4, 1]);
  expect(queue.size).toBe(0);
});

it('in no window are more taken than rate x time + 1, whatever happens to the rate', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('wait' as const), value: fc.integer({ min: 0, max: 30 * SECOND }) }),
    fc.record({ kind: fc.constant('rate' as const), value: fc.constantFrom(0, 0.01, 0.1) }),
    fc.record({ kind: fc.constant('add' as const), value: fc.nat({ max: 50 }) }),
    fc.record({ kind: fc.constant('remove' as const), value: fc.nat({ max: 50 }) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const queue = new TaintQueue(0.1);
      const waiting = new Set<number>();
      const taken: number[] = [];
      // The integral of the rate up to each taking: the most that any limiter could have let through.
      const allowed: number[] = [];
      let now = 0;
      let integral = 0;
      for (const { kind, value } of steps) {
        if (kind === 'rate') queue.setRate(value, now);
        if (kind === 'remove') {
          queue.remove(value);
          waiting.delete(value);
        }
        if (kind === 'add') {
          queue.add(value);
          waiting.add(value);
        }
        if (kind === 'wait') {
          now += value;
          integral += (value / SECOND) * queue.rate;
        }
        const node = queue.take(now);
        if (node < 0) continue;
        expect(waiting.delete(node)).toBe(true);
        taken.push(now);
        allowed.push(integral);
      }
      expect(queue.size).toBe(waiting.size);
      for (let i = 0; i < taken.length; i++) {
        for (let j = i; j < taken.length; j++) {
          // The bucket holds one; a change of rate hands the token on, if there is one, and adds none.
          expect(j - i + 1).toBeLessThanOrEqual(allowed[j]! - allowed[i]! + 1 + 1e-6);
        }
      }
    }),
    { seed: 20241211, numRuns: 300 },
  );
});
