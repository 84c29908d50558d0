/** Our Sobol sequence beside SciPy's, in every dimension we have numbers for: sobol.json says which version and how. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sobol, sobolDimensions } from '../../src/experiment/sobol.ts';

interface Reference {
  readonly source: string;
  readonly points: Readonly<Record<string, readonly number[]>>;
  readonly starDiscrepancy: readonly {
    readonly points: number;
    readonly dimensions: number;
    readonly value: number;
  }[];
}

const reference = JSON.parse(readFileSync(join(import.meta.dirname, 'sobol.json'), 'utf8')) as Reference;

describe(`the Sobol sequence and ${reference.source}`, () => {
  it.each(Object.entries(reference.points))(
    'agree on point %s in all dimensions, to the last bit',
    (index, expected) => {
      const dimensions = expected.length;
      expect(dimensions).toBe(sobolDimensions);
      expect(sobol({ dimensions, points: Number(index) + 1 }).at(-1)).toEqual(expected);
      expect(sobol({ dimensions, points: 1, skip: Number(index) })).toEqual([expected]);
    },
  );

  it.each(reference.starDiscrepancy)(
    'agree on the L2 star discrepancy of $points points in $dimensions dimensions',
    ({ points, dimensions, value }) => {
      expect(starDiscrepancy(sobol({ dimensions, points }))).toBeCloseTo(value, 12);
    },
  );
});

/** L2 star discrepancy by T. T. Warnock's formula (1972). */
function starDiscrepancy(rows: readonly (readonly number[])[]): number {
  const dimensions = rows[0]!.length;
  const product = (factor: (dimension: number) => number): number =>
    rows[0]!.reduce((result, _, dimension) => result * factor(dimension), 1);
  const single = rows.reduce((sum, row) => sum + product((d) => 1 - row[d]! * row[d]!), 0);
  const pairs = rows.reduce(
    (sum, a) => sum + rows.reduce((inner, b) => inner + product((d) => 1 - Math.max(a[d]!, b[d]!)), 0),
    0,
  );
  const count = rows.length;
  return Math.sqrt(3 ** -dimensions - (2 ** (1 - dimensions) * single) / count + pairs / count / count);
}
