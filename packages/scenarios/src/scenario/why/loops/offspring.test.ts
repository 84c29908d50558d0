import { minutes } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { createLoopBench, HoldingClients } from '../testing/loop-bench.ts';
import { coldCaches } from './cold-caches.ts';
import { livenessKills } from './liveness-kills.ts';
import { reconnectStorm } from './reconnect-storm.ts';

/** 30 clients on each of three servers hold 1000 bytes each; the first server is killed and stays away for an hour. */
function afterADeath(limitBytes: number, { name = 'agent', apiServers = 3 } = {}) {
  const bench = createLoopBench(
    1,
    { 'list-pods-cache-json': { cpuMs: 3_600_000, bytes: 1_000 } },
    {
      apiServers,
      cores: 1_000,
      memory: limitBytes,
      apiServer: { firstWait: minutes(60), backoffBase: minutes(60), backoffCap: minutes(60) },
    },
  );
  const clients = new HoldingClients(bench, name, apiServers * 30);
  bench.run(1);
  bench.site.cluster.controlPlane.servers[0]!.kill('memory');
  bench.run(4);
  return { bench, clients, deaths: bench.site.failures.deaths.all };
}

describe('deaths of API servers', () => {
  // Argued before it was run: 15 of the 30 clients come to each of the others, 45,000 bytes where 36,000 are allowed, and
  // both die; their clients have nowhere to go. Of three deaths two have a parent.
  it('one that sends more than the others can hold has them as offspring', () => {
    const { bench, deaths } = afterADeath(36_000);
    expect(deaths.map(({ server }) => server).sort()).toEqual([0, 1, 2]);
    const loop = bench.find(reconnectStorm);
    expect(loop.gain!.overall).toBeCloseTo(2 / 3, 3);
    expect(loop.evidence).toMatchObject({ deaths: 3, candidates: 3, offspring: 2 });
    expect(loop.evidence['broughtShare']).toBeGreaterThan(0.1);
    expect(bench.find(coldCaches).seen).toBe(false);
    expect(bench.find(livenessKills).seen).toBe(false);
  });

  it('have none where the others have room', () => {
    const { bench, deaths } = afterADeath(60_000);
    expect(deaths).toHaveLength(1);
    expect(bench.find(reconnectStorm)).toMatchObject({ seen: false, gain: null });
  });

  it('through clients that fill their stores again count as re-lists', () => {
    const { bench } = afterADeath(36_000, { name: 'informers' });
    expect(bench.find(coldCaches).gain!.overall).toBeCloseTo(2 / 3, 3);
    expect(bench.find(reconnectStorm).seen).toBe(false);
  });

  it('of the only server are no storm: its clients come back to where they were', () => {
    const bench = createLoopBench(
      1,
      { 'list-pods-cache-json': { cpuMs: 3_600_000, bytes: 1_000 } },
      {
        cores: 1_000,
        memory: 20_000,
      },
    );
    new HoldingClients(bench, 'agent', 30);
    bench.run(10);
    expect(bench.site.failures.deaths.all.length).toBeGreaterThan(2);
    expect(bench.find(reconnectStorm).seen).toBe(false);
  });

  it('remember whose memory it was', () => {
    const { deaths } = afterADeath(36_000);
    const [first, second] = deaths;
    expect(first!.inside.groups[0]).toMatchObject({ name: 'agent', requests: 30, bytes: 30_000 });
    const moved = second!.inside.groups[0]!.moved.get(0)!;
    expect(moved.bytes).toBe(moved.requests * 1_000);
    expect(moved.requests).toBe(second!.inside.requests - 30);
  });
});

it('a server that is killed by its probe under the load of moved clients has the share they brought as its credit', () => {
  const { bench } = afterADeath(1_000_000);
  const { servers } = bench.site.cluster.controlPlane;
  servers[1]!.kill('liveness');
  bench.run(1);
  const { offspring } = bench.find(livenessKills).evidence;
  const { inside } = bench.site.failures.deaths.all[1]!;
  const moved = inside.groups.find(({ name }) => name === 'agent')!.requests - 30;
  expect(moved).toBeGreaterThan(5);
  expect(offspring).toBeCloseTo(moved / inside.requests, 3);
});
