import { seconds, Simulation, ms } from '@brownout/core';
import { expect, it } from 'vitest';
import { ForgettingBackoffs, jitteredWaitAfter, waitAfter } from './backoff.ts';

const leases = { first: ms(200), longest: seconds(7) };

it('doubles from the first wait to the longest', () => {
  const waits = [0, 1, 2, 3, 4, 5, 6, 7].map((failures) => waitAfter(failures, leases) / ms(1));
  expect(waits).toEqual([200, 400, 800, 1600, 3200, 6400, 7000, 7000]);
});

it('stays at the longest after any number of failures', () => {
  expect(waitAfter(255, leases)).toBe(seconds(7));
  expect(waitAfter(1_000_000, { first: ms(5), longest: seconds(1000) })).toBe(seconds(1000));
});

it('jitter adds up to as much again, evenly', () => {
  const stream = new Simulation({ seed: 1 }).streams.get('test');
  const waits = Array.from({ length: 2000 }, () =>
    jitteredWaitAfter(10, { first: ms(800), longest: seconds(30) }, stream),
  );
  expect(Math.min(...waits)).toBeGreaterThanOrEqual(seconds(30));
  expect(Math.max(...waits)).toBeLessThanOrEqual(seconds(60));
  const mean = waits.reduce((sum, wait) => sum + wait, 0) / waits.length;
  // Uniform over 30 s: the mean of 2,000 has a standard deviation of 0.19 s.
  expect(Math.abs(mean / seconds(1) - 45)).toBeLessThan(5 * 0.19);
});

it('doubles with use, and starts over after two minutes without: the wait counts as being without', () => {
  const stream = new Simulation({ seed: 1 }).streams.get('test');
  const backoffs = new ForgettingBackoffs(
    2,
    { first: ms(800), longest: seconds(30), forgetAfter: seconds(120) },
    stream,
  );
  const uses = (wait: number): number => Math.floor(Math.log2(wait / ms(800)));
  const waits = [1, 2, 4, 8].map((time) => uses(backoffs.next(0, seconds(time))));
  expect(waits).toEqual([0, 1, 2, 3]);
  expect(uses(backoffs.next(1, seconds(8)))).toBe(0);
  expect(uses(backoffs.next(0, seconds(128)))).toBe(4);
  expect(uses(backoffs.next(0, seconds(248.1)))).toBe(0);
});
