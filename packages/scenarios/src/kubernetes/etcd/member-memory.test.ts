import { ms, seconds } from '@brownout/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { listMemories, type ListMemory } from '../api-server/list-memory.ts';
import { createEtcdBench, type EtcdBench, type EtcdBenchOptions } from './testing/etcd-bench.ts';

const MB = 1_000_000;

/** One member of one core, on which nobody waits for a turn; a range takes 100 ms of it and 100 MB. */
function setUp(listMemory: ListMemory, options: EtcdBenchOptions = {}): EtcdBench {
  const costs = { get: { etcdMs: 100, etcdBytes: 100 * MB } };
  return createEtcdBench({ members: 1, listMemory, costs, raft: { turn: ms(0) }, ...options });
}

/** Two ranges so many milliseconds apart. */
function two(listMemory: ListMemory, apart: number, options: EtcdBenchOptions = {}): EtcdBench {
  const bench = setUp(listMemory, options);
  bench.ask('get');
  bench.advance(ms(apart));
  bench.ask('get');
  bench.advance(seconds(1));
  return bench;
}

const held = ({ etcd }: EtcdBench): number => Math.round(etcd.memoryBytes(0) / MB);

describe('memory of a range', () => {
  it('grows with the CPU that the range has had, and is whole when it ends', () => {
    const bench = setUp('as-it-works', { baseline: 7 * MB });
    bench.ask('get');
    const seen: number[] = [];
    for (let tenth = 0; tenth <= 10; tenth++) {
      seen.push(held(bench));
      bench.advance(ms(10));
    }
    expect(seen).toEqual([7, 17, 27, 37, 47, 57, 67, 77, 87, 97, 7]);
    expect(bench.etcd.peakMemoryBytes(0)).toBe(107 * MB);
  });

  it('is there from the beginning unless asked for', () => {
    const bench = setUp('at-once');
    bench.ask('get');
    expect(held(bench)).toBe(100);
    bench.advance(ms(99));
    expect(held(bench)).toBe(100);
  });

  it('two half a service apart hold one and a half at most on one core, and two that start together hold two', () => {
    // The first has the core for 50 ms, then half of it for another 100: it ends when the second has had 50 ms of 100.
    const peak = (listMemory: ListMemory, apart: number): number => two(listMemory, apart).etcd.peakMemoryBytes(0) / MB;
    expect([peak('at-once', 50), peak('at-once', 0)]).toEqual([200, 200]);
    expect(peak('as-it-works', 50)).toBeCloseTo(150, 5);
    expect(peak('as-it-works', 0)).toBe(200);
  });

  it('so a limit between the two kills the one member and not the other; two at once kill both', () => {
    const kills = (listMemory: ListMemory, apart: number): number =>
      two(listMemory, apart, { memory: 175 * MB }).etcd.memoryKills;
    expect([kills('at-once', 50), kills('as-it-works', 50)]).toEqual([1, 0]);
    expect([kills('at-once', 0), kills('as-it-works', 0)]).toEqual([1, 1]);
  });

  it('goes with the member that dies, and is needed again at the one that is asked instead', () => {
    const bench = setUp('as-it-works', { members: 3 });
    bench.ask('get');
    bench.advance(ms(55));
    bench.etcd.crash(0);
    expect(held(bench)).toBe(0);
    bench.advance(seconds(60));
    expect(bench.answers.map(({ outcome }) => outcome)).toEqual(['ok']);
    expect([0, 1].map((member) => bench.etcd.memoryBytes(member))).toEqual([0, 0]);
    expect(bench.etcd.peakMemoryBytes(0)).toBeLessThan(60 * MB);
    expect(bench.etcd.peakMemoryBytes(1)).toBe(100 * MB);
  });
});

it('whatever comes when, growing changes no time, holds nothing in the end, and never holds more', () => {
  const run = (listMemory: ListMemory, gaps: readonly number[], cores: number) => {
    const bench = setUp(listMemory, { cores });
    for (const gap of gaps) {
      bench.ask('get');
      bench.advance(gap);
    }
    bench.advance(seconds(5));
    const { answers, etcd } = bench;
    return { times: answers.map(({ at }) => at), left: etcd.memoryBytes(0), peak: etcd.peakMemoryBytes(0) };
  };
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 150_000 }), { minLength: 1, maxLength: 12 }),
      fc.integer({ min: 1, max: 3 }),
      (gaps, cores) => {
        const [atOnce, growing] = listMemories.map((kind) => run(kind, gaps, cores));
        expect(growing!.times).toEqual(atOnce!.times);
        expect([atOnce!.left, growing!.left]).toEqual([0, 0]);
        expect(growing!.peak).toBeLessThanOrEqual(atOnce!.peak);
        expect(growing!.peak).toBeGreaterThanOrEqual(100 * MB);
      },
    ),
    { numRuns: 60 },
  );
});
