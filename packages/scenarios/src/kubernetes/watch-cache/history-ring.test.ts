import { type Instant, seconds } from '@brownout/core';
import { expect, it } from 'vitest';
import { HistoryRing, LARGEST_RING } from './history-ring.ts';

function push(ring: HistoryRing, count: number, from: { revision: number; at: number }, gap: number): void {
  for (let i = 0; i < count; i++) ring.push(from.revision + i, (from.at + i * gap) as Instant);
}

it('doubles while it is full of young events, up to 102,400', () => {
  const ring = new HistoryRing();
  push(ring, 100, { revision: 1, at: 0 }, 1);
  expect(ring.capacity).toBe(100);
  push(ring, 1, { revision: 101, at: 100 }, 1);
  expect(ring.capacity).toBe(200);
  push(ring, 200_000, { revision: 102, at: 101 }, 1);
  expect([ring.capacity, ring.size]).toEqual([LARGEST_RING, LARGEST_RING]);
});

it('does not grow when its oldest event is 75 s old: two events a second fit into 200 places', () => {
  const ring = new HistoryRing();
  // 150 events are in 75 s; 100 places hold 50 s, so it grows once, and 200 places hold 100 s, so never again.
  push(ring, 5_000, { revision: 1, at: 0 }, seconds(0.5));
  expect(ring.capacity).toBe(200);
});

it('halves when its youngest quarter began before the window, once for each event that comes', () => {
  const ring = new HistoryRing();
  push(ring, 400, { revision: 1, at: 0 }, 1);
  // Everything inside is 80 s old when the next one comes: 400 becomes 200, then 100, and stays there.
  const capacities = [0, 1, 2].map((i) => {
    push(ring, 1, { revision: 401 + i, at: seconds(80) + i }, 1);
    return ring.capacity;
  });
  expect(capacities).toEqual([200, 100, 100]);
});

it('keeps its room while the youngest quarter is young', () => {
  const ring = new HistoryRing();
  push(ring, 400, { revision: 1, at: 0 }, seconds(0.1));
  // At 80 s the oldest is too old to grow for, and the youngest hundred began at 30 s, not yet 75 s ago.
  push(ring, 1, { revision: 401, at: seconds(80) }, 1);
  expect(ring.capacity).toBe(400);
});

it('after a LIST it serves watches from the version of the list, and from nothing older', () => {
  const ring = new HistoryRing();
  ring.reset(500);
  expect([ring.countSince(499), ring.countSince(500), ring.countSince(501)]).toEqual([-1, 0, 0]);
  ring.push(510, 0 as Instant);
  expect([ring.countSince(500), ring.countSince(509), ring.countSince(510)]).toEqual([1, 1, 0]);
});

it('once it has forgotten something, the oldest event inside decides', () => {
  const ring = new HistoryRing();
  ring.reset(0);
  // 80 s apart: full at 100, too old to grow for.
  push(ring, 101, { revision: 1, at: 0 }, seconds(80));
  expect(ring.capacity).toBe(100);
  expect([ring.countSince(0), ring.countSince(1)]).toEqual([-1, 100]);
});
