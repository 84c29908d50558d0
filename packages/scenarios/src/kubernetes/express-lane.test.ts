import { minutes, pairedInterval, Simulation } from '@brownout/core';
import { expect, test } from 'vitest';
import { Status } from './api-request.ts';
import { Cluster } from './cluster.ts';
import { advance, type ClusterBenchOptions, clusterOptions, flatCosts } from './testing/bench.ts';

/** The measured costs of a heartbeat and of a read, and a LIST that takes seconds. */
const costs = flatCosts({
  'lease-update': { cpuMs: 1.72, etcdMs: 0.52 },
  'node-status-patch': { cpuMs: 4.56, etcdMs: 0.71 },
  get: { cpuMs: 0.7, etcdMs: 0.27 },
  probe: { cpuMs: 0.33, etcdMs: 0.27 },
  'list-pods-etcd-json': { cpuMs: 2_000, etcdMs: 200, bytes: 1e9, etcdBytes: 1e8 },
});

interface Outcome {
  readonly cluster: Cluster;
  readonly events: number;
  readonly deaths: number;
}

/** The same cluster and seed with the short way open or closed. */
function run(
  usesExpressLane: boolean,
  span: number,
  options: ClusterBenchOptions,
  prepare?: (cluster: Cluster) => void,
  seed = 11,
): Outcome {
  const simulation = new Simulation({ seed });
  let deaths = 0;
  const whole = clusterOptions('lane', { costs, ...options });
  const cluster = new Cluster(
    simulation,
    { ...whole, controlPlane: { ...whole.controlPlane, usesExpressLane } },
    {
      apiServerDied: () => deaths++,
      apiServerReady: () => {},
      etcdMemberKilled: () => {},
      etcdMemberBack: () => {},
      nameFailed: () => {},
    },
  );
  prepare?.(cluster);
  advance(simulation, span);
  cluster.controlPlane.checkBooks();
  return { cluster, events: simulation.eventCount, deaths };
}

function cpuOf({ cluster }: Outcome): number {
  return cluster.controlPlane.servers.reduce((sum, server) => sum + server.busyTime, 0);
}

function ended({ cluster }: Outcome, name: string, status: Status): number {
  return cluster.controlPlane.groups.find((group) => group.name === name)!.ended[status]!;
}

test('on idle servers both ways give every heartbeat the same time to the microsecond, and book the same CPU', () => {
  const options = { nodes: 120 };
  const short = run(true, minutes(15), options);
  const full = run(false, minutes(15), options);
  expect([...short.cluster.kubelets.renewedAt]).toEqual([...full.cluster.kubelets.renewedAt]);
  expect(ended(short, 'kubelet-lease', Status.ok)).toBe(ended(full, 'kubelet-lease', Status.ok));
  expect(cpuOf(short)).toBeCloseTo(cpuOf(full), 3);
  expect(short.events).toBeLessThan(full.events);
});

test('with servers that saturate and die of memory both ways agree on average', () => {
  const options = { nodes: 120, cores: 2, memory: 12e9 };
  const prepare = (cluster: Cluster): void => cluster.daemonSet.select(1);
  const short: Outcome[] = [];
  const full: Outcome[] = [];
  for (let seed = 1; seed <= 20; seed++) {
    short.push(run(true, minutes(10), options, prepare, seed));
    full.push(run(false, minutes(10), options, prepare, seed));
  }
  const renewals = (outcome: Outcome): number => ended(outcome, 'kubelet-lease', Status.ok);
  for (const measure of [(outcome: Outcome) => outcome.deaths, renewals, cpuOf]) {
    const { low, high } = pairedInterval(short.map(measure), full.map(measure), 0.99);
    expect(low).toBeLessThanOrEqual(0);
    expect(high).toBeGreaterThanOrEqual(0);
  }
  expect(Math.min(...full.map(({ deaths }) => deaths))).toBeGreaterThan(0);
});

test('a heartbeat on the short way is reset when its server dies under it', () => {
  const simulation = new Simulation({ seed: 3 });
  const options = clusterOptions('lane', { costs, nodes: 1, apiServers: 1 });
  const cluster = new Cluster(simulation, options, {
    apiServerDied: () => {},
    apiServerReady: () => {},
    etcdMemberKilled: () => {},
    etcdMemberBack: () => {},
    nameFailed: () => {},
  });
  const server = cluster.controlPlane.servers[0]!;
  const lease = cluster.controlPlane.groups.find((group) => group.name === 'kubelet-lease')!;
  while (lease.sent === 0) simulation.step();
  server.kill('liveness');
  advance(simulation, 2_000);
  expect(lease.ended[Status.reset]).toBe(1);
  cluster.controlPlane.checkBooks();
});
