/**
 * Batched heartbeats of a control plane with all parts of a profile - raft, a database, watch caches, connections that idle
 * out, controllers that look at leases - beside individual ones, and what must never be batched.
 */
import { type Instant, seconds, Simulation } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { smallScenario } from '../../test/small-scenario.ts';
import { Cluster } from '../kubernetes/cluster.ts';
import { clusterOptions } from './build-cluster.ts';
import { parseScenario } from './parse.ts';

const NODES = 400;
const nothing = (): void => {};

interface Bench {
  readonly simulation: Simulation;
  readonly cluster: Cluster;
  readonly dialled: () => number;
  /** Server that the lease client of each node dialled last. */
  readonly serverOf: Int16Array;
  /** Runs until so many seconds after the beginning. */
  readonly until: (second: number) => void;
}

function createBench(heartbeats: 'individual' | 'aggregated'): Bench {
  const { kubernetes, ...document } = smallScenario({ nodes: NODES });
  const scenario = parseScenario({ ...document, kubernetes: { ...kubernetes, profile: '2024', heartbeats } }, 'test');
  const large = { ...scenario.clusters[1]!, apiServers: { ...scenario.clusters[1]!.apiServers, cores: 4 } };
  const simulation = new Simulation({ seed: 7 });
  const cluster = new Cluster(simulation, clusterOptions(scenario, large), {
    apiServerDied: nothing,
    apiServerReady: nothing,
    etcdMemberKilled: nothing,
    etcdMemberBack: nothing,
    nameFailed: nothing,
  });
  let dialled = 0;
  const serverOf = new Int16Array(NODES);
  const leases = cluster.controlPlane.groups.findIndex(({ name }) => name === 'kubelet-lease');
  cluster.controlPlane.troubleObserver = {
    attemptFailed: nothing,
    dialled: (group, client, server) => {
      dialled++;
      if (group === leases) serverOf[client] = server;
    },
  };
  const until = (second: number): void => {
    simulation.runUntil(seconds(second) as number as Instant);
  };
  return { simulation, cluster, dialled: () => dialled, serverOf, until };
}

function measured({ simulation, cluster, dialled }: Bench): Readonly<Record<string, number>> {
  const { kubelets, controlPlane } = cluster;
  const { etcd, servers } = controlPlane;
  kubelets.countNotReady();
  controlPlane.checkBooks();
  return {
    renewals: controlPlane.groups.find(({ name }) => name === 'kubelet-lease')!.ended.reduce((sum, n) => sum + n, 0),
    revision: etcd.revision,
    committed: etcd.raft!.commits.committed,
    databaseBytes: etcd.storage!.usedBytes,
    cacheRevision: controlPlane.watchCaches!.server(0).types[0]!.revision,
    serverCpu: servers.reduce((sum, { busyTime }) => sum + busyTime, 0),
    etcdCpu: etcd.members.reduce((sum, _, member) => sum + etcd.writeCpu(member), 0),
    leaderCpu: etcd.writeCpu(etcd.leader),
    dialled: dialled(),
    events: simulation.eventCount,
  };
}

/** Renewal times of the nodes whose connection leads to one of some servers. */
function renewedAt({ cluster: { kubelets }, serverOf }: Bench, servers: readonly number[] = [0, 1, 2]): number[] {
  kubelets.countNotReady();
  return [...kubelets.renewedAt].filter((_, node) => servers.includes(serverOf[node]!));
}

describe('with all parts of a profile', () => {
  it('batches leave what renewals leave: revisions, database, CPU, connections', () => {
    const [single, batched] = (['individual', 'aggregated'] as const).map((heartbeats) => {
      const bench = createBench(heartbeats);
      bench.until(300);
      return measured(bench);
    });
    // Both renew each 10 s and 2 % on average; a renewal takes milliseconds, so counts differ by chance of the phases only.
    for (const name of ['renewals', 'revision', 'committed', 'databaseBytes', 'cacheRevision'] as const) {
      expect(batched![name]! / single![name]!, name).toBeCloseTo(1, 2);
    }
    for (const name of ['serverCpu', 'etcdCpu', 'leaderCpu'] as const) {
      expect(Math.abs(batched![name]! / single![name]! - 1), name).toBeLessThan(0.02);
    }
    // A connection that batches did not keep in use would be dialled again after 90 s, by every node.
    expect(Math.abs(batched!.dialled! - single!.dialled!)).toBeLessThan(NODES / 20);
    expect(batched!.events).toBeLessThan(0.75 * single!.events!);
  });

  it('the same seed twice leaves the same', () => {
    const [first, second] = [0, 1].map(() => {
      const bench = createBench('aggregated');
      bench.until(100);
      return measured(bench);
    });
    expect(second).toEqual(first);
  });

  it("a leader's disk that stalls: nobody is renewed meanwhile", () => {
    const bench = createBench('aggregated');
    bench.until(60);
    const { etcd } = bench.cluster.controlPlane;
    for (const member of [0, 1, 2]) etcd.stallDisk(member, seconds(8));
    bench.until(67);
    // What was on its way when the disks stopped was acknowledged within milliseconds.
    expect(Math.max(...renewedAt(bench))).toBeLessThan(seconds(60.1));
    bench.until(120);
    expect(Math.min(...renewedAt(bench))).toBeGreaterThan(seconds(100));
  });

  it('a member that its API server cannot reach: its nodes are not renewed, the others are', () => {
    const bench = createBench('aggregated');
    bench.until(60);
    const { etcd } = bench.cluster.controlPlane;
    const member = (etcd.leader + 1) % 3;
    etcd.isolate([member]);
    bench.until(64);
    expect(Math.max(...renewedAt(bench, [member]))).toBeLessThan(seconds(60.1));
    const others = [0, 1, 2].filter((server) => server !== member);
    expect(Math.max(...renewedAt(bench, others))).toBeGreaterThan(seconds(63.5));
  });

  it('a database that is full: renewals are refused as each of them would be', () => {
    const bench = createBench('aggregated');
    bench.until(60);
    const { storage } = bench.cluster.controlPlane.etcd;
    storage!.isAlarmed = true;
    bench.until(75);
    expect(Math.max(...renewedAt(bench))).toBeLessThan(seconds(60.1));
  });
});
