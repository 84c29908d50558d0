import {
  constant,
  exponential,
  lognormal,
  uniform,
  type Distribution,
  type Duration,
  type Stream,
} from '@brownout/core';
import { formatTime } from './format.ts';
import { didYouMean } from './nearest-name.ts';
import { quantity, unwrap, writtenOrSourced, type Quantity } from './quantity.ts';
import { orList, show } from './wording.ts';
import type { Stated } from './provenance.ts';
import { readTime, type Reading } from './units.ts';

/**
 * Random lengths of time in a document: "5 min" for one that never varies, or a named distribution with its parameters as
 * durations. A sample is a whole number of microseconds and never negative.
 */

/** A distribution of durations, ready to draw from. */
export interface DurationDistribution {
  /** Kind and parameters for people: "lognormal, median 5 min, p90 12 min". */
  readonly text: string;
  /** The mean, rounded to the nearest microsecond. */
  mean(): Duration;
  /** One duration, rounded to the nearest microsecond; takes exactly one uniform from the stream. */
  sample(stream: Stream): Duration;
}

/** The written forms. Every duration in them may carry a source of its own. */
export type DurationDistributionInput =
  | string
  | { readonly distribution: 'constant'; readonly value: Stated<string> }
  | { readonly distribution: 'uniform'; readonly from: Stated<string>; readonly to: Stated<string> }
  | { readonly distribution: 'exponential'; readonly mean: Stated<string> }
  | { readonly distribution: 'lognormal'; readonly median: Stated<string>; readonly p90: Stated<string> };

/** One named distribution: its parameters in order, and how to make it from their values in microseconds. */
interface Kind {
  readonly parameters: readonly string[];
  make(first: number, second: number): Reading<Distribution>;
}

/** The 90 % quantile of the standard normal distribution, which ties `p90` of a lognormal to its sigma. */
const standardNormalP90 = 1.2815515655446004;

const kinds: ReadonlyMap<string, Kind> = new Map<string, Kind>([
  ['constant', { parameters: ['value'], make: (value) => ({ value: constant(value) }) }],
  [
    'uniform',
    {
      parameters: ['from', 'to'],
      make: (from, to) => (from <= to ? { value: uniform(from, to) } : disordered('from', from, 'to', to)),
    },
  ],
  [
    'exponential',
    {
      parameters: ['mean'],
      make: (mean) => (mean > 0 ? { value: exponential(mean) } : { problem: 'expected a mean longer than 0 s' }),
    },
  ],
  ['lognormal', { parameters: ['median', 'p90'], make: makeLognormal }],
]);

/** A schema for random durations; see `DurationDistributionInput` for what may be written. */
export function durationDistribution(): Quantity<DurationDistributionInput, DurationDistribution> {
  return quantity(writtenForm(), readDistribution);
}

function readDistribution(bare: unknown): Reading<DurationDistribution> {
  if (typeof bare === 'string') {
    const reading = readLength(bare);
    if (reading.problem !== undefined) return reading;
    return { value: rounded(constant(reading.value), formatTime(reading.value)) };
  }
  if (typeof bare !== 'object' || bare === null || Array.isArray(bare)) {
    return { problem: `expected a duration such as "5 min" or a distribution, got ${show(bare)}` };
  }
  const fields = new Map<string, unknown>(Object.entries(bare));
  const name = fields.get('distribution');
  const kind = typeof name === 'string' ? kinds.get(name) : undefined;
  if (typeof name !== 'string' || kind === undefined) {
    const hint = typeof name === 'string' ? didYouMean(name, kinds.keys()) : '';
    return { problem: `distribution: expected ${orList([...kinds.keys()])}, got ${show(name)}${hint}` };
  }
  return readParameters(name, kind, fields);
}

function readParameters(name: string, kind: Kind, fields: ReadonlyMap<string, unknown>): Reading<DurationDistribution> {
  const known = ['distribution', ...kind.parameters];
  const unknownKey = [...fields.keys()].find((key) => !known.includes(key));
  if (unknownKey !== undefined) {
    return { problem: `${name}: unknown key "${unknownKey}"${didYouMean(unknownKey, kind.parameters)}` };
  }
  const values: number[] = [];
  for (const parameter of kind.parameters) {
    const bare = unwrap(fields.get(parameter));
    const reading = bare.problem === undefined ? readLength(bare.value) : bare;
    if (reading.problem !== undefined) return { problem: `${name}: ${parameter}: ${reading.problem}` };
    values.push(reading.value);
  }
  const [first = 0, second = 0] = values;
  const made = kind.make(first, second);
  if (made.problem !== undefined) return { problem: `${name}: ${made.problem}` };
  const parts = kind.parameters.map((parameter, index) => `${parameter} ${formatTime(values[index] ?? 0)}`);
  return { value: rounded(made.value, [name, ...parts].join(', ')) };
}

function readLength(bare: unknown): Reading<number> {
  if (typeof bare !== 'string') return { problem: `expected a duration such as "5 min", got ${show(bare)}` };
  const reading = readTime(bare);
  if (reading.problem !== undefined) {
    return { problem: `expected a duration such as "5 min", got ${show(bare)}: ${reading.problem}` };
  }
  return reading.value >= 0 ? reading : { problem: `expected a duration of at least 0 s, got ${show(bare)}` };
}

function makeLognormal(median: number, p90: number): Reading<Distribution> {
  if (!(median > 0)) return { problem: 'expected a median longer than 0 s' };
  if (!(median < p90)) return disordered('median', median, 'p90', p90);
  return { value: lognormal({ median, sigma: Math.log(p90 / median) / standardNormalP90 }) };
}

function disordered(low: string, from: number, high: string, to: number): { readonly problem: string } {
  return { problem: `expected ${low} below ${high}, got ${formatTime(from)} and ${formatTime(to)}` };
}

/** Rounds what a distribution over microseconds gives; nothing is ever shorter than no time. */
function rounded(distribution: Distribution, text: string): DurationDistribution {
  return Object.freeze({
    text,
    mean: () => Math.round(distribution.mean()) as Duration,
    sample: (stream: Stream) => Math.max(0, Math.round(distribution.sample(stream))) as Duration,
  });
}

function writtenForm(): Readonly<Record<string, unknown>> {
  const bare = { type: 'string', examples: ['5 min'] };
  const length = writtenOrSourced(bare);
  const named = [...kinds].map(([name, { parameters }]) => ({
    type: 'object',
    properties: { distribution: { const: name }, ...Object.fromEntries(parameters.map((key) => [key, length])) },
    required: ['distribution', ...parameters],
    additionalProperties: false,
  }));
  return { anyOf: [bare, ...named] };
}
