import { minutes, ms, plus, seconds, Simulation, timeZero } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { advance } from '../testing/bench.ts';
import { PodState } from './daemon-set-pods.ts';
import { FailedPods } from './failed-pods.ts';
import { createDaemonSetWorld } from './testing/daemon-set-world.ts';

const FAILS_IN = ms(100);

/** A DaemonSet whose pods all fail a tenth of a second after they are bound; every deletion is noted, in seconds. */
function setUp(nodes: number) {
  const simulation = new Simulation({ seed: 1 });
  const times = { readyAfter: seconds(5), stopsIn: seconds(1), failsIn: FAILS_IN };
  const world = createDaemonSetWorld(simulation, nodes, {}, {}, times);
  const deleted: number[] = [];
  /** Runs on in steps of 1 ms, less than a deletion takes, and notes when a failed pod is gone. */
  const watch = (length: number): void => {
    const end = plus(simulation.now, length as never);
    let before = failedOf(world.daemonSet.pods.state);
    while (simulation.now < end) {
      advance(simulation, ms(1));
      const now = failedOf(world.daemonSet.pods.state);
      if (now < before) deleted.push(simulation.now / seconds(1));
      before = now;
    }
  };
  return { simulation, ...world, deleted, watch };
}

function failedOf(states: Uint8Array): number {
  return states.reduce((sum, state) => sum + (state === PodState.failed ? 1 : 0), 0);
}

describe('a pod that fails as soon as it starts', () => {
  it('is deleted at once, and then after 1, 2, 4 ... seconds, where the two would fight without end', () => {
    const { daemonSet, deleted, watch } = setUp(1);
    daemonSet.select(1);
    watch(seconds(70));
    // Each pod is there for 0.1 s before it fails, and then the whole wait begins: the next deletion comes 0.1 to 0.3 s late.
    const gaps = deleted.slice(1).map((time, i) => time - deleted[i]!);
    expect(gaps.length).toBe(6);
    for (const [i, wait] of [1, 2, 4, 8, 16, 32].entries()) {
      expect(gaps[i]).toBeGreaterThanOrEqual(wait);
      expect(gaps[i]).toBeLessThan(wait + 0.3);
    }
  });

  it('is deleted at once again under a new template, because the back-off is that of a version of the object', () => {
    const { daemonSet, deleted, watch } = setUp(1);
    daemonSet.select(1);
    watch(seconds(20));
    // Deleted at 0, 1, 3, 7 and 15 s, the next at 31 s.
    const count = deleted.length;
    expect(count).toBe(5);
    daemonSet.setTemplate(1);
    watch(seconds(1));
    expect(deleted.length).toBeGreaterThan(count);
  });

  it('on 100 nodes costs two writes and a binding a time: 100 x 11 of each in half an hour, whatever the pace allows', () => {
    // Waits of 1, 2, 4 ... 512 s are over after 17 min; the next would be 15 min: eleven deletions a node, and the first.
    const { simulation, daemonSet, writes, controlPlane } = setUp(100);
    daemonSet.select(1);
    advance(simulation, minutes(30));
    const status = writes.sent - 100 * 2 * 11;
    expect(daemonSet.pods.count).toBe(100);
    expect(status).toBeGreaterThan(0);
    expect(writes.sent).toBeLessThan(100 * 2 * 12 + 1_000);
    controlPlane.checkBooks();
  });
});

describe('the back-off itself', () => {
  const at = (second: number): number => plus(timeZero, seconds(second));

  it('doubles up to 15 minutes, and is forgotten after half an hour', () => {
    const failed = new FailedPods(1);
    let now = 0;
    const waits: number[] = [];
    for (let i = 0; i < 13; i++) {
      expect(failed.take(0, 1, at(now))).toBe(0);
      const wait = failed.take(0, 1, at(now)) / seconds(1);
      waits.push(wait);
      now += wait;
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]);
    expect(failed.take(0, 1, at(now + 1801))).toBe(0);
    expect(failed.take(0, 1, at(now + 1801))).toBe(seconds(1));
  });

  it('is that of one node and one version, and gone with the process', () => {
    const failed = new FailedPods(2);
    failed.take(0, 1, at(0));
    expect(failed.take(1, 1, at(0))).toBe(0);
    expect(failed.take(0, 1, at(0.5))).toBe(seconds(1));
    expect(failed.take(0, 2, at(0.5))).toBe(0);
    failed.forget();
    expect(failed.take(0, 2, at(0.6))).toBe(0);
  });
});
