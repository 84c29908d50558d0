import { Simulation } from '@brownout/core';
import { expect, it } from 'vitest';
import { GoAway } from './go-away.ts';

const stream = () => new Simulation({ seed: 5 }).streams.get('test/goaway');

it('strikes its share of requests, at intervals that forget', () => {
  const goAway = new GoAway(stream(), 0.02);
  const gaps: number[] = [];
  let since = 0;
  for (let i = 0; i < 500_000; i++) {
    since++;
    if (!goAway.strikes()) continue;
    gaps.push(since);
    since = 0;
  }
  // Geometric with p = 0.02: mean 50, standard deviation 49.5; about 10,000 of them, so the mean is within 1.5 at 3 sigma.
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
  expect(Math.abs(mean - 50)).toBeLessThan(1.5);
  const beyond = gaps.filter((gap) => gap > 50).length / gaps.length;
  expect(Math.abs(beyond - 0.98 ** 50)).toBeLessThan(0.015);
});

it('never strikes at chance 0, and upstream allows no more than 0.02', () => {
  const never = new GoAway(stream(), 0);
  expect(Array.from({ length: 1000 }, () => never.strikes()).some(Boolean)).toBe(false);
  expect(() => new GoAway(stream(), 0.03)).toThrow('goaway: chance must be in 0..0.02, got 0.03');
});
