import type { Instant } from '@brownout/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SeatDemand } from './seat-demand.ts';

const at = (microseconds: number): Instant => microseconds as Instant;

test('the envelope is average plus deviation, and rises at once', () => {
  const demand = new SeatDemand(at(0), 0.977);
  demand.set(10, at(0));
  demand.set(30, at(5_000_000));
  demand.closePeriod(at(10_000_000));
  // Half the time 10, half the time 30: average 20, deviation 10.
  expect(demand.smoothed).toBeCloseTo(30, 12);
  expect(demand.highWatermark).toBe(30);
});

test('the envelope falls by half in five minutes', () => {
  const demand = new SeatDemand(at(0), 0.977);
  demand.set(100, at(0));
  demand.closePeriod(at(10_000_000));
  demand.set(0, at(10_000_000));
  for (let period = 2; period <= 31; period++) demand.closePeriod(at(period * 10_000_000));
  expect(demand.smoothed).toBeGreaterThan(48);
  expect(demand.smoothed).toBeLessThan(52);
});

test('the watermark of a period begins with the demand at its start and forgets what was before', () => {
  const demand = new SeatDemand(at(0), 0.977);
  demand.set(50, at(1));
  demand.set(7, at(2));
  demand.closePeriod(at(10));
  expect(demand.highWatermark).toBe(50);
  demand.closePeriod(at(20));
  expect(demand.highWatermark).toBe(7);
});

test('a peak without duration counts for the watermark and not for the envelope', () => {
  const demand = new SeatDemand(at(0), 0.977);
  demand.set(50, at(5));
  demand.set(0, at(5));
  demand.closePeriod(at(10));
  expect(demand.highWatermark).toBe(50);
  expect(demand.smoothed).toBe(0);
});

test('a period without duration leaves the envelope alone', () => {
  const demand = new SeatDemand(at(0), 0.977);
  demand.closePeriod(at(0));
  expect(demand.smoothed).toBe(0);
  demand.set(9, at(0));
  demand.closePeriod(at(0));
  expect([demand.smoothed, demand.highWatermark]).toEqual([0, 9]);
});

test('average and deviation agree with a list of samples', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ seats: fc.nat(700), ticks: fc.integer({ min: 1, max: 40 }) }), {
        minLength: 1,
        maxLength: 30,
      }),
      (pieces) => {
        const demand = new SeatDemand(at(0), 0);
        let now = 0;
        for (const { seats, ticks } of pieces) {
          demand.set(seats, at(now));
          now += ticks;
        }
        demand.closePeriod(at(now));
        const samples = pieces.flatMap(({ seats, ticks }) => Array.from({ length: ticks }, () => seats));
        const mean = samples.reduce((sum, seats) => sum + seats, 0) / samples.length;
        const variance = samples.reduce((sum, seats) => sum + (seats - mean) ** 2, 0) / samples.length;
        expect(demand.smoothed).toBeCloseTo(mean + Math.sqrt(variance), 6);
        expect(demand.highWatermark).toBe(Math.max(...samples));
      },
    ),
    { seed: 4_031, numRuns: 300 },
  );
});
