import { type Duration, ms, Simulation, us } from '@brownout/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Disks } from './disks.ts';

/** A disk as a list: every fsync takes down what had arrived before it began, and begins when the one before has ended. */
function plainDisk(arrivals: readonly number[], fsync: number): number[] {
  const ends: number[] = [];
  let start = -1;
  let end = -1;
  for (const at of arrivals) {
    if (at >= end) start = at;
    else if (at >= start) start = end;
    end = start + fsync;
    ends.push(end);
  }
  return ends;
}

describe('the disk of a follower', () => {
  it('makes batches durable as a list of fsyncs does', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 60 }),
        (fsync, gaps) => {
          const disks = new Disks(new Simulation(), 'disk', 1, { sample: () => us(fsync) });
          let now = 0;
          const arrivals = gaps.map((gap) => (now += gap));
          const ends = arrivals.map((at, i) => disks.append(0, at, i + 1));
          expect(ends).toEqual(plainDisk(arrivals, fsync));
          // From the last arrival on it can be asked what is durable: every entry whose fsync has ended.
          for (let at = now; at <= ends.at(-1)!; at++) {
            expect(disks.durableEntry(0, at)).toBe(ends.filter((end) => end <= at).length);
          }
        },
      ),
      { seed: 20241211, numRuns: 500 },
    );
  });

  it('takes what waits down with the next fsync: a disk ten times slower writes tenth as often', () => {
    let drawn = 0;
    const disks = new Disks(new Simulation(), 'disk', 2, { sample: () => ms(1) });
    disks.onFsync = (member) => {
      if (member === 1) drawn++;
    };
    disks.slow(1, 10);
    for (let i = 1; i <= 1000; i++) disks.append(1, i * 1000, i);
    expect(drawn).toBeGreaterThanOrEqual(100);
    expect(drawn).toBeLessThanOrEqual(102);
  });

  it('stalls what runs and what follows, and nothing that is done', () => {
    const disks = new Disks(new Simulation(), 'disk', 1, { sample: (): Duration => ms(2) });
    disks.append(0, 0, 1);
    disks.stall(0, 10_000, 3_000);
    expect(disks.durableEntry(0, 3_000)).toBe(1);
    expect(disks.append(0, 4_000, 2)).toBe(10_000);
    disks.stall(0, 20_000, 5_000);
    expect(disks.durableEntry(0, 19_999)).toBe(1);
    expect(disks.durableEntry(0, 20_000)).toBe(2);
    expect(disks.freeAt(0, 6_000)).toBe(20_000);
  });

  it('forgets what a dead process had not written, and what a new leader took back', () => {
    const disks = new Disks(new Simulation(), 'disk', 1, { sample: (): Duration => ms(2) });
    disks.append(0, 0, 5);
    expect(disks.durableEntry(0, 1_000)).toBe(0);
    disks.truncate(3);
    expect(disks.durableEntry(0, 2_000)).toBe(3);
    disks.reset(0, 1);
    expect(disks.durableEntry(0, 2_000)).toBe(1);
  });
});
