import { minutes, ms, seconds, Simulation } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { advance, flatCosts } from '../testing/bench.ts';
import { createNodeWorld, type NodeWorldOptions, range } from './testing/node-world.ts';

function setUp(options: NodeWorldOptions) {
  const simulation = new Simulation({ seed: 1 });
  return { simulation, ...createNodeWorld(simulation, options) };
}

describe('a silent node', () => {
  it('is marked in the first pass after the grace period, and a renewing one never', () => {
    const { simulation, silence, marked, store, controlPlane, lifecycle } = setUp({ nodes: 100 });
    advance(simulation, seconds(61));
    silence([7]);
    advance(simulation, minutes(5));
    expect(marked.map(({ node }) => node)).toEqual([7]);
    // Renewed last at 60.7 s, seen up to 5 s later, silent for 40 s then, looked at up to 5 s after that.
    expect(marked[0]!.at).toBeGreaterThan(60.7 + 40);
    expect(marked[0]!.at).toBeLessThanOrEqual(60.7 + 50.1);
    expect(store.countNotReady()).toBe(1);
    expect(lifecycle.zoneStates).toEqual(['normal']);
    controlPlane.checkBooks();
  });

  it('has ten seconds more from 1.32', () => {
    const { simulation, silence, marked } = setUp({ nodes: 100, nodeMonitorGracePeriod: seconds(50) });
    advance(simulation, seconds(61));
    silence([7]);
    advance(simulation, minutes(5));
    expect(marked[0]!.at).toBeGreaterThan(60.7 + 50);
    expect(marked[0]!.at).toBeLessThanOrEqual(60.7 + 60.1);
  });

  it('loses its pods one request at a time, gets NoSchedule at once, and NoExecute in a later pass', () => {
    const { simulation, silence, podsMarked, store, tainted, marked } = setUp({ nodes: 20, podsPerNode: 40 });
    advance(simulation, seconds(61));
    silence([3]);
    while (marked.length === 0) advance(simulation, ms(1));
    advance(simulation, ms(100));
    expect(store.isClosed[3]).toBe(1);
    // One write for the node and two for the taint leave 27 tokens of the burst; two calls of it pass the limiter before.
    expect(podsMarked.length).toBeGreaterThanOrEqual(25);
    expect(podsMarked.length).toBeLessThan(40);
    advance(simulation, seconds(1));
    expect(podsMarked).toHaveLength(40);
    expect(tainted).toEqual([]);
    advance(simulation, seconds(7));
    expect(tainted.map(({ node }) => node)).toEqual([3]);
    expect(store.readyPods[3]).toBe(0);
  });

  it('that speaks again loses its taints', () => {
    const { simulation, silence, wake, untainted, store } = setUp({ nodes: 20 });
    advance(simulation, seconds(61));
    silence([3]);
    advance(simulation, minutes(2));
    expect([store.isTainted[3], store.isClosed[3]]).toEqual([1, 1]);
    wake([3]);
    advance(simulation, seconds(6));
    expect(untainted.map(({ node }) => node)).toEqual([3]);
    expect([store.isTainted[3], store.isClosed[3], store.ready[3]]).toEqual([0, 0, 0]);
  });
});

describe('many silent nodes', () => {
  it('are written at the pace of one client, and their pods before the next node', () => {
    const { simulation, silence, marked, podsMarked, store, controlPlane } = setUp({ nodes: 400, podsPerNode: 10 });
    advance(simulation, seconds(61));
    silence(range(0, 200));
    advance(simulation, minutes(4));
    // From the first marking on at most 30 + 20 t requests; each node costs 1 + 10 + 2.
    const first = marked[0]!.at;
    for (const [i, { at }] of marked.entries()) {
      const requests = Math.max(0, i - 8) * 11;
      expect(requests).toBeLessThanOrEqual(30 + 20 * (at - first) + 1e-6);
    }
    const elapsed = simulation.now / seconds(1) - first;
    const written = marked.length + podsMarked.length;
    expect(written).toBeLessThanOrEqual(30 + 20 * elapsed);
    // Never more than eight nodes are begun and not done: one for each worker.
    const done = range(0, 200).filter((node) => store.readyPods[node] === 0).length;
    expect(marked.length - done).toBeLessThanOrEqual(8);
    expect(done).toBeGreaterThan(100);
    controlPlane.checkBooks();
  });

  it('do not slow the tainting down before the pass that found them has ended', () => {
    // 700 of 1,000 nodes of a zone are silent, but the pass that finds it writes 700 x 11 pods and nodes for minutes.
    const { simulation, silence, lifecycle, marked, tainted } = setUp({ nodes: 1000, podsPerNode: 10 });
    advance(simulation, seconds(61));
    silence(range(0, 700));
    while (marked.length < 100) advance(simulation, seconds(1));
    expect(lifecycle.zoneStates).toEqual(['normal']);
    expect(tainted).toEqual([]);
    const passes = lifecycle.passes;
    while (lifecycle.passes === passes) advance(simulation, seconds(1));
    // Nodes that had been silent for less than 40 s when the pass came to them are left to the next one.
    expect(marked.length).toBeGreaterThan(550);
    expect(lifecycle.zoneStates).toEqual(['partial-disruption']);
    advance(simulation, minutes(10));
    // 0.01 a second in a large zone; the limiter that the zone had before was full.
    expect(tainted.length).toBeGreaterThanOrEqual(6);
    expect(tainted.length).toBeLessThanOrEqual(7);
  });

  it('in one whole zone of three are tainted at the usual rate', () => {
    const { simulation, silence, tainted, lifecycle } = setUp({ nodes: 180, zones: 3 });
    advance(simulation, seconds(61));
    silence(range(0, 180).filter((node) => node % 3 === 1));
    advance(simulation, seconds(60));
    expect(lifecycle.zoneStates).toEqual(['normal', 'full-disruption', 'normal']);
    const before = tainted.length;
    advance(simulation, minutes(3));
    expect(tainted.length - before).toBeGreaterThanOrEqual(17);
    expect(tainted.length - before).toBeLessThanOrEqual(19);
  });

  it('in all zones stop everything; taints that were written are taken back', () => {
    const { simulation, silence, tainted, untainted, lifecycle, store } = setUp({ nodes: 120, zones: 2 });
    advance(simulation, seconds(61));
    silence(range(0, 20));
    advance(simulation, minutes(2));
    expect(tainted.length).toBeGreaterThan(5);
    silence(range(0, 120));
    advance(simulation, minutes(3));
    expect(lifecycle.zoneStates).toEqual(['full-disruption', 'full-disruption']);
    expect(untainted).toHaveLength(tainted.length);
    expect(store.countTainted()).toBe(0);
    const before = tainted.length;
    advance(simulation, minutes(30));
    expect(tainted).toHaveLength(before);
  });
});

describe('writes that fail', () => {
  it('leave the node as it is: skipped, not counted, no pods touched', () => {
    const { simulation, silence, marked, podsMarked, controlPlane, lifecycle } = setUp({ nodes: 50, podsPerNode: 5 });
    advance(simulation, seconds(61));
    silence(range(0, 50));
    controlPlane.servers[0]!.kill('liveness');
    const keepDown = simulation.event('keep down', () => {
      controlPlane.servers[0]!.kill('liveness');
      keepDown.after(seconds(1));
    });
    keepDown.after(seconds(1));
    advance(simulation, minutes(3));
    expect(marked).toEqual([]);
    expect(podsMarked).toEqual([]);
    expect(lifecycle.zoneStates).toEqual(['normal']);
  });

  it('of pods are repeated in the next pass', () => {
    const costs = flatCosts({ 'node-status-patch': { cpuMs: 1 } });
    const { simulation, silence, controlPlane, podsMarked, store, marked } = setUp({
      nodes: 10,
      podsPerNode: 60,
      bench: { costs },
    });
    advance(simulation, seconds(61));
    silence([4]);
    while (podsMarked.length < 30) advance(simulation, ms(1));
    controlPlane.servers[0]!.kill('liveness');
    advance(simulation, seconds(5));
    expect(marked).toHaveLength(1);
    expect(store.readyPods[4]).toBeGreaterThan(20);
    advance(simulation, minutes(2));
    expect(store.readyPods[4]).toBe(0);
    expect(podsMarked).toHaveLength(60);
  });
});

describe('informers that stand still', () => {
  it('make every node look silent, and all are marked although they are well', () => {
    const { simulation, marked, lifecycle, store } = setUp({ nodes: 50 });
    advance(simulation, seconds(61));
    lifecycle.informersBroke();
    advance(simulation, seconds(38));
    expect(marked).toEqual([]);
    advance(simulation, seconds(15));
    expect(marked).toHaveLength(50);
    expect(store.countNotReady()).toBe(50);
  });

  it('but not those whose status was written since: that write is refused, and the node read afresh', () => {
    const { simulation, marked, lifecycle, wake } = setUp({ nodes: 50 });
    advance(simulation, seconds(61));
    lifecycle.informersBroke();
    advance(simulation, seconds(20));
    wake(range(0, 20));
    advance(simulation, seconds(30));
    expect(marked.map(({ node }) => node).sort((a, b) => a - b)).toEqual(range(20, 50));
    lifecycle.informersSynced();
    advance(simulation, seconds(30));
    expect(marked).toHaveLength(30);
  });
});

describe('a process that starts', () => {
  it('gives every node a whole grace period', () => {
    const { simulation, silence, lifecycle, marked } = setUp({ nodes: 50 });
    advance(simulation, seconds(61));
    silence(range(0, 10));
    advance(simulation, seconds(30));
    lifecycle.stop();
    advance(simulation, seconds(60));
    expect(marked).toEqual([]);
    lifecycle.start();
    const start = simulation.now / seconds(1);
    advance(simulation, seconds(60));
    expect(marked).toHaveLength(10);
    expect(marked[0]!.at - start).toBeGreaterThan(40);
  });
});
