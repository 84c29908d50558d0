/** A replica of CoreDNS whose pod is replaced: nothing of the pod before reaches the new one. */
import { minutes, seconds, Simulation } from '@brownout/core';
import { expect, it } from 'vitest';
import { type NodeStore, Ready } from '../nodes/node-store.ts';
import { advance, createBench } from '../testing/bench.ts';
import { CoreDnsPods } from './core-dns-pods.ts';
import { CoreDnsReplacement } from './core-dns-replacement.ts';

/** One replica on the first of four nodes that are all ready. */
function setUp(isReplaced: boolean) {
  const simulation = new Simulation({ seed: 1 });
  const { controlPlane } = createBench(simulation, { cores: 8 });
  const listed: boolean[] = [];
  const gone = new Set<number>();
  const started: { node: number; at: number }[] = [];
  const pods: CoreDnsPods = new CoreDnsPods(simulation, 'dns', { replicas: 1 }, [0], {
    controlPlane,
    isAlive: () => true,
    observer: {
      endpointChanged: (_replica, isListed) => listed.push(isListed),
      deleted: (replica) => {
        if (isReplaced) replacement.replace(replica);
      },
    },
  });
  const nodes = (value: number): Uint8Array => new Uint8Array(4).fill(value);
  const store = { atStart: 4, exists: nodes(1), ready: nodes(Ready.true), isClosed: nodes(0), isTainted: nodes(0) };
  const replacement = new CoreDnsReplacement(simulation, 'dns', {
    controlPlane,
    store: store as unknown as NodeStore,
    pods,
    isSynced: (node) => !gone.has(node),
    started: (replica) => started.push({ node: pods.node[replica]!, at: simulation.now / seconds(1) }),
  });
  return { simulation, controlPlane, pods, started, listed, gone };
}

it('a pod that is deleted before its container starts leaves no start behind', () => {
  const { simulation, pods, started, controlPlane } = setUp(true);
  pods.deleted(0);
  advance(simulation, seconds(2));
  expect(pods.exists[0]).toBe(1);
  // Bound at once, its container due a second from now; then its node goes, and another pod is made.
  pods.deleted(0);
  advance(simulation, seconds(30));
  expect(started).toHaveLength(1);
  expect(started[0]!.node).toBe(pods.node[0]);
  expect(started[0]!.at).toBeGreaterThan(5);
  expect(started[0]!.at).toBeLessThan(5.2);
  controlPlane.checkBooks();
});

it('a container is not started on a machine that went while it was being started', () => {
  const { simulation, pods, started, gone, controlPlane } = setUp(true);
  pods.deleted(0);
  advance(simulation, seconds(2));
  gone.add(pods.node[0]!);
  advance(simulation, seconds(10));
  expect(started).toEqual([]);
  gone.clear();
  advance(simulation, seconds(5));
  expect(started).toHaveLength(1);
  controlPlane.checkBooks();
});

it('what a kubelet was still writing about the pod before says nothing of the new one', () => {
  const { simulation, pods, controlPlane, listed } = setUp(false);
  pods.readinessChanged(0, false);
  advance(simulation, seconds(1));
  expect(pods.isReadyInApi(0)).toBe(false);
  controlPlane.servers[0]!.kill('liveness');
  pods.readinessChanged(0, true);
  advance(simulation, seconds(1));
  pods.deleted(0);
  pods.replaced(0, 1);
  advance(simulation, minutes(2));
  expect(controlPlane.readyCount).toBe(1);
  expect(listed).not.toContain(true);
  pods.readinessChanged(0, true);
  advance(simulation, minutes(1));
  expect(pods.isReadyInApi(0)).toBe(true);
  controlPlane.checkBooks();
});
