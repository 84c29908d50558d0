import { spearman, Streams } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { partialRankCorrelations } from './partial-rank.ts';

const x1 = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 8, 7];
const x2 = [2, 7, 1, 8, 2, 8, 1, 8, 2, 8, 4, 5];
const y = [4, 6, 5, 5, 7, 14, 3, 12, 6, 9, 11, 10];

describe('partial rank correlation', () => {
  it('agrees with the residuals of a regression on ranks, computed with NumPy', () => {
    const [first, second] = partialRankCorrelations([x1, x2], y);
    expect(first!.correlation).toBeCloseTo(0.9299072175682963, 12);
    // Tails of Student's t are good to six digits, which is what their library gives.
    expect(first!.probability / 3.37892224616134e-5).toBeCloseTo(1, 6);
    expect(second!.correlation).toBeCloseTo(0.8831481604548883, 12);
    expect(second!.probability / 0.00031440022135274294).toBeCloseTo(1, 6);
  });

  it('finds the weak input under a strong one, where the plain correlation sees little', () => {
    const stream = new Streams('8', 0).get('inputs');
    const draw = (): number[] => Array.from({ length: 200 }, () => stream.uniform());
    const [strong, weak, idle] = [draw(), draw(), draw()];
    const output = strong!.map((value, i) => Math.exp(6 * value) * (1 + 0.3 * weak![i]!));
    const partial = partialRankCorrelations([strong!, weak!, idle!], output);
    expect(partial[0]!.correlation).toBeGreaterThan(0.99);
    expect(partial[1]!.correlation).toBeGreaterThan(3 * Math.abs(spearman(weak!, output).correlation));
    expect(partial[1]!.probability).toBeLessThan(1e-6);
    expect(Math.abs(partial[2]!.correlation)).toBeLessThan(0.25);
  });

  it('is zero for what does not vary, and ranks what never came last', () => {
    const constant = x1.map(() => 3);
    const censored = y.map((value) => (value > 9 ? Infinity : value));
    const [first, second] = partialRankCorrelations([x1, constant], censored);
    expect(first!.correlation).toBeCloseTo(spearman(x1, censored).correlation, 12);
    expect(second).toEqual({ correlation: 0, probability: 1, count: 12 });
    expect(partialRankCorrelations([x1], constant)[0]).toEqual({ correlation: 0, probability: 1, count: 12 });
  });

  it('refuses too few values, unequal lists and inputs that repeat one another', () => {
    expect(() =>
      partialRankCorrelations(
        [
          [1, 2],
          [2, 1],
        ],
        [1, 2],
      ),
    ).toThrow('2 inputs need at least 4 values, got 2');
    expect(() => partialRankCorrelations([[1, 2]], y)).toThrow('expected inputs of 12 values like the output');
    expect(() => partialRankCorrelations([x1, x1.map((value) => 2 * value)], y)).toThrow('one that repeats others');
  });
});
