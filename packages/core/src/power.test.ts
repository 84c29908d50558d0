/** Tests that `power` is `**` to the accuracy it promises, and exact where multiplication is. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { power } from './power.ts';

const seed = 20241211;

describe('power', () => {
  it.each([
    [2, 10, 1024],
    [2, -52, 2 ** -52],
    [10, -3, 1e-3],
    [3, 3, 27],
    [0, 0, 1],
    [0, 0.5, 0],
    [0, -1, Infinity],
    [-2, 3, -8],
    [-2, 65, -(2 ** 65)],
    [Infinity, -1, 0],
    [1, 0.37, 1],
    [4, 0.5, 2],
  ])('%d to the power %d', (base, exponent, expected) => {
    const got = power(base, exponent);
    if (Number.isFinite(expected) && expected !== 0) expect(Math.abs(got / expected - 1)).toBeLessThan(1e-13);
    else expect(got).toBe(expected);
  });

  it('powers of two are exact', () => {
    for (let k = -64; k <= 64; k++)
      expect(power(2, k)).toBe(Number(k < 0 ? 1 / Number(1n << BigInt(-k)) : 1n << BigInt(k)));
  });

  it('a negative base with a fractional exponent is not a number', () => {
    expect(power(-1, 0.5)).toBeNaN();
  });

  it('agrees with ** as closely as it says', () => {
    const base = fc.double({ min: 1e-6, max: 1e6, noNaN: true });
    const exponent = fc.double({ min: -20, max: 20, noNaN: true });
    fc.assert(
      fc.property(base, exponent, (b, e) => {
        const bound = 4e-16 * (1 + Math.abs(e * Math.log(b)));
        expect(Math.abs(power(b, e) / b ** e - 1)).toBeLessThan(bound);
      }),
      { seed, numRuns: 2_000 },
    );
  });

  it('agrees with ** for whole exponents', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.5, max: 2, noNaN: true }), fc.integer({ min: -200, max: 200 }), (b, e) => {
        expect(Math.abs(power(b, e) / b ** e - 1)).toBeLessThan(1e-13);
      }),
      { seed, numRuns: 2_000 },
    );
  });
});
