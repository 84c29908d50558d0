import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Tally } from './tally.ts';

const of = (values: readonly number[]): Tally => {
  const tally = new Tally();
  for (const value of values) tally.record(value);
  return tally;
};

describe('a tally', () => {
  it('knows mean, variance and extremes', () => {
    const tally = of([2, 4, 4, 4, 5, 5, 7, 9]);
    expect(tally.count).toBe(8);
    expect(tally.mean).toBe(5);
    expect(tally.variance).toBeCloseTo(32 / 7, 14);
    expect(tally.standardDeviation).toBeCloseTo(Math.sqrt(32 / 7), 14);
    expect([tally.min, tally.max]).toEqual([2, 9]);
  });

  it('keeps the spread of values far from zero, where a sum of squares would lose it', () => {
    expect(of([1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16]).variance).toBe(30);
  });

  it('has no mean while empty and no variance below two values', () => {
    expect(new Tally().mean).toBeNaN();
    expect(of([3]).variance).toBeNaN();
    expect(of([3]).mean).toBe(3);
  });

  it('refuses what is not a finite number', () => {
    expect(() => of([NaN])).toThrow(new RangeError('tally: record expects a finite number, got NaN'));
    expect(() => of([-Infinity])).toThrow('got -Infinity');
    expect(() => Tally.fromJSON({ count: -1, mean: 0, squares: 0, min: null, max: null })).toThrow(
      'tally: expected a count and a sum of squares >= 0, got -1 and 0',
    );
  });

  it('merges to what one tally of all values would be, and comes back from JSON text', () => {
    const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { maxLength: 30 });
    fc.assert(
      fc.property(values, values, (first, second) => {
        const merged = Tally.fromJSON(JSON.parse(JSON.stringify(of(first))));
        merged.merge(of(second));
        const together = of([...first, ...second]);
        expect(merged.count).toBe(together.count);
        expect([merged.min, merged.max]).toEqual([together.min, together.max]);
        if (together.count > 0) expect(merged.mean).toBeCloseTo(together.mean, 6);
        if (together.count > 1) {
          expect(Math.abs(merged.variance - together.variance)).toBeLessThanOrEqual(1e-9 * together.variance + 1e-9);
        }
      }),
      { seed: 20241211, numRuns: 200 },
    );
  });
});
