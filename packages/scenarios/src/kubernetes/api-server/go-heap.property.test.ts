import { plus, timeZero, us, type Instant } from '@brownout/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { GoHeap } from './go-heap.ts';

const command = fc.record({
  do: fc.constantFrom('hold' as const, 'release' as const, 'clear' as const, 'look' as const),
  after: fc.nat(40_000_000),
  megabytes: fc.nat(60),
  which: fc.nat(20),
});

it('live <= heap <= resident whatever happens, the heap passes its goal only when more is live, and collections find all that is held', () => {
  fc.assert(
    fc.property(
      fc.array(command, { maxLength: 60 }),
      fc.integer({ min: 10, max: 400 }),
      fc.constantFrom(0, 1_000_000),
      (commands, gcPercent, scavengeBytesPerSecond) => {
        const baseline = 100_000_000;
        let held: number[] = [];
        let lowest = 0;
        const live = (): number => baseline / 2 + held.reduce((sum, bytes) => sum + bytes / 2, 0);
        const heap = new GoHeap(
          timeZero,
          { gcPercent, scavengeBytesPerSecond },
          {
            baselineBytes: () => baseline,
            onCollected: (bytes) => expect(bytes).toBeCloseTo(live(), 3),
          },
        );
        let now: Instant = timeZero;
        for (const { do: what, after, megabytes, which } of commands) {
          now = plus(now, us(after));
          const bytes = megabytes * 1_000_000;
          // A collection that is due happens first.
          heap.residentBytes(now);
          if (what === 'hold') {
            held.push(bytes);
            heap.hold(now, bytes);
          } else if (what === 'release') {
            const given = held[which % Math.max(1, held.length)];
            if (given === undefined) continue;
            // Its last allocations come before it is gone.
            heap.release(now, given);
            held.splice(which % held.length, 1);
          } else if (what === 'clear') {
            held = [];
            lowest = 0;
            heap.clear(now);
          }
          const resident = heap.residentBytes(now);
          expect(heap.liveBytes).toBeCloseTo(live(), 3);
          expect(heap.heapBytes).toBeGreaterThanOrEqual(heap.liveBytes - 1e-3);
          expect(resident).toBeGreaterThanOrEqual(heap.heapBytes - 1e-3);
          expect(heap.heapBytes).toBeLessThanOrEqual(Math.max(heap.goalBytes, heap.liveBytes) + 1e-3);
          if (scavengeBytesPerSecond === 0) expect(resident).toBeGreaterThanOrEqual(lowest - 1e-3);
          lowest = resident;
        }
      },
    ),
    { seed: 24, numRuns: 400 },
  );
});
