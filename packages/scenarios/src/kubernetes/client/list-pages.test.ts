import { ms, seconds, Simulation } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { Status } from '../requests/api-request.ts';
import { advance } from '../testing/bench.ts';
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
