import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Fifo } from './fifo.ts';

test('the ring behaves as an array under random pushes and shifts', () => {
  const operations = fc.array(fc.option(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), { nil: undefined }), {
    maxLength: 300,
  });
  fc.assert(
    fc.property(operations, (values) => {
      const ring = new Fifo();
      const reference: number[] = [];
      for (const value of values) {
        if (value !== undefined) {
          ring.push(value);
          reference.push(value);
        } else if (reference.length > 0) {
          expect(ring.shift()).toBe(reference.shift());
        }
        expect(ring.size).toBe(reference.length);
        expect(reference.map((_, index) => ring.at(index))).toEqual(reference);
      }
    }),
    { seed: 11, numRuns: 100 },
  );
});

test('a long queue that never empties keeps its order while it grows and wraps', () => {
  const ring = new Fifo();
  let pushed = 0;
  let isOrdered = true;
  for (let round = 0; round < 50_000; round++) {
    ring.push(pushed++);
    ring.push(pushed++);
    isOrdered &&= ring.shift() === round;
  }
  expect([isOrdered, ring.size, ring.at(0), ring.at(49_999)]).toEqual([true, 50_000, 50_000, 99_999]);
});

test('an empty fifo says so', () => {
  expect(() => new Fifo().shift()).toThrow('fifo: shift from an empty fifo');
  expect(() => new Fifo().at(0)).toThrow(RangeError);
});
