import { describe, expect, test } from 'vitest';
import {
  delay,
  hours,
  noTime,
  plus,
  seconds,
  Signal,
  Simulation,
  spawn,
  suspended,
  timeZero,
  toSeconds,
  waitFor,
  waitForAll,
  waitForAny,
  type Process,
  type ProcessHandle,
} from './index.ts';

const day = plus(timeZero, hours(24));

/** A simulation, a log of what happened at which second, and short ways to make things happen. */
function createStage() {
  const simulation = new Simulation();
  const log: string[] = [];
  const note = (text: string): number => log.push(`${toSeconds(simulation.now)} ${text}`);
  const start = (body: () => Process, name = 'guest'): ProcessHandle => spawn(simulation, name, body());
  const at = (second: number, action: () => void): unknown => simulation.after(seconds(second), action);
  return { simulation, log, note, start, at };
}

describe('stopping', () => {
  const bodies: readonly (readonly [string, () => Process])[] = [
    [
      'in a delay',
      function* () {
        yield delay(seconds(9));
      },
    ],
    [
      'suspended',
      function* () {
        yield suspended;
      },
    ],
    [
      'waiting for one',
      function* () {
        yield* waitFor(new Signal('never'), seconds(9));
      },
    ],
    [
      'waiting for any',
      function* () {
        yield* waitForAny([new Signal('a'), new Signal('b')]);
      },
    ],
    [
      'waiting for all',
      function* () {
        yield* waitForAll([new Signal('a'), new Signal('b')], seconds(9));
      },
    ],
  ];

  test.each(bodies)('%s: finally blocks run, nothing runs afterwards, ended fires once', (_name, inner) => {
    const { simulation, log, note, start, at } = createStage();
    const handle = start(function* () {
      try {
        yield* inner();
        note('went on');
      } finally {
        note('cleaned up');
      }
    });
    start(function* () {
      yield* waitFor(handle.ended);
      note('ended seen');
    });
    at(1, () => note(`stopped ${handle.stop()} ${handle.stop()}`));
    expect(simulation.runUntil(day)).toBe('empty');
    expect(log).toEqual(['1 cleaned up', '1 stopped true false', '1 ended seen']);
    expect(simulation.pendingCount).toBe(0);
  });

  test('before it has begun: its body never runs', () => {
    const { simulation, log, note, start } = createStage();
    const handle = start(function* () {
      note('began');
      yield suspended;
    });
    expect([handle.stop(), handle.ended.isFired, simulation.pendingCount]).toEqual([true, true, 0]);
    simulation.runUntil(day);
    expect(log).toEqual([]);
  });

  test('between the signal and the resumption at the same instant', () => {
    const { simulation, log, note, start, at } = createStage();
    const gate = new Signal('gate');
    const handle = start(function* () {
      yield* waitFor(gate);
      note('through the gate');
    });
    at(1, () => {
      gate.fire();
      handle.stop();
    });
    simulation.runUntil(day);
    expect([log, handle.ended.isFired]).toEqual([[], true]);
  });

  test('after it has returned: false', () => {
    const { simulation, start } = createStage();
    const handle = start(function* () {
      yield delay(noTime);
    });
    simulation.runUntil(day);
    expect([handle.ended.isFired, handle.stop(), handle.wake()]).toEqual([true, false, false]);
  });

  test('a stopped process is not told of signals it waited for', () => {
    const { simulation, start, at } = createStage();
    const gate = new Signal('gate');
    const handle = start(function* () {
      yield* waitForAll([gate, new Signal('other')]);
    });
    at(1, () => void handle.stop());
    at(2, () => gate.fire());
    expect(simulation.runUntil(day)).toBe('empty');
  });

  test('itself: refused by name, also from a finally block', () => {
    const { simulation, log, note, start } = createStage();
    const tryToStop = (handle: ProcessHandle): void => {
      try {
        handle.stop();
      } catch (error) {
        note((error as Error).message);
      }
    };
    const inBody = start(function* () {
      tryToStop(inBody);
      yield delay(seconds(1));
    }, 'ouroboros');
    const inFinally = start(function* () {
      try {
        yield suspended;
      } finally {
        tryToStop(inFinally);
      }
    }, 'phoenix');
    simulation.after(seconds(3), () => void inFinally.stop());
    simulation.runUntil(day);
    const reason = 'cannot stop itself; return from its body instead';
    expect(log).toEqual([`0 process "ouroboros": ${reason}`, `3 process "phoenix": ${reason}`]);
  });

  test('with a finally block that yields: a broken invariant', () => {
    const { simulation, start, at } = createStage();
    const handle = start(function* () {
      try {
        yield suspended;
      } finally {
        yield delay(seconds(1));
      }
    }, 'clinger');
    at(1, () => void handle.stop());
    expect(() => simulation.runUntil(day)).toThrow(
      'process "clinger": yielded in a finally block while being stopped (t=1.000000 s',
    );
  });
});
