import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binomialTails } from './binomial.ts';
import { quantileRanks } from './order-statistics.ts';

describe('chances of a count', () => {
  it('are those of the triangle', () => {
    const { lower, upper } = binomialTails(4, 0.5);
    expect(lower).toEqual([1 / 16, 5 / 16, 11 / 16, 15 / 16, 1]);
    expect(upper).toEqual([1, 15 / 16, 11 / 16, 5 / 16, 1 / 16]);
  });

  it('are those of SciPy, also far out and for many tries', () => {
    // scipy.stats.binom 1.17.1: cdf(80, 100, 0.9), sf(98, 100, 0.9), cdf(900, 2000, 0.5), cdf(10, 5000, 0.01).
    const hundred = binomialTails(100, 0.9);
    expect(hundred.lower[80]! / 0.001978560865771225).toBeCloseTo(1, 11);
    expect(hundred.upper[99]! / 0.00032168805319411577).toBeCloseTo(1, 11);
    expect(binomialTails(2_000, 0.5).lower[900]! / 4.228544767751905e-6).toBeCloseTo(1, 9);
    expect(binomialTails(5_000, 0.01).lower[10]! / 5.484779773570429e-12).toBeCloseTo(1, 9);
  });

  it('add up', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.double({ min: 0.01, max: 0.99, noNaN: true }), (count, p) => {
        const { lower, upper } = binomialTails(count, p);
        return lower.every((below, k) => k === count || Math.abs(below + upper[k + 1]! - 1) < 1e-12);
      }),
    );
  });
});

describe('the ranks around a quantile', () => {
  it('cover enough wherever there are enough values, and no pair nearer the middle on either side would', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 400 }),
        fc.double({ min: 0.02, max: 0.98, noNaN: true }),
        fc.constantFrom(0.8, 0.95, 0.99),
        (count, share, level) => {
          const { lowRank, highRank, coverage } = quantileRanks(count, share, level);
          const { lower, upper } = binomialTails(count, share);
          const side = (1 - level) / 2;
          const isWide = lower[0]! > side || upper[count]! > side;
          expect(lowRank).toBeLessThanOrEqual(highRank);
          if (isWide) return;
          expect(coverage).toBeGreaterThanOrEqual(level - 1e-9);
          expect(lower[lowRank]!).toBeGreaterThan(side);
          expect(upper[highRank - 1]!).toBeGreaterThan(side);
        },
      ),
    );
  });

  it('are found for more values than a power of one half can count', () => {
    const { lowRank, highRank, coverage } = quantileRanks(5_000, 0.5, 0.95);
    // 2500 -+ 1.96 * sqrt(5000) / 2
    expect([lowRank, highRank]).toEqual([2_431, 2_570]);
    expect(coverage).toBeGreaterThan(0.95);
  });
});
