/** What every distribution promises about `sample`: one uniform, and values that follow the distribution function. */
import { describe, expect, it } from 'vitest';
import { Streams, type Stream } from '../stream.ts';
import { constant } from './constant.ts';
import type { KnownDistribution } from './distribution.ts';
import { empirical, fromQuantiles } from './empirical.ts';
import { exponential } from './exponential.ts';
import { erlang, gamma } from './gamma.ts';
import { hyperexponential } from './hyperexponential.ts';
import { lognormal } from './lognormal.ts';
import { mixture } from './mixture.ts';
import { boundedPareto, pareto } from './pareto.ts';
import { shifted, truncated } from './transformed.ts';
import { uniform } from './uniform.ts';
import { weibull } from './weibull.ts';
import { zipf } from './zipf.ts';

const monotone: readonly KnownDistribution[] = [
  uniform(2, 5),
  exponential(3),
  erlang({ stages: 1, mean: 2 }),
  erlang({ stages: 7, mean: 2 }),
  gamma({ shape: 0.01, mean: 1 }),
  gamma({ shape: 0.3, mean: 2 }),
  gamma({ shape: 12.5, mean: 2 }),
  gamma({ shape: 3_000, mean: 2 }),
  lognormal({ p50: 1, p99: 20 }),
  pareto({ low: 1, shape: 1.5 }),
  boundedPareto({ low: 1, high: 1000, shape: 1 }),
  weibull({ scale: 1, shape: 0.6 }),
  fromQuantiles([
    { p: 0, value: 1 },
    { p: 0.5, value: 2 },
    { p: 0.99, value: 40 },
    { p: 1, value: 90 },
  ]),
  empirical({ values: [5, 1, 2, 9, 2.5], interpolate: true }),
  shifted(exponential(1), 4),
  truncated(exponential(1), { low: 0.5, high: 3 }),
  truncated(weibull({ scale: 1, shape: 2 }), { low: 1 }),
];

const discrete: readonly KnownDistribution[] = [
  constant(3),
  empirical({ values: [5, 1, 2, 9, 2] }),
  zipf({ count: 50, exponent: 1.2 }),
  zipf({ count: 1, exponent: 1 }),
];

const branched: readonly KnownDistribution[] = [
  hyperexponential({ mean: 1, squaredVariation: 5 }),
  hyperexponential({
    branches: [
      { weight: 1, mean: 1 },
      { weight: 2, mean: 10 },
      { weight: 1, mean: 0.1 },
    ],
  }),
  mixture([
    { weight: 9, distribution: uniform(0, 1) },
    { weight: 1, distribution: gamma({ shape: 3, mean: 20 }) },
  ]),
];

const all = [...monotone, ...discrete, ...branched].map((distribution) => [distribution.name, distribution] as const);
const twins = (name: string): [Stream, Stream] => [new Streams('5', 0).get(name), new Streams('5', 0).get(name)];

describe('sample', () => {
  it.each(all)('takes exactly one uniform: %s', (name, distribution) => {
    const [drawn, plain] = twins(name);
    for (let draw = 0; draw < 100; draw++) {
      distribution.sample(drawn);
      plain.uniform();
    }
    expect(drawn.state()).toEqual(plain.state());
  });

  it.each(monotone.map((d) => [d.name, d] as const))('is the quantile of that uniform: %s', (name, distribution) => {
    const [drawn, plain] = twins(name);
    for (let draw = 0; draw < 2_000; draw++) {
      const expected = distribution.quantile(plain.uniform());
      expect(Math.abs(distribution.sample(drawn) - expected)).toBeLessThanOrEqual(1e-6 * expected);
    }
  });

  it.each(all)('follows the distribution function: %s', (name, distribution) => {
    const count = 20_000;
    const stream = new Streams('6', 0).get(name);
    const values = Float64Array.from({ length: count }, () => distribution.sample(stream)).sort();
    let distance = 0;
    for (let i = 0; i < count; i++) {
      const x = values[i]!;
      if (values[i + 1] !== x) distance = Math.max(distance, Math.abs(distribution.cdf(x) - (i + 1) / count));
    }
    // Kolmogorov and Smirnov: beyond 1.95 about once in a thousand; less often for discrete distributions.
    expect(distance * Math.sqrt(count)).toBeLessThan(1.95);
  });

  it.each(all)('has the declared mean and variance: %s', (name, distribution) => {
    const count = 40_000;
    const mean = distribution.mean();
    const variance = distribution.variance();
    if (variance === Infinity) return;
    const stream = new Streams('7', 0).get(name);
    let sum = 0;
    for (let draw = 0; draw < count; draw++) sum += distribution.sample(stream);
    expect(Math.abs(sum / count - mean)).toBeLessThanOrEqual(3.5 * Math.sqrt(variance / count));
    expect(Math.abs(varianceFromQuantiles(distribution, mean) - variance)).toBeLessThanOrEqual(0.1 * variance);
  });
});

/** The integral of (quantile - mean)^2 over probability by the midpoint rule, which is up to a tenth low in heavy tails. */
function varianceFromQuantiles(distribution: KnownDistribution, mean: number): number {
  const points = 10_000;
  let sum = 0;
  for (let i = 0; i < points; i++) sum += (distribution.quantile((i + 0.5) / points) - mean) ** 2;
  return sum / points;
}
