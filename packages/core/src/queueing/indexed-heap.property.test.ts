import fc from 'fast-check';
import { expect, test } from 'vitest';
import { IndexedHeap } from './indexed-heap.ts';

interface Entry {
  readonly job: number;
  readonly key: number;
  readonly tie: number;
}

const command = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('push' as const), job: fc.nat(200), key: fc.nat(8) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('pop' as const), job: fc.constant(0), key: fc.constant(0) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('remove' as const), job: fc.nat(200), key: fc.constant(0) }) },
);

test('the heap behaves as a sorted array under random pushes, pops and removals', () => {
  fc.assert(
    fc.property(fc.array(command, { minLength: 300, maxLength: 300 }), (commands) => {
      const heap = new IndexedHeap();
      let reference: Entry[] = [];
      let pushes = 0;
      for (const { do: what, job, key } of commands) {
        const known = reference.find((entry) => entry.job === job);
        expect(heap.has(job)).toBe(known !== undefined);
        if (what === 'push' && known === undefined) {
          // Distinct, and in no order: 7919 has no common factor with 1009.
          const tie = (pushes++ * 7919) % 1009;
          heap.push(job, key, tie);
          reference.push({ job, key, tie });
          reference.sort((a, b) => a.key - b.key || a.tie - b.tie);
        } else if (what === 'pop') {
          expect(heap.pop()).toBe(reference.shift()?.job ?? -1);
        } else if (what === 'remove') {
          expect(heap.remove(job)).toBe(known !== undefined);
          reference = reference.filter((entry) => entry !== known);
        }
        expect(heap.size).toBe(reference.length);
        expect(heap.first()).toBe(reference[0]?.job ?? -1);
        expect(heap.firstKey()).toBe(reference[0]?.key ?? Infinity);
      }
      for (const entry of reference)
        expect([heap.keyOf(entry.job), heap.tieOf(entry.job)]).toEqual([entry.key, entry.tie]);
      expect(reference.map(() => heap.pop())).toEqual(reference.map((entry) => entry.job));
    }),
    { seed: 12, numRuns: 40 },
  );
});

test('shifted keys keep their order and a cleared heap takes its jobs again', () => {
  const heap = new IndexedHeap();
  for (let job = 0; job < 100; job++) heap.push(job, 1000 + ((job * 37) % 100), job);
  heap.shiftKeys(1000);
  expect(heap.firstKey()).toBe(0);
  expect(heap.first()).toBe(0);
  heap.clear();
  expect([heap.size, heap.has(5), heap.pop()]).toEqual([0, false, -1]);
  heap.push(5, 1, 1);
  expect(heap.first()).toBe(5);
});
