import { describe, expect, test } from 'vitest';
import {
  forever,
  ms,
  noEvent,
  noTime,
  plus,
  seconds,
  Simulation,
  SimulationError,
  timeZero,
  us,
  type EventHandle,
  type Instant,
} from './index.ts';

const second = plus(timeZero, seconds(1));

describe('order', () => {
  test('equal times run releases first, then ordinary, then arrivals, each in the order scheduled', () => {
    const simulation = new Simulation();
    const log: string[] = [];
    const kinds = (['arrival', 'ordinary', 'release'] as const).map((priority) =>
      simulation.event(priority, (argument) => log.push(`${priority} ${argument}`), priority),
    );
    for (const argument of [1, 2]) for (const kind of kinds) kind.at(second, argument);
    simulation.runUntil(second);
    expect(log).toEqual(['release 1', 'release 2', 'ordinary 1', 'ordinary 2', 'arrival 1', 'arrival 2']);
  });

  test('an event scheduled at the current instant runs at it, but after what was already scheduled there', () => {
    const simulation = new Simulation();
    const log: number[] = [];
    simulation.at(second, () => {
      log.push(1);
      simulation.after(noTime, () => log.push(3));
    });
    simulation.at(second, () => log.push(2));
    simulation.runUntil(second);
    expect(log).toEqual([1, 2, 3]);
  });

  test('timeouts, plain events and closures at one instant run in the order started', () => {
    const simulation = new Simulation();
    const log: number[] = [];
    const timeout = simulation.timeout('timeout', seconds(1), (argument) => log.push(argument));
    const plain = simulation.event('plain', (argument) => log.push(argument));
    for (let i = 0; i < 9; i += 3) {
      timeout.start(i);
      plain.after(seconds(1), i + 1);
      simulation.after(seconds(1), () => log.push(i + 2));
    }
    simulation.runUntil(second);
    expect(log).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  });

  test('a timeout takes the priority it was given', () => {
    const simulation = new Simulation();
    const log: string[] = [];
    const last = simulation.timeout('last', seconds(1), () => log.push('arrival'), 'arrival');
    const first = simulation.timeout('first', seconds(1), () => log.push('release'), 'release');
    last.start();
    first.start();
    simulation.runUntil(second);
    expect(log).toEqual(['release', 'arrival']);
  });

  test('same seed, same run: the order of a busy mixture does not depend on anything but the program', () => {
    const run = (): number => {
      const simulation = new Simulation({ seed: 3 });
      const gaps = simulation.streams.get('test/gaps');
      let digest = 0;
      const seen = (argument: number): void => {
        digest = (Math.imul(digest, 31) + argument + simulation.now) | 0;
        if (simulation.eventCount > 20_000) return;
        handles[argument] = timeout.start(argument);
        simulation.cancel(handles[(argument * 7) % 100]!);
        plain.after(us(Math.floor(gaps.uniform() * 50)), (argument + 1) % 100);
      };
      const handles: EventHandle[] = Array.from({ length: 100 }, () => noEvent);
      const plain = simulation.event('plain', seen);
      const timeout = simulation.timeout('timeout', us(25), seen, 'release');
      for (let i = 0; i < 100; i++) plain.after(us(i % 3), i);
      simulation.runUntil(second);
      return digest;
    };
    expect(run()).toBe(run());
  });
});

describe('cancelling', () => {
  test('a cancelled event never runs, and cancelling twice or after the event answers false', () => {
    const simulation = new Simulation();
    const ran: string[] = [];
    const kind = simulation.event('kind', () => ran.push('kind'));
    const timeout = simulation.timeout('timeout', seconds(1), () => ran.push('timeout'));
    const handles = [kind.after(seconds(1)), timeout.start(), simulation.after(seconds(1), () => ran.push('closure'))];
    expect(simulation.pendingCount).toBe(3);
    expect(handles.map((handle) => simulation.cancel(handle))).toEqual([true, true, true]);
    expect(handles.map((handle) => simulation.cancel(handle))).toEqual([false, false, false]);
    const later = kind.after(seconds(1));
    expect(simulation.isPending(later)).toBe(true);
    expect(simulation.runUntil(second)).toBe('empty');
    expect([simulation.isPending(later), simulation.cancel(later), simulation.cancel(noEvent)]).toEqual([
      false,
      false,
      false,
    ]);
    expect(ran).toEqual(['kind']);
    expect([simulation.pendingCount, simulation.eventCount]).toEqual([0, 1]);
  });

  test('the event in progress can no longer be cancelled, its neighbour at the same instant can', () => {
    const simulation = new Simulation();
    const results: boolean[] = [];
    const kind = simulation.event('kind', (argument) => {
      if (argument === 1) results.push(simulation.cancel(first), simulation.cancel(second_));
    });
    const first = kind.after(seconds(1), 1);
    const second_ = kind.after(seconds(1), 2);
    simulation.runUntil(second);
    expect(results).toEqual([false, true]);
    expect(simulation.eventCount).toBe(1);
  });

  test('a handle that outlives its event does not cancel the next event in the same place', () => {
    const simulation = new Simulation();
    let runs = 0;
    const kind = simulation.event('kind', () => runs++);
    const old = kind.after(us(1));
    simulation.runUntil(us(1) as number as Instant);
    for (let i = 0; i < 1_000; i++) {
      kind.after(us(1));
      expect(simulation.cancel(old)).toBe(false);
      simulation.step();
    }
    expect(runs).toBe(1_001);
  });

  test('handles survive a Float64Array, and a cleared one names no event', () => {
    const simulation = new Simulation();
    const kind = simulation.event('kind', () => undefined);
    const column = new Float64Array(100);
    for (let i = 0; i < 100; i++) expect(simulation.cancel(column[i] as EventHandle)).toBe(false);
    for (let round = 0; round < 50; round++) {
      for (let i = 0; i < 100; i++) column[i] = kind.after(seconds(i + 1));
      for (let i = 0; i < 100; i++) expect(simulation.cancel(column[i] as EventHandle)).toBe(true);
    }
    expect(simulation.pendingCount).toBe(0);
  });
});

describe('running', () => {
  test('events at the horizon run, and the clock ends on it', () => {
    const simulation = new Simulation();
    const kind = simulation.event('kind', () => undefined);
    kind.at(second);
    kind.at(plus(second, us(1)));
    expect(simulation.runUntil(second)).toBe('horizon');
    expect([simulation.now, simulation.eventCount, simulation.pendingCount]).toEqual([second, 1, 1]);
    expect(simulation.runUntil(plus(second, seconds(1)))).toBe('empty');
    expect(simulation.now).toBe(plus(second, seconds(1)));
  });

  test('an endless horizon runs until nothing is pending and leaves the clock at the last event', () => {
    const simulation = new Simulation();
    simulation.after(seconds(3), () => undefined);
    expect(simulation.runUntil(forever as number as Instant)).toBe('empty');
    expect(simulation.now).toBe(seconds(3));
  });

  test('step runs one event and answers false when none is left', () => {
    const simulation = new Simulation();
    const timeout = simulation.timeout('timeout', ms(5), () => undefined);
    simulation.cancel(timeout.start());
    timeout.start();
    expect([simulation.step(), simulation.now, simulation.step()]).toEqual([true, 5_000, false]);
  });

  test('stop ends the run after the event in progress and leaves the clock there', () => {
    const simulation = new Simulation();
    const kind = simulation.event('kind', (argument) => {
      if (argument === 3) simulation.stop();
    });
    for (let i = 1; i <= 5; i++) kind.after(seconds(i), i);
    expect(simulation.runUntil(plus(timeZero, seconds(9)))).toBe('stopped');
    expect([simulation.now, simulation.pendingCount]).toEqual([seconds(3), 2]);
    expect(simulation.runUntil(plus(timeZero, seconds(9)))).toBe('empty');
  });

  test('stopWhen is asked after every event', () => {
    const simulation = new Simulation();
    const kind = simulation.event('kind', () => undefined);
    for (let i = 1; i <= 5; i++) kind.after(seconds(i));
    let asked = 0;
    const end = simulation.runUntil(plus(timeZero, seconds(9)), { stopWhen: () => ++asked === 4 });
    expect([end, simulation.eventCount, simulation.now]).toEqual(['stopped', 4, seconds(4)]);
  });

  test('progress is reported every so many events, whether or not a stop condition is watched, and abort ends the run', () => {
    for (const stopWhen of [undefined, () => false]) {
      const simulation = new Simulation();
      const kind = simulation.event('kind', () => void kind.after(seconds(1)));
      kind.after(seconds(1));
      const seen: number[] = [];
      const abort = { aborted: false };
      const onProgress = (now: Instant): void => {
        seen.push(now / 1_000_000);
        abort.aborted = seen.length === 3;
      };
      const options = { onProgress, progressEvery: 10, abort, ...(stopWhen === undefined ? {} : { stopWhen }) };
      expect(simulation.runUntil(plus(timeZero, seconds(1_000)), options)).toBe('aborted');
      expect([seen, simulation.eventCount]).toEqual([[10, 20, 30], 30]);
    }
  });

  test('stop from the progress callback ends the run', () => {
    const simulation = new Simulation();
    const kind = simulation.event('kind', () => void kind.after(seconds(1)));
    kind.after(seconds(1));
    const end = simulation.runUntil(plus(timeZero, seconds(99)), {
      onProgress: () => simulation.stop(),
      progressEvery: 5,
    });
    expect([end, simulation.eventCount]).toEqual(['stopped', 5]);
  });

  test('a run can be continued piece by piece and ends as in one go', () => {
    const run = (pieces: number): number[] => {
      const simulation = new Simulation({ seed: 5 });
      const gaps = simulation.streams.get('test/gaps');
      const times: number[] = [];
      const kind = simulation.event('kind', (argument) => {
        times.push(simulation.now * 100 + argument);
        kind.after(us(Math.floor(gaps.uniform() * 1_000_000)), argument);
      });
      for (let i = 0; i < 60; i++) kind.after(us(i), i);
      for (let i = 1; i <= pieces; i++) simulation.runUntil(((20_000_000 * i) / pieces) as Instant);
      return times;
    };
    expect(run(1_000)).toEqual(run(1));
  });
});

describe('limits', () => {
  test('a run beyond its event limit fails and names the place', () => {
    const simulation = new Simulation({ seed: 7, eventLimit: 3 });
    const kind = simulation.event('kind', () => void kind.after(ms(500)));
    kind.after(ms(500));
    expect(() => simulation.runUntil(plus(timeZero, seconds(9)))).toThrow(
      new SimulationError('event limit of 3 reached (t=2.000000 s, event #3, seed 7)'),
    );
    expect(simulation.eventCount).toBe(3);
  });

  test('as many events as the limit allows are no failure', () => {
    const simulation = new Simulation({ eventLimit: 3 });
    for (let i = 1; i <= 3; i++) simulation.after(seconds(i), () => undefined);
    expect(simulation.runUntil(plus(timeZero, seconds(9)))).toBe('empty');
    const other = new Simulation({ eventLimit: 3 });
    for (let i = 1; i <= 4; i++) other.after(seconds(i), () => undefined);
    expect(other.runUntil(plus(timeZero, seconds(3)))).toBe('horizon');
    expect(() => other.step()).toThrow('event limit of 3 reached (t=4.000000 s, event #3');
  });

  test('events that a component worked through by itself count, and not towards the limit', () => {
    const simulation = new Simulation({ eventLimit: 3 });
    simulation.bookEvents(5);
    for (let i = 1; i <= 3; i++) simulation.after(seconds(i), () => simulation.bookEvents(10));
    expect(simulation.runUntil(plus(timeZero, seconds(9)))).toBe('empty');
    expect(simulation.eventCount).toBe(5 + 3 + 30);
  });

  test('a livelock at one instant fails and names the kind that comes next', () => {
    const simulation = new Simulation({ eventsAtInstantLimit: 1_000 });
    const spin = simulation.event('spin', () => void spin.after(noTime));
    spin.after(seconds(2));
    expect(() => simulation.runUntil(plus(timeZero, seconds(9)))).toThrow(
      'more than 1000 events at one instant, the next is "spin" (t=2.000000 s, event #1000, seed 1)',
    );
  });

  test('as many events at one instant as the limit allows are no failure', () => {
    const simulation = new Simulation({ eventsAtInstantLimit: 10 });
    const kind = simulation.event('kind', () => undefined);
    for (let at = 1; at <= 3; at++) for (let i = 0; i < 10; i++) kind.after(seconds(at));
    expect(simulation.runUntil(plus(timeZero, seconds(9)))).toBe('empty');
  });

  test.each([{ eventLimit: 0 }, { eventsAtInstantLimit: NaN }, { eventLimit: -1 }])(
    'limits below one are refused: %o',
    (options) => {
      const [name, value] = Object.entries(options)[0]!;
      expect(() => new Simulation(options)).toThrow(new RangeError(`${name} must be > 0, got ${value}`));
    },
  );
});
