import { describe, expect, it } from 'vitest';
import { Streams } from '../random/stream.ts';
import { forever, ms, noTime, seconds, us, type Duration } from '../time.ts';
import {
  decorrelatedJitter,
  equalJitter,
  exponentialBackoff,
  fixedRetry,
  fullJitter,
  giveUp,
  noRetry,
  type RetryPolicy,
} from './retry.ts';

const stream = new Streams('7', 0).get('test/retry');
const options = { base: ms(100), cap: seconds(2), maxAttempts: 6 };

/** The smallest, largest and mean delay before an attempt, over many draws. */
function spread(policy: RetryPolicy, attempt: number, previous: Duration): { low: number; high: number; mean: number } {
  let low = Infinity;
  let high = 0;
  let sum = 0;
  const draws = 20_000;
  for (let i = 0; i < draws; i++) {
    const delay = policy.delayBefore(attempt, previous, stream);
    low = Math.min(low, delay);
    high = Math.max(high, delay);
    sum += delay;
  }
  return { low, high, mean: sum / draws };
}

describe('retry policies', () => {
  it('none gives up after the first attempt', () => {
    expect(noRetry.delayBefore(2, noTime, stream)).toBe(giveUp);
  });

  it('fixed waits the same before every retry and counts the first attempt', () => {
    const policy = fixedRetry({ delay: seconds(1), maxAttempts: 3 });
    expect([2, 3, 4].map((attempt) => policy.delayBefore(attempt, noTime, stream))).toEqual([
      seconds(1),
      seconds(1),
      giveUp,
    ]);
  });

  it('exponential doubles from the base up to the cap', () => {
    const policy = exponentialBackoff(options);
    const delays = [2, 3, 4, 5, 6, 7].map((attempt) => policy.delayBefore(attempt, noTime, stream));
    expect(delays).toEqual([ms(100), ms(200), ms(400), ms(800), ms(1600), giveUp]);
    expect(exponentialBackoff({ ...options, maxAttempts: 9 }).delayBefore(9, noTime, stream)).toBe(seconds(2));
    expect(exponentialBackoff({ ...options, multiplier: 3 }).delayBefore(4, noTime, stream)).toBe(ms(900));
  });

  it('stays at the cap when the power overflows', () => {
    const policy = exponentialBackoff({ ...options, maxAttempts: Infinity });
    expect(policy.delayBefore(5_000, noTime, stream)).toBe(seconds(2));
  });

  it.each([
    ['full jitter', fullJitter(options), 0, 400],
    ['equal jitter', equalJitter(options), 200, 400],
  ])('%s spreads the third retry uniformly over its range', (_name, policy, low, high) => {
    const seen = spread(policy, 4, noTime);
    expect(seen.low).toBeGreaterThanOrEqual(ms(low));
    expect(seen.low).toBeLessThan(ms(low + 1));
    expect(seen.high).toBeLessThanOrEqual(ms(high));
    expect(seen.high).toBeGreaterThan(ms(high - 1));
    // Standard error of the mean of 20,000 uniforms over the range, times 4.
    const tolerance = (4 * ms(high - low)) / Math.sqrt(12 * 20_000);
    expect(Math.abs(seen.mean - ms((low + high) / 2))).toBeLessThan(tolerance);
  });

  it('decorrelated jitter spreads between the base and three times the previous wait, under the cap', () => {
    const policy = decorrelatedJitter(options);
    const first = spread(policy, 2, noTime);
    expect(first.low).toBeGreaterThanOrEqual(ms(100));
    expect(first.high).toBeGreaterThan(ms(299));
    expect(first.high).toBeLessThanOrEqual(ms(300));
    expect(spread(policy, 3, ms(500)).high).toBeGreaterThan(ms(1490));
    expect(spread(policy, 3, seconds(1)).high).toBe(seconds(2));
    expect(policy.delayBefore(7, ms(500), stream)).toBe(giveUp);
  });

  it('takes one uniform per jittered delay, so that policies can be compared draw by draw', () => {
    const one = new Streams('7', 0).get('aligned');
    const other = new Streams('7', 0).get('aligned');
    for (let attempt = 2; attempt < 7; attempt++) {
      fullJitter(options).delayBefore(attempt, noTime, one);
      decorrelatedJitter(options).delayBefore(attempt, noTime, other);
    }
    expect(one.uniform()).toBe(other.uniform());
  });

  it('refuses what cannot be meant', () => {
    expect(() => fullJitter({ ...options, base: us(0) })).toThrow(
      'retry policy "full jitter": base must be > 0, got 0 us',
    );
    expect(() => equalJitter({ ...options, cap: ms(50) })).toThrow(
      'cap must be finite and >= base (100000 us), got 50000 us',
    );
    expect(() => exponentialBackoff({ ...options, cap: forever })).toThrow('cap must be finite');
    expect(() => decorrelatedJitter({ ...options, maxAttempts: 0 })).toThrow(
      'maxAttempts must be a whole number >= 1 or Infinity, got 0',
    );
    expect(() => fixedRetry({ delay: us(-1), maxAttempts: 2 })).toThrow(
      'delay must be a finite duration >= 0, got -1 us',
    );
    expect(() => exponentialBackoff({ ...options, multiplier: 0.5 })).toThrow('multiplier must be >= 1, got 0.5');
  });
});
