import { ms, seconds } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { createEtcdBench } from './testing/etcd-bench.ts';

const free = { 'object-update': { etcdMs: 0 }, get: { etcdMs: 0 } } as const;
const took = (bench: ReturnType<typeof createEtcdBench>): number[] => bench.answers.map((answer) => answer.took);

describe('a linearisable read', () => {
  it('costs one round trip of the leader to the nearest follower, and a second one from a follower; no fsync', () => {
    const bench = createEtcdBench({ costs: free });
    bench.ask('get', 0);
    bench.advance(seconds(1));
    bench.ask('get', 1);
    bench.advance(seconds(1));
    expect(took(bench)).toEqual([1, 2]);
  });

  it('over zones takes the nearest majority', () => {
    const bench = createEtcdBench({ members: 5, costs: free, raft: { zones: [0, 0, 1, 1, 2] } });
    for (const server of [0, 1, 2]) {
      bench.ask('get', server);
      bench.advance(seconds(1));
    }
    expect(took(bench)).toEqual([4, 5, 8]);
  });

  it('of a single member needs nobody', () => {
    const bench = createEtcdBench({ members: 1, costs: { get: { etcdMs: 3 } } });
    bench.ask('get');
    bench.advance(seconds(1));
    expect(took(bench)).toEqual([3]);
  });

  it('shares the next round with those that come while one is under way', () => {
    const bench = createEtcdBench({ costs: free });
    for (let i = 0; i < 4; i++) {
      bench.ask('get', 0);
      bench.advance(ms(0.25));
    }
    bench.advance(seconds(1));
    expect(took(bench)).toEqual([1, 1.75, 1.5, 1.25]);
  });

  it('waits for the fsync the loop of the leader is in, before and after the round', () => {
    const bench = createEtcdBench({ costs: free });
    bench.ask('object-update', 0);
    bench.advance(ms(0.5));
    bench.ask('get', 0);
    bench.advance(seconds(1));
    // The loop is free at 2 ms; followers hear at 2.5 ms, when their own fsync ends, and answer: 3 ms.
    expect(bench.answers.find(({ label }) => label === 1)).toMatchObject({ at: 3, took: 2.5 });
  });

  it('is local when it may be stale, and then needs neither leader nor majority', () => {
    const bench = createEtcdBench({ costs: free });
    bench.etcd.crash(1);
    bench.etcd.crash(2);
    bench.ask('get', 0, true);
    bench.advance(ms(1));
    expect(bench.answers).toMatchObject([{ outcome: 'ok', took: 0 }]);
  });
});

describe('an election', () => {
  it('makes reads wait until the new leader has committed, and fails none of them', () => {
    const bench = createEtcdBench({ costs: free, seed: 2 });
    bench.advance(seconds(1));
    bench.etcd.crash(0);
    for (const server of [0, 1, 2]) bench.ask('get', server);
    bench.advance(seconds(4));
    expect(bench.answers.map(({ outcome }) => outcome)).toEqual(['ok', 'ok', 'ok']);
    const latencies = took(bench);
    expect(Math.min(...latencies)).toBeGreaterThan(800);
    expect(Math.max(...latencies) - Math.min(...latencies)).toBeLessThan(10);
  });

  it('resets the round that is under way, which is asked again', () => {
    const bench = createEtcdBench({ costs: free, seed: 2 });
    bench.advance(seconds(1));
    bench.ask('get', 1);
    bench.advance(ms(0.2));
    bench.etcd.crash(0);
    bench.advance(seconds(4));
    expect(bench.etcd.raft!.reads.failed).toBe(1);
    expect(bench.answers).toMatchObject([{ outcome: 'ok' }]);
  });

  it('without a majority reads are given up after a minute, when the API server gives up', () => {
    const bench = createEtcdBench({ costs: free });
    bench.etcd.isolate([1], { reachClients: true });
    bench.ask('get', 1);
    bench.advance(seconds(61));
    expect(bench.answers).toMatchObject([{ outcome: 'unavailable', took: 60_000 }]);
    expect(bench.etcd.raft!.reads.count).toBe(0);
  });
});

describe('a member that dies with reads inside', () => {
  it('has them repeated at the next member, and a write answered with an error', () => {
    const bench = createEtcdBench({ costs: { get: { etcdMs: 50 }, 'object-update': { etcdMs: 0 } } });
    bench.ask('get', 1);
    bench.advance(ms(10));
    bench.ask('object-update', 1);
    bench.etcd.crash(1);
    bench.advance(seconds(1));
    expect(bench.answers).toMatchObject([
      { label: 1, outcome: 'unavailable', at: 10 },
      // Asked again after 25 ms, at member 2: a round of 2 ms and 50 ms of CPU.
      { label: 0, outcome: 'ok', at: 10 + 25 + 2 + 50 },
    ]);
  });

  it('by memory hands the same reads to the next, until no majority is left to read with', () => {
    const bench = createEtcdBench({ members: 5, memory: 1000, costs: { get: { etcdMs: 500, etcdBytes: 110 } } });
    for (let i = 0; i < 10; i++) bench.ask('get', 1);
    bench.advance(seconds(20));
    expect(bench.events).toEqual(['1 killed', '2 killed', '3 killed']);
    expect(bench.answers).toEqual([]);
    expect(bench.etcd.memoryKills).toBe(3);
  });
});

describe('what a light read is told to wait', () => {
  it('is what a read waits on an idle cluster, and behind the fsync of the leader', () => {
    const bench = createEtcdBench({ costs: free, raft: { zones: [0, 1, 2] } });
    for (const server of [0, 1]) {
      for (const pause of [0, 1.3]) {
        bench.ask('object-update', 0);
        bench.advance(ms(pause));
        const expected = bench.etcd.lightReadWait(server) / 1000;
        const label = bench.ask('get', server);
        bench.advance(seconds(1));
        expect(bench.answers.find((answer) => answer.label === label)!.took).toBe(expected);
      }
    }
  });

  it('is too long for the short way while the leader stalls, while nobody leads, and where no leader is in reach', () => {
    const bench = createEtcdBench({ costs: free });
    expect(bench.etcd.hasIdleCore(1)).toBe(true);
    bench.etcd.isolate([1], { reachClients: true });
    expect(bench.etcd.hasIdleCore(1)).toBe(false);
    bench.etcd.heal();
    bench.advance(seconds(1));
    expect(bench.etcd.hasIdleCore(1)).toBe(true);
    bench.ask('object-update', 0);
    bench.etcd.stallDisk(0, ms(300));
    expect(bench.etcd.hasIdleCore(1)).toBe(false);
    bench.advance(seconds(1));
    bench.etcd.crash(0);
    bench.advance(ms(100));
    expect(bench.etcd.hasIdleCore(1)).toBe(false);
  });
});

it('a confirmation that does not come is slow, once for each time limit of a request that passes meanwhile', () => {
  const bench = createEtcdBench({ costs: free });
  bench.etcd.crash(1);
  bench.etcd.crash(2);
  bench.ask('get', 0);
  const slowAfter = (time: number): number => {
    bench.advance(seconds(time));
    return bench.etcd.raft!.reads.slow[0]!;
  };
  // The limit is 7 s, and it is looked at with each retry, every 500 ms.
  expect([slowAfter(6.4), slowAfter(2), slowAfter(7)]).toEqual([0, 1, 2]);
});
