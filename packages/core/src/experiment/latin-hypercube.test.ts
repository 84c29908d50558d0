import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Streams } from '../random/stream.ts';
import { latinHypercube } from './latin-hypercube.ts';
import { spearman } from './ranks.ts';

const stream = (seed: string) => new Streams(seed, 0).get('draws');

describe('a Latin hypercube', () => {
  it('has one point in every slice of every dimension', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 8 }),
        fc.nat(),
        (points, dimensions, seed) => {
          const rows = latinHypercube(stream(String(seed)), { points, dimensions });
          return Array.from({ length: dimensions }, (_, d) => d).every((d) => {
            const slices = rows.map((row) => Math.floor(row[d]! * points)).sort((a, b) => a - b);
            return rows.length === points && slices.every((slice, i) => slice === i);
          });
        },
      ),
    );
  });

  it('is the same with the same seed, another with another, and its dimensions are not related', () => {
    const size = { points: 200, dimensions: 3 };
    const rows = latinHypercube(stream('5'), size);
    expect(latinHypercube(stream('5'), size)).toEqual(rows);
    expect(latinHypercube(stream('6'), size)).not.toEqual(rows);
    const column = (d: number): number[] => rows.map((row) => row[d]!);
    expect(Math.abs(spearman(column(0), column(1)).correlation)).toBeLessThan(0.2);
    expect(Math.abs(spearman(column(1), column(2)).correlation)).toBeLessThan(0.2);
  });

  it('refuses what is no size', () => {
    expect(() => latinHypercube(stream('1'), { points: 0, dimensions: 2 })).toThrow(
      'latinHypercube: expected whole numbers >= 1, got 0 points in 2 dimensions',
    );
  });
});
