import { createArbitraries } from '@brownout/core/testing';
import { minutes, seconds, Simulation, us } from '@brownout/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Cluster } from './cluster.ts';
import { advance, createClusterBench, flatCosts } from './testing/bench.ts';

const arbitrary = createArbitraries(fc);
type Value<A> = A extends fc.Arbitrary<infer T> ? T : never;

/** What may be done to a cluster at any time. */
const deeds: Readonly<Record<string, (cluster: Cluster, number: number) => void>> = {
  'kill for memory': ({ controlPlane }, number) =>
    controlPlane.servers[number % controlPlane.servers.length]!.kill('memory'),
  'kill by probe': ({ controlPlane }, number) =>
    controlPlane.servers[number % controlPlane.servers.length]!.kill('liveness'),
  'kill all': ({ controlPlane }) => controlPlane.servers.forEach((server) => server.kill('memory')),
  block: (cluster) => cluster.blockAdminApi(),
  unblock: (cluster) => cluster.unblockAdminApi(),
  resize: ({ controlPlane }, number) =>
    controlPlane.servers[number % controlPlane.servers.length]!.resize(1 + (number % 8), 3_000 + 300 * (number % 5)),
  select: (cluster, number) => cluster.daemonSet.select((number % 4) / 3),
  'remove nodes': (cluster, number) => void cluster.removeNodes(number % 4),
};

const story = fc.array(
  fc.record({
    wait: arbitrary.duration(seconds(40)),
    deed: fc.constantFrom(...Object.keys(deeds)),
    number: fc.nat({ max: 100 }),
  }),
  { maxLength: 25 },
);

const size = fc.record({
  nodes: fc.integer({ min: 1, max: 40 }),
  apiServers: fc.integer({ min: 1, max: 3 }),
  cores: fc.constantFrom(1, 2, 4),
  memory: fc.constantFrom(1_500, 2_500, 1_000_000),
  etcdMembers: fc.constantFrom(1, 3),
  etcdMemory: fc.constantFrom(900, 1_000_000),
  withDns: fc.boolean(),
  withBreakGlass: fc.boolean(),
  seats: fc.constantFrom(20, 600),
});

/** Found by chance: an answer under way when the network was cut must still end, by the client's deadline. */
const answerLostInABlock: [string, Value<typeof size>, Value<typeof story>] = [
  '767638',
  {
    nodes: 25,
    apiServers: 2,
    cores: 1,
    memory: 1500,
    etcdMembers: 1,
    etcdMemory: 900,
    withDns: false,
    withBreakGlass: false,
    seats: 20,
  },
  [
    { wait: us(4_136_000), deed: 'select', number: 0 },
    { wait: us(34_496_000), deed: 'kill for memory', number: 0 },
    { wait: us(10_859_000), deed: 'kill for memory', number: 0 },
    { wait: us(37_977_000), deed: 'block', number: 0 },
    { wait: us(3_095), deed: 'kill for memory', number: 0 },
  ],
];

const costs = flatCosts(
  {
    'list-pods-etcd-json': { cpuMs: 700, etcdMs: 100, bytes: 100, etcdBytes: 100 },
    'lease-update': { cpuMs: 2, etcdMs: 1 },
    'kubelet-sync': { cpuMs: 20, bytes: 10 },
    'cache-fill': { cpuMs: 1500, etcdMs: 500, etcdBytes: 200 },
  },
  { apiServer: 1_000, etcd: 100 },
);

it('whatever is done to a cluster, every attempt ends once and no row of the request table is lost', () => {
  const kills = { apiServer: 0, etcd: 0 };
  fc.assert(
    fc.property(arbitrary.seed, size, story, (seed, chosen, steps) => {
      const simulation = new Simulation({ seed, eventLimit: 3_000_000 });
      const { cluster } = createClusterBench(simulation, {
        ...chosen,
        costs,
        flowControl: { maxRequestsInflight: chosen.seats, maxMutatingRequestsInflight: chosen.seats / 2 },
        agent: { period: seconds(5), timeout: seconds(8), startDelay: { sample: () => seconds(2) } },
        ...(chosen.withBreakGlass ? { breakGlass: { cores: 1, memoryLimitBytes: 1_500 } } : {}),
        ...(chosen.withDns ? { registryDns: dns } : {}),
      });
      cluster.daemonSet.select(1);
      for (const { wait, deed, number } of steps) {
        advance(simulation, wait);
        deeds[deed]!(cluster, number);
        cluster.controlPlane.checkBooks();
      }
      kills.apiServer += cluster.controlPlane.servers.reduce((sum, server) => sum + server.memoryKills, 0);
      kills.etcd += cluster.controlPlane.etcd.memoryKills;
      expectDrained(simulation, cluster);
    }),
    { seed: 20241211, numRuns: 100, examples: [answerLostInABlock] },
  );
  expect(kills.apiServer).toBeGreaterThan(10);
  expect(kills.etcd).toBeGreaterThan(5);
});

const dns = {
  instances: 2,
  names: 10,
  ttl: seconds(30),
  negativeTtl: seconds(5),
  lookupTimeout: seconds(3),
  patience: seconds(2),
  serveStale: seconds(0),
};

/** With the machines gone only controllers, probes and DNS still ask: few requests, and no forgotten ones. */
function expectDrained(simulation: Simulation, cluster: Cluster): void {
  const { controlPlane } = cluster;
  cluster.unblockAdminApi();
  cluster.removeNodes(1_000);
  for (let i = 0; i < 4; i++) {
    advance(simulation, minutes(2));
    controlPlane.checkBooks();
  }
  const inside = controlPlane.groups.reduce((sum, group) => sum + group.inside, 0);
  const fills = controlPlane.servers.length;
  expect(inside).toBeLessThanOrEqual(30);
  expect(controlPlane.requests.openCount).toBeLessThanOrEqual(inside + fills + 20);
  for (const name of ['kubelet-lease', 'kubelet-status', 'kubelet-watch', 'agent']) {
    expect(controlPlane.groups.find((group) => group.name === name)?.inside, name).toBe(0);
  }
  for (const server of controlPlane.servers) {
    expect(server.memoryBytes).toBeLessThanOrEqual(server.memoryLimitBytes);
    expect(server.memoryBytes).toBeGreaterThanOrEqual(0);
  }
}
