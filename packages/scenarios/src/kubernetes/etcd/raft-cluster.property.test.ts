import { ms, seconds, Simulation } from '@brownout/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Cluster } from '../cluster.ts';
import { advance, controlPlaneOptions, createClusterBench, flatCosts } from '../testing/bench.ts';

/** What may be done to a whole cluster whose etcd is modelled with raft. */
const deeds: Readonly<Record<string, (cluster: Cluster, number: number) => void>> = {
  'crash a member': ({ controlPlane }, number) => controlPlane.etcd.crash(number % 3),
  'isolate a member': ({ controlPlane }, number) => controlPlane.etcd.isolate([number % 3]),
  'isolate a member from its peers': ({ controlPlane }, number) =>
    controlPlane.etcd.isolate([number % 3], { reachClients: true }),
  heal: ({ controlPlane }) => controlPlane.etcd.heal(),
  'stall a disk': ({ controlPlane }, number) => controlPlane.etcd.stallDisk(number % 3, seconds(number % 10)),
  'slow a disk': ({ controlPlane }, number) => controlPlane.etcd.slowDisk(number % 3, 1 + (number % 400)),
  'lose a zone': ({ controlPlane }, number) => controlPlane.etcd.loseZone(number % 3),
  'restore a zone': ({ controlPlane }, number) => controlPlane.etcd.restoreZone(number % 3),
  defragment: ({ controlPlane }, number) => controlPlane.etcd.defragment(number % 3),
  'kill an API server': ({ controlPlane }, number) => controlPlane.servers[number % 3]!.kill('memory'),
  block: (cluster) => cluster.blockAdminApi(),
  unblock: (cluster) => cluster.unblockAdminApi(),
  'select nodes': (cluster, number) => cluster.daemonSet.select((number % 4) / 3),
};

const story = fc.array(
  fc.record({
    wait: fc.integer({ min: 1, max: 40_000 }),
    deed: fc.constantFrom(...Object.keys(deeds)),
    number: fc.nat({ max: 400 }),
  }),
  { maxLength: 20 },
);

it('whatever is done to a cluster with raft, every attempt ends once, no row is lost, and it comes back', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1000 }),
      fc.constantFrom(1_500, 1_000_000),
      story,
      (seed, etcdMemory, steps) => {
        const simulation = new Simulation({ seed });
        const { cluster } = createClusterBench(simulation, {
          nodes: 30,
          costs: flatCosts({
            'list-pods-etcd-json': { cpuMs: 40, etcdMs: 60, bytes: 100, etcdBytes: 200 },
            'lease-update': { cpuMs: 0.5, etcdMs: 0.5 },
            'cache-fill': { cpuMs: 50, etcdMs: 30, etcdBytes: 300 },
          }),
          controlPlane: {
            etcd: {
              ...controlPlaneOptions().etcd,
              members: 3,
              coresPerMember: 2,
              memoryLimitBytes: etcdMemory,
              raft: { zones: [0, 1, 2] },
              storage: { liveBytes: 1e9 },
            },
          },
        });
        const { controlPlane } = cluster;
        for (const { wait, deed, number } of steps) {
          advance(simulation, ms(wait));
          deeds[deed]!(cluster, number);
          controlPlane.checkBooks();
        }
        for (const zone of [0, 1, 2]) {
          controlPlane.etcd.restoreZone(zone);
          controlPlane.etcd.slowDisk(zone, 1);
        }
        controlPlane.etcd.heal();
        cluster.unblockAdminApi();
        cluster.daemonSet.select(0);
        advance(simulation, seconds(900));
        controlPlane.checkBooks();
        expect(controlPlane.etcd.hasQuorum).toBe(true);
        expect(controlPlane.readyCount).toBe(3);
        // Nothing is left of the past: rows are those of requests under way, a handful.
        expect(controlPlane.requests.openCount).toBeLessThan(60);
        expect(controlPlane.etcd.raft!.commits.pending.count).toBeLessThan(30);
      },
    ),
    { seed: 20241211, numRuns: 25 },
  );
});
