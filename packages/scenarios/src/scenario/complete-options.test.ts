/** Whole clusters of a document that names its profile: everything at once, on a quiet day, in a rollout, in an outage. */
import { type Duration, minutes, plus, seconds, Simulation, Trace } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { smallScenario } from '../../test/small-scenario.ts';
import type { Cluster } from '../kubernetes/cluster.ts';
import { CompleteControllers } from '../kubernetes/complete-controllers.ts';
import type { CoreDnsDeployment } from '../kubernetes/dns/core-dns-deployment.ts';
import { buildWorld } from './build.ts';
import type { ScenarioDocument } from './document.ts';
import { parseScenario } from './parse.ts';
import { runScenario } from './run.ts';

/** One cluster of a release, nobody who rolls anything out, applications that ask CoreDNS directly. */
function documentOf(nodes: number, profile: '1.30' | 'current', end = '2 h'): ScenarioDocument {
  const small = smallScenario({ end });
  const apiServers = { replicas: 3, cores: 4, memory: '32 GiB' };
  const cluster = { ...small.clusters[1]!, nodes, traffic: nodes, apiServers };
  return {
    ...small,
    horizon: { start: '0 min', end },
    kubernetes: { ...small.kubernetes, profile },
    clusters: [cluster],
    agent: { ...small.agent, list: { ...small.agent.list, resourceVersion: '0' }, startDelay: '5 s' },
    rollout: null,
    dns: { registry: null },
  };
}

function setUp(nodes: number, profile: '1.30' | 'current' = '1.30') {
  const simulation = new Simulation({ seed: 1 });
  const scenario = parseScenario(documentOf(nodes, profile), 'complete');
  const world = buildWorld(simulation, new Trace(simulation, { keep: 'none' }), scenario);
  const { cluster } = world.sites[0]!;
  const controllers = cluster.daemonSet;
  if (!(controllers instanceof CompleteControllers)) throw new TypeError('expected the complete controllers');
  const advance = (time: Duration): void => void simulation.runUntil(plus(simulation.now, time));
  return { simulation, world, cluster, controllers, advance };
}

function nodesOf(cluster: Cluster): readonly number[] {
  return Array.from(cluster.kubelets.exists.keys());
}

function rejections(cluster: Cluster): number {
  return cluster.controlPlane.servers.reduce((sum, server) => sum + server.rejections, 0);
}

describe('a quiet day', () => {
  // Nothing that comes again takes longer than the hour after which servers end a watch: many nodes are followed for that long.
  it.each([
    [100, '1.30', 120],
    [100, 'current', 120],
    [1_000, '1.30', 65],
  ] as const)('%i nodes of %s: %i minutes in which nothing happens', (nodes, profile, length) => {
    const { simulation, world, cluster, controllers, advance } = setUp(nodes, profile);
    let notReady = 0;
    for (let i = 0; i < length; i++) {
      advance(minutes(1));
      notReady += cluster.kubelets.countNotReady() + controllers.store.countNotReady();
    }
    expect(notReady).toBe(0);
    // 10.4 s at most between two renewals, and a renewal takes milliseconds.
    const oldest = Math.min(...cluster.kubelets.renewedAt);
    expect(simulation.now - oldest).toBeLessThan(seconds(10.6));
    expect(nodesOf(cluster).every((node) => cluster.kubelets.isSynced(node))).toBe(true);
    expect(rejections(cluster)).toBe(0);
    expect(controllers.manager.election.transitions + controllers.scheduler.election.transitions).toBe(0);
    expect(cluster.coreDns.failureShare()).toBe(0);
    expect([...world.users.failures].every((failures) => failures === 0)).toBe(true);
    for (const { ended } of cluster.controlPlane.groups)
      expect(ended.slice(1).every((count) => count === 0)).toBe(true);
    cluster.controlPlane.checkBooks();
  });

  it('is the same again with the same seed, and another one with another', () => {
    const digest = (seed: number): string => runScenario(documentOf(30, '1.30', '20 min'), { seed }).digest;
    expect(digest(5)).toBe(digest(5));
    expect(digest(5)).not.toBe(digest(6));
  });
});

it('a DaemonSet reaches all nodes at the pace of its controller, and is taken back as fast', () => {
  const { cluster, controllers, advance } = setUp(300);
  advance(seconds(30));
  controllers.select(1);
  // 30 at once and 20 a second, less what the batches of 1, 2, 4 ... wait for one another: 300 take 13.5 s and more.
  advance(seconds(7));
  expect(controllers.podCount).toBeLessThanOrEqual(30 + 7 * 20);
  expect(controllers.podCount).toBeGreaterThan(100);
  expect(cluster.daemon.runningCount).toBeLessThan(controllers.podCount);
  advance(seconds(23));
  expect(cluster.daemon.runningCount).toBe(300);
  expect(controllers.isSettled).toBe(true);
  controllers.select(0);
  advance(seconds(7));
  expect(controllers.podCount).toBeGreaterThanOrEqual(300 - 30 - 7 * 20);
  advance(seconds(23));
  expect([controllers.storedPodCount, cluster.daemon.runningCount]).toEqual([0, 0]);
  expect(controllers.isSettled).toBe(true);
  cluster.controlPlane.checkBooks();
});

it('machines go with everything on them, and their pods are collected', () => {
  const { cluster, controllers, advance } = setUp(40);
  controllers.select(1);
  advance(seconds(30));
  expect(cluster.removeNodes(10)).toBe(10);
  expect([controllers.podCount, cluster.daemon.runningCount]).toEqual([30, 30]);
  expect(controllers.store.pods[39]).toBe(30);
  // A quarantine of 40 s found in passes 20 s apart, then two requests for each of 300 pods at 20 a second.
  advance(seconds(60 + 20 + 35));
  expect(controllers.store.pods[39]).toBe(0);
  expect(controllers.isSettled).toBe(true);
  cluster.controlPlane.checkBooks();
});

describe('three minutes without any API server', () => {
  const { cluster, controllers, advance } = setUp(200);
  const { servers, etcd } = cluster.controlPlane;
  controllers.select(1);
  advance(minutes(2));
  for (const server of servers) server.kill('liveness');
  let failing = 0;
  let stoppedAfter = -1;
  for (let second = 1; second <= 180; second++) {
    advance(seconds(1));
    for (const server of servers) if (server.isReady) server.kill('liveness');
    failing = Math.max(failing, cluster.coreDns.failureShare());
    if (stoppedAfter < 0 && !controllers.manager.isLeading) stoppedAfter = second;
  }
  const marked = controllers.store.countNotReady();
  const stale = cluster.kubelets.countNotReady();
  const agents = cluster.daemon.runningCount;
  for (const server of servers) server.resize(server.cpu.cores, server.memoryLimitBytes);
  advance(minutes(3));

  it('names go on, agents run on, the leader is gone after its renew deadline, and nobody is marked', () => {
    expect(failing).toBe(0);
    expect(agents).toBe(200);
    expect(stoppedAfter).toBeGreaterThanOrEqual(8);
    expect(stoppedAfter).toBeLessThanOrEqual(12);
    expect(stale).toBe(200);
    expect(marked).toBe(0);
  });

  it('three minutes later everything is as before', () => {
    expect(cluster.controlPlane.readyCount).toBe(3);
    expect(etcd.hasQuorum).toBe(true);
    expect(controllers.manager.isLeading).toBe(true);
    expect(controllers.scheduler.election.isLeading).toBe(true);
    expect(nodesOf(cluster).filter((node) => !cluster.kubelets.isSynced(node))).toEqual([]);
    expect([cluster.kubelets.countNotReady(), controllers.store.countNotReady()]).toEqual([0, 0]);
    expect(cluster.coreDns.syncedReplicas).toBe(2);
    expect((cluster.coreDns as CoreDnsDeployment).processes.every(({ isReady }) => isReady)).toBe(true);
    cluster.controlPlane.checkBooks();
  });

  it('and controllers control again', () => {
    controllers.select(0.5);
    advance(minutes(1));
    expect(controllers.isSettled).toBe(true);
    expect(cluster.daemon.runningCount).toBe(100);
    controllers.select(1);
    advance(minutes(1));
    expect(cluster.daemon.runningCount).toBe(200);
    cluster.controlPlane.checkBooks();
  });
});

it('a cut between nodes and API servers marks nodes and pods; both are repaired and the agents brought up to date', () => {
  const { cluster, controllers, advance } = setUp(60);
  controllers.select(1);
  advance(minutes(1));
  const { store, manager } = controllers;
  const served = (): number =>
    Array.from({ length: 40 }, (_, service) => manager.endpointSlices!.served(service)).reduce((a, b) => a + b, 0);
  expect(served()).toBe(60 * 30);
  cluster.blockAdminApi();
  controllers.select(0);
  advance(minutes(3));
  // Controllers are inside and delete the pods; the kubelets hear nothing of it, and the objects wait for them.
  expect(controllers.podCount).toBe(0);
  expect([controllers.storedPodCount, cluster.daemon.runningCount]).toEqual([60, 60]);
  expect(store.countNotReady()).toBeGreaterThan(0);
  expect(store.countNotReadyPods()).toBeGreaterThan(0);
  expect(served()).toBeLessThan(60 * 30);
  cluster.unblockAdminApi();
  advance(minutes(5));
  expect([cluster.daemon.runningCount, controllers.storedPodCount]).toEqual([0, 0]);
  expect([store.countNotReady(), store.countNotReadyPods()]).toEqual([0, 0]);
  expect(served()).toBe(60 * 30);
  expect(cluster.coreDns.failureShare()).toBe(0);
  cluster.controlPlane.checkBooks();
});
