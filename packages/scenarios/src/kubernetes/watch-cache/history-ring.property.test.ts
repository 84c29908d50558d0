import { type Instant, seconds } from '@brownout/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { FRESH_WINDOW, HistoryRing, LARGEST_RING, SMALLEST_RING } from './history-ring.ts';

interface Event {
  readonly revision: number;
  readonly at: number;
  readonly index: number;
}

/** The same rules on a plain list. */
class PlainHistory {
  events: Event[] = [];
  capacity = SMALLEST_RING;
  forgot = false;
  listed = 0;

  push(event: Event): void {
    const youngestQuarter = this.events[this.capacity - this.capacity / 4];
    if (this.events.length === this.capacity) {
      if (event.at - this.events[0]!.at < FRESH_WINDOW) this.capacity = Math.min(LARGEST_RING, this.capacity * 2);
      else if (event.at - youngestQuarter!.at > FRESH_WINDOW)
        this.capacity = Math.max(SMALLEST_RING, this.capacity / 2);
    }
    while (this.events.length >= this.capacity) {
      this.events.shift();
      this.forgot = true;
    }
    this.events.push(event);
  }

  get oldestStart(): number {
    return this.forgot ? this.events[0]!.revision - 1 : this.listed;
  }
}

const step = fc.record({
  gap: fc.oneof(fc.integer({ min: 0, max: 100_000 }), fc.integer({ min: 0, max: seconds(40) })),
  revisions: fc.integer({ min: 1, max: 5 }),
  index: fc.integer({ min: 0, max: 3 }),
  times: fc.integer({ min: 1, max: 300 }),
});

it('keeps what a plain list with the same rules keeps, and answers alike from any version', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 12 }), fc.integer({ min: 0, max: 50 }), (steps, resetAt) => {
      const ring = new HistoryRing();
      const plain = new PlainHistory();
      let revision = 10;
      let at = 0;
      ring.reset(revision);
      plain.listed = revision;
      steps.forEach(({ gap, revisions, index, times }, number) => {
        if (number === resetAt) {
          ring.reset(revision);
          plain.events = [];
          plain.forgot = false;
          plain.listed = revision;
        }
        for (let i = 0; i < times; i++) {
          revision += revisions;
          at += Math.floor(gap / 10);
          ring.push(revision, at as Instant, (index + i) % 4);
          plain.push({ revision, at, index: (index + i) % 4 });
        }
        expect([ring.size, ring.capacity]).toEqual([plain.events.length, plain.capacity]);
        expect(ring.oldestStart).toBe(plain.oldestStart);
        for (const from of [0, plain.oldestStart - 1, plain.oldestStart, revision - 7, revision - 1, revision]) {
          const after = plain.events.filter((event) => event.revision > from);
          const isTooOld = from < plain.oldestStart;
          expect(ring.countSince(from)).toBe(isTooOld ? -1 : after.length);
          expect(ring.countSinceOf(from, 2)).toBe(isTooOld ? -1 : after.filter((event) => event.index === 2).length);
        }
        for (const behind of [0, 1, 5, 50]) {
          const seen = plain.events.at(-1 - behind)?.revision ?? plain.oldestStart;
          expect(ring.revisionBehind(behind)).toBe(seen);
        }
      });
    }),
    { seed: 20261124, numRuns: 60 },
  );
});
