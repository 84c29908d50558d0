import { Streams } from '@brownout/core';
import { expect, it } from 'vitest';
import { durationDistribution } from './duration-distribution.ts';
import { assumed } from './provenance.ts';

const schema = durationDistribution();
const streams = new Streams('seed', 0);

function samples(input: unknown, count: number): number[] {
  const distribution = schema.parse(input);
  const stream = streams.get(`test/${distribution.text}`);
  return Array.from({ length: count }, () => distribution.sample(stream));
}

it('a plain duration never varies', () => {
  expect(new Set(samples('5 min', 20))).toEqual(new Set([300_000_000]));
  expect(schema.parse('5 min').mean()).toBe(300_000_000);
});

it.each([
  [{ distribution: 'constant', value: '8 ms' }, 'constant, value 8 ms', 8_000],
  [{ distribution: 'uniform', from: '2 s', to: '4 s' }, 'uniform, from 2 s, to 4 s', 3_000_000],
  [{ distribution: 'exponential', mean: '5 min' }, 'exponential, mean 5 min', 300_000_000],
])('%j', (input, text, mean) => {
  expect(schema.parse(input).text).toBe(text);
  expect(schema.parse(input).mean()).toBe(mean);
});

it('a lognormal has half its values below the median and nine tenths below p90', () => {
  const drawn = samples({ distribution: 'lognormal', median: '5 min', p90: '12 min' }, 20_000);
  const below = (limit: number): number => drawn.filter((value) => value < limit).length / drawn.length;
  // Four standard errors of a share among 20,000.
  expect(Math.abs(below(300_000_000) - 0.5)).toBeLessThan(4 * Math.sqrt(0.25 / 20_000));
  expect(Math.abs(below(720_000_000) - 0.9)).toBeLessThan(4 * Math.sqrt(0.09 / 20_000));
});

it('samples are whole microseconds and never negative', () => {
  for (const value of samples({ distribution: 'exponential', mean: '2 us' }, 2_000)) {
    expect(Number.isInteger(value) && value >= 0).toBe(true);
  }
});

it('takes one number from its stream per sample, whatever the distribution, so variants stay aligned', () => {
  const inputs = [
    '1 s',
    { distribution: 'uniform', from: '0 s', to: '1 s' },
    { distribution: 'lognormal', median: '1 s', p90: '2 s' },
  ];
  const next = inputs.map((input, index) => {
    const stream = new Streams('seed', 0).get('aligned');
    schema.parse(inputs[index] ?? input).sample(stream);
    return stream.uniform();
  });
  expect(new Set(next).size).toBe(1);
});

it('the whole and its parts may carry sources', () => {
  const mean = assumed('5 min', 'usual');
  expect(schema.parse(assumed({ distribution: 'exponential', mean }, 'usual')).mean()).toBe(300_000_000);
});

it.each([
  [5, 'expected a duration such as "5 min" or a distribution, got 5'],
  [undefined, 'missing; expected a duration such as "5 min" or a distribution'],
  ['5', 'expected a duration such as "5 min", got "5": the unit is missing'],
  ['-5 min', 'expected a duration of at least 0 s, got "-5 min"'],
  [
    { distribution: 'lognormel' },
    'distribution: expected constant, uniform, exponential or lognormal, got "lognormel"; did you mean "lognormal"?',
  ],
  [{ mean: '5 min' }, 'distribution: expected constant, uniform, exponential or lognormal, got nothing'],
  [{ distribution: 'exponential', meen: '5 min' }, 'exponential: unknown key "meen"; did you mean "mean"?'],
  [{ distribution: 'exponential' }, 'exponential: mean: expected a duration such as "5 min", got nothing'],
  [{ distribution: 'exponential', mean: '0 s' }, 'exponential: expected a mean longer than 0 s'],
  [{ distribution: 'uniform', from: '5 s', to: '4 s' }, 'uniform: expected from below to, got 5 s and 4 s'],
  [{ distribution: 'lognormal', median: '5 s', p90: '5 s' }, 'lognormal: expected median below p90, got 5 s and 5 s'],
  [{ distribution: 'lognormal', median: '0 s', p90: '5 s' }, 'lognormal: expected a median longer than 0 s'],
])('refuses %j', (input, message) => {
  expect(schema.safeParse(input).error?.issues[0]?.message).toBe(message);
});
