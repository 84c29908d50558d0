import { describe, expect, it } from 'vitest';
import { Streams } from '../random/stream.ts';
import { median, medianInterval } from './median.ts';
import { quantile, quantileInterval, valuesForQuantile } from './quantile.ts';

const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);

describe('a quantile', () => {
  it('lies between two values in proportion', () => {
    // numpy.quantile
    expect(quantile([4, 1, 3, 2], 0.95)).toBeCloseTo(3.85, 14);
    expect(quantile(upTo(101), 0.05)).toBe(6);
    expect(quantile([7], 0.3)).toBe(7);
    expect(quantile([], 0.5)).toBeNaN();
    expect(quantile([5, 9, 1, 4], 0.5)).toBe(median([5, 9, 1, 4]));
  });

  it('is infinite where it falls among what never came, and finite below', () => {
    const values = [1, 2, 3, Infinity];
    expect(quantile(values, 0.6)).toBeCloseTo(2.8, 14);
    expect(quantile(values, 0.7)).toBe(Infinity);
    expect(quantile([Infinity, Infinity], 0.4)).toBe(Infinity);
  });

  it('refuses what is no share', () => {
    expect(() => quantile([1], 1)).toThrow('quantile: share must be inside (0, 1), got 1');
  });
});

describe('the interval of a quantile', () => {
  // Ranks from scipy.stats.binom 1.17.1: the largest low with cdf(low - 1) <= 0.025, the least high with sf(high - 1) <= 0.025.
  it.each([
    [100, 0.9, 84, 96],
    [100, 0.5, 40, 61],
    [200, 0.95, 184, 197],
    [80, 0.1, 3, 15],
  ])('of %d values at %f runs from number %d to %d', (count, share, low, high) => {
    const interval = quantileInterval(upTo(count), { share });
    expect([interval.low, interval.high]).toEqual([low, high]);
    expect(interval.coverage).toBeGreaterThanOrEqual(0.95);
    expect(interval.coverage).toBeLessThan(0.98);
  });

  it('of the median is the interval of the median', () => {
    for (const count of [6, 17, 30, 121]) {
      const { low, high, coverage } = medianInterval(upTo(count));
      expect(quantileInterval(upTo(count), { share: 0.5 })).toMatchObject({ low, high, coverage });
    }
  });

  it('is refused with too few values, which says how many are needed', () => {
    expect(valuesForQuantile({ share: 0.5 })).toBe(6);
    expect(valuesForQuantile({ share: 0.95 })).toBe(72);
    expect(valuesForQuantile({ share: 0.05 })).toBe(72);
    expect(valuesForQuantile({ share: 0.9, level: 0.99 })).toBe(51);
    expect(quantileInterval(upTo(72), { share: 0.95 }).high).toBe(72);
    expect(() => quantileInterval(upTo(71), { share: 0.95 })).toThrow(
      'quantileInterval: the 0.95 quantile at level 0.95 needs at least 72 values, got 71',
    );
  });

  it('has an infinite end when too many never came', () => {
    const values = [...upTo(90), ...new Array<number>(10).fill(Infinity)];
    expect(quantileInterval(values, { share: 0.9 })).toMatchObject({ low: 84, high: Infinity });
  });

  it('covers the true quantile as often as it says', () => {
    const stream = new Streams('17', 0).get('coverage');
    const truth = -Math.log(0.1);
    let covered = 0;
    let stated = 0;
    for (let experiment = 0; experiment < 2_000; experiment++) {
      const values = Array.from({ length: 100 }, () => -Math.log(stream.uniform()));
      const { low, high, coverage } = quantileInterval(values, { share: 0.9 });
      if (low <= truth && truth <= high) covered++;
      stated = coverage;
    }
    // Binomial with 2000 trials of what is stated: 3.3 standard deviations are 32 or less.
    expect(Math.abs(covered - 2_000 * stated)).toBeLessThan(32);
  });

  it('refuses what is no number, no share and no level', () => {
    expect(() => quantileInterval([NaN], { share: 0.5 })).toThrow('quantileInterval: expected numbers, got NaN');
    expect(() => quantileInterval([1], { share: 0 })).toThrow('share must be inside (0, 1), got 0');
    expect(() => quantileInterval([1], { share: 0.5, level: 1 })).toThrow('level must be inside (0, 1), got 1');
  });
});
