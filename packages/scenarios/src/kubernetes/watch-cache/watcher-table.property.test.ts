import type { Instant } from '@brownout/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { WatcherTable } from './watcher-table.ts';

const step = fc.oneof(
  fc.record({ index: fc.integer({ min: -1, max: 4 }), encoding: fc.integer({ min: 0, max: 1 }), isSlow: fc.boolean() }),
  fc.record({ remove: fc.nat(200) }),
);

it('knows the same watchers as a plain list, by index, by encoding and by slowness', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 250 }), (steps) => {
      const table = new WatcherTable();
      const plain = new Map<number, { index: number; encoding: number; isSlow: boolean; subject: number }>();
      let subject = 0;
      for (const what of steps) {
        if ('remove' in what) {
          const slot = [...plain.keys()][what.remove % Math.max(1, plain.size)];
          if (slot === undefined) continue;
          table.remove(slot);
          plain.delete(slot);
        } else {
          const { isSlow, ...watch } = what;
          const eventsPerSecond = isSlow ? 5 : Infinity;
          const request = { source: 3, subject: ++subject, revision: 1, timeout: 1, eventsPerSecond, ...watch };
          const slot = table.add(request, 0 as Instant);
          expect(plain.has(slot)).toBe(false);
          plain.set(slot, { ...what, subject });
        }
        const all = [...plain.values()];
        const unselective = all.filter(({ index }) => index < 0);
        expect([table.size, table.unselectiveCount]).toEqual([all.length, unselective.length]);
        expect(table.unselectiveEncodings).toBe(new Set(unselective.map(({ encoding }) => encoding)).size);
        expect([...table.slow].toSorted((a, b) => a - b)).toEqual(
          [...plain]
            .filter(([, { isSlow }]) => isSlow)
            .map(([slot]) => slot)
            .toSorted((a, b) => a - b),
        );
      }
      for (let index = 0; index <= 4; index++) {
        const subjects: number[] = [];
        for (let slot = table.firstOf(index); slot >= 0; slot = table.nextOf(slot)) subjects.push(table.subject[slot]!);
        const expected = [...plain.values()]
          .filter((watcher) => watcher.index === index)
          .map((watcher) => watcher.subject);
        expect(subjects.toSorted((a, b) => a - b)).toEqual(expected.toSorted((a, b) => a - b));
      }
      const places = Array.from({ length: table.unselectiveCount }, (_, place) => table.unselectiveAt(place));
      expect(new Set(places).size).toBe(places.length);
      for (const slot of places) expect(plain.get(slot)!.index).toBe(-1);
    }),
    { seed: 20261124, numRuns: 100 },
  );
});
