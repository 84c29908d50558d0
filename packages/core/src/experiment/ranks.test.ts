import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { midRanks, spearman } from './ranks.ts';

describe('mid-ranks', () => {
  it('share what equal values take up, infinite ones last', () => {
    expect(midRanks([5, Infinity, 1, 5, Infinity])).toEqual([2.5, 4.5, 1, 2.5, 4.5]);
    expect(midRanks([])).toEqual([]);
  });

  it('always add up, and order as the values do', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 40 }), (values) => {
        const ranks = midRanks(values);
        const total = ranks.reduce((sum, rank) => sum + rank, 0);
        if (total !== (values.length * (values.length + 1)) / 2) return false;
        return values.every((a, i) => values.every((b, j) => Math.sign(a - b) === Math.sign(ranks[i]! - ranks[j]!)));
      }),
    );
  });
});

describe('rank correlation', () => {
  it('with ties is that of SciPy', () => {
    // scipy.stats.spearmanr: 0.8576221317450335, p = 0.0015085140803050053
    const { correlation, probability, count } = spearman(
      [1, 2, 2, 3, 5, 5, 5, 8, 9, 10],
      [2, 1, 4, 4, 3, 7, 8, 7, 9, 12],
    );
    expect(correlation).toBeCloseTo(0.8576221317450335, 13);
    expect(probability).toBeCloseTo(0.0015085140803050053, 12);
    expect(count).toBe(10);
  });

  it('sees any growth as complete, and what does not vary as none', () => {
    expect(spearman([1, 2, 3, 4], [1, 10, 1_000, Infinity])).toMatchObject({ correlation: 1, probability: 0 });
    expect(spearman([1, 2, 3, 4], [9, 8, 7, -1])).toMatchObject({ correlation: -1, probability: 0 });
    expect(spearman([1, 2, 3, 4], [5, 5, 5, 5])).toMatchObject({ correlation: 0, probability: 1 });
  });

  it('refuses too few pairs and unequal lists', () => {
    expect(() => spearman([1, 2], [1, 2])).toThrow(
      'spearman: expected two lists of equal length, at least 3, got 2 and 2',
    );
    expect(() => spearman([1, 2, 3], [1, 2])).toThrow('got 3 and 2');
  });
});
