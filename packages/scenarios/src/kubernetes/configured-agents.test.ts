/** Agents that are there already and are set to work by a change of their configuration. */
import { type Duration, minutes, seconds, Simulation } from '@brownout/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Cluster, type ClusterOptions } from './cluster.ts';
import { Status } from './requests/api-request.ts';
import { advance, clusterOptions } from './testing/bench.ts';

const nothing = (): void => {};

function setUp(
  options: {
    readonly nodes?: number;
    readonly delay?: () => Duration;
    readonly agent?: Partial<ClusterOptions['daemon']>;
  } = {},
) {
  const simulation = new Simulation({ seed: 1 });
  const { nodes = 4, delay = () => seconds(1), agent } = options;
  const cluster = new Cluster(
    simulation,
    {
      ...clusterOptions('bench', {
        nodes,
        agent: {
          periodJitter: 0,
          requests: [
            { name: '', operation: 'list-pods-cache-json', period: seconds(60), isInformer: true },
            { name: 'write', verb: 'update', operation: 'object-update', period: seconds(10), perChange: 3 },
          ],
          ...agent,
        },
      }),
      configuration: { delay: { sample: delay } },
    },
    {
      apiServerDied: nothing,
      apiServerReady: nothing,
      etcdMemberKilled: nothing,
      etcdMemberBack: nothing,
      nameFailed: nothing,
    },
  );
  const group = (name: string) => cluster.controlPlane.groups.find((one) => one.name === name)!;
  return { simulation, cluster, lists: group('agent'), writes: group('agent-write') };
}

describe('agents that are there', () => {
  it('ask for nothing until something changes, and are not counted twice among the pods', () => {
    const { simulation, cluster, lists, writes } = setUp();
    advance(simulation, minutes(30));
    expect([lists.sent, writes.sent, cluster.daemonSet.podCount]).toEqual([0, 0, 0]);
    expect([cluster.daemon.runningCount, cluster.pods]).toEqual([4, 40]);
    expect(cluster.daemonSet.isSettled).toBe(true);
  });

  it('write so often each after a change, once, and come to rest', () => {
    const { simulation, cluster, writes } = setUp();
    cluster.daemonSet.select(1);
    expect(cluster.daemonSet.podCount).toBe(12);
    advance(simulation, seconds(1) - 1);
    expect(writes.sent).toBe(0);
    advance(simulation, minutes(10));
    expect([writes.sent, writes.ended[Status.ok], cluster.daemonSet.podCount]).toEqual([12, 12, 0]);
    expect(cluster.daemonSet.isSettled).toBe(true);
  });

  it('hear of a change of half of them only where it reaches', () => {
    const { simulation, cluster, writes } = setUp();
    cluster.daemonSet.select(0.5);
    advance(simulation, minutes(1));
    expect(writes.sent).toBe(6);
    cluster.daemonSet.select(1);
    advance(simulation, minutes(1));
    expect(writes.sent).toBe(12);
  });

  it('write everything again when a finished change is taken back', () => {
    const { simulation, cluster, writes } = setUp();
    cluster.daemonSet.select(1);
    advance(simulation, minutes(1));
    cluster.daemonSet.select(0);
    expect(cluster.daemonSet.podCount).toBe(12);
    advance(simulation, minutes(1));
    expect([writes.sent, cluster.daemonSet.podCount]).toEqual([24, 0]);
  });

  it('owe nothing when a change is taken back before they heard of it', () => {
    const { simulation, cluster, writes } = setUp({ delay: () => minutes(5) });
    cluster.daemonSet.select(1);
    advance(simulation, minutes(1));
    cluster.daemonSet.select(0);
    advance(simulation, minutes(30));
    expect([writes.sent, cluster.daemonSet.podCount]).toEqual([0, 0]);
  });

  it('try until it succeeds: what an outage of the API held up is written after it', () => {
    const { simulation, cluster, writes } = setUp();
    cluster.blockAdminApi();
    cluster.daemonSet.select(1);
    advance(simulation, minutes(10));
    expect([writes.ended[Status.ok], cluster.daemonSet.podCount > 11]).toEqual([0, true]);
    cluster.unblockAdminApi();
    advance(simulation, minutes(10));
    expect([writes.ended[Status.ok], cluster.daemonSet.podCount]).toEqual([12, 0]);
  });

  it('list again when the API server that their watch was on dies, and only those of that server', () => {
    const { simulation, cluster, lists } = setUp({ nodes: 6 });
    cluster.controlPlane.balanced[0]!.kill('memory');
    advance(simulation, minutes(1));
    expect(lists.ended[Status.ok]).toBe(2);
  });

  it('leave what they owe behind with their node', () => {
    const { simulation, cluster, writes } = setUp({ delay: () => minutes(5) });
    cluster.daemonSet.select(1);
    expect(cluster.removeNodes(3)).toBe(3);
    expect(cluster.daemonSet.podCount).toBe(3);
    advance(simulation, minutes(10));
    expect(writes.sent).toBe(3);
  });

  it('keep within a client-side limit', () => {
    const { simulation, cluster, writes } = setUp({ nodes: 1, agent: { pace: { qps: 0.1, burst: 1 } } });
    cluster.daemonSet.select(1);
    advance(simulation, seconds(12));
    expect(writes.sent).toBe(2);
    advance(simulation, seconds(10));
    expect(writes.sent).toBe(3);
  });
});

it('whatever is changed, taken back and cut off in between: at rest, all is stored as wanted and the books agree', () => {
  const step = fc.record({
    share: fc.constantFrom(0, 0.5, 1),
    wait: fc.integer({ min: 0, max: 4000 }),
    cuts: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 8 }), (steps) => {
      const { simulation, cluster, writes } = setUp();
      for (const { share, wait, cuts } of steps) {
        if (cuts) cluster.blockAdminApi();
        else cluster.unblockAdminApi();
        cluster.daemonSet.select(share);
        advance(simulation, (wait * 1000) as Duration);
      }
      cluster.unblockAdminApi();
      advance(simulation, minutes(20));
      expect(cluster.daemonSet.podCount).toBe(0);
      cluster.controlPlane.checkBooks();
      // Every object was written an even number of times, or an odd one where it is wanted now: steps are symmetric.
      const changed = cluster.daemonSet.isSelected.reduce((sum, one) => sum + one, 0);
      expect((writes.ended[Status.ok]! - 3 * changed) % 2).toBe(0);
    }),
    { numRuns: 30, seed: 1 },
  );
});
