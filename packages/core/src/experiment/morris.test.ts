import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Streams } from '../random/stream.ts';
import { meanInterval } from './interval.ts';
import { elementaryEffects, morris } from './morris.ts';

const stream = (seed: string) => new Streams(seed, 0).get('design');

describe('Morris trajectories', () => {
  it('change every factor once by half of the range and a step, and never leave the cube', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 2, max: 8 }),
        fc.constantFrom(2, 4, 6, 8),
        fc.nat(),
        (factors, trajectories, levels, seed) => {
          const { points, steps } = morris(stream(String(seed)), { factors, trajectories, levels });
          const isInside = points.every((point) => point.every((x) => x >= 0 && x <= 1));
          const size = levels / (2 * (levels - 1));
          const areSteps = steps.every(({ factor, from, to, size: moved }) =>
            points[from]!.every((x, d) => Math.abs(points[to]![d]! - x - (d === factor ? moved : 0)) < 1e-12),
          );
          const isWhole = Array.from({ length: factors }, (_, factor) => factor).every(
            (factor) => steps.filter((step) => step.factor === factor).length === trajectories,
          );
          const areLong = steps.every((step) => Math.abs(Math.abs(step.size) - size) < 1e-12);
          return isInside && areSteps && isWhole && areLong && points.length === trajectories * (factors + 1);
        },
      ),
    );
  });

  it('find the coefficients of a linear function exactly, with no deviation', () => {
    const design = morris(stream('1'), { factors: 3, trajectories: 6 });
    const effects = elementaryEffects(
      design,
      design.points.map(([a, b]) => 7 + 3 * a! - 2 * b!),
    );
    [3, -2, 0].forEach((coefficient, factor) => {
      expect(effects[factor]!.mean).toBeCloseTo(coefficient, 12);
      expect(effects[factor]!.meanSize).toBeCloseTo(Math.abs(coefficient), 12);
      expect(effects[factor]!.deviation).toBeCloseTo(0, 12);
    });
  });

  /**
   * I. M. Sobol's g-function, the product of (|4x - 2| + a) / (1 + a). On the four levels 0, 1/3, 2/3, 1 a step of 2/3
   * changes |4x - 2| by -+4/3, so an effect has the size 2 / (1 + a) times the other terms, whose mean is
   * (4/3 + a) / (1 + a); its sign is as often + as -.
   */
  it("find the effects of Sobol's g-function, whose signs cancel", () => {
    const a = [0, 1, 4.5, 9, 99];
    const design = morris(stream('2'), { factors: a.length, trajectories: 400 });
    const results = design.points.map((point) =>
      point.reduce((product, x, i) => (product * (Math.abs(4 * x - 2) + a[i]!)) / (1 + a[i]!), 1),
    );
    const effects = elementaryEffects(design, results);
    const mean = (i: number): number => (4 / 3 + a[i]!) / (1 + a[i]!);
    effects.forEach(({ effects: list, mean: signed, meanSize, deviation }, i) => {
      const others = a.reduce((product, _, j) => (j === i ? product : product * mean(j)), 1);
      const expected = (2 / (1 + a[i]!)) * others;
      const size = meanInterval(list.map(Math.abs), 0.999);
      expect(size.low, `mu* of factor ${i}`).toBeLessThan(expected);
      expect(size.high, `mu* of factor ${i}`).toBeGreaterThan(expected);
      const cancelled = meanInterval(list, 0.999);
      expect(cancelled.low * cancelled.high, `mu of factor ${i}`).toBeLessThan(0);
      expect(Math.abs(signed)).toBeLessThan(meanSize);
      expect(deviation).toBeGreaterThan(meanSize);
    });
    const sizes = effects.map(({ meanSize }) => meanSize);
    expect(sizes).toEqual(sizes.toSorted((first, second) => second - first));
  });

  it('refuse impossible sizes and results that are missing', () => {
    expect(() => morris(stream('1'), { factors: 2, trajectories: 1 })).toThrow(
      'morris: expected at least 1 factor and 2 trajectories, got 2 factors and 1 trajectories',
    );
    expect(() => morris(stream('1'), { factors: 2, trajectories: 2, levels: 5 })).toThrow(
      'morris: expected an even number of levels, got 5',
    );
    const design = morris(stream('1'), { factors: 1, trajectories: 2 });
    expect(() => elementaryEffects(design, [1, 2, 3, NaN])).toThrow(
      'elementaryEffects: expected 4 finite results, got 3',
    );
  });
});
