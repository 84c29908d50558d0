import { minutes, ms, seconds, Simulation } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { advance, type BenchOptions, createBench } from '../testing/bench.ts';
import { type KubeletRules, Kubelets } from './kubelet.ts';
import { NodeStore, Ready } from './node-store.ts';

function setUp(nodes: number, options: BenchOptions & { rules?: KubeletRules } = {}) {
  const simulation = new Simulation({ seed: 1 });
  const { controlPlane } = createBench(simulation, { cores: 8, ...options });
  const reported: { node: number; at: number }[] = [];
  const synced: number[] = [];
  const timings = {
    renewInterval: seconds(10),
    renewJitter: 0.04,
    requestTimeout: seconds(10),
    leaseDuration: seconds(40),
    statusInterval: minutes(5),
  };
  const make = (rules: KubeletRules): Kubelets =>
    new Kubelets(simulation, 'bench', nodes, { ...timings, rules }, controlPlane, {
      nodeSynced: (node) => synced.push(node),
      nodeReported: (node) => reported.push({ node, at: simulation.now / seconds(1) }),
    });
  const group = (name: string) => controlPlane.groups.find((candidate) => candidate.name === name)!;
  return { simulation, controlPlane, make, reported, synced, group };
}

it('renewals of a healthy cluster are as without the rules: a PUT per node and interval, no GET', () => {
  const { simulation, controlPlane, make, group } = setUp(200);
  make({});
  advance(simulation, minutes(10));
  expect(Math.abs(group('kubelet-lease').sent - (200 * 600) / 10.2)).toBeLessThan(120);
  expect(group('kubelet-lease-get').sent).toBe(0);
  controlPlane.checkBooks();
});

it('a hanging API costs five PUTs, then GETs; the second failure closes lease, status and watch connections', () => {
  const { simulation, controlPlane, make, group } = setUp(1);
  const kubelets = make({});
  advance(simulation, seconds(12));
  controlPlane.block();
  const leases = group('kubelet-lease');
  const before = leases.ended[4]!;
  while (leases.ended[4]! < before + 1) advance(simulation, ms(10));
  expect([leases.server[0], group('kubelet-status').server[0], group('kubelet-watch').server[0]]).toEqual([0, 0, 0]);
  while (leases.ended[4]! < before + 2) advance(simulation, ms(1));
  expect([leases.server[0], group('kubelet-status').server[0], group('kubelet-watch').server[0]]).toEqual([-1, -1, -1]);
  expect(kubelets.isSynced(0)).toBe(false);
  advance(simulation, seconds(45));
  expect(leases.ended[4]).toBe(before + 5);
  expect(group('kubelet-lease-get').sent).toBeGreaterThan(0);
  controlPlane.unblock();
  advance(simulation, minutes(3));
  expect(kubelets.isSynced(0)).toBe(true);
  expect(simulation.now - kubelets.renewedAt[0]!).toBeLessThan(seconds(11));
  controlPlane.checkBooks();
});

describe('status reports', () => {
  it('come every five minutes and up to one tick', () => {
    const { simulation, make, reported } = setUp(1);
    make({});
    advance(simulation, minutes(120));
    const gaps = reported.slice(1).map(({ at }, i) => at - reported[i]!.at);
    expect(gaps.length).toBeGreaterThan(20);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(300);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(310.4);
  });

  it('of a node that is stored as not ready come with the tick after its next renewal', () => {
    const { simulation, controlPlane } = setUp(1);
    const store = new NodeStore({ nodes: 1, podsPerNode: 0 });
    const reported: number[] = [];
    const kubelets = new Kubelets(
      simulation,
      'bench',
      1,
      {
        renewInterval: seconds(10),
        renewJitter: 0.04,
        requestTimeout: seconds(10),
        leaseDuration: seconds(40),
        statusInterval: minutes(50),
        rules: { store },
      },
      controlPlane,
      { nodeSynced: () => {}, nodeReported: () => reported.push(simulation.now) },
    );
    advance(simulation, seconds(30));
    store.ready[0] = Ready.unknown;
    advance(simulation, seconds(22));
    expect(store.ready[0]).toBe(Ready.true);
    expect(reported).toHaveLength(1);
    expect(kubelets.countNotReady()).toBe(0);
  });

  it('that fail are tried five times in a tick, each but the first after a GET, and again in the next tick', () => {
    const { simulation, controlPlane, make, group, reported } = setUp(1);
    make({ statusTickJitter: 0 });
    const patches = group('kubelet-status');
    const gets = group('kubelet-status-get');
    while (patches.sent === 0) advance(simulation, ms(100));
    const before = reported.length;
    controlPlane.block();
    advance(simulation, minutes(4.5));
    const [patched, read] = [patches.sent, gets.sent];
    // The tick at five minutes: one PATCH and four GETs of 10 s each, then a pause of 10 s.
    advance(simulation, seconds(85));
    expect(patches.sent - patched).toBe(1);
    expect(gets.sent - read).toBe(4);
    controlPlane.unblock();
    advance(simulation, minutes(2));
    expect(reported.length).toBe(before + 1);
    controlPlane.checkBooks();
  });

  it('of nodes that came together stay together, unless the first one is moved by up to half an interval', () => {
    for (const [reportOffset, most] of [
      [0, 12],
      [0.5, 310],
    ] as const) {
      const simulation = new Simulation({ seed: 3 });
      const { controlPlane } = createBench(simulation, { cores: 8 });
      const nodes = 200;
      const store = new NodeStore({ nodes, podsPerNode: 0 });
      store.ready.fill(Ready.unknown);
      const reports: number[][] = Array.from({ length: nodes }, () => []);
      const kubelets = new Kubelets(
        simulation,
        'bench',
        nodes,
        {
          renewInterval: seconds(10),
          renewJitter: 0.04,
          requestTimeout: seconds(10),
          leaseDuration: seconds(40),
          statusInterval: minutes(5),
          rules: { store, reportOffset },
        },
        controlPlane,
        { nodeSynced: () => {}, nodeReported: (node) => reports[node]!.push(simulation.now / seconds(1)) },
      );
      advance(simulation, minutes(9));
      expect(kubelets.count).toBe(nodes);
      const second = reports.map((times) => times[1] ?? Infinity).filter((at) => at < Infinity);
      const spread = Math.max(...second) - Math.min(...second);
      // First reports fall within 20 s: the next renewal, and the tick after it.
      expect(spread).toBeLessThanOrEqual(20 + most);
      if (reportOffset > 0) expect(spread).toBeGreaterThan(200);
    }
  });
});
