import { describe, expect, it } from 'vitest';
import { Streams } from '../random/stream.ts';
import { median, medianInterval, pairedMedianInterval } from './median.ts';

const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);

describe('the median', () => {
  it('is the middle, or the mean of the two in the middle', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(median([])).toBeNaN();
  });

  it('counts what never came as last', () => {
    expect(median([Infinity, 1, 5])).toBe(5);
    expect(median([Infinity, 1, Infinity])).toBe(Infinity);
    expect(median([Infinity, Infinity, 1, 2])).toBe(Infinity);
    expect(median([-Infinity, -Infinity])).toBe(-Infinity);
  });
});

describe('the interval of a median', () => {
  // Ranks and levels as printed tables have them.
  it.each([
    [6, 1, 0.969],
    [8, 1, 0.992],
    [9, 2, 0.961],
    [10, 2, 0.979],
    [14, 3, 0.987],
    [17, 5, 0.951],
    [20, 6, 0.959],
    [30, 10, 0.957],
  ])('of %d values begins at number %d and covers %f', (count, rank, coverage) => {
    const interval = medianInterval(upTo(count));
    expect([interval.low, interval.high]).toEqual([rank, count + 1 - rank]);
    expect(interval.coverage).toBeCloseTo(coverage, 3);
    expect(interval.count).toBe(count);
  });

  it('of fewer than six is all there is, and says how little that covers', () => {
    expect(medianInterval([2, 1, 3, 9, 4])).toEqual({ median: 3, low: 1, high: 9, coverage: 0.9375, count: 5 });
    expect(medianInterval([7])).toEqual({ median: 7, low: 7, high: 7, coverage: 0, count: 1 });
  });

  it('is infinite at its upper end when too many never came', () => {
    const values = [...upTo(20), ...new Array<number>(10).fill(Infinity)];
    expect(medianInterval(values)).toMatchObject({ median: 15.5, low: 10, high: Infinity });
  });

  it('covers the true median as often as it says, of a distribution without a mean', () => {
    const stream = new Streams('11', 0).get('coverage');
    let covered = 0;
    for (let experiment = 0; experiment < 2_000; experiment++) {
      const { low, high } = medianInterval(Array.from({ length: 15 }, () => Math.tan(Math.PI * stream.uniform())));
      if (low <= 0 && 0 <= high) covered++;
    }
    // Cauchy with median 0; binomial with 2000 trials of 0.9648: 1930 +- 3.3 * 8.2.
    expect(Math.abs(covered - 1_930)).toBeLessThan(28);
  });

  it('refuses nothing, what is no number and a level of one', () => {
    expect(() => medianInterval([])).toThrow('medianInterval: at least one value is needed, got 0');
    expect(() => medianInterval([1, NaN])).toThrow('medianInterval: expected numbers, got NaN');
    expect(() => medianInterval([1], 1)).toThrow('medianInterval: level must be inside (0, 1), got 1');
  });
});

describe('the interval of paired differences', () => {
  it('sees a small shift through a large common spread', () => {
    const first = upTo(30).map((value) => value * 1_000);
    const second = first.map((value, i) => value - 5 - (i % 3));
    expect(pairedMedianInterval(first, second)).toMatchObject({ median: -6, low: -7, high: -5, count: 30 });
  });

  it('takes a side that never came as infinitely late, and both sides as no difference', () => {
    const { median: middle, low, high } = pairedMedianInterval([1, Infinity, Infinity], [Infinity, 2, Infinity]);
    expect([low, middle, high]).toEqual([-Infinity, 0, Infinity]);
  });

  it('refuses lists of unequal length', () => {
    expect(() => pairedMedianInterval([1], [1, 2])).toThrow(
      'pairedMedianInterval: pairs need lists of equal length, got 1 and 2',
    );
  });
});
