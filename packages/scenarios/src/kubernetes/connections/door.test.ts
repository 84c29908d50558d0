import { ms, seconds, Simulation } from '@brownout/core';
import { expect, it } from 'vitest';
import { advance, Callers, createBench } from '../testing/bench.ts';

function setUp() {
  const simulation = new Simulation({ seed: 1 });
  const { controlPlane } = createBench(simulation, { cores: 4 });
  const offender = new Callers(simulation, controlPlane, { name: 'offender', clients: 100, timeout: seconds(5) });
  const other = new Callers(simulation, controlPlane, { name: 'other' });
  /** Ten requests of the offender per second, for a while. */
  const run = (time: number): void => {
    for (let i = 0; i < time * 10; i++) {
      offender.send(i % 100, 'get');
      advance(simulation, ms(100));
    }
  };
  return { simulation, controlPlane, offender, other, run };
}

it('lets a chosen rate through; the rest is refused at the proxy and costs no server anything', () => {
  const { simulation, controlPlane, offender, run } = setUp();
  controlPlane.door.throttle([offender.group], 2);
  run(10);
  advance(simulation, seconds(1));
  expect([offender.ok, offender.count('too-many-requests')]).toEqual([19, 81]);
  expect(controlPlane.servers[0]!.busyTime).toBe(19 * ms(1));
  expect(offender.replies.find(({ status }) => status === 'too-many-requests')).toMatchObject({
    retryAfter: 1,
    at: ms(1),
  });
  controlPlane.checkBooks();
});

it('shuts out one group and nobody else, also on connections that are there, until it is opened again', () => {
  const { simulation, controlPlane, offender, other, run } = setUp();
  run(10);
  controlPlane.door.throttle([offender.group], 0);
  run(10);
  other.send(0, 'get');
  advance(simulation, seconds(1));
  expect([offender.ok, offender.count('too-many-requests'), other.ok]).toEqual([100, 100, 1]);
  controlPlane.door.throttle([offender.group], Infinity);
  run(10);
  expect(offender.ok).toBe(200);
  controlPlane.checkBooks();
});

it('groups that are throttled together share one rate, whoever asks', () => {
  const { simulation, controlPlane, offender, other, run } = setUp();
  controlPlane.door.throttle([offender.group, other.group], 2);
  run(10);
  expect([offender.ok, other.ok]).toEqual([19, 0]);
  for (let i = 0; i < 100; i++) {
    offender.send(i, 'get');
    other.send(0, 'get');
    advance(simulation, ms(100));
  }
  // Twenty more in ten seconds for both.
  expect(offender.ok + other.ok).toBeGreaterThanOrEqual(38);
  expect(offender.ok + other.ok).toBeLessThanOrEqual(40);
  controlPlane.checkBooks();
});

it('a negative rate is refused', () => {
  const { controlPlane, offender } = setUp();
  expect(() => controlPlane.door.throttle([offender.group], -1)).toThrow('door: perSecond must be >= 0, got -1');
});
