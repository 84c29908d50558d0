import { ms, seconds, Simulation } from '@brownout/core';
import { expect, it } from 'vitest';
import { advance } from '../testing/bench.ts';
import { createWatchBench, type WatchBenchOptions } from '../testing/watch-bench.ts';
import { ReflectorState } from './reflector-machine.ts';

function bench(options: WatchBenchOptions = {}) {
  const simulation = new Simulation({ seed: 7 });
  return { simulation, ...createWatchBench(simulation, options) };
}

it('lists once, watches, and hears of every change within the delivery delay', () => {
  const { simulation, reflectors: watch, writer, controlPlane } = bench();
  const { reflectors, synced, events } = watch({ clients: 3 });
  for (const client of [0, 1, 2]) reflectors.start(client);
  advance(simulation, ms(100));
  expect([...synced]).toEqual([1, 1, 1]);
  expect(reflectors.counts).toMatchObject({ lists: 3, listsNewest: 0, watches: 3 });
  writer.write(5);
  advance(simulation, ms(100));
  expect([...events]).toEqual([5, 5, 5]);
  expect(reflectors.revision(0)).toBe(6);
  controlPlane.checkBooks();
});

it('with an index, a client hears of its own objects only', () => {
  const { simulation, reflectors: watch, writer } = bench({ selector: 'indexed' });
  const { reflectors, events } = watch({ clients: 3, index: (client) => client });
  for (const client of [0, 1, 2]) reflectors.startSynced(client, 0);
  writer.write(2, 'pod', 1);
  writer.write(1, 'pod', 2);
  writer.write(9, 'lease');
  advance(simulation, ms(100));
  expect([...events]).toEqual([0, 2, 1]);
});

it('a watch ends after 5 to 10 minutes and is followed by another one, without a LIST', () => {
  const { simulation, reflectors: watch, controlPlane } = bench();
  const { reflectors } = watch({ clients: 50 });
  for (let client = 0; client < 50; client++) reflectors.start(client);
  advance(simulation, seconds(299));
  expect(reflectors.counts.ended).toBe(0);
  advance(simulation, seconds(302));
  expect(reflectors.counts).toMatchObject({ lists: 50, expired: 0 });
  expect(reflectors.counts.ended).toBeGreaterThanOrEqual(50);
  expect(reflectors.counts.watches).toBe(50 + reflectors.counts.ended);
  expect(reflectors.streamingCount).toBe(50);
  controlPlane.checkBooks();
});

it('bookmarks keep the version of a watch that hears nothing close to that of the cache', () => {
  const { simulation, reflectors: watch, writer } = bench({ selector: 'indexed' });
  const { reflectors } = watch({ clients: 1, index: () => 0 });
  reflectors.startSynced(0, 0);
  // 10 pods a second of another node for 20 minutes: 12,000 events, while the ring keeps the last 75 s or so.
  writer.writeEvery(100, 'pod', 1);
  writer.write(0, 'pod', 0);
  advance(simulation, seconds(1_200));
  expect(reflectors.counts.ended).toBeGreaterThanOrEqual(2);
  expect(reflectors.counts).toMatchObject({ expired: 0, lists: 0 });
});

it('the only server dies: what has been written meanwhile decides whether versions are too old for its new cache', () => {
  // Nobody can write while it is away, so watchers that have heard of the last write are at the version of its LIST...
  expect(afterDeath('pod')).toEqual({ expired: 0, lists: 20 });
  // ...unless the last writes were of another type, which moved the version of etcd past that of the watchers.
  expect(afterDeath('lease')).toEqual({ expired: 20, lists: 40 });
});

function afterDeath(written: 'pod' | 'lease'): { readonly expired: number; readonly lists: number } {
  const { simulation, reflectors: watch, writer, controlPlane, events } = bench();
  const { reflectors, synced } = watch({ clients: 20 });
  for (let client = 0; client < 20; client++) reflectors.start(client);
  writer.writeEvery(50, written);
  advance(simulation, seconds(30) - ms(20));
  controlPlane.servers[0]!.kill('liveness');
  advance(simulation, seconds(1));
  expect(reflectors.streamingCount).toBe(0);
  expect(reflectors.counts).toMatchObject({ ended: 20, lists: 20 });
  advance(simulation, seconds(120));
  expect(events).toEqual(['api-server 0 died: liveness at 30.0 s', 'api-server 0 ready at 50.0 s']);
  const { expired, lists, listsNewest } = reflectors.counts;
  expect(listsNewest).toBe(0);
  expect([...synced]).toEqual(new Array(20).fill(expired === 0 ? 1 : 2));
  expect(reflectors.streamingCount).toBe(20);
  controlPlane.checkBooks();
  return { expired, lists };
}

it('where another server still knows the past, nobody lists', () => {
  const { simulation, reflectors: watch, writer, controlPlane } = bench({ apiServers: 2 });
  const { reflectors, lost } = watch({ clients: 20 });
  for (let client = 0; client < 20; client++) reflectors.startSynced(client, client % 2);
  writer.writeEvery(50);
  advance(simulation, seconds(30));
  controlPlane.servers[0]!.kill('liveness');
  advance(simulation, seconds(120));
  expect(reflectors.counts).toMatchObject({ lists: 0, expired: 0 });
  for (let client = 0; client < 20; client += 2) expect(lost[client]).toBeGreaterThanOrEqual(1);
  expect(reflectors.streamingCount).toBe(20);
  controlPlane.checkBooks();
});

it('a LIST of a version that the cache has not reached waits 3 s ten times over, and then asks for the newest', () => {
  // Up to 1.30 nobody asks etcd for progress, and notifications are far away: the cache of the second server stays behind
  // a version that the client got from the first one.
  const {
    simulation,
    reflectors: watch,
    writer,
    controlPlane,
  } = bench({
    release: 30,
    cache: { progressInterval: seconds(3_600) },
  });
  const { reflectors } = watch();
  reflectors.start(0);
  advance(simulation, ms(50));
  reflectors.stop(0);
  writer.write(10, 'lease');
  advance(simulation, ms(50));
  reflectors.start(0);
  advance(simulation, ms(50));
  expect(reflectors.state(0)).toBe(ReflectorState.streaming);
  // Its store claims a version that only etcd has.
  reflectors.served(0, 0, 11, false);
  reflectors.ended(0, 11, true);
  advance(simulation, ms(50));
  expect(controlPlane.watchCaches!.server(0).types[0]!.revision).toBe(1);
  expect(reflectors.state(0)).toBe(ReflectorState.streaming);
});

it('waits for its tokens: LISTs of one client at 5 a second after a burst of 10', () => {
  const { simulation, reflectors: watch } = bench();
  const { reflectors, synced } = watch({ clients: 1, pace: { qps: 5, burst: 10 } });
  for (let i = 0; i < 12; i++) {
    reflectors.start(0);
    advance(simulation, ms(1));
    if (i < 11) reflectors.stop(0);
  }
  // 10 at once; the 11th took its token 200 ms ahead and was stopped; the 12th has to wait for 400 ms.
  expect(synced[0]).toBe(10);
  advance(simulation, ms(350));
  expect(synced[0]).toBe(10);
  advance(simulation, ms(50));
  expect(synced[0]).toBe(11);
});

it('behind a blocked path, streams are found dead after 45 s, and everybody lists when it is open again', () => {
  const { simulation, reflectors: watch, writer, controlPlane } = bench();
  const { reflectors, synced, events } = watch({ clients: 10 });
  for (let client = 0; client < 10; client++) reflectors.startSynced(client, 0);
  const block = (time: number): void => {
    controlPlane.block();
    reflectors.pathBlocked();
    writer.write(3);
    advance(simulation, seconds(time));
    controlPlane.unblock();
    reflectors.pathOpened();
  };
  block(40);
  expect([...events]).toEqual(new Array(10).fill(3));
  advance(simulation, seconds(10));
  expect(reflectors.streamingCount).toBe(10);
  block(50);
  expect(reflectors.streamingCount).toBe(0);
  advance(simulation, seconds(90));
  expect(reflectors.streamingCount).toBe(10);
  expect([...synced]).toEqual(new Array(10).fill(1));
  controlPlane.checkBooks();
});

it('two short silences close to each other are not one long one', () => {
  const { simulation, reflectors: watch, controlPlane } = bench();
  const { reflectors } = watch({ clients: 10 });
  for (let client = 0; client < 10; client++) reflectors.startSynced(client, 0);
  for (const open of [5, 30]) {
    controlPlane.block();
    reflectors.pathBlocked();
    advance(simulation, seconds(30));
    controlPlane.unblock();
    reflectors.pathOpened();
    advance(simulation, seconds(open));
  }
  expect(reflectors.streamingCount).toBe(10);
  expect(reflectors.counts).toMatchObject({ lists: 0, ended: 0 });
});

it('a slow client that stops while it reads what was on its way takes no other stream with it, and starts anew', () => {
  const { simulation, reflectors: watch, writer, controlPlane } = bench({ cores: 4, clientBufferEvents: 100 });
  const { reflectors } = watch({ clients: 2, eventsPerSecond: (client) => (client === 0 ? 1 : Infinity) });
  const cache = controlPlane.watchCaches!.server(0).types[0]!;
  reflectors.start(0);
  advance(simulation, ms(100));
  writer.write(300);
  advance(simulation, seconds(1));
  expect(cache.counts.evicted).toBe(1);
  // The other one gets the row that is free now, and keeps it.
  reflectors.start(1);
  advance(simulation, ms(100));
  reflectors.stop(0);
  expect(cache.watchers).toBe(1);
  // The first one would have read for another 99 s; its next stream knows nothing of that.
  reflectors.start(0);
  advance(simulation, seconds(200));
  expect(reflectors.streamingCount).toBe(2);
  expect(reflectors.counts.ended).toBe(0);
});

it('needs a control plane with a watch cache', () => {
  const { reflectors: watch } = bench();
  expect(() => watch({ resource: 'nodes' })).toThrow('watch cache: type "nodes" is not cached');
});
