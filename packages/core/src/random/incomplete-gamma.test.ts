/** Reference values from SciPy 1.10.1: special.gammainc, gammaincc, gammaincinv, gammaincccinv, gammaln; stats.norm. */
import { describe, expect, it } from 'vitest';
import { gammaTails, logGammaQuantile } from './incomplete-gamma.ts';
import { logGamma } from './log-gamma.ts';
import { normalQuantile } from './normal-quantile.ts';
import { normalTails } from './normal-tails.ts';

const relative = (got: number, expected: number): number => Math.abs(got / expected - 1);

describe('logGamma', () => {
  it.each([
    [0.001, 6.907178885383853],
    [0.3, 1.0957979948180756],
    [1.5, -0.12078223763524526],
    [7.3, 7.147892523022249],
    [19.9, 39.04308858123621],
    [20.1, 39.637192503636946],
    [1234.5, 7550.550901077894],
  ])('of %f', (x, expected) => {
    expect(relative(logGamma(x), expected)).toBeLessThan(2e-14);
  });

  it('is zero at one and two', () => {
    expect(Math.abs(logGamma(1))).toBeLessThan(2e-15);
    expect(Math.abs(logGamma(2))).toBeLessThan(2e-15);
  });
});

describe('gammaTails', () => {
  it.each([
    [0.01, 1e-5, 0.8963367982671969, 0.10366320173280281],
    [0.5, 0.2, 0.47291074313446196, 0.5270892568655381],
    [0.5, 30, 0.9999999999999906, 9.485737571073857e-15],
    [3, 1, 0.08030139707139418, 0.9196986029286058],
    [3, 20, 0.9999995444850495, 4.5551495055892125e-7],
    [50, 30, 0.0005188914625480344, 0.999481108537452],
    [50, 60, 0.9155933189063082, 0.08440668109369177],
    [1e4, 9700, 0.0012341755844684902, 0.9987658244155314],
    [1e4, 10300, 0.9985295051036143, 0.0014704948963856813],
  ])('of shape %f at %f', (shape, x, lower, upper) => {
    const tails = gammaTails(shape, x);
    expect(relative(tails.lower, lower)).toBeLessThan(1e-11);
    expect(relative(tails.upper, upper)).toBeLessThan(1e-11);
  });

  it('is all above zero and all below infinity', () => {
    expect(gammaTails(2, 0)).toEqual({ lower: 0, upper: 1 });
    expect(gammaTails(2, Infinity)).toEqual({ lower: 1, upper: 0 });
  });
});

describe('logGammaQuantile', () => {
  it('finds both tails again over ten orders of magnitude of the shape', () => {
    for (const shape of [0.01, 0.1, 0.5, 0.99, 1, 3, 9.9, 10.1, 250, 1e4, 1e5]) {
      for (const p of [1e-12, 1e-4, 0.1, 0.4999, 0.5]) {
        const low = Math.exp(logGammaQuantile(shape, p, 1 - p));
        // Below the range of doubles there is nothing to compare.
        if (low > 1e-300) expect(relative(gammaTails(shape, low).lower, p), `lower ${shape} ${p}`).toBeLessThan(1e-9);
        const high = Math.exp(logGammaQuantile(shape, 1 - p, p));
        if (high > 1e-300) expect(relative(gammaTails(shape, high).upper, p), `upper ${shape} ${p}`).toBeLessThan(1e-9);
      }
    }
  });

  it('keeps the logarithm where the value itself would be zero', () => {
    // First term of the series: log(x) = (log(p) + log(Γ(1 + shape))) / shape.
    expect(logGammaQuantile(0.01, 1e-6, 1 - 1e-6)).toBeCloseTo((Math.log(1e-6) + logGamma(1.01)) / 0.01, 6);
  });

  it('is infinite at the ends', () => {
    expect(logGammaQuantile(2, 0, 1)).toBe(-Infinity);
    expect(logGammaQuantile(2, 1, 0)).toBe(Infinity);
  });
});

describe('the normal distribution', () => {
  it.each([
    [1e-300, -37.0470962993612],
    [1e-16, -8.222082216130435],
    [1e-6, -4.753424308822899],
    [0.01, -2.3263478740408408],
    [0.3, -0.5244005127080409],
    [0.7, 0.5244005127080407],
    [0.975, 1.959963984540054],
    [1 - 2 ** -53, 8.209536151601387],
  ])('has the quantile of %f', (p, expected) => {
    expect(relative(normalQuantile(p), expected)).toBeLessThan(3e-15);
  });

  it('has quantiles at the middle, the ends and nowhere else', () => {
    expect(normalQuantile(0.5)).toBe(0);
    expect(normalQuantile(0)).toBe(-Infinity);
    expect(normalQuantile(1)).toBe(Infinity);
    expect(normalQuantile(1.1)).toBeNaN();
  });

  it.each([
    [-30, 4.906713927147908e-198, 1],
    [-8.3, 5.2055697448902465e-17, 1],
    [-2, 0.022750131948179195, 0.9772498680518208],
    [0.5, 0.6914624612740131, 0.3085375387259869],
    [8.3, 1, 5.2055697448902465e-17],
  ])('has the tails at %f', (z, lower, upper) => {
    const tails = normalTails(z);
    expect(relative(tails.lower, lower)).toBeLessThan(1e-12);
    expect(relative(tails.upper, upper)).toBeLessThan(1e-12);
  });
});
