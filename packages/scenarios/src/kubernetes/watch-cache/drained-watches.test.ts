/** `--shutdown-watch-termination-grace-period`: watches end one by one, and their clients come back one by one. */
import { seconds, Simulation } from '@brownout/core';
import { expect, it } from 'vitest';
import type { ShutdownOptions } from '../api-server/graceful-shutdown.ts';
import { advance } from '../testing/bench.ts';
import { createWatchBench } from '../testing/watch-bench.ts';

const CLIENTS = 3_000;

/**
 * Two servers with half of the clients each, of which the first shuts down; how many streams are open each second
 * afterwards. The balancer is told at once, so whoever comes back finds the other one.
 */
function shutDown(shutdown: ShutdownOptions) {
  const simulation = new Simulation({ seed: 1 });
  const bench = createWatchBench(simulation, {
    apiServers: 2,
    cores: 16,
    watch: { cpuMs: 1 },
    apiServer: { shutdown },
  });
  const { controlPlane } = bench;
  const { reflectors } = bench.reflectors({ clients: CLIENTS });
  for (let client = 0; client < CLIENTS; client++) reflectors.startSynced(client, client % 2);
  // A stream that ends within a second without an event counts as an error upstream; these are older.
  advance(simulation, seconds(10));
  const opened = (): number => reflectors.counts.watches;
  const [openedBefore, endedBefore] = [opened(), reflectors.counts.ended];
  controlPlane.balancer.setInRotation(0, false);
  controlPlane.servers[0]!.terminate();
  const ended: number[] = [];
  const began: number[] = [];
  for (let second = 1; second <= 10; second++) {
    advance(simulation, seconds(1));
    ended.push(reflectors.counts.ended - endedBefore);
    began.push(opened() - openedBefore);
  }
  return { simulation, bench, reflectors, ended, began };
}

it('1,500 watches end at 200 a second, which is the least pace, and are opened elsewhere at that pace', () => {
  // 1,500 / 15 s = 100 a second would be slower than the floor of 200 a second, so it takes 7.5 s.
  const { ended, began, bench, reflectors } = shutDown({ watchGrace: seconds(15) });
  for (const second of [1, 4, 7]) {
    // Timeouts are 5 to 10 min at random ages: of 3,000 some 5 a second end by themselves.
    const byThemselves = ended[second - 1]! - 200 * second;
    expect(byThemselves).toBeGreaterThanOrEqual(0);
    expect(byThemselves).toBeLessThan(20 * second);
    expect(began[second - 1]! - 200 * second).toBe(byThemselves);
  }
  expect(bench.events[0]).toMatch(/api-server 0 died: shutdown at 17\.[345] s/);
  expect(reflectors.streamingCount).toBe(CLIENTS);
  // Nobody lists: a stream that ends in order goes on from the version it has seen.
  expect(reflectors.counts.lists).toBe(0);
});

it('without the grace all of them end when the process exits, and come back at once', () => {
  const { ended, began } = shutDown({});
  expect(ended[0]).toBeGreaterThanOrEqual(1_500);
  expect(began[0]).toBeGreaterThanOrEqual(1_500);
});

it('1,500 watches over 5 s are 300 a second; the same seed gives the same run, and all books balance', () => {
  const [first, second] = [1, 2].map(() => shutDown({ watchGrace: seconds(5) }));
  expect(first!.ended[3]! - 1_200).toBeGreaterThanOrEqual(0);
  expect(first!.ended[3]! - 1_200).toBeLessThan(80);
  expect(first!.bench.events[0]).toMatch(/api-server 0 died: shutdown at (14\.9|15\.0) s/);
  expect(first!.ended).toEqual(second!.ended);
  first!.bench.controlPlane.checkBooks();
});
