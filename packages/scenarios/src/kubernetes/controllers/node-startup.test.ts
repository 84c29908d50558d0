/** Nodes that are new to the node lifecycle controller. Expectations follow from its passes, every five seconds. */
import { minutes, ms, seconds, Simulation } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { Closed, Ready } from '../nodes/node-store.ts';
import { advance } from '../testing/bench.ts';
import { createNodeWorld, type NodeWorldOptions, range } from './testing/node-world.ts';

/** Twenty nodes that renew, and a minute in which nothing happens. */
function setUp(options: Partial<NodeWorldOptions> = {}) {
  const simulation = new Simulation({ seed: 1 });
  const world = createNodeWorld(simulation, { nodes: 20, joining: 5, ...options });
  advance(simulation, seconds(61));
  return { simulation, ...world };
}

describe('a node object without any status', () => {
  it('is Unknown in the first pass after the start-up grace, which counts from its creation', () => {
    const { simulation, create, marked, store, controlPlane } = setUp();
    create([20], Ready.none);
    advance(simulation, seconds(60));
    expect(marked).toEqual([]);
    advance(simulation, seconds(5.2));
    expect(marked.map(({ node }) => node)).toEqual([20]);
    expect(marked[0]!.at).toBeGreaterThan(61 + 60);
    expect(store.ready[20]).toBe(Ready.unknown);
    controlPlane.checkBooks();
  });

  it('has as long as the flag says', () => {
    const { simulation, create, marked } = setUp({ nodeStartupGracePeriod: minutes(3) });
    create([20], Ready.none);
    advance(simulation, minutes(3));
    expect(marked).toEqual([]);
    advance(simulation, seconds(5.2));
    expect(marked).toHaveLength(1);
  });

  it('loses the taint it was created with, for want of a condition, and gets another when it is Unknown', () => {
    const { simulation, create, store, opened, marked } = setUp();
    create([20], Ready.none);
    expect(store.isClosed[20]).toBe(Closed.notReady);
    advance(simulation, ms(100));
    expect(store.isClosed[20]).toBe(Closed.open);
    expect(opened.map(({ node }) => node)).toEqual([20]);
    while (marked.length === 0) advance(simulation, ms(10));
    advance(simulation, ms(100));
    expect(store.isClosed[20]).toBe(Closed.unreachable);
    // NoExecute waits for its zone's queue, which is empty and has a token: tainted at the next 100 ms.
    expect(store.isTainted[20]).toBe(1);
  });

  it('counts as not ready in its zone from the first pass on', () => {
    const { simulation, create, lifecycle, marked } = setUp({ nodes: 3 });
    expect(lifecycle.zoneStates).toEqual(['normal']);
    create([3, 4, 5, 6], Ready.none);
    // Four of seven are 57 %, over the 55 % of the threshold, and more than two.
    advance(simulation, seconds(5.2));
    expect([lifecycle.zoneStates, marked]).toEqual([['partial-disruption'], []]);
    expect([lifecycle.zones.sizes[0], lifecycle.zones.unhealthy[0]]).toEqual([7, 4]);
  });

  it('is left alone as long as somebody renews its lease', () => {
    const { simulation, create, marked, isSilent } = setUp();
    create([20], Ready.none);
    isSilent[20] = 0;
    advance(simulation, minutes(5));
    expect(marked).toEqual([]);
    isSilent[20] = 1;
    // The last lease was at most 10 s before and seen up to 5 s later; the grace is still that of a start.
    advance(simulation, seconds(49));
    expect(marked).toEqual([]);
    advance(simulation, seconds(21.5));
    expect(marked.map(({ node }) => node)).toEqual([20]);
  });

  it('has no second grace when the controller starts anew, as others have', () => {
    const { simulation, create, silence, lifecycle, marked } = setUp();
    create([20], Ready.none);
    silence([7]);
    advance(simulation, seconds(39));
    lifecycle.start();
    // At 100 s; the object was created at 61 s.
    advance(simulation, seconds(26.2));
    expect(marked.map(({ node }) => node)).toEqual([20]);
    advance(simulation, seconds(20));
    expect(marked.map(({ node }) => node)).toEqual([20, 7]);
  });

  it('is not there for a controller whose informers stand still', () => {
    const { simulation, create, lifecycle, marked } = setUp();
    lifecycle.informersBroke();
    create([20], Ready.none);
    // Nothing is heard of the others either: all twenty fall silent for the controller, and it stops when all are down.
    advance(simulation, minutes(3));
    expect(marked.map(({ node }) => node)).not.toContain(20);
    lifecycle.informersSynced();
    advance(simulation, seconds(10));
    expect(marked.map(({ node }) => node)).toContain(20);
  });
});

describe('a node whose kubelet has registered it and says that it is not ready', () => {
  it('keeps its taint until it is ready, and then loses it for two requests', () => {
    const { simulation, create, wake, store, opened, controlPlane } = setUp();
    const requests = (): number =>
      controlPlane.groups.reduce((sum, { name, sent }) => sum + (name.startsWith('node-controller') ? sent : 0), 0);
    const before = requests();
    create([20], Ready.false);
    advance(simulation, seconds(3));
    expect([store.isClosed[20], requests() - before]).toEqual([Closed.notReady, 0]);
    wake([20]);
    advance(simulation, ms(100));
    expect([store.isClosed[20], requests() - before]).toEqual([Closed.open, 2]);
    expect(opened.map(({ node }) => node)).toEqual([20]);
  });

  it('that falls silent is Unknown after the usual grace, and changes one taint for the other', () => {
    const { simulation, create, marked, store } = setUp();
    create([20], Ready.false);
    // Seen by a pass within 5 s, silent for 40 s from then, looked at within 5 s.
    advance(simulation, seconds(40));
    expect(marked).toEqual([]);
    advance(simulation, seconds(10.3));
    expect(marked.map(({ node }) => node)).toEqual([20]);
    advance(simulation, ms(100));
    expect(store.isClosed[20]).toBe(Closed.unreachable);
  });

  it('waits for the one client when many become ready at once', () => {
    const { simulation, create, wake, opened } = setUp({ nodes: 100, joining: 100 });
    const joined = range(100, 200);
    create(joined, Ready.false);
    wake(joined);
    // 200 requests, 30 of them at once and 20 a second from then on: the last goes after 8.5 s.
    advance(simulation, seconds(8.4));
    expect(opened.length).toBeGreaterThan(90);
    expect(opened.length).toBeLessThan(100);
    advance(simulation, seconds(0.3));
    expect(opened).toHaveLength(100);
  });
});
