import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Streams } from '../random/stream.ts';
import { Histogram } from './histogram.ts';

const of = (values: readonly number[], bucketsPerOctave = 64): Histogram => {
  const histogram = new Histogram({ bucketsPerOctave });
  for (const value of values) histogram.record(value);
  return histogram;
};

describe('a histogram', () => {
  it('keeps count, sum, minimum, maximum and mean exactly', () => {
    const histogram = of([3, 0, 0.25, 1e9]);
    expect(histogram.count).toBe(4);
    expect(histogram.sum).toBe(1_000_000_003.25);
    expect(histogram.min).toBe(0);
    expect(histogram.max).toBe(1e9);
    expect(histogram.mean).toBe(250_000_000.8125);
  });

  it('has no quantile, no mean and no extremes while empty', () => {
    const histogram = new Histogram();
    expect(histogram.count).toBe(0);
    expect(histogram.quantile(0.5)).toBeNaN();
    expect(histogram.mean).toBeNaN();
    expect(histogram.min).toBe(Infinity);
    expect(histogram.max).toBe(-Infinity);
  });

  it('counts zeros below every other value', () => {
    const histogram = of([0, 0, 5e-324, 1]);
    expect(histogram.quantile(0.5)).toBe(0);
    expect(histogram.countUpTo(0)).toBe(2);
    expect(histogram.quantile(1)).toBe(1);
  });

  it('finds quantiles of an exponential within its error', () => {
    const stream = new Streams('1', 0).get('histogram');
    const values = Float64Array.from({ length: 50_000 }, () => stream.exponential(0.01)).sort();
    const histogram = of([...values]);
    for (const p of [0.001, 0.01, 0.25, 0.5, 0.9, 0.99, 0.999, 0.99999]) {
      const exact = values[Math.ceil(p * values.length) - 1]!;
      expect(Math.abs(histogram.quantile(p) / exact - 1)).toBeLessThanOrEqual(histogram.relativeError);
    }
  });

  it('takes fractional weights, so that sampled requests can stand for many', () => {
    const histogram = new Histogram();
    histogram.record(1, 2.5);
    histogram.record(2, 7.5);
    expect(histogram.count).toBe(10);
    expect(histogram.mean).toBe(1.75);
    expect(histogram.quantile(0.25)).toBeCloseTo(1, 1);
    expect(histogram.quantile(0.26)).toBeCloseTo(2, 1);
  });

  it('spreads the values of one bucket evenly when asked for a bound inside it', () => {
    const histogram = new Histogram({ bucketsPerOctave: 1 });
    for (const value of [4, 5, 6, 7]) histogram.record(value);
    histogram.record(8);
    expect(histogram.countUpTo(6)).toBe(2);
    expect(histogram.countUpTo(3.9)).toBe(0);
    expect(histogram.countUpTo(8)).toBe(5);
  });

  it('forgets everything on reset', () => {
    const histogram = of([1, 0, 3]);
    histogram.reset();
    expect(histogram.toJSON()).toEqual(new Histogram().toJSON());
  });

  it('refuses what is not a finite number from zero upwards, and counts none of it', () => {
    const histogram = of([1, 2]);
    // Makes the span of buckets grow towards infinity's.
    const largest = of([1e300, Number.MAX_VALUE]);
    expect(() => largest.record(Infinity)).toThrow('got Infinity');
    for (const bad of [-1, NaN, Infinity, -1e-300]) {
      expect(() => histogram.record(bad)).toThrow(
        new RangeError(`histogram: record expects a finite number >= 0, got ${bad}`),
      );
    }
    expect(histogram.count).toBe(2);
    expect(histogram.sum).toBe(3);
  });

  it('refuses a fineness that is not a power of two, another fineness in merge, and counts that do not add up', () => {
    expect(() => new Histogram({ bucketsPerOctave: 10 })).toThrow(
      'histogram: bucketsPerOctave must be a power of two from 1 to 4096, got 10',
    );
    expect(() => of([1], 64).merge(of([1], 32))).toThrow('histogram: merge expects 64 buckets per octave, got 32');
    expect(() => Histogram.fromJSON({ ...of([1, 2]).toJSON(), count: 3 })).toThrow(
      'histogram: buckets hold 2 values, count says 3',
    );
    expect(() => Histogram.fromJSON({ ...of([1]).toJSON(), buckets: [1e9, 1] })).toThrow(
      'histogram: expected pairs of a bucket below',
    );
  });
});

describe('histograms of any values', () => {
  const SEED = 20241211;
  const value = fc.oneof(
    fc.double({ min: 1e-30, max: 1e12, noNaN: true }),
    fc.double({ min: 0.5, max: 2, noNaN: true }),
    fc.integer({ min: 0, max: 1000 }),
    fc.constantFrom(0, 1, 2, Number.MAX_VALUE / 1e10),
  );
  const values = fc.array(value, { minLength: 1, maxLength: 60 });
  const fineness = fc.constantFrom(1, 8, 64, 256);

  it('are never further from a quantile than they declare', () => {
    fc.assert(
      fc.property(values, fineness, fc.double({ min: 0, max: 1, noNaN: true }), (list, buckets, p) => {
        const histogram = of(list, buckets);
        const exact = [...list].sort((a, b) => a - b)[Math.max(0, Math.ceil(p * list.length) - 1)]!;
        const error = Math.abs(histogram.quantile(p) - exact);
        expect(error).toBeLessThanOrEqual(histogram.relativeError * exact);
      }),
      { seed: SEED, numRuns: 300 },
    );
  });

  it('merge to what one histogram of all values would be', () => {
    fc.assert(
      fc.property(values, values, fineness, (first, second, buckets) => {
        const merged = of(first, buckets);
        merged.merge(of(second, buckets));
        const together = of([...first, ...second], buckets).toJSON();
        const { sum, ...rest } = merged.toJSON();
        expect({ ...rest, sum: together.sum }).toEqual(together);
        expect(Math.abs(sum - together.sum)).toBeLessThanOrEqual(1e-9 * together.sum);
      }),
      { seed: SEED, numRuns: 200 },
    );
  });

  it('come back from JSON text', () => {
    fc.assert(
      fc.property(values, fineness, (list, buckets) => {
        const histogram = of(list, buckets);
        const back = Histogram.fromJSON(JSON.parse(JSON.stringify(histogram)));
        expect(back.toJSON()).toEqual(histogram.toJSON());
        expect(back.quantile(0.5)).toBe(histogram.quantile(0.5));
        back.record(1);
        expect(back.count).toBe(list.length + 1);
      }),
      { seed: SEED, numRuns: 100 },
    );
  });
});
