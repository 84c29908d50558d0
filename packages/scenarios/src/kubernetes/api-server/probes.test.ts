import { minutes, seconds, Simulation } from '@brownout/core';
import { expect, it } from 'vitest';
import { startProbes } from './probes.ts';
import { advance, type BenchOptions, createBench, flatCosts } from '../testing/bench.ts';

function setUp(options: BenchOptions) {
  const simulation = new Simulation({ seed: 1 });
  const bench = createBench(simulation, options);
  startProbes(simulation, bench.controlPlane, { period: seconds(10), timeout: seconds(15), failureThreshold: 8 });
  return { simulation, ...bench };
}

it('an idle server is never killed', () => {
  const { simulation, events, controlPlane } = setUp({ apiServers: 3 });
  advance(simulation, minutes(60));
  expect(events).toEqual([]);
  controlPlane.checkBooks();
});

it('a server that cannot answer is killed when the eighth probe in a row has timed out', () => {
  // Each probe needs more than its timeout: the first is sent after 10 s, the eighth after 80 s, and fails 15 s later.
  const { simulation, events } = setUp({ costs: flatCosts({ probe: { cpuMs: 1_000_000 } }) });
  advance(simulation, seconds(96));
  expect(events).toEqual([{ at: seconds(95), what: 'api-server 0 died: liveness' }]);
});

it('etcd without a majority kills a server that is healthy itself: /livez asks it too', () => {
  const { simulation, events, controlPlane } = setUp({
    etcdMembers: 1,
    etcdMemory: 5,
    costs: flatCosts({ probe: { etcdBytes: 10 } }),
  });
  advance(simulation, minutes(3));
  expect(events.map((event) => event.what)).toContain('api-server 0 died: liveness');
  expect(controlPlane.servers[0]!.memoryKills).toBe(0);
});

it('failures before a restart do not count against the next life', () => {
  const { simulation, events, controlPlane } = setUp({ costs: flatCosts({ probe: { cpuMs: 1_000_000 } }) });
  advance(simulation, seconds(90));
  controlPlane.servers[0]!.kill('memory');
  const from = simulation.now;
  advance(simulation, minutes(3));
  const next = events.find((event) => event.at > from && event.what.endsWith('liveness'));
  // Ready 20 s after the kill; then eight probes, the last of which fails after 15 s.
  expect((next!.at - from) / seconds(1)).toBeGreaterThanOrEqual(20 + 70 + 15);
});
