/** What watches of one type cost their server, and who is closed for being slow. */
import { ms, seconds, Simulation } from '@brownout/core';
import { expect, it } from 'vitest';
import { advance } from '../testing/bench.ts';
import { createWatchBench, type WatchBenchOptions } from '../testing/watch-bench.ts';

function bench(options: WatchBenchOptions = {}) {
  const simulation = new Simulation({ seed: 5 });
  return { simulation, ...createWatchBench(simulation, options) };
}

/** CPU of one API server over a while, in milliseconds. */
function cpuOf(made: ReturnType<typeof bench>, work: () => void, time = seconds(5)): number {
  const server = made.controlPlane.servers[0]!;
  const before = server.busyTime;
  work();
  advance(made.simulation, time);
  return (server.busyTime - before) / 1000;
}

it.each([
  // Decode 10 us, encode 100 us, send 20 us. A write itself costs 1 ms at the server (flat costs of the bench).
  ['nobody: decoding alone', 0, undefined, 1 + 0.01],
  ['a thousand watchers of everything: encoded once, sent a thousand times', 1_000, undefined, 1 + 0.01 + 0.1 + 20],
  ['a thousand watchers by index: only the one it is about', 1_000, 'index', 1 + 0.01 + 0.1 + 0.02],
])('one event for %s', (_name, clients, index, expected) => {
  const made = bench({ fanOut: [10, 100, 20], cores: 4, ...(index === undefined ? {} : { selector: 'indexed' }) });
  if (clients > 0) {
    const { reflectors } = made.reflectors({
      clients,
      ...(index === undefined ? {} : { index: (client: number) => client }),
    });
    for (let client = 0; client < clients; client++) reflectors.startSynced(client, 0);
  }
  // Work that nobody waits for is done together, a millisecond of it at least: 100 events.
  expect(cpuOf(made, () => made.writer.write(100))).toBeCloseTo(100 * expected, 0);
});

it('JSON and protobuf watchers make it encode twice', () => {
  const made = bench({ fanOut: [0, 1_000, 0] });
  for (const encoding of ['json', 'protobuf'] as const) {
    const { reflectors } = made.reflectors({ name: `watchers-${encoding}`, clients: 3, encoding });
    for (let client = 0; client < 3; client++) reflectors.startSynced(client, 0);
  }
  expect(cpuOf(made, () => made.writer.write(10))).toBeCloseTo(10 * (1 + 2), 3);
});

it('a watcher that starts from an old version has the past encoded for itself', () => {
  const made = bench({ fanOut: [0, 100, 20] });
  const { reflectors, events } = made.reflectors({ clients: 2 });
  made.writer.write(50);
  advance(made.simulation, seconds(1));
  const cpu = cpuOf(made, () => {
    for (const client of [0, 1]) {
      reflectors.startSynced(client, 0);
      reflectors.stop(client);
    }
    const caches = made.controlPlane.watchCaches!;
    for (const subject of [0, 1]) {
      caches.open(0, 0, {
        source: 0,
        subject,
        revision: 1,
        index: -1,
        encoding: 1,
        timeout: 1e9,
        eventsPerSecond: Infinity,
      });
    }
  });
  expect(cpu).toBeCloseTo(2 * 50 * 0.12, 3);
  // Nobody listens any more: the reflectors were stopped.
  expect([...events]).toEqual([0, 0]);
});

it('bookmarks cost each watcher a little once a minute', () => {
  const made = bench({ cache: { bookmarkCpu: 30 } });
  const { reflectors } = made.reflectors({ clients: 600 });
  for (let client = 0; client < 600; client++) reflectors.startSynced(client, 0);
  // 600 watchers for 2 minutes at 30 us; the streams whose time is over are set up again for nothing.
  advance(made.simulation, seconds(1));
  expect(cpuOf(made, () => {}, seconds(120))).toBeCloseTo(600 * 2 * 0.03, 1);
});

it('leases that nobody watches cost the cache nothing but a version', () => {
  const made = bench({ fanOut: [10, 100, 20] });
  const { reflectors } = made.reflectors({ clients: 100 });
  for (let client = 0; client < 100; client++) reflectors.startSynced(client, 0);
  expect(cpuOf(made, () => made.writer.write(1_000, 'lease'))).toBeCloseTo(1_000, 0);
  expect(made.controlPlane.watchCaches!.revision).toBe(1_001);
  expect(made.controlPlane.watchCaches!.server(0).types[0]!.ring.size).toBe(0);
});

it('a client that does not read is closed when its two buffers are full and the budget is spent; others are not', () => {
  const made = bench();
  // A ring of 100 gives buffers of 10: the 21st unread event blocks.
  const { lost, events, reflectors } = made.reflectors({
    clients: 3,
    eventsPerSecond: (client) => (client === 1 ? 0 : Infinity),
  });
  for (let client = 0; client < 3; client++) reflectors.startSynced(client, 0);
  advance(made.simulation, seconds(10));
  made.writer.write(20);
  advance(made.simulation, seconds(2));
  const { counts } = made.controlPlane.watchCaches!.server(0).types[0]!;
  made.writer.write(1);
  advance(made.simulation, ms(110));
  expect(counts.evicted).toBe(0);
  advance(made.simulation, ms(20));
  expect(counts.evicted).toBe(1);
  expect([events[0], events[2]]).toEqual([21, 21]);
  // It reads nothing, not even the end of the stream.
  expect([...lost]).toEqual([0, 0, 0]);
  made.controlPlane.servers[0]!.kill('liveness');
  advance(made.simulation, ms(1));
  expect([...lost]).toEqual([1, 1, 1]);
});

it('a client that reads slowly is closed only if events come faster than it reads', () => {
  const slow = bench();
  const { reflectors, lost } = slow.reflectors({ clients: 2, eventsPerSecond: (client) => (client === 0 ? 5 : 20) });
  for (let client = 0; client < 2; client++) reflectors.startSynced(client, 0);
  slow.writer.writeEvery(100);
  advance(slow.simulation, seconds(10));
  // 10 events a second against 5 read: 5 a second more behind, 20 events after 4 s.
  expect([lost[0]! > 0, lost[1]]).toEqual([true, 0]);
});

it('a server that cannot keep up closes those it has not served yet, and gives the rest time', () => {
  const made = bench({ fanOut: [0, 0, 1_000], cores: 1 });
  // One event costs 1 s for 1,000 watchers on one core: a burst of 30 is 30 s of work, and buffers hold 20.
  const { reflectors } = made.reflectors({ clients: 1_000 });
  for (let client = 0; client < 1_000; client++) reflectors.startSynced(client, 0);
  advance(made.simulation, seconds(10));
  made.writer.write(30);
  advance(made.simulation, seconds(1));
  const { counts } = made.controlPlane.watchCaches!.server(0).types[0]!;
  expect(counts.evicted).toBeGreaterThan(900);
  expect(reflectors.counts.ended).toBe(counts.evicted);
  made.controlPlane.checkBooks();
});
