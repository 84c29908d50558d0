/**
 * What the length of the history does: a slow client that falls out of it, and a burst that is longer than it.
 *
 * Argued before the runs:
 * 1. A client reads 50 of 200 pod events a second. Its stream is closed when its two buffers (10 each at first, up to 1,000
 *    beside an index) are full and the budget of 50 ms per second is used up; it reads what was on its way, watches again from
 *    there, is closed again, and so on. It never lists because of that: what it missed is still in the ring. But it falls
 *    behind by 150 events every second, while the ring, which doubles as long as it holds less than 75 s, ends at 25,600
 *    events (100 x 2^8; 12,800 would be 64 s). After 25,600 / 150 = 171 s its version is older than the ring: 410, a LIST, and
 *    it starts over with an empty backlog. So: about one LIST every 171 s, for ever, and evictions all the time. The healthy
 *    client beside it never notices.
 * 2. 400 kubelets watch quiet pods of their own, so all they know is their last bookmark, up to a minute old, its age spread
 *    evenly. Their server dies in the middle of heavy traffic about other pods; another server has the history. At 1,000
 *    events a second 102,400 events are 102 s, longer than any bookmark is old: nobody lists. At 3,000 a second they are 34 s:
 *    those whose last bookmark was older, (60 - 34) / 60 = 43 % of them, get 410 and list. Half of the 400 were on the dead
 *    server: about 86 LISTs, with a standard deviation of 7.
 */
import { ms, seconds, Simulation } from '@brownout/core';
import { expect, it } from 'vitest';
import { advance, flatCosts } from '../testing/bench.ts';
import { createWatchBench } from '../testing/watch-bench.ts';
import { LARGEST_RING } from '../watch-cache/history-ring.ts';

it('a client that is too slow is closed again and again, and lists when its version has left the ring', () => {
  const simulation = new Simulation({ seed: 21 });
  const made = createWatchBench(simulation, {
    cores: 4,
    costs: flatCosts({ 'pod-bind': { cpuMs: 0.1 } }),
    clientBufferEvents: 100,
  });
  const { reflectors, events, synced } = made.reflectors({
    clients: 2,
    eventsPerSecond: (client) => (client === 0 ? 50 : Infinity),
  });
  for (const client of [0, 1]) reflectors.startSynced(client, 0);
  made.writer.writeEvery(5);
  // The ring has its final size long before the first relist.
  advance(simulation, seconds(150));
  const cache = made.controlPlane.watchCaches!.server(0).types[0]!;
  expect(cache.ring.capacity).toBe(25_600);
  expect(synced[0]).toBe(0);
  expect(cache.counts.evicted).toBeGreaterThan(10);
  advance(simulation, seconds(1_050));
  // 1,200 s / 171 s = 7.0; each turn also loses the wait before its LIST and the first fill of the ring.
  expect(synced[0]).toBeGreaterThanOrEqual(5);
  expect(synced[0]).toBeLessThanOrEqual(7);
  expect(reflectors.counts.expired).toBe(synced[0]);
  // The other one hears of everything but what is on its way, and is never closed but by its own timeouts.
  expect(synced[1]).toBe(0);
  expect(events[1]).toBeGreaterThan(0.99 * made.writer.committed);
  made.controlPlane.checkBooks();
});

function failOver(eventsPerSecond: number) {
  const simulation = new Simulation({ seed: 22 });
  const made = createWatchBench(simulation, {
    apiServers: 2,
    cores: 4,
    selector: 'indexed',
    costs: flatCosts({ 'pod-bind': { cpuMs: 0.01 } }),
  });
  const { reflectors } = made.reflectors({ clients: 400, index: (client) => client });
  for (let client = 0; client < 400; client++) reflectors.startSynced(client, client % 2);
  // Traffic about pods that no kubelet of these has, ten at a time.
  const next = simulation.timeout('traffic', ms(10_000 / eventsPerSecond), () => {
    made.writer.write(10, 'pod', 1_000);
    next.start();
  });
  next.start();
  advance(simulation, seconds(130));
  const { ring } = made.controlPlane.watchCaches!.server(1).types[0]!;
  const { expired: before } = reflectors.counts;
  // The writer stays with the server that lives on.
  made.controlPlane.groups[0]!.pinnedServer = 1;
  made.controlPlane.servers[0]!.kill('memory');
  advance(simulation, seconds(9));
  made.controlPlane.checkBooks();
  return { ring: ring.size, before, expired: reflectors.counts.expired };
}

it('a burst that is longer than the ring makes those list whose last bookmark is older than it', () => {
  const calm = failOver(1_000);
  expect(calm).toMatchObject({ ring: LARGEST_RING, before: 0, expired: 0 });
  const burst = failOver(3_000);
  expect(burst).toMatchObject({ ring: LARGEST_RING, before: 0 });
  // Three standard deviations around 86, and a few that found the server dead and came later: bookmarks only get older.
  expect(burst.expired).toBeGreaterThan(86 - 21);
  expect(burst.expired).toBeLessThan(86 + 21 + 14);
});
