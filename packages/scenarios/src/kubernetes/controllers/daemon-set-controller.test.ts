import { type Duration, minutes, ms, seconds, Simulation } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { advance, type BenchOptions, flatCosts } from '../testing/bench.ts';
import type { DaemonSetControllerOptions } from './daemon-set-options.ts';
import { PodState } from './daemon-set-pods.ts';
import { createDaemonSetWorld } from './testing/daemon-set-world.ts';

interface Changes extends Partial<DaemonSetControllerOptions> {
  readonly bench?: BenchOptions;
  readonly readyAfter?: Duration;
  readonly stopsIn?: Duration;
}

function setUp(nodes: number, { bench = {}, readyAfter, stopsIn, ...options }: Changes = {}) {
  const simulation = new Simulation({ seed: 1 });
  const world = createDaemonSetWorld(simulation, nodes, options, bench, {
    readyAfter: readyAfter ?? seconds(5),
    stopsIn: stopsIn ?? seconds(1),
  });
  return { simulation, ...world };
}

const fast = { qps: 10_000, burst: 10_000 };

describe('creation', () => {
  it('goes at 20 a second less what the status takes, and ends settled', () => {
    const { daemonSet, settle, writes, controlPlane } = setUp(500);
    daemonSet.select(1);
    const time = settle();
    expect(daemonSet.pods.count).toBe(500);
    // 500 creations and a status write after each sync: (500 + s - 30) / 20, and 5 s until the last pod is ready.
    expect(time).toBeGreaterThanOrEqual((500 - 30) / 20 + 5);
    expect(time).toBeLessThan((writes.sent - 30) / 20 + 5.5);
    controlPlane.checkBooks();
  });

  it('starts with batches of 1, 2, 4 that wait for one another; at most 250 in a sync', () => {
    const { simulation, daemonSet, writes } = setUp(300, {
      pace: fast,
      bench: { costs: flatCosts({ 'pod-create': { cpuMs: 1000 } }), cores: 500 },
    });
    advance(simulation, ms(1));
    daemonSet.select(1);
    const sent: number[] = [];
    // The first sync, of a DaemonSet that selects nothing, has written its status.
    const before = writes.sent;
    for (let i = 0; i < 8; i++) {
      advance(simulation, ms(900));
      sent.push(writes.sent - before);
      advance(simulation, ms(110));
    }
    expect(sent).toEqual([1, 3, 7, 15, 31, 63, 127, 250]);
  });
});

describe('deletion', () => {
  it('has no slow start, and a pod stays until its kubelet says it is gone', () => {
    const { simulation, daemonSet, settle, writes, kubelet } = setUp(200, { pace: fast, stopsIn: seconds(30) });
    daemonSet.select(1);
    settle();
    const before = writes.sent;
    daemonSet.select(0);
    advance(simulation, ms(50));
    expect(writes.sent - before).toBeGreaterThanOrEqual(200);
    expect(daemonSet.pods.count).toBe(200);
    expect(kubelet.stopping).toBe(200);
    advance(simulation, seconds(31));
    expect(daemonSet.pods.count).toBe(0);
  });
});

describe('a rolling update', () => {
  it('of one at a time takes the whole way of a pod for each node', () => {
    const { daemonSet, settle, worst } = setUp(10);
    daemonSet.select(1);
    settle();
    daemonSet.setTemplate(1);
    const time = settle();
    // 1 s to stop and 5 s to start for each node, plus a few requests.
    expect(time).toBeGreaterThanOrEqual(60);
    expect(time).toBeLessThan(63);
    expect(worst.unavailable).toBe(1);
    expect(daemonSet.pods.state.every((state, place) => state === 0 || daemonSet.pods.template[place] === 1)).toBe(
      true,
    );
  });

  it('of a tenth at a time takes ten rounds, whatever the size', () => {
    const { daemonSet, settle, worst } = setUp(200, { pace: fast, update: { maxUnavailable: 0.1 } });
    daemonSet.select(1);
    settle();
    daemonSet.setTemplate(1);
    const time = settle();
    expect(time).toBeGreaterThanOrEqual(60);
    expect(time).toBeLessThan(65);
    expect(worst.unavailable).toBe(20);
  });

  it('waits until a new pod has been ready for minReady', () => {
    const { daemonSet, settle } = setUp(5, { update: { minReady: seconds(20) } });
    daemonSet.select(1);
    settle();
    daemonSet.setTemplate(1);
    const time = settle();
    expect(time).toBeGreaterThanOrEqual(5 * 26);
    expect(time).toBeLessThan(5 * 26 + 3);
  });

  it('with surge makes the new pod first: no node is ever without an available one', () => {
    const { daemonSet, settle, worst } = setUp(30, { pace: fast, update: { maxUnavailable: 0, maxSurge: 3 } });
    daemonSet.select(1);
    settle();
    worst.unavailable = 0;
    daemonSet.setTemplate(1);
    const time = settle();
    expect(worst.unavailable).toBe(0);
    expect(worst.surging).toBe(3);
    // The next surge begins when the new pods are available: 5 s each, ten rounds; the last old pods stop in 1 s.
    expect(time).toBeGreaterThanOrEqual(51);
    expect(time).toBeLessThan(54);
  });

  it('OnDelete changes nothing until somebody deletes a pod', () => {
    const { simulation, daemonSet, settle } = setUp(10, { update: { type: 'OnDelete' } });
    daemonSet.select(1);
    settle();
    daemonSet.setTemplate(1);
    advance(simulation, minutes(10));
    const updated = () =>
      daemonSet.pods.template.filter((template, i) => daemonSet.pods.state[i] !== 0 && template === 1);
    expect(updated()).toHaveLength(0);
    daemonSet.podWasDeleted(2 * 4);
    advance(simulation, seconds(30));
    expect(updated()).toHaveLength(1);
    expect(daemonSet.pods.template[2 * 4]).toBe(1);
  });

  it('with a partition leaves that many nodes on the old template', () => {
    const { simulation, daemonSet, settle } = setUp(20, { pace: fast, update: { maxUnavailable: 5, partition: 12 } });
    daemonSet.select(1);
    settle();
    daemonSet.setTemplate(1);
    advance(simulation, minutes(5));
    const old = daemonSet.pods.template.filter((template, i) => daemonSet.pods.state[i] !== 0 && template === 0);
    expect(old).toHaveLength(12);
  });

  it('in waves by node labels reaches only the nodes selected', () => {
    const { daemonSet, settle } = setUp(12);
    daemonSet.selectNodes([0, 1, 2]);
    settle();
    expect(daemonSet.pods.count).toBe(3);
    daemonSet.selectNodes([0, 1, 2, 3, 4, 5]);
    settle();
    expect(daemonSet.pods.count).toBe(6);
    expect(daemonSet.pods.state[2 * 5]).toBe(PodState.ready);
  });
});

describe('revisions', () => {
  it('a rollback takes the template before, and keeps its object', () => {
    const { daemonSet, settle } = setUp(5, { pace: fast, update: { maxUnavailable: 5 } });
    daemonSet.select(1);
    settle();
    daemonSet.setTemplate(7);
    settle();
    expect(daemonSet.history.template).toBe(7);
    expect(daemonSet.rollBack()).toBe(true);
    settle();
    expect(daemonSet.history.template).toBe(0);
    expect(daemonSet.history.length).toBe(2);
    expect(daemonSet.history.revision).toBe(3);
  });

  it('over the limit go when no pod is made from them', () => {
    const { daemonSet, settle } = setUp(3, { pace: fast, update: { maxUnavailable: 3 }, revisionHistoryLimit: 2 });
    daemonSet.select(1);
    for (let template = 1; template <= 6; template++) {
      settle();
      daemonSet.setTemplate(template);
    }
    settle();
    expect(daemonSet.history.length).toBe(3);
    expect(daemonSet.history.template).toBe(6);
  });
});

describe('a controller that', () => {
  it('stops leaves everything as it is stored, and goes on when it starts', () => {
    const { simulation, daemonSet, settle, writes } = setUp(200);
    daemonSet.select(1);
    advance(simulation, seconds(3));
    daemonSet.stop();
    const sent = writes.sent;
    advance(simulation, minutes(5));
    expect(writes.sent).toBe(sent);
    daemonSet.start();
    settle();
    expect(daemonSet.pods.count).toBe(200);
  });

  it('does not see what it has written waits for its informer', () => {
    const { simulation, daemonSet, world } = setUp(20, { pace: fast });
    world.isCurrent = false;
    daemonSet.select(0.5);
    advance(simulation, seconds(10));
    expect(daemonSet.pods.count).toBe(10);
    daemonSet.select(1);
    advance(simulation, minutes(4));
    expect(daemonSet.pods.count).toBe(10);
    world.isCurrent = true;
    daemonSet.informersSynced();
    advance(simulation, seconds(10));
    expect(daemonSet.pods.count).toBe(20);
  });
});
