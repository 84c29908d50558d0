import { minutes, ms, seconds, Simulation } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import type { Cluster } from '../cluster.ts';
import { nodeIdentity } from '../flow-control/identity.ts';
import { advance, type BenchOptions, Callers, createBench, createClusterBench, flatCosts } from '../testing/bench.ts';

const LEASE = 'lease-update';
const LIST = 'list-pods-cache-json';
const costs = flatCosts({ [LEASE]: { cpuMs: 2, etcdMs: 0.5 }, [LIST]: { cpuMs: 500 } });

const kubelet = (client: number) => ({
  ...nodeIdentity(`${client}`),
  verb: 'update',
  apiGroup: 'coordination.k8s.io',
  resource: 'leases',
  namespace: 'kube-node-lease',
});

/** Kubelets whose connections stand. */
function setUp(options: BenchOptions = {}) {
  const simulation = new Simulation({ seed: 1 });
  const bench = createBench(simulation, { costs, cores: 2, ...options });
  const callers = new Callers(simulation, bench.controlPlane, { clients: 40, timeout: seconds(10), describe: kubelet });
  for (let client = 0; client < callers.group.clients; client++) callers.group.connect(client, 0, 1);
  return { simulation, ...bench, callers };
}

describe('on a server with an idle core', () => {
  it.each([true, false])('a write takes its CPU and its commit, by the lane or not (%s)', (usesExpressLane) => {
    const { simulation, callers, controlPlane } = setUp({ usesExpressLane });
    callers.send(0, LEASE);
    advance(simulation, seconds(1));
    expect(callers.replies).toEqual([{ client: 0, status: 'ok', at: ms(3.5), retryAfter: 0 }]);
    expect(controlPlane.servers[0]!.busyTime).toBe(ms(2));
    expect(controlPlane.requests.openCount).toBe(0);
  });
});

describe('on a server whose cores are taken', () => {
  it('a write shares them with everybody', () => {
    const { simulation, callers } = setUp({ cores: 1 });
    callers.send(0, LIST);
    advance(simulation, ms(10));
    callers.send(1, LEASE);
    advance(simulation, ms(20));
    // Half a core each: 2 ms of CPU take 4 ms, and the commit 1.5 ms.
    expect(callers.replies).toEqual([{ client: 1, status: 'ok', at: ms(15.5), retryAfter: 0 }]);
  });

  it('more writes at once than cores do not each get one', () => {
    const { simulation, callers } = setUp({ cores: 1 });
    for (let client = 0; client < 8; client++) callers.send(client, LEASE);
    advance(simulation, seconds(1));
    // Sixteen core-milliseconds on one core cannot be done before 16 ms, and the lane takes one at most.
    expect(callers.count('ok')).toBe(8);
    expect(Math.max(...callers.replies.map((reply) => reply.at))).toBeGreaterThanOrEqual(ms(14));
  });
});

describe('on a level where somebody waits', () => {
  it('a write does not overtake a wide request, although a seat and a core are free', () => {
    const replies = [true, false].map((usesExpressLane) => {
      const { simulation, callers, controlPlane } = setUp({
        usesExpressLane,
        cores: 60,
        listSeats: 2,
        flowControl: { maxRequestsInflight: 75, maxMutatingRequestsInflight: 0 },
      });
      for (let client = 0; client < 39; client++) callers.send(client, LIST);
      advance(simulation, ms(1));
      const level = controlPlane.servers[0]!.flowControl.levels[callers.group.level]!;
      expect(level.requestsWaiting).toBeGreaterThan(0);
      expect(level.seatsInUse).toBeLessThan(level.limit);
      callers.send(39, LEASE);
      advance(simulation, seconds(5));
      return callers.replies;
    });
    expect(replies[0]).toHaveLength(40);
    expect(replies[0]).toEqual(replies[1]);
  });
});

describe('a server that dies', () => {
  it('while it computes or while etcd commits: the client is told that the connection broke', () => {
    for (const wait of [ms(1), ms(3)]) {
      const { simulation, callers, controlPlane } = setUp();
      callers.send(0, LEASE);
      advance(simulation, wait);
      controlPlane.servers[0]!.kill('memory');
      advance(simulation, seconds(1));
      expect(callers.replies.map((reply) => reply.status)).toEqual(['reset']);
      expect(controlPlane.requests.openCount).toBe(0);
      controlPlane.checkBooks();
    }
  });
});

describe('what the lane must not let through', () => {
  it('clients without a connection, without a valid token, or behind a block', () => {
    const { simulation, callers, controlPlane } = setUp({ connectionCpu: ms(50), refusalCpu: ms(5) });
    callers.group.disconnect(0);
    callers.send(0, LEASE);
    callers.send(1, LEASE, true);
    advance(simulation, seconds(1));
    expect(callers.replies.map((reply) => [reply.client, reply.status, reply.at])).toEqual([
      [1, 'unauthorized', ms(5)],
      [0, 'ok', ms(53.5)],
    ]);
    controlPlane.block();
    callers.send(2, LEASE);
    advance(simulation, seconds(11));
    expect(callers.replies.at(-1)).toMatchObject({ client: 2, status: 'timed-out' });
  });
});

describe('whole runs by the lane and without it', () => {
  /** An ordinary half hour, or one with agents that take most of the cores, of the same cluster. */
  function run(usesExpressLane: boolean, isBusy: boolean): { cluster: Cluster; busy: number } {
    const simulation = new Simulation({ seed: 1 });
    const listCost = isBusy ? { cpuMs: 1500, etcdMs: 50 } : { cpuMs: 20, etcdMs: 2 };
    const { cluster } = createClusterBench(simulation, {
      usesExpressLane,
      nodes: 100,
      apiServers: 3,
      cores: 1,
      etcdCores: 2,
      costs: flatCosts({ [LEASE]: { cpuMs: 2, etcdMs: 0.5 }, 'list-pods-etcd-json': listCost }),
      registryDns: {
        instances: 2,
        names: 50,
        ttl: minutes(2),
        negativeTtl: seconds(5),
        lookupTimeout: seconds(10),
        patience: seconds(5),
        serveStale: seconds(0),
      },
    });
    advance(simulation, minutes(2));
    cluster.daemonSet.select(1);
    advance(simulation, minutes(28));
    cluster.controlPlane.checkBooks();
    return { cluster, busy: cluster.controlPlane.servers.reduce((sum, server) => sum + server.busyTime, 0) };
  }

  it.each([
    ['quiet', false],
    ['busy', true],
  ])('tell the same story of a %s cluster', (_name, isBusy) => {
    const [short, full] = [run(true, isBusy), run(false, isBusy)];
    expect(Math.abs(short.busy / full.busy - 1)).toBeLessThan(0.02);
    short.cluster.controlPlane.groups.forEach((group, index) => {
      const other = full.cluster.controlPlane.groups[index]!;
      expect(Math.abs(group.sent - other.sent), group.name).toBeLessThanOrEqual(2 + 0.02 * other.sent);
      expect(Math.abs(group.ended[0]! - other.ended[0]!), group.name).toBeLessThanOrEqual(2 + 0.02 * other.ended[0]!);
    });
  });
});
