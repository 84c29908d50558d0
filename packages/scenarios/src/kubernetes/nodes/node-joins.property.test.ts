import { createArbitraries } from '@brownout/core/testing';
import { minutes, seconds, Simulation } from '@brownout/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Cluster } from '../cluster.ts';
import { advance, clusterOptions } from '../testing/bench.ts';
import { usualLeaseAggregate } from './lease-aggregate-options.ts';

const arbitrary = createArbitraries(fc);
const nothing = (): void => {};

/** Ten nodes, and rows for thirty more; leases one by one or in batches. */
function createCluster(simulation: Simulation, isAggregated: boolean): Cluster {
  const options = clusterOptions('bench', { nodes: 10, joining: 30, agent: { period: seconds(20) } });
  const kubelet = isAggregated ? { ...options.kubelet, aggregateLeases: usualLeaseAggregate } : options.kubelet;
  return new Cluster(
    simulation,
    { ...options, kubelet },
    {
      apiServerDied: nothing,
      apiServerReady: nothing,
      etcdMemberKilled: nothing,
      etcdMemberBack: nothing,
      nameFailed: nothing,
    },
  );
}

it('whatever machines and servers do, everybody who stays joins, renews and has its agent, and no attempt is lost', () => {
  const story = fc.array(
    fc.record({
      wait: arbitrary.duration(seconds(40)),
      deed: fc.constantFrom('join', 'join', 'join', 'remove', 'kill all', 'block', 'unblock', 'select'),
      number: fc.nat({ max: 12 }),
      isProvisioned: fc.boolean(),
    }),
    { maxLength: 15 },
  );
  fc.assert(
    fc.property(fc.boolean(), story, (isAggregated, deeds) => {
      const simulation = new Simulation({ seed: 1 });
      const cluster = createCluster(simulation, isAggregated);
      let [joined, removed] = [0, 0];
      for (const { wait, deed, number, isProvisioned } of deeds) {
        advance(simulation, wait);
        if (deed === 'join') {
          joined += cluster.joins!.join(number, {
            startTime: { sample: () => seconds(number) },
            readyAfter: { sample: () => seconds(12 - number) },
            objects: isProvisioned ? 'provisioner' : 'kubelet',
          });
        } else if (deed === 'remove') removed += cluster.removeNodes(number % 4);
        else if (deed === 'kill all') cluster.controlPlane.servers.forEach((server) => server.kill('memory'));
        else if (deed === 'block') cluster.blockAdminApi();
        else if (deed === 'unblock') cluster.unblockAdminApi();
        else cluster.daemonSet.select((number % 4) / 3);
      }
      cluster.unblockAdminApi();
      cluster.daemonSet.select(1);
      advance(simulation, minutes(15));
      const expected = 10 + joined - removed;
      expect([cluster.kubelets.count, cluster.daemon.runningCount]).toEqual([expected, expected]);
      expect([cluster.kubelets.countNotReady(), cluster.daemonSet.isSettled]).toEqual([0, true]);
      for (let node = 0; node < 40; node++) {
        if (cluster.kubelets.exists[node] === 1) expect(cluster.kubelets.isSynced(node)).toBe(true);
      }
      cluster.controlPlane.checkBooks();
    }),
    { seed: 20241211, numRuns: 40 },
  );
});
