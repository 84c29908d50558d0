import { minutes, seconds, Simulation } from '@brownout/core';
import { expect, it } from 'vitest';
import { advance, createBench } from '../testing/bench.ts';
import { NodeStore } from './node-store.ts';
import { PodStatusRepair } from './pod-status-repair.ts';

function setUp() {
  const simulation = new Simulation({ seed: 1 });
  const { controlPlane } = createBench(simulation, { cores: 8 });
  const store = new NodeStore({ nodes: 50, podsPerNode: 4 });
  const repaired: number[] = [];
  const repair = new PodStatusRepair(simulation, 'test', {
    controlPlane,
    store,
    podRepaired: (node) => repaired.push(node),
  });
  const sent = (name: string): number => controlPlane.groups.find((group) => group.name === name)!.sent;
  return { simulation, controlPlane, store, repair, repaired, sent };
}

it('writes every pod that is stored as not ready within one sync, two requests each', () => {
  const { simulation, controlPlane, store, repair, repaired, sent } = setUp();
  store.readyPods.fill(1);
  for (let node = 0; node < 50; node++) repair.notice(node);
  repair.notice(7);
  advance(simulation, seconds(11));
  expect(store.countNotReadyPods()).toBe(0);
  expect(repaired).toHaveLength(150);
  expect([sent('kubelet-pod-status-get'), sent('kubelet-pod-status')]).toEqual([150, 150]);
  repair.notice(7);
  advance(simulation, minutes(1));
  expect(sent('kubelet-pod-status')).toBe(150);
  controlPlane.checkBooks();
});

it('goes on every ten seconds until the API lets it', () => {
  const { simulation, controlPlane, store, repair } = setUp();
  store.readyPods[3] = 0;
  controlPlane.servers[0]!.kill('liveness');
  repair.notice(3);
  advance(simulation, seconds(15));
  expect(store.readyPods[3]).toBe(0);
  advance(simulation, minutes(2));
  expect(store.readyPods[3]).toBe(4);
  controlPlane.checkBooks();
});
