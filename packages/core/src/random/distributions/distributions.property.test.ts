import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { KnownDistribution } from './distribution.ts';
import { empirical, fromQuantiles } from './empirical.ts';
import { erlang, gamma } from './gamma.ts';
import { hyperexponential } from './hyperexponential.ts';
import { lognormal } from './lognormal.ts';
import { mixture } from './mixture.ts';
import { boundedPareto } from './pareto.ts';
import { shifted, truncated } from './transformed.ts';
import { uniform } from './uniform.ts';
import { weibull } from './weibull.ts';
import { zipf } from './zipf.ts';

const SEED = 20241211;
const mean = fc.double({ min: 1e-3, max: 1e3, noNaN: true });
const shape = fc.double({ min: 0.05, max: 50, noNaN: true });
const values = fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: 1, maxLength: 20 });

const continuous: fc.Arbitrary<KnownDistribution> = fc.oneof(
  fc.tuple(shape, mean).map(([s, m]) => gamma({ shape: s, mean: m })),
  fc.tuple(fc.integer({ min: 1, max: 30 }), mean).map(([stages, m]) => erlang({ stages, mean: m })),
  fc.tuple(mean, shape).map(([m, v]) => hyperexponential({ mean: m, squaredVariation: 1 + v })),
  fc.tuple(mean, fc.double({ min: 0.05, max: 3, noNaN: true })).map(([median, sigma]) => lognormal({ median, sigma })),
  fc.tuple(mean, shape).map(([low, s]) => boundedPareto({ low, high: low * 1e4, shape: s })),
  fc.tuple(mean, fc.double({ min: 0.3, max: 10, noNaN: true })).map(([scale, s]) => weibull({ scale, shape: s })),
  fc.tuple(mean, mean).map(([low, width]) => shifted(uniform(low, low + width), -low)),
  fc.tuple(mean, mean, shape).map(([low, width, weight]) =>
    mixture([
      { weight, distribution: uniform(low, low + width) },
      { weight: 1, distribution: gamma({ shape: 2, mean: low }) },
    ]),
  ),
  mean.map((median) => truncated(lognormal({ median, sigma: 1 }), { low: median / 2, high: median * 3 })),
  mean.map((value) =>
    fromQuantiles([
      { p: 0, value: 0 },
      { p: 0.7, value },
      { p: 1, value: 10 * value },
    ]),
  ),
);
const discrete: fc.Arbitrary<KnownDistribution> = fc.oneof(
  values.map((list) => empirical({ values: list })),
  fc
    .tuple(fc.integer({ min: 1, max: 300 }), fc.double({ min: 0, max: 4, noNaN: true }))
    .map(([count, exponent]) => zipf({ count, exponent })),
);
const probability = fc.double({ min: 1e-9, max: 1 - 1e-9, noNaN: true });

describe('quantile and distribution function', () => {
  it('are inverse to each other where the distribution is continuous', () => {
    fc.assert(
      fc.property(continuous, probability, (distribution, p) => {
        const back = distribution.cdf(distribution.quantile(p));
        expect(Math.abs(back - p), `${distribution.name} at ${p}`).toBeLessThan(1e-9);
      }),
      { seed: SEED, numRuns: 300 },
    );
  });

  it('agree at jumps: the quantile is the first value whose probability reaches p', () => {
    fc.assert(
      fc.property(discrete, probability, (distribution, p) => {
        const value = distribution.quantile(p);
        expect(distribution.cdf(value)).toBeGreaterThanOrEqual(p - 1e-12);
        expect(distribution.cdf(value - 1e-9)).toBeLessThanOrEqual(p + 1e-9);
      }),
      { seed: SEED, numRuns: 200 },
    );
  });

  it('never fall', () => {
    fc.assert(
      fc.property(fc.oneof(continuous, discrete), probability, probability, (distribution, a, b) => {
        const low = distribution.quantile(Math.min(a, b));
        const high = distribution.quantile(Math.max(a, b));
        expect(low).toBeLessThanOrEqual(high + 1e-12 * Math.abs(high));
        expect(distribution.cdf(low)).toBeLessThanOrEqual(distribution.cdf(high) + 1e-12);
      }),
      { seed: SEED, numRuns: 200 },
    );
  });
});
