import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hours, minutes, plus, seconds, timeZero, us, type Instant } from '../time.ts';
import { constantRate, RateCurve } from './rate-curve.ts';

function at(count: number): Instant {
  return plus(timeZero, seconds(count));
}

const day = new RateCurve(
  [
    { at: at(10), perSecond: 2 },
    { at: at(20), perSecond: 0 },
    { at: at(30), perSecond: 5 },
  ],
  { repeatEvery: seconds(40) },
);

describe('rate curve', () => {
  it('is zero before the first step, then steps', () => {
    expect([0, 9.999999, 10, 19, 20, 30, 39, 40, 50, 70].map((time) => day.perSecondAt(at(time)))).toEqual([
      0, 0, 2, 2, 0, 5, 5, 0, 2, 5,
    ]);
  });

  it('adds up exactly, across periods too', () => {
    expect(day.eventsBetween(at(0), at(40))).toBeCloseTo(70, 9);
    expect(day.eventsBetween(at(15), at(35))).toBeCloseTo(35, 9);
    expect(day.eventsBetween(at(35), at(95))).toBeCloseTo(25 + 70 + 10, 9);
  });

  it('finds when an amount has passed', () => {
    expect(day.timeAfter(0, 20, 1)).toBeCloseTo(seconds(20), 3);
    expect(day.timeAfter(0, 21, 1)).toBeCloseTo(seconds(30.2), 3);
    expect(day.timeAfter(seconds(20), 0, 1)).toBe(seconds(30));
    expect(day.timeAfter(0, 700, 1)).toBeCloseTo(seconds(400), 3);
    expect(day.timeAfter(0, 20, 2)).toBeCloseTo(seconds(15), 3);
  });

  it('never comes to an end that does not exist', () => {
    const burst = new RateCurve([
      { at: at(0), perSecond: 1 },
      { at: at(10), perSecond: 0 },
    ]);
    expect(burst.timeAfter(0, 10.5, 1)).toBe(Infinity);
    expect(day.timeAfter(0, 1, 0)).toBe(Infinity);
    expect(constantRate(0).timeAfter(0, 1, 1)).toBe(Infinity);
    expect(new RateCurve([{ at: at(0), perSecond: 0 }], { repeatEvery: minutes(1) }).timeAfter(0, 1, 1)).toBe(Infinity);
  });

  it('refuses what cannot be meant', () => {
    expect(() => new RateCurve([])).toThrow('rate curve: expected at least one step, got none');
    expect(
      () =>
        new RateCurve([
          { at: at(1), perSecond: 1 },
          { at: at(1), perSecond: 2 },
        ]),
    ).toThrow('rate curve: steps must start at rising instants >= 0, got 1 s after 1 s');
    expect(() => constantRate(-1)).toThrow('rate curve: perSecond must be a finite number >= 0, got -1');
    expect(() => new RateCurve([{ at: at(5), perSecond: 1 }], { repeatEvery: seconds(5) })).toThrow(
      'rate curve: repeatEvery must be finite and beyond the last step, got 5000000 us',
    );
  });

  it('timeAfter inverts eventsBetween', () => {
    const step = fc.record({
      length: fc.integer({ min: 1, max: 10_000_000 }),
      perSecond: fc.constantFrom(0, 0.01, 1, 250, 1e5),
    });
    fc.assert(
      fc.property(
        fc.array(step, { minLength: 1, maxLength: 8 }),
        fc.boolean(),
        fc.integer({ min: 0, max: hours(1) }),
        fc.double({ min: 0, max: 50, noNaN: true }),
        fc.constantFrom(0.5, 1, 3),
        (pieces, repeats, start, amount, scale) => {
          let from = 0;
          const steps = pieces.map(({ length, perSecond }) => ({ at: (from += length) as Instant, perSecond }));
          const curve = new RateCurve(steps, repeats ? { repeatEvery: us(from + 5_000_000) } : {});
          const time = curve.timeAfter(start, amount, scale);
          if (time === Infinity) return;
          expect(time).toBeGreaterThanOrEqual(start - 1e-3);
          const passed = curve.eventsBetween(start as Instant, time as Instant) * scale;
          expect(passed).toBeCloseTo(amount, 4);
        },
      ),
      { seed: 20_241_211, numRuns: 500 },
    );
  });
});
