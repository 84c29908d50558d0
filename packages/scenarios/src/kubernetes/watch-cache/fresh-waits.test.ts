import { ms, seconds, Simulation } from '@brownout/core';
import { expect, it } from 'vitest';
import { advance } from '../testing/bench.ts';
import { FreshWaits } from './fresh-waits.ts';

it('times every read that needs a version: those that find it, those that wait, and those that give up after 3 s', () => {
  const simulation = new Simulation({ seed: 1 });
  const resumed: number[] = [];
  const waits = new FreshWaits(simulation, 'test', (request) => resumed.push(request));
  waits.needless();
  waits.add(1, 10, false);
  waits.add(2, 20, false);
  advance(simulation, ms(300));
  waits.reached(10);
  advance(simulation, seconds(5));
  expect(resumed).toEqual([1, 2]);
  const { cumulative, sum } = waits.times.read({});
  // Edges: 0.005, 0.025, 0.05, 0.1, 0.2, 0.4, ... 2, 3, +Inf.
  expect(cumulative).toEqual([1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 3, 3]);
  expect(sum).toBeCloseTo(3.3, 9);
});
