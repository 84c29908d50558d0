import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gauge, highestRatio, perSecond, quantile, ratio } from './metric-reader.ts';

describe('readers', () => {
  it('a gauge is what it is now, a counter what came in between', () => {
    let value = 7;
    expect(gauge(() => value).value([1], gauge(() => value).read(), 10)).toBe(7);
    value = 40;
    expect(perSecond(() => value).value([10], [40], 10)).toBe(3);
  });

  it('a ratio of nothing is no data', () => {
    const reader = ratio(() => [0, 0]);
    expect(reader.value([2, 10], [3, 14], 1)).toBe(0.25);
    expect(reader.value([3, 14], [3, 14], 1)).toBeNaN();
  });

  it('the highest of several leaves out those without data', () => {
    const reader = highestRatio(() => []);
    expect(reader.value([0, 0, 0, 0, 0, 0], [1, 4, 0, 0, 2, 4], 1)).toBe(0.5);
    expect(reader.value([0, 0], [0, 0], 1)).toBeNaN();
  });
});

describe('a quantile', () => {
  const edges = [1, 2, 4];

  it('is interpolated inside its bucket', () => {
    const reader = quantile(0.5, edges, () => []);
    // Ten between 1 and 2: the middle one stands half way.
    expect(reader.value([0, 0, 0, 0], [0, 10, 0, 0], 1)).toBe(1.5);
    expect(reader.value([0, 0, 0, 0], [0, 0, 0, 0], 1)).toBeNaN();
  });

  it('beyond all edges is the last edge', () => {
    expect(quantile(0.99, edges, () => []).value([0, 0, 0, 0], [0, 0, 0, 5], 1)).toBe(4);
  });

  it('takes a process whose counts fell for a new one, and the others as they are', () => {
    const reader = quantile(0.5, edges, () => []);
    // The first server had 100 fast answers and began anew with 2 slow ones; the second went on with 2 slow ones.
    expect(reader.value([100, 0, 0, 0, 50, 0, 0, 0], [0, 0, 2, 0, 50, 0, 2, 0], 1)).toBe(3);
  });

  it('lies in the bucket where the values around that rank are', () => {
    const values = fc.array(fc.double({ min: 0.01, max: 3.99, noNaN: true }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(values, fc.double({ min: 0.01, max: 1, noNaN: true }), (all, share) => {
        const counts = [0, 0, 0, 0];
        for (const value of all) counts[edges.findIndex((edge) => value <= edge)]! += 1;
        const found = quantile(share, edges, () => []).value([0, 0, 0, 0], counts, 1);
        const exact = [...all].sort((a, b) => a - b)[Math.max(0, Math.ceil(share * all.length) - 1)]!;
        const bucket = edges.findIndex((edge) => exact <= edge);
        expect(found).toBeGreaterThanOrEqual(bucket === 0 ? 0 : edges[bucket - 1]! - 1e-9);
        expect(found).toBeLessThanOrEqual(edges[bucket]! + 1e-9);
      }),
    );
  });
});
