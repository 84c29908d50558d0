import { describe, expect, it } from 'vitest';
import { forestLines } from './forest-plot.ts';
import { plainStyle } from './style.ts';

const label = (value: number): string => `${value} s`;

describe('a forest plot', () => {
  it('puts intervals on one axis, and marks where there is no difference', () => {
    const { rows, axis } = forestLines(
      [
        { middle: -20, low: -40, high: 0 },
        { middle: 10, low: -10, high: 30 },
      ],
      36,
      label,
      plainStyle,
    );
    expect(rows).toEqual(['├─────────●─────────┤', '               ├────┼────●─────────┤']);
    expect(axis).toBe('-40 s         no difference     30 s');
  });

  it('shows intervals without an end, and no dot for an infinite difference', () => {
    const { rows } = forestLines([{ middle: null, low: -10, high: null }], 21, label, plainStyle);
    expect(rows).toEqual(['  ├───────────────┼─▸'].map((row) => row));
  });

  it('of nothing but zeroes is a dot', () => {
    expect(forestLines([{ middle: 0, low: 0, high: 0 }], 11, label, plainStyle).rows).toEqual(['●']);
  });
});
