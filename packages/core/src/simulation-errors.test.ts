import { describe, expect, test } from 'vitest';
import {
  assert,
  ms,
  plus,
  seconds,
  Simulation,
  SimulationError,
  timeZero,
  us,
  type Duration,
  type Instant,
} from './index.ts';

const second = plus(timeZero, seconds(1));

/** Runs `body` in a handler at t = 2 s, as event #2, and answers what `runUntil` throws. */
function thrownInHandler(body: () => void, replication = 0): unknown {
  const simulation = new Simulation({ seed: 7, replication });
  simulation.after(seconds(1), () => undefined);
  simulation.after(seconds(2), body);
  try {
    simulation.runUntil(plus(timeZero, seconds(3)));
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

describe('bad input', () => {
  const simulation = new Simulation();
  simulation.after(seconds(5), () => undefined);
  simulation.runUntil(plus(timeZero, seconds(5)));
  const kind = simulation.event('renew lease', () => undefined);
  const expected = 'expected a whole number of microseconds not before now (5000000)';

  test.each([0.5, -1, NaN, Infinity, 2 ** 53])('a delay of %d is refused and the kind is named', (delay) => {
    const hint = 'durations come from us(), ms(), seconds()';
    const message = `event "renew lease": ${expected}, got ${5_000_000 + delay}; ${hint}`;
    expect(() => kind.after(delay as Duration)).toThrow(new RangeError(message));
    expect(() => simulation.after(delay as Duration, () => undefined)).toThrow(`event "closure": ${expected}`);
    expect(simulation.pendingCount).toBe(0);
  });

  test('an instant in the past is refused', () => {
    expect(() => kind.at(second)).toThrow(`event "renew lease": ${expected}, got 1000000`);
  });

  test.each([0.5, 2 ** 31, NaN])('an argument of %d is refused, because it would be changed silently', (argument) => {
    expect(() => kind.after(seconds(1), argument)).toThrow(
      `event "renew lease": argument must be a 32-bit integer, got ${argument}`,
    );
    const timeout = simulation.timeout('probe', seconds(1), () => undefined);
    expect(() => timeout.start(argument)).toThrow(`event "probe": argument must be a 32-bit integer, got ${argument}`);
  });

  test.each([-1, 0.5, NaN, Infinity])('a timeout of %d is refused where it is made', (delay) => {
    expect(() => simulation.timeout('probe', delay as Duration, () => undefined)).toThrow(
      new RangeError(`timeout "probe": delay must be a whole number of microseconds >= 0, got ${delay}`),
    );
  });

  test('a timeout that would end after the last instant is refused where it is started', () => {
    const timeout = simulation.timeout('probe', Number.MAX_SAFE_INTEGER as Duration, () => undefined);
    expect(() => timeout.start()).toThrow(`event "probe": ${expected}`);
  });

  test('the clock cannot be sent back, nor to a fraction', () => {
    expect(() => simulation.runUntil(second)).toThrow(
      new RangeError('runUntil: expected a whole number of microseconds not before now (5000000), got 1000000'),
    );
    expect(() => simulation.runUntil(5_000_000.5 as Instant)).toThrow('got 5000000.5');
    expect(() => simulation.runUntil(NaN as Instant)).toThrow('got NaN');
  });

  test('progressEvery below one is refused', () => {
    expect(() => simulation.runUntil(plus(timeZero, seconds(6)), { progressEvery: 0 })).toThrow(
      'runUntil: progressEvery must be > 0, got 0',
    );
  });

  test('a handler cannot run the simulation it runs in, and the run can go on afterwards', () => {
    const nested = new Simulation();
    const messages: string[] = [];
    nested.after(seconds(1), () => {
      for (const again of [() => nested.runUntil(second), () => nested.step()]) {
        try {
          again();
        } catch (error) {
          messages.push((error as Error).message);
        }
      }
    });
    nested.runUntil(second);
    expect(messages).toEqual([
      'runUntil: the simulation is already running; a handler cannot run it again',
      'step: the simulation is already running; a handler cannot run it again',
    ]);
    expect(nested.runUntil(plus(second, seconds(1)))).toBe('empty');
  });
});

describe('errors in handlers', () => {
  test('a broken invariant says when it broke, and in which run', () => {
    const error = thrownInHandler(() => assert(false, 'station "disk": release without a busy server'));
    expect(error).toBeInstanceOf(SimulationError);
    const message = 'station "disk": release without a busy server (t=2.000000 s, event #2, seed 7)';
    expect((error as SimulationError).message).toBe(message);
    expect((error as SimulationError).stack).toContain(message);
    expect((error as SimulationError).context).toEqual({ timeSeconds: 2, eventCount: 2, seed: '7', replication: 0 });
  });

  test('a replication other than the first is named', () => {
    const error = thrownInHandler(() => assert(false, 'broken'), 12) as SimulationError;
    expect(error.message).toContain('broken (t=2.000000 s, event #2, seed 7, replication 12)');
  });

  test('any other error passes through unchanged', () => {
    const original = new RangeError('bad weather');
    expect(
      thrownInHandler(() => {
        throw original;
      }),
    ).toBe(original);
    expect(original.message).toBe('bad weather');
    expect(
      thrownInHandler(() => {
        throw 'a string';
      }),
    ).toBe('a string');
  });

  test('an error in step is located too', () => {
    const simulation = new Simulation({ seed: 'a' });
    simulation.after(ms(1), () => assert(false, 'broken'));
    expect(() => simulation.step()).toThrow('broken (t=0.001000 s, event #1, seed a)');
  });

  test('an invariant broken in a simulation inside another keeps the place of the inner one', () => {
    const error = thrownInHandler(() => {
      const inner = new Simulation({ seed: 'inner' });
      inner.after(ms(1), () => assert(false, 'broken'));
      inner.runUntil(second);
    }) as SimulationError;
    expect(error.message).toBe('broken (t=0.001000 s, event #1, seed inner)');
  });

  test('a closure that was scheduled in vain leaves nothing behind', () => {
    const simulation = new Simulation();
    const log: number[] = [];
    expect(() => simulation.after(-1 as Duration, () => log.push(0))).toThrow(RangeError);
    simulation.after(us(1), () => log.push(1));
    simulation.after(us(1), () => log.push(2));
    simulation.runUntil(second);
    expect(log).toEqual([1, 2]);
  });
});
