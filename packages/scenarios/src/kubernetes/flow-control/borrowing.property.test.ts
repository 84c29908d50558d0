import fc from 'fast-check';
import { expect, test } from 'vitest';
import { adjustLimits, allotment, type Borrower, type Claim, fairFactor } from './borrowing.ts';

const claims: fc.Arbitrary<Claim[]> = fc.array(
  fc
    .record({ lower: fc.nat(200), above: fc.nat(500), extra: fc.double({ min: 0, max: 2_000, noNaN: true }) })
    .map(({ lower, above, extra }) => ({ lower, upper: lower + above, target: lower + extra })),
  { minLength: 1, maxLength: 10 },
);

test('the solver agrees with a bisection for the factor', () => {
  fc.assert(
    fc.property(claims, fc.double({ min: 0, max: 1, noNaN: true }), (given, place) => {
      const lowest = sum(given.map((claim) => claim.lower));
      const highest = sum(given.map((claim) => claim.upper));
      const target = lowest + place * (highest - lowest);
      const factor = fairFactor(target, given);
      const solved = given.map((claim) => allotment(claim, factor));
      expect(sum(solved)).toBeCloseTo(target, 5);
      bisected(target, given).forEach((expected, i) => expect(solved[i]).toBeCloseTo(expected, 4));
    }),
    { seed: 4_001, numRuns: 2_000 },
  );
});

const borrowers: fc.Arbitrary<Borrower[]> = fc
  .array(
    fc.record({
      nominal: fc.integer({ min: 1, max: 300 }),
      lendable: fc.double({ min: 0, max: 1, noNaN: true }),
      highWatermark: fc.nat(1_000),
      envelope: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
    { minLength: 1, maxLength: 9 },
  )
  .map((levels) =>
    levels.map(({ nominal, lendable, highWatermark, envelope }) => ({
      isExempt: false,
      nominal,
      min: nominal - Math.round(nominal * lendable),
      max: nominal + 600,
      highWatermark,
      smoothedDemand: highWatermark * envelope,
      limit: nominal,
    })),
  );

test('without exempt use the limits add up to the nominal seats, give or take the rounding, within the bounds', () => {
  fc.assert(
    fc.property(borrowers, (levels) => {
      const limits = adjustLimits(levels);
      const nominal = sum(levels.map((level) => level.nominal));
      expect(Math.abs(sum(limits) - nominal)).toBeLessThanOrEqual(levels.length / 2 + 1e-6);
      limits.forEach((limit, i) => {
        const { min, max, nominal: own, highWatermark } = levels[i]!;
        expect(limit).toBeGreaterThanOrEqual(min);
        expect(limit).toBeLessThanOrEqual(max);
        // Nobody who wants what he had to begin with is left with less.
        expect(limit).toBeGreaterThanOrEqual(Math.min(own, highWatermark));
      });
    }),
    { seed: 4_002, numRuns: 1_000 },
  );
});

test('a level that wants more does not get less', () => {
  fc.assert(
    fc.property(borrowers, fc.nat(8), fc.nat(500), (levels, place, more) => {
      const i = place % levels.length;
      const before = adjustLimits(levels)[i]!;
      const level = levels[i]!;
      const wanting = {
        ...level,
        highWatermark: level.highWatermark + more,
        smoothedDemand: level.smoothedDemand + more,
      };
      expect(adjustLimits(levels.with(i, wanting))[i]).toBeGreaterThanOrEqual(before);
    }),
    { seed: 4_003, numRuns: 1_000 },
  );
});

/** The allotments for which the sum comes out, found by halving the range of the factor. */
function bisected(target: number, given: readonly Claim[]): number[] {
  const at = (factor: number): number[] =>
    given.map(({ lower, upper, target: wanted }) => Math.min(upper, Math.max(lower, factor * Math.max(wanted, 0.001))));
  let low = 0;
  let high = 1e9;
  for (let step = 0; step < 200; step++) {
    const middle = (low + high) / 2;
    if (sum(at(middle)) < target) low = middle;
    else high = middle;
  }
  return at(high);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
