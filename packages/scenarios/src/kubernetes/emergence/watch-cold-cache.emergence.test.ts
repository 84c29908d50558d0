/**
 * A killed API server meeting its watchers while its cache of pods is cold: Kubernetes 1.30 against 1.31 and 1.33.
 *
 * The set-up: one server of 8 cores, etcd with 4, 60,000 pods of 5 kB, 200 kubelets that watch their own pods. Unit costs
 * of the reference: 26 us a pod at the server and 13 us in etcd when etcd is read (KEP-2340), so one full read is 1.56 s of
 * a server core and 0.78 s of an etcd core; a page of 10,000 is 0.13 + 0.26 s, and six of them fill the cache in 2.34 s when
 * nobody is in the way. From the index of the cache a kubelet's LIST is next to nothing. A LIST asks for 10 seats, the
 * most; the level of kubelets has 117 when nobody else wants any, so 11 LISTs run at once.
 *
 * What must come out, argued before the run:
 * 1. The nodes boot together with the server (a site that lost its power). Their first LIST says version "0".
 *    1.30: the cold cache hands each that has its seats to etcd, which reads all pods for it: 11 at once, each holding 5 x its
 *    answer at the server. They do not starve the filling: with k of the 11 in etcd and the others at the server, a page takes
 *    0.13 (k + 1) / 4 + 0.26 max(1, (12 - k) / 8) s. Closed loops split about evenly between two equally fast stations, which
 *    gives 0.47 s and 2.8 s in all; with all in etcd all the time it would be 0.65 s and 3.9 s. The others stand in line until
 *    the cache is warm and are then served by it. So the damage is memory, 11 answers of 1.5 GB, and it is flow control that
 *    keeps it from being 200 of them and the filling from waiting behind 200 readers.
 *    Without it (400 in flight) every node's LIST is in etcd at once: the etcd part of a page takes 201 / 4 times as long, and
 *    the filling has no chance before the readers are through: 200 x 0.78 / 4 = 39 s of etcd, 200 answers held.
 *    1.31+: with a selector the cold cache refuses them, at either setting. No LIST gets to etcd, no answer is held, the cache
 *    is warm after 2.34 s, and with Retry-After 1 everybody is synced a second later.
 * 2. The nodes have been running and only the server was killed; 600,000 pods, so that filling takes 23.4 s. Their watches come
 *    back with the last version they saw, as their back-off lets them.
 *    1.30: every watch that gets a seat hangs with it until the cache is warm, one seat each: 117 are all that the level has
 *    until its limit is adjusted (every 10 s). Anything else a kubelet wants on that level waits, although the cores are idle.
 *    1.31+: nobody hangs; they are told to come back, and the level stays free.
 *    In both the new cache begins at etcd's version, which leases have moved past that of quiet watches: 410 for all, and
 *    one LIST each, from the index.
 */
import { ms, seconds, Simulation } from '@brownout/core';
import { expect, it } from 'vitest';
import { nodeIdentity } from '../flow-control/identity.ts';
import { advance } from '../testing/bench.ts';
import { createWatchBench, type WatchBenchOptions } from '../testing/watch-bench.ts';

const NODES = 200;
const PODS = 60_000;
const HELD_BYTES = 5 * PODS * 5_100;
const PAGE_BYTES = 10_000 * 5_100;

function cluster(release: number, options: Partial<WatchBenchOptions> = {}) {
  const simulation = new Simulation({ seed: 11 });
  const made = createWatchBench(simulation, {
    release,
    pods: PODS,
    cores: 8,
    etcdCores: 4,
    listSeats: 10,
    selector: 'indexed',
    listFromCache: { cpuMs: 0.2 },
    listFromEtcd: { cpuMs: 1_560, etcdMs: 780, bytes: HELD_BYTES },
    watch: { cpuMs: 0.2 },
    page: { cpuMs: 260, etcdMs: 130, bytes: PAGE_BYTES },
    ...options,
  });
  const watched = made.reflectors({
    clients: NODES,
    describe: (client) => ({ ...nodeIdentity(`node-${client}`), resource: 'pods' }),
    index: (client) => client,
  });
  // The kubelets know the address: no balancer in between.
  for (const group of made.controlPlane.groups) if (group.name.startsWith('watchers')) group.pinnedServer = 0;
  const server = made.controlPlane.servers[0]!;
  return { ...made, ...watched, simulation, server, caches: server.watchCaches! };
}

type Cluster = ReturnType<typeof cluster>;

/** Kills the server, and runs until its new process begins to fill its cache. */
function restart({ simulation, server }: Cluster): void {
  server.kill('liveness');
  advance(simulation, seconds(20) + 1);
}

/** Seconds until something is so, looked at 20 times a second. */
function timeUntil({ simulation }: Cluster, isSo: () => boolean): number {
  const from = simulation.now;
  while (!isSo() && simulation.now - from < seconds(300)) advance(simulation, ms(50));
  return (simulation.now - from) / seconds(1);
}

const withoutPriorities = { flowControl: { enablePriorityAndFairness: false } };

function bootTogether(release: number, options: Partial<WatchBenchOptions> = {}) {
  const made = cluster(release, options);
  restart(made);
  for (let node = 0; node < NODES; node++) made.reflectors.start(node);
  const warmAfter = timeUntil(made, () => made.caches.coldTypes === 0);
  const syncedAfter = warmAfter + timeUntil(made, () => made.reflectors.syncedCount === NODES);
  made.controlPlane.checkBooks();
  const etcdCpu = made.controlPlane.etcd.members[0]!.books().busyTime / seconds(1);
  return { warmAfter, syncedAfter, etcdCpu, peak: made.server.peakMemoryBytes, rejections: made.server.rejections };
}

it('nodes that boot with the server, 1.30: eleven full reads in memory, and a filling that is half as slow again', () => {
  const { warmAfter, syncedAfter, etcdCpu, peak, rejections } = bootTogether(30);
  // The filling and eleven LISTs have read everything once each.
  expect(etcdCpu).toBeCloseTo(12 * 0.78, 1);
  expect(peak).toBe(11 * HELD_BYTES + PAGE_BYTES);
  expect(warmAfter).toBeGreaterThan(2.8);
  expect(warmAfter).toBeLessThan(3.9);
  // Those on their way when the cache is warm have at most a whole read before them: 11 x (0.78 / 4 + 1.56 / 8) s.
  expect(syncedAfter).toBeLessThan(warmAfter + 4.3);
  expect(rejections).toBe(0);
});

it('the same without priority and fairness: every LIST is in etcd at once, and the filling behind them', () => {
  const { warmAfter, etcdCpu, peak } = bootTogether(30, withoutPriorities);
  expect(etcdCpu).toBeGreaterThan(NODES * 0.78);
  expect(warmAfter).toBeGreaterThan(39);
  expect(peak).toBeGreaterThan(0.5 * NODES * HELD_BYTES);
});

it.each([{}, withoutPriorities])('the same since 1.31: nobody gets to etcd but the filling (%j)', (options) => {
  const { warmAfter, syncedAfter, etcdCpu, peak, rejections } = bootTogether(31, options);
  expect(etcdCpu).toBeCloseTo(0.78, 3);
  expect(peak).toBe(PAGE_BYTES);
  expect(warmAfter).toBeCloseTo(2.34, 1);
  expect(syncedAfter).toBeLessThan(warmAfter + 1.5);
  // Told at 0, 1 and 2 s.
  expect(rejections).toBe(3 * NODES);
});

function comeBack(release: number) {
  const made = cluster(release, { pods: 600_000 });
  for (let node = 0; node < NODES; node++) made.reflectors.startSynced(node, 0);
  // Quiet pods; leases move the version of etcd, 20 a second.
  made.writer.writeEvery(50, 'lease');
  advance(made.simulation, seconds(30));
  restart(made);
  let seats = 0;
  let hanging = 0;
  const level = made.server.flowControl.levels[made.controlPlane.groups.at(-1)!.level]!;
  timeUntil(made, () => {
    seats = Math.max(seats, level.seatsInUse);
    hanging = Math.max(hanging, made.caches.hanging);
    return made.caches.coldTypes === 0;
  });
  timeUntil(made, () => made.reflectors.streamingCount === NODES);
  made.controlPlane.checkBooks();
  return { seats, hanging, ...made.reflectors.counts, rejections: made.server.rejections };
}

it('watches that come back: up to 1.30 they hang and hold the seats, since 1.31 they are told when to come back', () => {
  const before = comeBack(30);
  const since = comeBack(31);
  expect(before.hanging).toBeGreaterThanOrEqual(117);
  expect(before.seats).toBe(before.hanging);
  expect([since.hanging, since.rejections > 0]).toEqual([0, true]);
  expect(since.seats).toBeLessThanOrEqual(1);
  // The versions are too old in both, and everybody lists once, from the index.
  expect([before.expired, since.expired]).toEqual([NODES, NODES]);
  expect([before.lists, since.lists]).toEqual([NODES, NODES]);
});
