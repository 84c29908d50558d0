import { describe, expect, test } from 'vitest';
import {
  assert,
  delay,
  forever,
  hours,
  ms,
  noTime,
  plus,
  seconds,
  Signal,
  Simulation,
  SimulationError,
  spawn,
  suspended,
  timedOut,
  timeZero,
  toSeconds,
  waitFor,
  waitForAll,
  waitForAny,
  type Duration,
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

test('processes let time pass, wait for signals and time out', () => {
  const { simulation, log, note, start, at } = createStage();
  const doorOpens = new Signal('door opens');
  const never = new Signal('never');
  const handle = start(function* () {
    yield delay(seconds(1));
    note('arrived');
    note(`opened ${yield* waitFor(doorOpens, seconds(10))}`);
    note(`any ${yield* waitForAny([never, doorOpens])}`);
    note(`never ${yield* waitFor(never, seconds(2))}`);
  });
  at(3, () => doorOpens.fire());
  expect(simulation.runUntil(day)).toBe('empty');
  expect(handle.ended.isFired).toBe(true);
  expect(log).toEqual(['1 arrived', '3 opened true', '3 any 1', '5 never false']);
});

test('a process starts after the event in progress, in the order spawned', () => {
  const { simulation, log, note, start } = createStage();
  for (const name of ['a', 'b']) {
    start(function* () {
      note(name);
      yield delay(noTime);
      note(`${name} again`);
    });
  }
  note('main');
  simulation.runUntil(day);
  expect(log).toEqual(['0 main', '0 a', '0 b', '0 a again', '0 b again']);
});

describe('waiting', () => {
  test('any: the first to fire wins, the others and the timeout are forgotten', () => {
    const { simulation, log, note, start, at } = createStage();
    const signals = ['a', 'b', 'c'].map((name) => new Signal(name));
    start(function* () {
      note(`got ${yield* waitForAny(signals, seconds(5))}`);
      yield delay(seconds(10));
      note('rested');
    });
    at(2, () => {
      signals[1]!.fire();
      signals[0]!.fire();
    });
    at(3, () => signals[2]!.fire());
    simulation.runUntil(day);
    expect(log).toEqual(['2 got 1', '12 rested']);
  });

  test('any: nothing fires in time', () => {
    const { simulation, log, note, start } = createStage();
    start(function* () {
      note(`${(yield* waitForAny([new Signal('a'), new Signal('b')], seconds(5))) === timedOut}`);
    });
    simulation.runUntil(day);
    expect(log).toEqual(['5 true']);
  });

  test('all: waits for the last, in whatever order they fire; those already fired and doubles count once', () => {
    const { simulation, log, note, start, at } = createStage();
    const [a, b, c] = ['a', 'b', 'c'].map((name) => new Signal(name)) as [Signal, Signal, Signal];
    c.fire();
    start(function* () {
      note(`${yield* waitForAll([a, b, a, c, b])}`);
      note(`${yield* waitForAll([a, b, c])}`);
    });
    at(4, () => a.fire());
    at(3, () => b.fire());
    simulation.runUntil(day);
    expect(log).toEqual(['4 true', '4 true']);
  });

  test('all: one is missing when the time is over, and firing later does not disturb', () => {
    const { simulation, log, note, start, at } = createStage();
    const [a, b] = [new Signal('a'), new Signal('b')];
    start(function* () {
      note(`${yield* waitForAll([a, b], seconds(5))}`);
      yield delay(seconds(10));
      note('rested');
    });
    at(4, () => a.fire());
    at(6, () => b.fire());
    simulation.runUntil(day);
    expect(log).toEqual(['5 false', '15 rested']);
  });

  test('a signal and the timeout at one instant: what was scheduled first wins', () => {
    const { simulation, log, note, start, at } = createStage();
    const [early, late] = [new Signal('early'), new Signal('late')];
    at(5, () => early.fire());
    start(function* () {
      note(`early ${yield* waitFor(early, seconds(5))}`);
    });
    start(function* () {
      note(`late ${yield* waitFor(late, seconds(5))}`);
    });
    at(0, () => void at(5, () => late.fire()));
    simulation.runUntil(day);
    expect(log).toEqual(['5 late false', '5 early true']);
  });

  test('a wait without time is over at once, and a fired signal is still seen', () => {
    const { simulation, log, note, start } = createStage();
    const fired = new Signal<number>('fired');
    fired.fire(42);
    start(function* () {
      note(`${yield* waitFor(new Signal('never'), noTime)} ${yield* waitFor(fired, noTime)} ${fired.value}`);
    });
    simulation.runUntil(day);
    expect(log).toEqual(['0 false true 42']);
  });

  test('waiters are resumed in the order they came', () => {
    const { simulation, log, note, start, at } = createStage();
    const gate = new Signal('gate');
    for (const name of ['a', 'b', 'c']) {
      start(function* () {
        yield* waitFor(gate);
        note(name);
      });
    }
    at(1, () => gate.fire());
    simulation.runUntil(day);
    expect(log).toEqual(['1 a', '1 b', '1 c']);
  });

  test('twenty thousand waiters that time out one by one do not search for each other', () => {
    const { simulation, start } = createStage();
    const never = new Signal('never');
    let given = 0;
    for (let i = 0; i < 20_000; i++) {
      start(function* () {
        yield* waitFor(never, ms(i));
        given++;
      });
    }
    const begin = process.cpuUsage().user;
    simulation.runUntil(day);
    expect(given).toBe(20_000);
    expect((process.cpuUsage().user - begin) / 1e6).toBeLessThan(2);
  });
});

describe('waking', () => {
  test('wake resumes a suspended process once, and only a suspended one', () => {
    const { simulation, log, note, start, at } = createStage();
    const sleeper = start(function* () {
      yield suspended;
      note('woken');
      yield delay(seconds(1));
      yield* waitFor(new Signal('never'), seconds(1));
    });
    const woken: boolean[] = [sleeper.wake()];
    for (const second of [5, 5.5, 6.5, 9]) at(second, () => woken.push(sleeper.wake(), sleeper.wake()));
    simulation.runUntil(day);
    expect(woken).toEqual([false, true, false, false, false, false, false, false, false]);
    expect(log).toEqual(['5 woken']);
  });
});

describe('mistakes', () => {
  test.each([-1, 0.5, NaN, Infinity])('a delay of %d names the process', (duration) => {
    const { simulation, start } = createStage();
    start(function* () {
      yield delay(duration as Duration);
    }, 'heartbeat');
    expect(() => simulation.runUntil(day)).toThrow(
      new RangeError(`process "heartbeat": delay must be a whole number of microseconds >= 0, got ${duration}`),
    );
  });

  test('a negative timeout names the process; forever means none', () => {
    const { simulation, start } = createStage();
    start(function* () {
      yield* waitFor(new Signal('never'), forever);
    }, 'patient');
    expect(simulation.runUntil(day)).toBe('empty');
    start(function* () {
      yield* waitFor(new Signal('never'), -5 as Duration);
    }, 'hasty');
    expect(() => simulation.runUntil(day)).toThrow(
      'process "hasty": timeout must be a whole number of microseconds >= 0, got -5',
    );
  });

  test.each([
    ['nothing', undefined, 'undefined'],
    ['a generator without yield*', waitFor(new Signal('never')), '[object Generator]'],
  ])('yielding %s says what to yield', (_name, value, shown) => {
    const { simulation, start } = createStage();
    start(function* () {
      yield value as unknown as Duration;
    }, 'novice');
    expect(() => simulation.runUntil(day)).toThrow(
      new TypeError(
        `process "novice": expected yield delay(...), yield suspended or yield* waitFor...(...), got ${shown}`,
      ),
    );
  });

  test('what a body throws ends the run unchanged, and the process with it', () => {
    const { simulation, start } = createStage();
    const original = new RangeError('bad weather');
    const handle = start(function* () {
      yield delay(seconds(1));
      throw original;
    });
    expect(() => simulation.runUntil(day)).toThrow(original);
    expect([handle.ended.isFired, handle.stop()]).toEqual([false, false]);
    expect(simulation.runUntil(day)).toBe('empty');
  });

  test('a broken invariant in a body is located', () => {
    const { simulation, start } = createStage();
    start(function* () {
      yield delay(seconds(2));
      assert(false, 'lease: renewed after release');
    });
    expect(() => simulation.runUntil(day)).toThrow(SimulationError);
    expect(() => {
      start(function* () {
        assert(false, 'lease: renewed after release');
      });
      simulation.runUntil(day);
    }).toThrow('lease: renewed after release (t=2.000000 s');
  });
});

test('processes by the thousand share one kind of event and give their places back', () => {
  const { simulation, start } = createStage();
  let finished = 0;
  function* child(): Process {
    yield delay(seconds(1));
    finished++;
  }
  start(function* () {
    for (let i = 0; i < 30_000; i++) {
      start(child, 'child');
      yield delay(ms(100));
    }
  });
  const kindBefore = simulation.event('probe', () => undefined);
  simulation.runUntil(day);
  expect([finished, simulation.pendingCount, kindBefore.name]).toEqual([30_000, 0, 'probe']);
});

test('two simulations do not share processes', () => {
  const first = createStage();
  const second = createStage();
  for (const stage of [first, second]) {
    stage.start(function* () {
      yield delay(seconds(1));
      stage.note('here');
    });
  }
  first.simulation.runUntil(day);
  expect([first.log, second.log]).toEqual([['1 here'], []]);
});
