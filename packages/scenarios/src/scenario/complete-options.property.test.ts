import { createArbitraries } from '@brownout/core/testing';
import { type Duration, minutes, plus, seconds, Simulation, Trace } from '@brownout/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { smallScenario } from '../../test/small-scenario.ts';
import type { Cluster } from '../kubernetes/cluster.ts';
import { CompleteControllers } from '../kubernetes/complete-controllers.ts';
import { buildWorld } from './build.ts';
import { parseScenario } from './parse.ts';

const arbitrary = createArbitraries(fc);
const NODES = 30;

/** What may be done to a cluster at any time. */
const deeds: Readonly<Record<string, (cluster: Cluster, number: number) => void>> = {
  'kill one': ({ controlPlane }, number) => controlPlane.servers[number % 3]!.kill('liveness'),
  'kill all': ({ controlPlane }) => controlPlane.servers.forEach((server) => server.kill('memory')),
  block: (cluster) => cluster.blockAdminApi(),
  unblock: (cluster) => cluster.unblockAdminApi(),
  select: (cluster, number) => cluster.daemonSet.select((number % 4) / 3),
  'remove nodes': (cluster, number) => void cluster.removeNodes(number % 4),
};

const story = fc.array(
  fc.record({
    wait: arbitrary.duration(seconds(60)),
    deed: fc.constantFrom(...Object.keys(deeds)),
    number: fc.nat({ max: 100 }),
  }),
  { maxLength: 15 },
);

function setUp(seed: number, profile: '1.30' | 'current') {
  const simulation = new Simulation({ seed, eventLimit: 3_000_000 });
  const small = smallScenario();
  const scenario = parseScenario(
    {
      ...small,
      kubernetes: { ...small.kubernetes, profile },
      clusters: [{ ...small.clusters[1]!, nodes: NODES }],
      rollout: null,
      agent: { ...small.agent, startDelay: '5 s' },
    },
    'complete',
  );
  const { cluster } = buildWorld(simulation, new Trace(simulation, { keep: 'none' }), scenario).sites[0]!;
  return { simulation, cluster, advance: (time: Duration) => void simulation.runUntil(plus(simulation.now, time)) };
}

it('whatever is done to a complete cluster, it comes back: leaders, watches, leases, agents where they belong', () => {
  fc.assert(
    fc.property(
      fc.nat({ max: 1_000_000 }),
      fc.constantFrom('1.30' as const, 'current' as const),
      story,
      (seed, profile, steps) => {
        const { cluster, advance } = setUp(seed, profile);
        cluster.daemonSet.select(1);
        for (const { wait, deed, number } of steps) {
          advance(wait);
          deeds[deed]!(cluster, number);
          cluster.controlPlane.checkBooks();
        }
        cluster.unblockAdminApi();
        cluster.daemonSet.select(2 / 3);
        // Crash back-offs of 5 min, an election and its informers, endpoints and pods at 20 a second.
        advance(minutes(15));
        cluster.controlPlane.checkBooks();
        expectRecovered(cluster);
      },
    ),
    { seed: 20241124, numRuns: 12, endOnFailure: true },
  );
});

function expectRecovered(cluster: Cluster): void {
  const { kubelets, daemonSet, daemon, coreDns, controlPlane } = cluster;
  if (!(daemonSet instanceof CompleteControllers)) throw new TypeError('expected the complete controllers');
  const nodes = Array.from(kubelets.exists.keys()).filter((node) => kubelets.exists[node] === 1);
  expect(controlPlane.readyCount).toBe(3);
  expect(nodes.filter((node) => !kubelets.isSynced(node))).toEqual([]);
  expect([kubelets.countNotReady(), daemonSet.store.countNotReady(), daemonSet.store.countNotReadyPods()]).toEqual([
    0, 0, 0,
  ]);
  expect([daemonSet.manager.isLeading, daemonSet.scheduler.election.isLeading]).toEqual([true, true]);
  expect(daemonSet.isSettled).toBe(true);
  const selected = nodes.filter((node) => daemonSet.isSelected[node] === 1);
  expect(nodes.filter((node) => daemon.isRunning[node] === 1)).toEqual(selected);
  expect(coreDns.syncedReplicas).toBe(coreDns.replicas);
}
