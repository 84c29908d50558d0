import { describe, expect, it } from 'vitest';
import { Streams } from '../random/stream.ts';
import { batchMeans, neighbourCorrelation } from './batch-means.ts';

/** Normal values with mean 10 whose correlation falls by the factor `memory` from one to the next. */
function remembering(seed: number, length: number, memory: number): number[] {
  const stream = new Streams('batches', seed).get('noise');
  let value = stream.normal();
  return Array.from({ length }, () => {
    value = memory * value + Math.sqrt(1 - memory * memory) * stream.normal();
    return 10 + value;
  });
}

describe('the correlation of neighbours', () => {
  it('is that of a process that remembers', () => {
    for (const memory of [0, 0.3, 0.9]) {
      expect(Math.abs(neighbourCorrelation(remembering(1, 20_000, memory)) - memory)).toBeLessThan(0.03);
    }
    expect(neighbourCorrelation([1, 2, 3, 4])).toBeCloseTo(1 - 3 / 10, 14);
    expect(neighbourCorrelation([2, 2, 2])).toBe(0);
  });
});

describe('batch means', () => {
  it('use 32 batches where 256 are independent already', () => {
    const values = remembering(2, 3_200, 0);
    const found = batchMeans(values);
    expect(found).toMatchObject({ batches: 32, batchSize: 100, isIndependent: true, level: 0.95 });
    expect(found.mean).toBeCloseTo(values.reduce((sum, value) => sum + value, 0) / 3_200, 12);
  });

  it('use fewer and longer batches the longer the process remembers', () => {
    const sizes = [0, 0.95, 0.99].map((memory) => batchMeans(remembering(3, 8_192, memory)).batchSize);
    expect(sizes).toEqual([...sizes].sort((a, b) => a - b));
    expect(sizes[2]).toBeGreaterThan(sizes[0]!);
  });

  it('say when even the longest batches hang together', () => {
    expect(batchMeans(remembering(4, 1_000, 0.999))).toMatchObject({
      batches: 8,
      batchSize: 125,
      isIndependent: false,
    });
  });

  it('leave out what does not fill a batch at the start', () => {
    const values = [1e6, ...new Array<number>(64).fill(3)];
    expect(batchMeans(values)).toMatchObject({ mean: 3, low: 3, high: 3, batches: 8, batchSize: 8 });
  });

  it('cover the true mean nearly as often as they say, where treating single values as independent does not', () => {
    // With memory 0.9 the mean of n values varies (1 + 0.9) / (1 - 0.9) = 19 times as much as that of independent ones.
    let covered = 0;
    let naively = 0;
    for (let seed = 0; seed < 500; seed++) {
      const values = remembering(seed, 4_000, 0.9);
      const { low, high, mean } = batchMeans(values);
      if (low <= 10 && 10 <= high) covered++;
      if (Math.abs(mean - 10) < 1.96 / Math.sqrt(4_000)) naively++;
    }
    expect(covered / 500).toBeGreaterThan(0.92);
    expect(covered / 500).toBeLessThan(0.98);
    expect(naively / 500).toBeLessThan(0.45);
  });

  it('refuse short runs and what is not finite', () => {
    expect(() => batchMeans([1])).toThrow('batchMeans: at least 64 values are needed, got 1');
    expect(() => batchMeans(new Array<number>(64).fill(Infinity))).toThrow('batchMeans: expected finite numbers');
  });
});
