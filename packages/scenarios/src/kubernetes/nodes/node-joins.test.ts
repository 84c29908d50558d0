/** Machines that join a cluster with the plain parts: what they send, and what they get. */
import { minutes, seconds, Simulation } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { Cluster } from '../cluster.ts';
import { advance, type ClusterBenchOptions, clusterOptions, createClusterBench } from '../testing/bench.ts';
import type { NodeJoin } from './node-joins.ts';

/** Kubelets start two seconds after the machines, and find their nodes ready ten seconds after they registered them. */
const join: NodeJoin = {
  startTime: { sample: () => seconds(2) },
  readyAfter: { sample: () => seconds(10) },
  objects: 'kubelet',
};

const nothing = (): void => {};
const observer = {
  apiServerDied: nothing,
  apiServerReady: nothing,
  etcdMemberKilled: nothing,
  etcdMemberBack: nothing,
  nameFailed: nothing,
};

function setUp(options: ClusterBenchOptions = {}) {
  const simulation = new Simulation({ seed: 1 });
  const { cluster } = createClusterBench(simulation, { nodes: 10, joining: 5, ...options });
  const sent = (name: string): number =>
    cluster.controlPlane.groups.find((group) => group.name === name)?.sent ?? Number.NaN;
  return { simulation, cluster, sent };
}

describe('machines that join', () => {
  it('create their Node and, when they have read it, their Lease, and renew that from then on', () => {
    const { simulation, cluster, sent } = setUp();
    advance(simulation, seconds(60));
    const renewals = sent('kubelet-lease');
    expect(cluster.joins!.join(5, join)).toBe(5);
    // The kubelet waits 100 ms before its first try.
    advance(simulation, seconds(2.09));
    expect([cluster.kubelets.count, sent('kubelet-register')]).toEqual([10, 0]);
    advance(simulation, seconds(0.1));
    expect(cluster.kubelets.count).toBe(15);
    expect([sent('kubelet-register'), sent('kubelet-lease-ensure'), sent('kubelet-lease-create')]).toEqual([5, 5, 5]);
    // Each reads its Node as the owner of the Lease; nobody finds one that was there before.
    expect([sent('kubelet-register-get'), sent('kubelet-register-patch'), sent('node-provisioner')]).toEqual([5, 0, 0]);
    advance(simulation, minutes(10));
    expect(cluster.kubelets.countNotReady()).toBe(0);
    // Fifteen nodes, each between 10 and 10.4 s apart.
    expect(sent('kubelet-lease') - renewals).toBeGreaterThan(15 * 57);
    expect(sent('kubelet-lease') - renewals).toBeLessThan(15 * 61);
    cluster.controlPlane.checkBooks();
  });

  it('get their agent once they are ready, like the others, of which there are no more than rows', () => {
    const { simulation, cluster } = setUp();
    cluster.daemonSet.select(1);
    advance(simulation, seconds(60));
    expect(cluster.daemon.runningCount).toBe(10);
    expect([cluster.joins!.join(7, join), cluster.joins!.left]).toEqual([5, 0]);
    advance(simulation, seconds(12));
    expect([cluster.kubelets.count, cluster.daemon.runningCount]).toEqual([15, 10]);
    // Ready 12.1 s after they came; a pod is a create and a bind, each at once out of a burst.
    advance(simulation, seconds(1));
    expect([cluster.daemon.runningCount, cluster.daemonSet.podCount]).toEqual([15, 15]);
    expect(cluster.daemonSet.isSettled).toBe(true);
    cluster.daemonSet.select(0);
    advance(simulation, seconds(30));
    expect(cluster.daemon.runningCount).toBe(0);
    cluster.controlPlane.checkBooks();
  });

  it('are selected by a share as evenly as it goes', () => {
    const { simulation, cluster } = setUp({ joining: 8 });
    cluster.daemonSet.select(0.25);
    cluster.joins!.join(8, join);
    advance(simulation, minutes(1));
    // Every fourth of eight, beside a quarter of ten.
    expect([...cluster.daemonSet.isSelected.subarray(10)].filter((selected) => selected === 1)).toHaveLength(2);
    expect(cluster.daemon.runningCount).toBe(3 + 2);
  });

  it('see changes to their pods: their kubelets have watches', () => {
    const { simulation, cluster } = setUp();
    cluster.joins!.join(1, join);
    expect(cluster.kubelets.isSynced(10)).toBe(false);
    advance(simulation, seconds(3));
    expect(cluster.kubelets.isSynced(10)).toBe(true);
  });

  it('are not known while the API is away, and try until it is back', () => {
    const { simulation, cluster, sent } = setUp();
    advance(simulation, seconds(30));
    cluster.blockAdminApi();
    cluster.joins!.join(5, join);
    advance(simulation, minutes(3));
    expect(cluster.kubelets.count).toBe(10);
    cluster.unblockAdminApi();
    // A try takes up to its time-out of 60 s, and the next follows within 7 s.
    advance(simulation, seconds(70));
    expect(cluster.kubelets.count).toBe(15);
    expect(sent('kubelet-register')).toBeGreaterThan(5);
    cluster.controlPlane.checkBooks();
  });

  it('are taken away again before the others, and what they had begun ends with them', () => {
    const { simulation, cluster } = setUp();
    cluster.daemonSet.select(1);
    cluster.joins!.join(5, join);
    advance(simulation, seconds(4));
    expect(cluster.removeNodes(5)).toBe(5);
    advance(simulation, minutes(2));
    expect([cluster.kubelets.count, cluster.daemon.runningCount, cluster.daemonSet.podCount]).toEqual([10, 10, 10]);
    cluster.controlPlane.checkBooks();
  });

  it('bring no ordinary pods, and those of machines that go are written anew by their owners', () => {
    const { simulation, cluster } = setUp();
    cluster.joins!.join(2, join);
    advance(simulation, minutes(1));
    expect([cluster.kubelets.count, cluster.pods]).toEqual([12, 100]);
    cluster.removeNodes(6);
    cluster.joins!.join(3, join);
    advance(simulation, minutes(1));
    expect([cluster.kubelets.count, cluster.pods]).toEqual([9, 100]);
  });
});

it('agents that are there already are on machines that join too, with the configuration of the moment', () => {
  const simulation = new Simulation({ seed: 1 });
  const requests = [
    { name: '', operation: 'list-pods-cache-json', period: seconds(60), isInformer: true },
    { name: 'write', verb: 'update', operation: 'object-update', period: seconds(10), perChange: 3 },
  ] as const;
  const options = clusterOptions('bench', { nodes: 4, joining: 2, agent: { periodJitter: 0, requests } });
  const configuration = { delay: { sample: () => seconds(1) } };
  const cluster = new Cluster(simulation, { ...options, configuration }, observer);
  const sent = (name: string): number => cluster.controlPlane.groups.find((group) => group.name === name)!.sent;
  cluster.daemonSet.select(1);
  advance(simulation, minutes(1));
  // Stores that are full are not listed; each agent writes three objects for the change.
  expect([sent('agent'), sent('agent-write')]).toEqual([0, 12]);
  cluster.joins!.join(2, join);
  advance(simulation, minutes(1));
  expect([cluster.daemon.runningCount, sent('agent'), sent('agent-write')]).toEqual([6, 2, 12]);
  cluster.daemonSet.select(0);
  advance(simulation, minutes(1));
  expect(sent('agent-write')).toBe(12 + 18);
  cluster.controlPlane.checkBooks();
});

describe('objects that a provisioner creates', () => {
  it('are there at once, and the kubelet that comes later reads and patches them', () => {
    const { simulation, cluster, sent } = setUp();
    advance(simulation, seconds(60));
    cluster.joins!.join(5, { ...join, objects: 'provisioner', startTime: { sample: () => seconds(30) } });
    advance(simulation, seconds(1));
    // They have no lease: nobody has heard of them.
    expect([cluster.kubelets.count, cluster.kubelets.countNotReady(), sent('node-provisioner')]).toEqual([15, 5, 5]);
    advance(simulation, seconds(30));
    expect([sent('kubelet-register'), sent('kubelet-register-get'), sent('kubelet-register-patch')]).toEqual([
      5, 10, 5,
    ]);
    expect([cluster.kubelets.count, cluster.kubelets.countNotReady()]).toEqual([15, 0]);
  });
});
