import { minutes, ms, seconds } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { Status } from '../requests/api-request.ts';
import { advance, flatCosts } from '../testing/bench.ts';
import { createPlainDaemonSet as setUp } from './testing/plain-daemon-set.ts';

describe('creation', () => {
  it('goes at 20 pods a second after the burst, whatever the size', () => {
    for (const nodes of [200, 1000]) {
      const { daemonSet, settle, bound, writes, controlPlane } = setUp(nodes);
      daemonSet.select(1);
      const time = settle();
      // Thirty at once, the rest at 20/s; the slow start costs a round trip for each doubling.
      const expected = (nodes - 30) / 20;
      expect(time).toBeGreaterThanOrEqual(expected - 0.2);
      expect(time).toBeLessThan(expected + 1);
      expect(new Set(bound.map(({ node }) => node)).size).toBe(nodes);
      expect(writes.sent).toBe(nodes);
      expect(daemonSet.podCount).toBe(nodes);
      controlPlane.checkBooks();
    }
  });

  it('starts slowly: batches of 1, 2, 4, 8 wait for one another', () => {
    const costs = flatCosts({ 'pod-create': { cpuMs: 1000 } });
    const { simulation, daemonSet, writes } = setUp(15, { costs, cores: 32 });
    advance(simulation, ms(1));
    daemonSet.select(1);
    const sent: number[] = [];
    for (let i = 0; i < 5; i++) {
      advance(simulation, ms(900));
      sent.push(writes.sent);
      advance(simulation, ms(110));
    }
    expect(sent).toEqual([1, 3, 7, 15, 15]);
  });

  it('a refusal that says when to come back is repeated within its batch, and ends no sync', () => {
    // One seat, and nobody waits: of a batch of two or more all but one are told to come back in a second.
    const { daemonSet, writes, settle } = setUp(7, {
      costs: flatCosts({ 'pod-create': { cpuMs: 100 } }),
      flowControl: { enablePriorityAndFairness: false, maxMutatingRequestsInflight: 1 },
    });
    daemonSet.select(1);
    const time = settle();
    expect(writes.ended[Status.tooManyRequests]).toBeGreaterThanOrEqual(1 + 3);
    expect(writes.firstAttempts).toBe(7);
    expect(time).toBeLessThan(8);
  });

  it('takes 250 pods in one sync and looks again', () => {
    const { simulation, daemonSet, writes, settle } = setUp(
      600,
      {},
      { controllerPace: { qps: 10_000, burst: 10_000 } },
    );
    daemonSet.select(1);
    settle();
    expect(writes.sent).toBe(600);
    advance(simulation, seconds(10));
    expect(writes.sent).toBe(600);
  });

  it('a share selects that many nodes, and a larger share keeps them', () => {
    const { daemonSet, settle, bound, deleted } = setUp(200);
    daemonSet.select(0.1);
    settle();
    const first = new Set(bound.map(({ node }) => node));
    expect(first.size).toBe(20);
    daemonSet.select(0.5);
    settle();
    expect(new Set(bound.map(({ node }) => node)).size).toBe(100);
    expect(bound).toHaveLength(100);
    expect(deleted).toEqual([]);
    daemonSet.select(0.1);
    settle();
    expect(new Set(deleted.map(({ node }) => node)).size).toBe(80);
    expect(deleted.some(({ node }) => first.has(node))).toBe(false);
  });
});

describe('deletion', () => {
  /** All pods are there; then the object is deleted, and each DELETE takes five seconds. */
  function deleting(nodes: number) {
    const costs = flatCosts({ 'pod-delete': { cpuMs: 5000 } });
    const set = setUp(nodes, { costs, cores: 500 });
    set.daemonSet.select(1);
    set.settle();
    advance(set.simulation, seconds(10));
    set.daemonSet.select(0);
    return set;
  }

  it('goes at the pace of the client, however long each takes: there is no slow start', () => {
    const { simulation, daemonSet } = deleting(400);
    advance(simulation, seconds(15));
    // Thirty at once and 20/s, each answered five seconds later.
    expect(400 - daemonSet.podCount).toBeGreaterThanOrEqual(30 + 20 * 9.5);
    expect(400 - daemonSet.podCount).toBeLessThanOrEqual(30 + 20 * 10);
  });

  it('one that fails stops none of the others', () => {
    const { simulation, controlPlane, daemonSet, writes } = deleting(20);
    const sent = writes.sent;
    advance(simulation, ms(100));
    controlPlane.servers[0]!.kill('liveness');
    advance(simulation, seconds(1));
    // All twenty had been sent together and were reset together; none waits for another.
    expect(writes.sent - sent).toBeGreaterThanOrEqual(20);
    expect(daemonSet.podCount).toBe(20);
  });
});

describe('binding', () => {
  it('goes at the pace of the scheduler', () => {
    const { daemonSet, settle, binds } = setUp(
      400,
      {},
      {
        controllerPace: { qps: 10_000, burst: 10_000 },
        schedulerPace: { qps: 20, burst: 50 },
      },
    );
    daemonSet.select(1);
    const time = settle();
    expect(time).toBeGreaterThanOrEqual(350 / 20 - 0.2);
    expect(time).toBeLessThan(350 / 20 + 1);
    expect(binds.sent).toBe(400);
  });

  it('that fails is repeated until it succeeds', () => {
    const { simulation, daemonSet, binds, controlPlane } = setUp(1);
    daemonSet.select(1);
    while (binds.sent === 0) advance(simulation, ms(1));
    controlPlane.servers[0]!.kill('liveness');
    advance(simulation, seconds(9));
    // Reset at once, then refused after 1, 2 and 4 s: within 9 s the fifth try is still to come.
    expect(binds.sent).toBe(4);
    advance(simulation, minutes(3));
    expect(daemonSet.isSettled).toBe(true);
    expect(binds.ended[0]).toBe(1);
    controlPlane.checkBooks();
  });
});

describe('deletion', () => {
  it('goes at the same pace, and the pod is gone when the API says so', () => {
    const { simulation, daemonSet, settle, deleted } = setUp(300);
    daemonSet.select(1);
    settle();
    advance(simulation, minutes(1));
    daemonSet.select(0);
    const time = settle();
    expect(time).toBeGreaterThanOrEqual(270 / 20 - 0.2);
    expect(time).toBeLessThan(270 / 20 + 1);
    expect(deleted).toHaveLength(300);
    expect(daemonSet.podCount).toBe(0);
  });

  it('in the middle of creation wins', () => {
    const { simulation, daemonSet, settle } = setUp(300);
    daemonSet.select(1);
    advance(simulation, seconds(5));
    expect(daemonSet.podCount).toBeGreaterThan(50);
    daemonSet.select(0);
    settle();
    advance(simulation, minutes(1));
    expect(daemonSet.podCount).toBe(0);
    expect(daemonSet.isSettled).toBe(true);
  });
});

describe('an API that is away', () => {
  it('nothing starts and nothing stops while it is, and all is made up for afterwards', () => {
    const { simulation, daemonSet, settle, controlPlane, bound, deleted } = setUp(100);
    daemonSet.select(1);
    settle();
    controlPlane.servers[0]!.kill('liveness');
    daemonSet.select(0);
    advance(simulation, seconds(19));
    expect(deleted).toEqual([]);
    expect(bound).toHaveLength(100);
    settle();
    expect(deleted).toHaveLength(100);
    controlPlane.checkBooks();
  });

  it('a controller that has lost its lease writes nothing, even when the API is back', () => {
    const costs = flatCosts({ 'list-pods-cache-protobuf': { cpuMs: 30_000 } });
    const slow = { controllerPace: { qps: 0.5, burst: 1 } };
    const { simulation, daemonSet, leadership, writes, controlPlane, settle } = setUp(100, { costs }, slow);
    daemonSet.select(1);
    // Batches of 1 to 16 take 62 s; the one of 32 is paced over the following 64 s when the API server dies.
    advance(simulation, seconds(66));
    controlPlane.servers[0]!.kill('liveness');
    while (leadership.isLeading) advance(simulation, ms(100));
    advance(simulation, seconds(66 + 31) - simulation.now);
    expect(controlPlane.readyCount).toBe(1);
    const sent = writes.sent;
    advance(simulation, seconds(25));
    expect(leadership.isLeading).toBe(false);
    expect(writes.sent).toBe(sent);
    settle();
    expect(leadership.isLeading).toBe(true);
    expect(daemonSet.podCount).toBe(100);
    controlPlane.checkBooks();
  });

  it('a batch with a failure is left, and the work is taken up after a back-off', () => {
    const { simulation, daemonSet, settle, controlPlane, writes } = setUp(100);
    daemonSet.select(1);
    advance(simulation, ms(500));
    controlPlane.servers[0]!.kill('liveness');
    advance(simulation, seconds(9));
    // Refusals come back in a millisecond; 5 ms, 10 ms, ... leave a dozen tries in 9 s, not thousands.
    expect(writes.sent).toBeLessThan(100);
    settle();
    expect(daemonSet.podCount).toBe(100);
  });
});

describe('machines that are gone', () => {
  it('take their pods with them and are never selected again', () => {
    const { simulation, daemonSet, settle, bound } = setUp(50);
    daemonSet.select(1);
    settle();
    for (let node = 0; node < 20; node++) daemonSet.removeNode(node);
    expect(daemonSet.podCount).toBe(30);
    expect(daemonSet.isSettled).toBe(true);
    daemonSet.select(0);
    settle();
    daemonSet.select(1);
    const before = bound.length;
    settle();
    advance(simulation, minutes(1));
    expect(daemonSet.podCount).toBe(30);
    expect(bound.slice(before).every(({ node }) => node >= 20)).toBe(true);
  });

  it('a pod created while its machine goes is deleted again', () => {
    const costs = flatCosts({ 'pod-create': { cpuMs: 100 } });
    const { simulation, daemonSet, settle } = setUp(1, { costs });
    daemonSet.select(1);
    advance(simulation, ms(50));
    daemonSet.removeNode(0);
    advance(simulation, seconds(5));
    settle();
    expect(daemonSet.podCount).toBe(0);
    expect(daemonSet.isSettled).toBe(true);
  });
});
