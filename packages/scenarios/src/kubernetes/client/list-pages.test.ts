import { minutes, ms, seconds, Simulation } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { Status } from '../requests/api-request.ts';
import { advance, controlPlaneOptions } from '../testing/bench.ts';
import { createWatchBench, type WatchBenchOptions } from '../testing/watch-bench.ts';

/** 1,200 pods, and a server that has just come back: its cache is cold for a minute. */
function coldServer(options: WatchBenchOptions = {}) {
  const simulation = new Simulation({ seed: 7 });
  const bench = createWatchBench(simulation, {
    pods: 1_200,
    pageLimit: 500,
    etcdCores: 8,
    cores: 8,
    page: { etcdMs: 60_000 },
    listFromEtcd: { etcdMs: 100 },
    ...options,
  });
  bench.controlPlane.servers[0]!.kill('liveness');
  advance(simulation, seconds(30));
  expect(bench.controlPlane.servers[0]!.isReady).toBe(true);
  return { simulation, ...bench };
}

describe('a LIST that a cold cache leaves to etcd', () => {
  it.each([30, 31, 34])('1.%i: is asked for page after page, and the store is full after the last', (release) => {
    const { simulation, reflectors: watch, controlPlane } = coldServer({ release });
    const { reflectors, synced } = watch({ clients: 2 });
    for (const client of [0, 1]) reflectors.start(client);
    // 1,200 by 500 are three pages of 100 ms each.
    advance(simulation, ms(290));
    expect([...synced]).toEqual([0, 0]);
    advance(simulation, ms(100));
    expect([...synced]).toEqual([1, 1]);
    expect(reflectors.counts.lists).toBe(2);
    expect(reflectors.lists.ended[Status.ok]).toBe(6);
    expect(reflectors.pages.furtherAnswers).toBe(4);
    controlPlane.checkBooks();
  });

  it('is one page of what a selector leaves', () => {
    const { simulation, reflectors: watch } = coldServer({ release: 30, selector: 'indexed' });
    const { reflectors, synced } = watch({ clients: 1, index: () => 0 });
    reflectors.start(0);
    advance(simulation, ms(200));
    expect([synced[0], reflectors.lists.sent]).toEqual([1, 1]);
  });

  it('begins anew when a page of it fails', () => {
    const { simulation, reflectors: watch, controlPlane } = coldServer({ release: 30 });
    const { reflectors, synced } = watch({ clients: 1 });
    reflectors.start(0);
    advance(simulation, ms(150));
    controlPlane.servers[0]!.kill('liveness');
    advance(simulation, seconds(60));
    expect(synced[0]).toBe(1);
    // One page before the server went, and three from the first on afterwards.
    expect(reflectors.lists.ended[Status.ok]).toBe(1 + 3);
    expect(reflectors.pages.furtherAnswers).toBe(2);
    controlPlane.checkBooks();
  });
});

it('a warm cache gives everything at once, whatever the limit', () => {
  const simulation = new Simulation({ seed: 7 });
  const { reflectors: watch } = createWatchBench(simulation, { pods: 1_200, pageLimit: 500 });
  const { reflectors, synced } = watch({ clients: 1 });
  reflectors.start(0);
  advance(simulation, ms(100));
  expect([synced[0], reflectors.lists.sent, reflectors.pages.furtherAnswers]).toEqual([1, 1, 0]);
});

describe('a LIST in pages that takes longer than its token lives', () => {
  /**
   * 6,000 pods by 500, a LIST every `gap` seconds, from 30 s on; etcd is compacted every five minutes. Filling the cache takes
   * `fillSeconds` of etcd.
   */
  function slowly(options: { readonly release: number; readonly gap: number; readonly fillSeconds: number }) {
    const { etcd } = controlPlaneOptions({ etcdCores: 8 });
    const {
      simulation,
      reflectors: watch,
      controlPlane,
    } = coldServer({
      release: options.release,
      pods: 6_000,
      page: { etcdMs: options.fillSeconds * 1_000 },
      listFromCache: { cpuMs: 7 },
      controlPlane: { etcd: { ...etcd, raft: {}, storage: {} } },
    });
    const { reflectors, synced } = watch({ clients: 1, pace: { qps: 1 / options.gap, burst: 1 } });
    const before = { api: controlPlane.servers[0]!.busyTime, etcd: controlPlane.etcd.members[0]!.books().busyTime };
    reflectors.start(0);
    return { simulation, reflectors, synced, controlPlane, before };
  }

  const forEver = 36_000;
  const ended = (lists: { readonly ended: ArrayLike<number> }): number[] => [
    lists.ended[Status.ok]!,
    lists.ended[Status.tooManyRequests]!,
  ];

  it.each([
    ['the cache, which is warm by then', 30, 60],
    ['the cache as well in 1.31', 31, 60],
  ])('is told 410 once, and everything comes from %s', (_, release, fillSeconds) => {
    // Pages at 30 s and every minute after: the turn at 300 s remembers a later version, that at 600 s compacts to it. So ten pages
    // are in time, the one at 630 s is not, and everything is asked for at 690 s, with version "0" as the LIST began.
    const { simulation, reflectors, synced, controlPlane, before } = slowly({ release, gap: 60, fillSeconds });
    advance(simulation, seconds(650));
    expect([ended(reflectors.lists), reflectors.pages.expired, synced[0]]).toEqual([[11, 0], 1, 0]);
    advance(simulation, minutes(20));
    expect([ended(reflectors.lists), reflectors.pages.expired, synced[0]]).toEqual([[12, 0], 1, 1]);
    expect([reflectors.counts.lists, reflectors.pages.furtherAnswers]).toEqual([1, 10]);
    // Ten pages of 100 ms in etcd, a 410 (as much here, where costs do not go with objects), and a minute for the cache; its answer 7 ms.
    const etcdSeconds = (controlPlane.etcd.members[0]!.books().busyTime - before.etcd) / seconds(1);
    expect(etcdSeconds).toBeGreaterThan(11 * 0.1);
    expect(etcdSeconds).toBeLessThan(11 * 0.1 + fillSeconds + 0.05);
    expect(controlPlane.servers[0]!.busyTime - before.api).toBeGreaterThanOrEqual(ms(7));
    expect(reflectors.revision(0)).toBeGreaterThan(1);
    controlPlane.checkBooks();
  });

  it('comes from etcd where the cache of 1.30 is still cold', () => {
    const { simulation, reflectors, synced } = slowly({ release: 30, gap: 60, fillSeconds: forEver });
    advance(simulation, minutes(15));
    expect([ended(reflectors.lists), reflectors.pages.expired, synced[0]]).toEqual([[12, 0], 1, 1]);
  });

  it('is refused by a cold cache from 1.31 on, which minds that there is no limit, and begins with a page again', () => {
    const { simulation, reflectors, synced, controlPlane } = slowly({ release: 31, gap: 60, fillSeconds: forEver });
    // The answer of everything is a 429 ten times and once more, a minute apart: from 690 s to 1,290 s. Then the loop starts over.
    advance(simulation, seconds(1_320 - 30));
    expect([ended(reflectors.lists), reflectors.counts.lists, synced[0]]).toEqual([[11, 11], 2, 0]);
    advance(simulation, seconds(60));
    expect(ended(reflectors.lists)).toEqual([12, 11]);
    controlPlane.checkBooks();
  });

  it('a quick client is never told so', () => {
    const { simulation, reflectors, synced } = slowly({ release: 30, gap: 20, fillSeconds: forEver });
    advance(simulation, minutes(15));
    expect([ended(reflectors.lists), reflectors.pages.expired, synced[0]]).toEqual([[12, 0], 0, 1]);
  });

  it('one that stops on the way begins with its first page', () => {
    const { simulation, reflectors, synced } = slowly({ release: 30, gap: 60, fillSeconds: forEver });
    advance(simulation, seconds(650));
    reflectors.stop(0);
    reflectors.start(0);
    // The 410 has been told, and everything was to follow at 690 s. What the client's rate allowed for that is spent, so twelve pages
    // follow from 750 s on: the turn at 900 s remembers a later version, that at 1,200 s compacts to it, so eight are in time.
    advance(simulation, minutes(30));
    expect([ended(reflectors.lists), reflectors.pages.expired, synced[0]]).toEqual([[11 + 8 + 2, 0], 2, 1]);
  });
});
