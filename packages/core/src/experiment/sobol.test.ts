import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Streams } from '../random/stream.ts';
import { sobol, sobolDimensions } from './sobol.ts';

const stream = (seed: string) => new Streams(seed, 0).get('design');

describe('a Sobol sequence', () => {
  it('begins as everybody knows it', () => {
    expect(sobol({ dimensions: 2, points: 8 })).toEqual([
      [0, 0],
      [0.5, 0.5],
      [0.75, 0.25],
      [0.25, 0.75],
      [0.375, 0.375],
      [0.875, 0.875],
      [0.625, 0.125],
      [0.125, 0.625],
    ]);
  });

  it('has one of 2^m points in every slice of every dimension, shifted or not', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 8 }), fc.boolean(), fc.nat(), (exponent, isShifted, seed) => {
        const points = 2 ** exponent;
        const shift = isShifted ? { shift: stream(String(seed)) } : {};
        const rows = sobol({ dimensions: sobolDimensions, points, ...shift });
        return Array.from({ length: sobolDimensions }, (_, d) => d).every(
          (d) => new Set(rows.map((row) => Math.floor(row[d]! * points))).size === points,
        );
      }),
      { numRuns: 40 },
    );
  });

  it('has one of 2^m points in every box of the first two dimensions, whatever the shape of the boxes', () => {
    for (const isShifted of [false, true]) {
      const rows = sobol({ dimensions: 2, points: 64, ...(isShifted ? { shift: stream('1') } : {}) });
      for (const across of [1, 2, 4, 8, 16, 32, 64]) {
        const boxes = rows.map((row) => `${Math.floor(row[0]! * across)} ${Math.floor(row[1]! * (64 / across))}`);
        expect(new Set(boxes).size, `${across} boxes across`).toBe(64);
      }
    }
  });

  it('is the same after points are skipped, and moved as a whole by a seed of its own', () => {
    const rows = sobol({ dimensions: 5, points: 40 });
    expect(sobol({ dimensions: 5, points: 30, skip: 10 })).toEqual(rows.slice(10));
    const shifted = sobol({ dimensions: 5, points: 40, shift: stream('5') });
    expect(sobol({ dimensions: 5, points: 40, shift: stream('5') })).toEqual(shifted);
    expect(sobol({ dimensions: 5, points: 40, shift: stream('6') })).not.toEqual(shifted);
    expect(sobol({ dimensions: 5, points: 30, skip: 10, shift: stream('5') })).toEqual(shifted.slice(10));
  });

  it('finds the mean of a smooth function of six variables far better than chance', () => {
    // The mean of the product of 1 + (x - 1/2) / 2 is 1; the standard error of 1,024 random points is 0.011.
    const mean = (rows: number[][]): number =>
      rows.reduce((sum, row) => sum + row.reduce((product, x) => product * (1 + (x - 0.5) / 2), 1), 0) / rows.length;
    expect(Math.abs(mean(sobol({ dimensions: 6, points: 1024 })) - 1)).toBeLessThan(0.002);
    expect(Math.abs(mean(sobol({ dimensions: 6, points: 1024, shift: stream('2') })) - 1)).toBeLessThan(0.002);
  });

  it.each([
    [{ dimensions: 0, points: 1 }, `sobol: expected 1 to ${sobolDimensions} dimensions, got 0`],
    [{ dimensions: 49, points: 1 }, `sobol: expected 1 to ${sobolDimensions} dimensions, got 49`],
    [{ dimensions: 1, points: 0.5 }, 'sobol: expected whole numbers, at least one point, got 0.5 points after 0'],
    [{ dimensions: 1, points: 1, skip: 2 ** 31 }, 'sobol: expected at most 2^31 points, got 2147483649'],
  ])('refuses %o', (options, message) => {
    expect(() => sobol(options)).toThrow(new RangeError(message));
  });
});
