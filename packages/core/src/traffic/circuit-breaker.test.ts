import { describe, expect, it } from 'vitest';
import { forever, plus, seconds, timeZero, us, type Instant } from '../time.ts';
import { CircuitBreaker, noPermit, type BreakerState, type CircuitBreakerOptions } from './circuit-breaker.ts';

const options: CircuitBreakerOptions = {
  name: 'to-db',
  failureRateThreshold: 0.5,
  minimumCalls: 4,
  window: seconds(10),
  openFor: seconds(30),
  probes: 2,
};

function at(count: number): Instant {
  return plus(timeZero, seconds(count));
}

type Step = readonly [
  time: number,
  act: 'good' | 'bad' | 'begin' | 'end good' | 'end bad' | 'forget',
  passes: boolean,
  then: BreakerState,
];

/** Plays a table. `begin` takes a permit and keeps it (oldest first) for `end` and `forget`; `good`, `bad` do both. */
function play(steps: readonly Step[], breaker = new CircuitBreaker(options)): CircuitBreaker {
  const permits: number[] = [];
  steps.forEach(([time, act, passes, then], i) => {
    const now = at(time);
    const row = `row ${i}: ${act} at ${time} s`;
    if (act.startsWith('end') || act === 'forget') {
      const permit = permits.shift()!;
      if (act === 'forget') breaker.forget(permit);
      else breaker.record(now, permit, act === 'end good');
    } else {
      const permit = breaker.tryPass(now);
      expect(permit !== noPermit, row).toBe(passes);
      if (act === 'begin') permits.push(permit);
      else if (permit !== noPermit) breaker.record(now, permit, act === 'good');
    }
    expect(breaker.state, row).toBe(then);
  });
  return breaker;
}

describe('circuit breaker', () => {
  it('opens at the threshold once there are enough calls, and refuses while open', () => {
    const breaker = play([
      [0, 'bad', true, 'closed'],
      [0, 'bad', true, 'closed'],
      [1, 'good', true, 'closed'],
      [1, 'good', true, 'open'],
      [2, 'good', false, 'open'],
      [30.9, 'good', false, 'open'],
    ]);
    expect(breaker.timesOpened).toBe(1);
  });

  it('stays closed below the threshold', () => {
    play([
      [0, 'bad', true, 'closed'],
      [0, 'good', true, 'closed'],
      [0, 'good', true, 'closed'],
      [0, 'good', true, 'closed'],
      [0, 'bad', true, 'closed'],
      [0, 'bad', true, 'open'],
    ]);
  });

  it('forgets results that have left the window', () => {
    play([
      [0, 'bad', true, 'closed'],
      [0, 'bad', true, 'closed'],
      [0, 'bad', true, 'closed'],
      [12, 'bad', true, 'closed'],
      [12, 'good', true, 'closed'],
      [12, 'good', true, 'closed'],
      [13, 'bad', true, 'open'],
    ]);
  });

  it('probes after openFor and closes again when the probes are good', () => {
    const opened: Step[] = [0, 0, 0, 0].map((time, i) => [time, 'bad', true, i < 3 ? 'closed' : 'open']);
    play([
      ...opened,
      [30, 'begin', true, 'half-open'],
      [30, 'begin', true, 'half-open'],
      [30, 'begin', false, 'half-open'],
      [31, 'end good', true, 'half-open'],
      [31, 'begin', false, 'half-open'],
      [32, 'end good', true, 'closed'],
      [33, 'good', true, 'closed'],
    ]);
  });

  it('opens again for the full time when the probes fail', () => {
    const opened: Step[] = [0, 0, 0, 0].map((time, i) => [time, 'bad', true, i < 3 ? 'closed' : 'open']);
    const breaker = play([
      ...opened,
      [40, 'good', true, 'half-open'],
      [41, 'bad', true, 'open'],
      [70.9, 'good', false, 'open'],
      [71, 'good', true, 'half-open'],
      [71, 'good', true, 'closed'],
    ]);
    expect(breaker.timesOpened).toBe(2);
  });

  it('a result of a call made before it opened cannot fail or pass a probe', () => {
    play([
      [0, 'begin', true, 'closed'],
      [0, 'bad', true, 'closed'],
      [0, 'bad', true, 'closed'],
      [0, 'bad', true, 'closed'],
      [0, 'bad', true, 'open'],
      [30, 'good', true, 'half-open'],
      [30, 'end bad', true, 'half-open'],
      [31, 'good', true, 'closed'],
    ]);
  });

  it('a probe whose caller left gives its place to another', () => {
    const opened: Step[] = [0, 0, 0, 0].map((time, i) => [time, 'bad', true, i < 3 ? 'closed' : 'open']);
    play([
      ...opened,
      [30, 'begin', true, 'half-open'],
      [30, 'begin', true, 'half-open'],
      [31, 'forget', true, 'half-open'],
      [31, 'good', true, 'half-open'],
      [32, 'end good', true, 'closed'],
    ]);
  });

  it('a window without end counts everything since it closed', () => {
    const breaker = new CircuitBreaker({ ...options, window: forever });
    play(
      [
        [0, 'bad', true, 'closed'],
        [1_000, 'bad', true, 'closed'],
        [9_000, 'good', true, 'closed'],
        [80_000, 'good', true, 'open'],
      ],
      breaker,
    );
  });

  it('refuses what cannot be meant', () => {
    expect(() => new CircuitBreaker({ ...options, failureRateThreshold: 0 })).toThrow(
      'circuit breaker "to-db": failureRateThreshold must be in (0, 1], got 0',
    );
    expect(() => new CircuitBreaker({ ...options, probes: 0 })).toThrow(
      'circuit breaker "to-db": probes must be a whole number >= 1, got 0',
    );
    expect(() => new CircuitBreaker({ ...options, window: us(1) })).toThrow(
      'circuit breaker "to-db": window must be >= 10 us, got 1 us',
    );
  });
});
