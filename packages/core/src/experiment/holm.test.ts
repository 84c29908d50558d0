import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holm, simultaneousLevel } from './holm.ts';

describe("Holm's correction", () => {
  it('is that of R', () => {
    // p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm")
    const adjusted = holm([0.01, 0.04, 0.03, 0.005]);
    [0.03, 0.06, 0.06, 0.02].forEach((expected, i) => expect(adjusted[i]).toBeCloseTo(expected, 14));
    expect(holm([0.8, 0.9])).toEqual([1, 1]);
    expect(holm([])).toEqual([]);
  });

  it('keeps the order, and lies between nothing and Bonferroni', () => {
    const chances = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(chances, (p) => {
        const adjusted = holm(p);
        expect(adjusted.every((q, i) => q >= p[i]! && q <= Math.min(1, p[i]! * p.length) + 1e-15)).toBe(true);
        expect(p.every((a, i) => p.every((b, j) => a > b || adjusted[i]! <= adjusted[j]!))).toBe(true);
      }),
    );
  });

  it('refuses what is no probability', () => {
    expect(() => holm([0.1, 1.1])).toThrow('holm: expected probabilities, got [0.1, 1.1]');
  });
});

describe('the level of each of several intervals', () => {
  it('shares the risk equally', () => {
    expect(simultaneousLevel(0.95, 1)).toBeCloseTo(0.95, 15);
    expect(simultaneousLevel(0.95, 5)).toBeCloseTo(0.99, 15);
    expect(() => simultaneousLevel(1, 5)).toThrow('level must be inside (0, 1), got 1');
    expect(() => simultaneousLevel(0.95, 0)).toThrow('count must be a whole number >= 1, got 0');
  });
});
