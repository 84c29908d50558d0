import { describe, expect, it } from 'vitest';
import { Streams } from '../random/stream.ts';
import { ratioInterval } from './ratio.ts';

describe('the interval of a ratio of means', () => {
  it('is the jackknife', () => {
    // Pseudo-values 4 * 10/20 - 3 * {9/18, 8/15, 7/16, 6/11}, by hand.
    const pseudo = [2 - 1.5, 2 - 3 * (8 / 15), 2 - 3 * (7 / 16), 2 - 3 * (6 / 11)];
    const mean = pseudo.reduce((sum, value) => sum + value, 0) / 4;
    const { ratio, low, high, level, count } = ratioInterval([1, 2, 3, 4], [2, 5, 4, 9]);
    expect(ratio).toBeCloseTo(mean, 12);
    expect((low + high) / 2).toBeCloseTo(mean, 12);
    expect([level, count]).toEqual([0.95, 4]);
  });

  it('of numbers in a fixed proportion is that proportion, without any width', () => {
    const { ratio, low, high } = ratioInterval([3, 6, 9], [1, 2, 3]);
    expect(ratio).toBeCloseTo(3, 12);
    expect(high - low).toBeLessThan(1e-12);
  });

  it('weighs replications by their denominators', () => {
    expect(ratioInterval([0, 900, 1_000, 1], [0, 1_000, 1_000, 1]).ratio).toBeCloseTo(0.95, 2);
  });

  it('covers the true ratio as often as it says', () => {
    // Numerator and denominator share a common part: E = 3 / 2, and both vary much and together.
    const stream = new Streams('23', 0).get('coverage');
    const exponential = (): number => -Math.log(stream.uniform());
    let covered = 0;
    for (let experiment = 0; experiment < 2_000; experiment++) {
      const shared = Array.from({ length: 40 }, exponential);
      const { low, high } = ratioInterval(
        shared.map((value) => value + 2 * exponential()),
        shared.map((value) => value + exponential()),
      );
      if (low <= 1.5 && 1.5 <= high) covered++;
    }
    // Student's level is approximate here: 95 % +- 2 %, as docs/validation/experiments.md asks of all intervals.
    expect(covered / 2_000).toBeGreaterThan(0.93);
    expect(covered / 2_000).toBeLessThan(0.97);
  });

  it('refuses what has no ratio', () => {
    expect(() => ratioInterval([1], [1, 2])).toThrow(
      'ratioInterval: pairs need lists of equal length, got 1 numerators and 2 denominators',
    );
    expect(() => ratioInterval([1, 2], [1, -1])).toThrow('denominators >= 0');
    expect(() => ratioInterval([1, Infinity], [1, 1])).toThrow('finite numbers');
    expect(() => ratioInterval([1, 2, 3], [0, 5, 0])).toThrow('at least two replications with a denominator > 0');
  });
});
