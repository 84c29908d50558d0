import { describe, expect, it } from 'vitest';
import { Streams } from '../stream.ts';
import { seconds, us } from '../../time.ts';
import { durations } from '../durations.ts';
import { constant } from './constant.ts';
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

describe('a distribution says what it was given and what it expected', () => {
  const refusals: readonly (readonly [() => unknown, string])[] = [
    [() => constant(NaN), 'distribution "constant": value must be a finite number, got NaN'],
    [() => uniform(3, 1), 'distribution "uniform": low must not exceed high, got low 3, high 1'],
    [() => exponential(0), 'distribution "exponential": mean must be a finite number > 0, got 0'],
    [() => gamma({ shape: 0.001, mean: 1 }), 'distribution "gamma": shape must be from 0.01 to 100000, got 0.001'],
    [() => gamma({ shape: 1, mean: -1 }), 'distribution "gamma": mean must be a finite number > 0, got -1'],
    [
      () => erlang({ stages: 1.5, mean: 1 }),
      'distribution "erlang": stages must be a whole number from 1 to 100000, got 1.5',
    ],
    [
      () => hyperexponential({ branches: [] }),
      'distribution "hyperexponential": at least one branch is needed, got none',
    ],
    [
      () => hyperexponential({ branches: [{ weight: 1, mean: 0 }] }),
      'distribution "hyperexponential": mean of branch 0 must be a finite number > 0, got 0',
    ],
    [
      () => hyperexponential({ mean: 1, squaredVariation: 0.5 }),
      'distribution "hyperexponential": squaredVariation must be a finite number >= 1, got 0.5',
    ],
    [() => lognormal({ median: 1, sigma: 0 }), 'distribution "lognormal": sigma must be a finite number > 0, got 0'],
    [() => lognormal({ p50: 2, p99: 1 }), 'distribution "lognormal": p99 must exceed p50, got p50 2, p99 1'],
    [() => pareto({ low: 0, shape: 1 }), 'distribution "pareto": low must be a finite number > 0, got 0'],
    [
      () => boundedPareto({ low: 2, high: 2, shape: 1 }),
      'distribution "boundedPareto": low must be below high, got low 2, high 2',
    ],
    [
      () => weibull({ scale: 1, shape: Infinity }),
      'distribution "weibull": shape must be a finite number > 0, got Infinity',
    ],
    [
      () => zipf({ count: 0, exponent: 1 }),
      'distribution "zipf": count must be a whole number from 1 to 10000000, got 0',
    ],
    [() => zipf({ count: 5, exponent: -1 }), 'distribution "zipf": exponent must be a finite number >= 0, got -1'],
    [() => empirical({ values: [] }), 'distribution "empirical": at least one value is needed, got none'],
    [() => empirical({ values: [1, NaN] }), 'distribution "empirical": value 1 must be a finite number, got NaN'],
    [() => fromQuantiles([{ p: 0, value: 1 }]), 'distribution "fromQuantiles": at least two points are needed, got 1'],
    [
      () =>
        fromQuantiles([
          { p: 0, value: 1 },
          { p: 0.5, value: 0 },
          { p: 1, value: 3 },
        ]),
      'distribution "fromQuantiles": p must rise and value must not fall at point 1, got p 0.5, value 0',
    ],
    [
      () =>
        fromQuantiles([
          { p: 0.5, value: 1 },
          { p: 0.99, value: 3 },
        ]),
      'distribution "fromQuantiles": p must run from 0 to 1, got 0.5 to 0.99',
    ],
    [() => mixture([]), 'distribution "mixture": at least one component is needed, got none'],
    [
      () => mixture([{ weight: 0, distribution: constant(1) }]),
      'distribution "mixture": weight of component 0 must be a finite number > 0, got 0',
    ],
    [() => shifted(constant(1), Infinity), 'distribution "shifted": offset must be a finite number, got Infinity'],
    [
      () => truncated(exponential(1), { low: 3, high: 2 }),
      'distribution "truncated": high must exceed low, got low 3, high 2',
    ],
    [
      () => truncated(uniform(0, 1), { low: 1, high: 2 }),
      'distribution "truncated": uniform(0, 1) must fall into the range with probability above 1e-6, got 0',
    ],
    [
      () => exponential(1).quantile(1.5),
      'distribution "exponential(mean 1)": quantile expects a probability in [0, 1], got 1.5',
    ],
  ];

  it.each(refusals.map(([make, message]) => [message, make] as const))('%s', (message, make) => {
    expect(make).toThrow(new RangeError(message));
  });
});

describe('durations', () => {
  const stream = new Streams('1', 0).get('durations');

  it('are whole microseconds of the given unit', () => {
    expect(durations(constant(2.5), 'seconds').sample(stream)).toBe(2_500_000);
    expect(durations(constant(2.5), 'milliseconds').sample(stream)).toBe(2_500);
    expect(durations(constant(2.5), 'microseconds').sample(stream)).toBe(3);
    expect(durations(constant(2), 'minutes').sample(stream)).toBe(120_000_000);
    expect(durations(constant(2), 'hours').sample(stream)).toBe(7_200_000_000);
    expect(durations(constant(2), seconds(3)).sample(stream)).toBe(6_000_000);
  });

  it('know their mean and their name', () => {
    expect(durations(exponential(0.25), 'seconds').mean()).toBe(250_000);
    expect(durations(exponential(0.25), 'seconds').name).toBe('exponential(mean 0.25) seconds');
    expect(durations(pareto({ low: 1, shape: 1 }), 'seconds').mean()).toBe(Infinity);
  });

  it('cut a heavy tail at 100 years', () => {
    const hundredYears = 100 * 365 * 86_400 * 1e6;
    expect(durations(constant(1e300), 'seconds').sample(stream)).toBe(hundredYears);
    expect(durations(constant(Number.MAX_VALUE), 'hours').sample(stream)).toBe(hundredYears);
  });

  it('are never negative', () => {
    expect(() => durations(uniform(-1, 1), 'seconds')).toThrow(
      new RangeError('durations: uniform(-1, 1) reaches -1 seconds; a duration is never negative'),
    );
    const normal = { name: 'normal', mean: () => 0, variance: () => 1, sample: () => -3 };
    expect(() => durations(normal, 'seconds').sample(stream)).toThrow(
      new RangeError('durations: normal seconds gave -3000000 us; a duration is never negative'),
    );
  });

  it('refuse an unknown unit and an empty one', () => {
    const list = 'microseconds, milliseconds, seconds, minutes, hours';
    expect(() => durations(constant(1), 'days' as 'hours')).toThrow(
      new RangeError(`durations: unit must be one of ${list} or a finite duration > 0, got days`),
    );
    expect(() => durations(constant(1), us(0))).toThrow(`got 0`);
  });
});
