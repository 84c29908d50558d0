/** What a plain DaemonSet controller does about its failures: it waits longer and longer, and what passes the wait by. */
import { minutes, ms, seconds } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { advance, flatCosts } from '../testing/bench.ts';
import type { DaemonSetOptions } from './daemon-set.ts';
import { createPlainDaemonSet as setUp } from './testing/plain-daemon-set.ts';

describe('a sync that fails again and again', () => {
  const longBackoff = seconds(75);

  /** Five of ten nodes have a pod; deletions take longer than anybody waits, and the back-off has become long. */
  function inBackoff(changes: Partial<DaemonSetOptions> = {}) {
    const costs = flatCosts({ 'pod-delete': { cpuMs: 100_000 } });
    const set = setUp(10, { costs, cores: 32 }, changes);
    const { simulation, daemonSet, writes, bound } = set;
    const inFlight = (): number => writes.sent - writes.ended.reduce((sum, count) => sum + count, 0);
    daemonSet.select(0.5);
    advance(simulation, seconds(5));
    daemonSet.select(0);
    let sent = writes.sent;
    let idleSince = simulation.now;
    do {
      advance(simulation, seconds(1));
      if (writes.sent > sent || inFlight() > 0) idleSince = simulation.now;
      sent = writes.sent;
    } while (simulation.now - idleSince < longBackoff);
    return { ...set, sent, bound: bound.length };
  }

  it('waits twice as long after each try, up to 1,000 s', () => {
    const { simulation, writes, sent } = inBackoff();
    // 5 ms x 2^14 = 82 s are under way; then come 164, 328, 655 and 1,000 s, with 60 s of waiting in vain before each.
    advance(simulation, minutes(30));
    expect(writes.sent - sent).toBe(4 * 5);
  });

  it('looks at a change of the object at once', () => {
    const { simulation, daemonSet, bound } = inBackoff();
    daemonSet.select(1);
    advance(simulation, seconds(1));
    expect(bound).toBe(5);
    expect(daemonSet.podCount).toBe(10);
    expect(daemonSet.isSettled).toBe(true);
  });

  it('looks at a change of a pod at once', () => {
    // Four pods are bound at once; the fifth, when the scheduler's bucket has a token again.
    const { simulation, writes, daemonSet } = inBackoff({ schedulerPace: { qps: 0.0005, burst: 4 } });
    const bound = (): number => Array.from({ length: 10 }, (_, node) => daemonSet.isBound(node)).filter(Boolean).length;
    let sent = writes.sent;
    for (; bound() < 5; advance(simulation, ms(100))) sent = writes.sent;
    advance(simulation, ms(10));
    expect(writes.sent).toBe(sent + 5);
  });

  it('is forgotten by the next process', () => {
    const { simulation, leadership, controlPlane, writes } = inBackoff();
    controlPlane.servers[0]!.kill('liveness');
    while (leadership.isLeading) advance(simulation, ms(100));
    const sent = writes.sent;
    while (!leadership.isLeading) advance(simulation, ms(100));
    expect(writes.sent - sent).toBe(5);
    // Those are waited for in vain for 60 s; the next come 5 ms later, and not the minutes that the process before had come to.
    advance(simulation, seconds(61));
    expect(writes.sent - sent).toBe(10);
    controlPlane.checkBooks();
  });
});

it('an answer to a process that is gone is not taken for one to the next, even about the same node', () => {
  const costs = flatCosts({ 'pod-create': { cpuMs: 20_000 } });
  const { simulation, daemonSet, writes } = setUp(10, { costs, cores: 32 });
  daemonSet.select(1);
  advance(simulation, seconds(10));
  // Both processes create the first pod, ten seconds apart.
  daemonSet.start();
  advance(simulation, ms(1));
  expect(writes.sent).toBe(2);
  advance(simulation, seconds(19));
  expect(daemonSet.podCount).toBe(1);
  expect(writes.sent).toBe(2);
  advance(simulation, seconds(2));
  expect(writes.sent).toBe(4);
});
