/** What a server's watch caches do with reads, cold and warm, seen from its clients. */
import { ms, seconds, Simulation } from '@brownout/core';
import { expect, it } from 'vitest';
import { ReflectorState } from '../client/reflector-machine.ts';
import { serviceAccountIdentity } from '../flow-control/identity.ts';
import { workEstimate2024 } from '../flow-control/work-estimate.ts';
import { advance, Callers, controlPlaneOptions } from '../testing/bench.ts';
import { createWatchBench, type WatchBenchOptions } from '../testing/watch-bench.ts';

/** 30,000 pods: three pages of 2 s of etcd and 1 s of the API server each, so 9 s from the start of the process. */
const threePages = { pods: 30_000, page: { cpuMs: 1_000, etcdMs: 2_000, bytes: 1_000 } };

const workloadWrite = {
  ...serviceAccountIdentity({ namespace: 'apps', name: 'writer' }),
  verb: 'update',
  resource: 'pods',
} as const;

function bench(options: WatchBenchOptions = {}) {
  const simulation = new Simulation({ seed: 3 });
  return { simulation, ...createWatchBench(simulation, options) };
}

/** The same for 42 s. */
const fourteenPages = { ...threePages, pods: 140_000 };

/** Kills the only server and runs until its new process begins: 10 s of back-off and 10 s of start. */
function restart({ simulation, controlPlane }: ReturnType<typeof bench>): void {
  controlPlane.servers[0]!.kill('liveness');
  advance(simulation, seconds(20) + 1);
}

it('is filled page by page, and ready before that until 1.35', () => {
  const made = bench({ release: 35, ...threePages });
  restart(made);
  const caches = made.controlPlane.servers[0]!.watchCaches!;
  expect([made.controlPlane.readyCount, caches.coldTypes]).toEqual([1, 1]);
  // The memory of a page is held while it is decoded: from 2 s to 3 s.
  const memory = [1.9, 2.1, 2.9, 3.1].map((time, i, times) => {
    advance(made.simulation, seconds(time - (times[i - 1] ?? 0)));
    return made.controlPlane.servers[0]!.memoryBytes;
  });
  expect(memory).toEqual([0, 1_000, 1_000, 0]);
  advance(made.simulation, seconds(5.89));
  expect(caches.coldTypes).toBe(1);
  advance(made.simulation, seconds(0.02));
  expect(caches.coldTypes).toBe(0);
});

it.each([
  [threePages, 29],
  // 40 pages of 3 s are two minutes: readiness waits for one.
  [{ ...threePages, pods: 400_000 }, 80],
])('since 1.36 readiness waits for the caches, but not longer than 60 s: %#', (size, readyAt) => {
  const made = bench({ release: 36, ...size });
  made.controlPlane.servers[0]!.kill('liveness');
  advance(made.simulation, seconds(200));
  expect(made.events).toEqual(['api-server 0 died: liveness at 0.0 s', `api-server 0 ready at ${readyAt}.0 s`]);
});

it('a filling that etcd does not answer starts over after a second, from the first page', () => {
  const made = bench({ ...threePages, etcdMemory: 500, page: { ...threePages.page, etcdBytes: 1_000 } });
  restart(made);
  // Each page kills the etcd member, which is away for 30 s; then etcd gives requests up after 7 s.
  advance(made.simulation, seconds(60));
  const caches = made.controlPlane.servers[0]!.watchCaches!;
  expect(caches.coldTypes).toBe(1);
  expect(caches.fillFailures).toBeGreaterThanOrEqual(5);
  made.controlPlane.checkBooks();
});

/** Five watchers that know the address of the server, so that no balancer keeps them away. */
function pinned(made: ReturnType<typeof bench>): ReturnType<typeof made.reflectors> {
  const watched = made.reflectors({ clients: 5 });
  for (const group of made.controlPlane.groups) if (group.name.startsWith('watchers')) group.pinnedServer = 0;
  for (let client = 0; client < 5; client++) watched.reflectors.startSynced(client, 0);
  return watched;
}

/** Ten watchers, and an etcd that loses two of its three members for a while. */
function withoutLeader(restart: number) {
  const etcd = { ...controlPlaneOptions({ etcdMembers: 3 }).etcd, restart: seconds(restart) };
  const made = bench({ release: 33, controlPlane: { etcd } });
  const watched = made.reflectors({ clients: 10 });
  for (let client = 0; client < 10; client++) watched.reflectors.startSynced(client, 0);
  for (const member of [0, 1]) made.controlPlane.etcd.crash(member);
  return { simulation: made.simulation, controlPlane: made.controlPlane, ...watched };
}

it('caches sit out an etcd without a leader for 30 s', () => {
  const { simulation, reflectors, controlPlane } = withoutLeader(20);
  advance(simulation, seconds(60));
  expect(reflectors.counts).toMatchObject({ ended: 0, lists: 0 });
  expect(controlPlane.servers[0]!.watchCaches!.fillFailures).toBe(0);
});

it('after that they drop every watcher, and have nothing to say until etcd is back', () => {
  const { simulation, reflectors, controlPlane, synced } = withoutLeader(60);
  const caches = controlPlane.servers[0]!.watchCaches!;
  advance(simulation, seconds(30));
  expect([reflectors.counts.ended, caches.coldTypes]).toEqual([0, 0]);
  advance(simulation, seconds(2));
  expect([reflectors.counts.ended, caches.coldTypes]).toEqual([10, 1]);
  advance(simulation, seconds(28));
  expect(caches.coldTypes).toBe(1);
  expect(caches.fillFailures).toBeGreaterThanOrEqual(3);
  // A member is back after 60 s, elected 1.5 s later; a try of the filling that began before ends 7 s later.
  advance(simulation, seconds(20));
  expect(caches.coldTypes).toBe(0);
  // Nothing was written meanwhile, so the watchers' versions are still good.
  advance(simulation, seconds(60));
  expect([reflectors.streamingCount, ...synced]).toEqual([10, ...new Array(10).fill(0)]);
  controlPlane.checkBooks();
});

it('up to 1.30 watches hang on a cold cache with their seats, and go on when it is warm', () => {
  const made = bench({ release: 30, ...fourteenPages });
  const { reflectors } = pinned(made);
  restart(made);
  advance(made.simulation, seconds(41));
  const inside = made.controlPlane.servers[0]!;
  const seats = inside.flowControl.levels.reduce((sum, level) => sum + (level?.seatsInUse ?? 0), 0);
  expect(seats).toBe(inside.watchCaches!.hanging);
  // Attempts are refused for 20 s and then 5 hang, none of them with a back-off of more than 26 s before it.
  expect(seats).toBe(5);
  advance(made.simulation, seconds(2));
  expect(inside.watchCaches!.hanging).toBe(0);
  expect(reflectors.streamingCount).toBe(5);
  made.controlPlane.checkBooks();
});

it.each([
  [31, 1],
  [33, 1],
])('since 1.31 a cold cache says 429 (release 1.%i)', (release) => {
  const made = bench({ release, ...fourteenPages });
  const { reflectors } = pinned(made);
  restart(made);
  advance(made.simulation, seconds(41));
  const inside = made.controlPlane.servers[0]!;
  expect(inside.watchCaches!.hanging).toBe(0);
  expect(inside.rejections).toBeGreaterThan(0);
  advance(made.simulation, seconds(60));
  expect(reflectors.streamingCount).toBe(5);
  made.controlPlane.checkBooks();
});

it('a consistent LIST is confirmed by etcd and waits for the cache: at most for one progress request', () => {
  const made = bench({ release: 31 });
  const { reflectors, synced } = made.reflectors();
  reflectors.start(0);
  advance(made.simulation, ms(50));
  // Leases move the version of etcd, not that of the cache of pods.
  made.writer.write(3, 'lease');
  advance(made.simulation, ms(50));
  reflectors.stop(0);
  const operation = made.controlPlane.operations.number('watch-pods-list-newest');
  const number = made.controlPlane.groups.findIndex(({ name }) => name === 'watchers');
  const group = made.controlPlane.groups[number]!;
  made.controlPlane.send(number, 0, operation);
  advance(made.simulation, ms(90));
  expect(group.inside).toBe(1);
  advance(made.simulation, ms(20));
  expect(group.inside).toBe(0);
  expect(made.controlPlane.watchCaches!.server(0).types[0]!.revision).toBe(4);
  expect(synced[0]).toBe(1);
});

it('"too large resource version" is repeated ten times within the request, and then the newest state is asked for', () => {
  // Up to 1.30 nobody asks etcd for progress: a cache whose type is quiet stays behind a version taken from etcd.
  const made = bench({ release: 30, cache: { progressInterval: seconds(3_600) } });
  const { reflectors, synced } = made.reflectors();
  reflectors.startSynced(0, 0);
  made.writer.write(10, 'lease');
  advance(made.simulation, ms(50));
  reflectors.received(0, 8, 1);
  // The stream breaks at once, without an event of its own: an error, so it lists at version 8 after a back-off.
  reflectors.ended(0, 8, false);
  expect(reflectors.state(0)).toBe(ReflectorState.waitingToList);
  // Eleven attempts of 3 s with 1 s between them are 43 s, after at most 1.6 s of back-off.
  advance(made.simulation, seconds(42.9));
  expect([synced[0], reflectors.counts.listsNewest]).toEqual([0, 0]);
  advance(made.simulation, seconds(2));
  expect([synced[0], reflectors.counts.listsNewest]).toEqual([1, 1]);
  made.controlPlane.checkBooks();
});

it('since 1.31 the same wait is over after one progress request', () => {
  const made = bench({ release: 31, cache: { progressInterval: seconds(3_600) } });
  const { reflectors, synced } = made.reflectors();
  reflectors.startSynced(0, 0);
  made.writer.write(10, 'lease');
  advance(made.simulation, ms(50));
  reflectors.received(0, 8, 1);
  reflectors.ended(0, 8, false);
  advance(made.simulation, seconds(1.8));
  expect([synced[0], reflectors.counts.listsNewest]).toEqual([1, 0]);
});

it('a write in which 250 watchers take an interest keeps 10 seats for 12.5 ms after its answer', () => {
  // 250 / 10 = 25 seats for 5 ms are 125 seat-milliseconds, on 10 seats at most: 12.5 ms. Watches by node do not count.
  const made = bench({ cache: { writeEstimate: workEstimate2024 } });
  const { reflectors } = made.reflectors({ clients: 250 });
  const selective = made.reflectors({ name: 'by-node', clients: 50, index: (client) => client });
  for (let client = 0; client < 250; client++) reflectors.startSynced(client, 0);
  for (let client = 0; client < 50; client++) selective.reflectors.startSynced(client, 0);
  const writer = new Callers(made.simulation, made.controlPlane, { describe: () => workloadWrite });
  const level = made.controlPlane.servers[0]!.flowControl.levels[writer.group.level]!;
  writer.send(0, 'pod-bind');
  advance(made.simulation, ms(8));
  expect([writer.ok, level.seatsInUse]).toEqual([1, 10]);
  advance(made.simulation, ms(10));
  expect(level.seatsInUse).toBe(0);
  writer.send(0, 'lease-update');
  advance(made.simulation, ms(8));
  expect([writer.ok, level.seatsInUse]).toEqual([2, 0]);
});

it('WatchList fills the store over the stream, without a LIST', () => {
  const made = bench({ release: 35 });
  const { operations } = made.controlPlane;
  const { reflectors, synced, events } = made.reflectors({ clients: 2, operations: made.operations });
  reflectors.start(0);
  reflectors.start(1);
  advance(made.simulation, ms(200));
  expect([...synced]).toEqual([1, 1]);
  made.writer.write(1);
  advance(made.simulation, ms(50));
  expect([...events]).toEqual([1, 1]);
  const sent = made.controlPlane.groups.map(({ name, sent: count }) => `${name} ${count}`);
  expect(sent).toContain('watchers 0');
  expect(operations.number('watch-pods-watch-list')).toBeGreaterThan(0);
});
