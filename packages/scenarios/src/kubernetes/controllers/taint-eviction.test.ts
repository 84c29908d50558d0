import { minutes, ms, seconds, Simulation } from '@brownout/core';
import { expect, it } from 'vitest';
import { NodeStore } from '../nodes/node-store.ts';
import { advance, createBench } from '../testing/bench.ts';
import { TaintEviction } from './taint-eviction.ts';

function setUp(nodes: number, podsPerNode: number) {
  const simulation = new Simulation({ seed: 1 });
  const { controlPlane } = createBench(simulation, { cores: 8 });
  const store = new NodeStore({ nodes, podsPerNode });
  const evicted: { node: number; at: number }[] = [];
  const eviction = new TaintEviction(
    simulation,
    'manager',
    {},
    {
      controlPlane,
      store,
      podEvicted: (node) => evicted.push({ node, at: simulation.now / seconds(1) }),
    },
  );
  const taint = (node: number): void => {
    store.isTainted[node] = 1;
    eviction.nodeTainted(node);
  };
  return { simulation, controlPlane, store, eviction, evicted, taint };
}

it('deletes the pods of a tainted node after 300 s, three requests each at 20 a second', () => {
  const { simulation, evicted, taint, store, controlPlane } = setUp(3, 40);
  taint(1);
  advance(simulation, seconds(300) - ms(1));
  expect(evicted).toEqual([]);
  advance(simulation, minutes(2));
  expect(evicted).toHaveLength(40);
  // 120 requests, 30 of them at once: the last gets its token after 90 / 20 s.
  expect(evicted.at(-1)!.at).toBeGreaterThanOrEqual(304.5);
  expect(evicted.at(-1)!.at).toBeLessThan(304.6);
  expect([store.pods[1], store.readyPods[1], store.pods[0]]).toEqual([0, 0, 40]);
  controlPlane.checkBooks();
});

it('deletes nothing when the taint goes before', () => {
  const { simulation, evicted, taint, eviction } = setUp(3, 5);
  taint(1);
  taint(2);
  expect(eviction.pending).toBe(2);
  advance(simulation, seconds(299));
  eviction.nodeUntainted(1);
  advance(simulation, minutes(5));
  expect(evicted.map(({ node }) => node)).toEqual([2, 2, 2, 2, 2]);
});

it('gives up on a pod after five tries, which takes only 40 ms when the API refuses', () => {
  const { simulation, evicted, taint, controlPlane } = setUp(1, 1);
  taint(0);
  advance(simulation, seconds(299.99));
  controlPlane.servers[0]!.kill('memory');
  advance(simulation, minutes(5));
  expect(evicted).toEqual([]);
  const reads = controlPlane.groups.find((group) => group.name === 'taint-eviction-controller-reads')!;
  expect(reads.sent).toBe(5);
});

it('a new process starts every toleration anew', () => {
  const { simulation, evicted, taint, eviction } = setUp(2, 1);
  taint(0);
  advance(simulation, seconds(200));
  eviction.stop();
  advance(simulation, seconds(200));
  expect(evicted).toEqual([]);
  eviction.start();
  advance(simulation, seconds(299));
  expect(evicted).toEqual([]);
  advance(simulation, seconds(2));
  expect(evicted).toHaveLength(1);
});
