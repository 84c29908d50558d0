import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Factor, valueDrawn } from './factor.ts';
import { axisValues, grid } from './grid.ts';

const period: Factor = { name: 'period', low: 15, high: 120, kind: 'time' };
const nodes: Factor = { name: 'nodes', low: 10, high: 1000, scale: 'log', kind: 'whole' };
const mode: Factor = { name: 'mode', values: ['list', 'watch'] };

describe('the values of an axis', () => {
  it('are equal steps with both ends', () => {
    expect(axisValues({ factor: period })).toEqual([15, 41.25, 67.5, 93.75, 120]);
  });

  it('are equal ratios on a log scale, and whole where the factor is', () => {
    expect(axisValues({ factor: nodes, count: 3 })).toEqual([10, 100, 1000]);
    expect(axisValues({ factor: nodes, count: 5 })).toEqual([10, 32, 100, 316, 1000]);
  });

  it('are there once when whole numbers coincide', () => {
    expect(axisValues({ factor: { name: 'servers', low: 1, high: 3, kind: 'whole' }, count: 9 })).toEqual([1, 2, 3]);
  });

  it('have no tails from binary fractions', () => {
    expect(axisValues({ factor: { name: 'x', low: 0, high: 0.3 }, count: 4 })).toEqual([0, 0.1, 0.2, 0.3]);
  });

  it('grow and stay inside the range', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
        fc.double({ min: 1.001, max: 1e6, noNaN: true }),
        fc.integer({ min: 2, max: 40 }),
        fc.constantFrom('linear' as const, 'log' as const),
        (low, ratio, count, scale) => {
          const high = low * ratio;
          const values = axisValues({ factor: { name: 'x', low, high, scale }, count }) as number[];
          return values[0] === low && values.at(-1) === high && values.every((v, i) => i === 0 || v > values[i - 1]!);
        },
      ),
    );
  });
});

describe('a grid', () => {
  it('has every combination, the last axis changing fastest', () => {
    expect(grid([{ factor: mode }, { factor: period, count: 2 }])).toEqual([
      ['list', 15],
      ['list', 120],
      ['watch', 15],
      ['watch', 120],
    ]);
  });

  it('refuses what it cannot mean', () => {
    const refused = (run: () => unknown): string => {
      try {
        run();
      } catch (error) {
        return String(error);
      }
      return '';
    };
    expect(refused(() => grid([]))).toBe('RangeError: design: at least one factor is needed, got 0');
    expect(refused(() => grid([{ factor: mode }, { factor: mode }]))).toBe(
      'RangeError: design: factor "mode" is there twice',
    );
    expect(refused(() => grid([{ factor: mode, count: 3 }]))).toBe(
      'RangeError: grid: factor "mode" lists 2 values, got the count 3',
    );
    expect(refused(() => grid([{ factor: { name: 'x', low: 2, high: 2 } }]))).toBe(
      'RangeError: factor "x": expected a range that grows, got 2 to 2',
    );
    expect(refused(() => grid([{ factor: { name: 'x', low: 0, high: 2, scale: 'log' } }]))).toBe(
      'RangeError: factor "x": a log scale needs a range above 0, got 0 to 2',
    );
    expect(refused(() => grid([{ factor: { name: 'x', low: 0, high: 2.5, kind: 'whole' } }]))).toBe(
      'RangeError: factor "x": expected whole numbers, got 0 to 2.5',
    );
    expect(refused(() => grid([{ factor: { name: 'x', values: [] } }]))).toBe(
      'RangeError: factor "x": expected at least one value, got none',
    );
    expect(refused(() => grid([{ factor: { name: 'x', values: [1, 1] } }]))).toBe(
      'RangeError: factor "x": the value 1 is there twice',
    );
    expect(refused(() => grid([{ factor: period, count: 1 }]))).toBe(
      'RangeError: grid: factor "period": expected 2 to 100000 values, got 1',
    );
    const wide = ['a', 'b', 'c'].map((name) => ({ factor: { name, low: 0, high: 1 }, count: 100 }));
    expect(refused(() => grid(wide))).toBe('RangeError: grid: expected at most 100000 points, got 1000000');
  });
});

it('a drawn place gives every whole number and every listed value its equal share', () => {
  const counts = new Map<unknown, number>();
  const dice: Factor = { name: 'dice', low: 1, high: 6, kind: 'whole' };
  for (let i = 0; i < 600; i++) {
    for (const value of [valueDrawn(dice, i / 600), valueDrawn(mode, i / 600)]) {
      counts.set(value, (counts.get(value) ?? 0) + 1);
    }
  }
  expect([...counts].sort().map(([, count]) => count)).toEqual([100, 100, 100, 100, 100, 100, 300, 300]);
});
