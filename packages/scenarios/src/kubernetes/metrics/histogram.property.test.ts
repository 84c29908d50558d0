import fc from 'fast-check';
import { expect, it } from 'vitest';
import { BucketHistogram } from './histogram.ts';

const edges = fc
  .uniqueArray(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 12 })
  .map((list) => list.sort((a, b) => a - b));

it('every edge has counted what is not above it, the last place everything, and the sum is the sum', () => {
  fc.assert(
    fc.property(edges, fc.array(fc.integer({ min: -60, max: 60 }), { maxLength: 60 }), (upper, values) => {
      const histogram = new BucketHistogram(upper);
      for (const value of values) histogram.observe(value);
      const { cumulative, sum, labels } = histogram.read({ verb: 'GET' });
      expect(cumulative).toEqual([
        ...upper.map((edge) => values.filter((value) => value <= edge).length),
        values.length,
      ]);
      expect(sum).toBe(values.reduce((total, value) => total + value, 0));
      expect(labels).toEqual({ verb: 'GET' });
      expect(histogram.count).toBe(values.length);
      histogram.clear();
      expect(histogram.read({}).cumulative.every((count) => count === 0)).toBe(true);
    }),
    { seed: 20261124, numRuns: 200 },
  );
});
