import { minutes, ms, seconds, Simulation } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { advance, type ClusterBenchOptions, createClusterBench, flatCosts } from './testing/bench.ts';

function setUp(options: ClusterBenchOptions = {}, seed = 1) {
  const simulation = new Simulation({ seed });
  return { simulation, ...createClusterBench(simulation, options) };
}

describe('from the object to the agents and back', () => {
  it('agents run when pods are bound and stop when they are deleted', () => {
    const { simulation, cluster } = setUp({ nodes: 40 });
    advance(simulation, seconds(5));
    cluster.daemonSet.select(1);
    advance(simulation, seconds(30));
    expect(cluster.daemon.runningCount).toBe(40);
    cluster.daemonSet.select(0);
    advance(simulation, seconds(30));
    expect(cluster.daemon.runningCount).toBe(0);
    cluster.controlPlane.checkBooks();
  });

  it('agents run on while the API is away', () => {
    const { simulation, cluster } = setUp({ nodes: 20 });
    cluster.daemonSet.select(1);
    advance(simulation, seconds(30));
    for (const server of cluster.controlPlane.servers) server.kill('memory');
    cluster.daemonSet.select(0);
    advance(simulation, seconds(15));
    expect(cluster.daemon.runningCount).toBe(20);
    advance(simulation, minutes(5));
    expect(cluster.daemon.runningCount).toBe(0);
  });

  it('behind a block agents run on without their pods, and are stopped when it is lifted', () => {
    const { simulation, cluster } = setUp({ nodes: 20, agent: { period: seconds(10) } });
    cluster.daemonSet.select(1);
    advance(simulation, seconds(30));
    cluster.blockAdminApi();
    cluster.daemonSet.select(0);
    advance(simulation, seconds(30));
    // Controllers are inside the control plane's network and go on; kubelets and agents are not.
    expect(cluster.daemonSet.podCount).toBe(0);
    expect(cluster.daemon.runningCount).toBe(20);
    cluster.unblockAdminApi();
    expect(cluster.daemon.runningCount).toBe(0);
    cluster.controlPlane.checkBooks();
  });

  it('an agent whose kubelet has lost its watch runs on, and is refused from 90 s after the deletion of its pod', () => {
    const costs = flatCosts({ 'kubelet-sync': { cpuMs: 100_000 } });
    const { simulation, cluster } = setUp({ nodes: 12, cores: 8, costs, agent: { period: seconds(5) } });
    cluster.daemonSet.select(1);
    advance(simulation, seconds(30));
    cluster.controlPlane.servers[0]!.kill('memory');
    cluster.daemonSet.select(0);
    while (cluster.daemonSet.podCount > 0) advance(simulation, ms(100));
    const agents = cluster.controlPlane.groups.find((group) => group.name === 'agent')!;
    const before = agents.ended[0]!;
    advance(simulation, seconds(85));
    // The kubelets of that server list in vain: each LIST takes longer than they wait.
    expect(cluster.daemon.runningCount).toBe(4);
    const after = agents.ended[0]!;
    expect(after).toBeGreaterThan(before + 4 * 10);
    expect(agents.ended[2]).toBe(0);
    advance(simulation, minutes(2));
    expect(cluster.daemon.runningCount).toBe(4);
    expect(agents.ended[0]! - after).toBeLessThanOrEqual(8);
    expect(agents.ended[2]).toBeGreaterThan(20);
    cluster.controlPlane.checkBooks();
  });

  it('no agent is left running after a block that outlived every watch', () => {
    const { simulation, cluster } = setUp({ nodes: 20 });
    cluster.daemonSet.select(1);
    advance(simulation, seconds(30));
    cluster.blockAdminApi();
    cluster.daemonSet.select(0);
    advance(simulation, minutes(20));
    cluster.unblockAdminApi();
    advance(simulation, minutes(3));
    expect(cluster.daemon.runningCount).toBe(0);
    cluster.controlPlane.checkBooks();
  });
});

describe('size', () => {
  it('costs follow the pods that are stored', () => {
    const perPod = { evaluate: ({ pods = 0 }: Readonly<Record<string, number>>): number => pods };
    const costs = flatCosts();
    const grown = {
      ...costs,
      operations: { ...costs.operations, get: { ...costs.operations.get, apiServerCpu: perPod } },
    };
    const { simulation, cluster } = setUp({ nodes: 20, podsPerNode: 10, costs: grown });
    expect(cluster.pods).toBe(200);
    cluster.daemonSet.select(1);
    advance(simulation, seconds(30));
    expect(cluster.pods).toBe(220);
    cluster.removeNodes(5);
    // Five pods of the DaemonSet; the others stay stored until their owners have others in their place.
    expect(cluster.pods).toBe(215);
  });

  it('machines go with everything on them', () => {
    const { simulation, cluster } = setUp({ nodes: 20 });
    cluster.daemonSet.select(1);
    advance(simulation, seconds(30));
    expect(cluster.removeNodes(5)).toBe(5);
    expect(cluster.kubelets.count).toBe(15);
    expect(cluster.daemon.runningCount).toBe(15);
    expect(cluster.daemonSet.podCount).toBe(15);
    expect(cluster.removeNodes(100)).toBe(15);
    expect(cluster.removeNodes(1)).toBe(0);
    advance(simulation, minutes(5));
    cluster.controlPlane.checkBooks();
  });
});

describe('a break-glass server', () => {
  it('lets controllers work while the servers of the nodes are dead', () => {
    const breakGlass = { cores: 2, memoryLimitBytes: 1_000 };
    const { simulation, cluster } = setUp({ nodes: 20, breakGlass });
    cluster.daemonSet.select(1);
    advance(simulation, seconds(30));
    for (const server of cluster.controlPlane.balanced) server.kill('memory');
    cluster.daemonSet.select(0);
    advance(simulation, seconds(8));
    expect(cluster.daemonSet.podCount).toBe(0);
    expect(cluster.controlPlane.readyCount).toBe(0);
  });
});

it('a server that dies breaks watches, and all are back in a minute after it', () => {
  const { simulation, cluster } = setUp({ nodes: 60 });
  advance(simulation, seconds(5));
  cluster.controlPlane.servers[0]!.kill('memory');
  advance(simulation, ms(1));
  const open = (): number =>
    Array.from({ length: 60 }, (_, node) => node).filter((node) => cluster.kubelets.isSynced(node)).length;
  expect(open()).toBe(40);
  advance(simulation, minutes(1));
  expect(open()).toBe(60);
});
