import { seconds } from '@brownout/core';
import * as z from 'zod';
import { expect, it } from 'vitest';
import { assumed, documented, measured } from './provenance.ts';
import { bytes, cores, count, duration, number, rate, share } from './quantity.ts';

function messageOf(schema: z.ZodType, value: unknown): string | undefined {
  return schema
    .safeParse(value)
    .error?.issues.map((issue) => issue.message)
    .join(' | ');
}

it('gives base units: microseconds, bytes, per second, shares', () => {
  expect(duration().parse('8 ms')).toBe(8_000);
  expect(bytes().parse('64 GiB')).toBe(68_719_476_736);
  expect(rate().parse('6 / min')).toBeCloseTo(0.1, 15);
  expect(share().parse('5 %')).toBe(0.05);
  expect(share().parse(0.05)).toBe(0.05);
  expect(cores().parse('32 cores')).toBe(32);
  expect(cores().parse(0.5)).toBe(0.5);
  expect(count().parse(12)).toBe(12);
  expect(number().parse(-1.5)).toBe(-1.5);
});

it('a source around a value changes nothing about the value', () => {
  expect(duration().parse(documented('8 ms', 'the manual'))).toBe(8_000);
  expect(count().parse(measured(3, 'counted'))).toBe(3);
  expect(share().parse(assumed('5 %', 'a guess'))).toBe(0.05);
});

it.each([
  ['a bare number', duration(), 30, 'expected a duration with a unit such as "30 s", got 30'],
  ['a missing key', duration(), undefined, 'missing; expected a duration such as "30 s"'],
  ['null', duration(), null, 'expected a duration such as "30 s", got null'],
  ['a list', bytes(), ['1 GiB'], 'expected bytes such as "30 GiB", got [1 GiB]'],
  ['bytes without a unit', bytes(), 64, 'expected bytes with a unit such as "64 GiB", got 64'],
  ['quoted bytes without a unit', bytes(), '64', 'expected bytes such as "64 GiB", got "64": the unit is missing'],
  ['a bare rate', rate(), 20, 'expected a rate with a unit such as "20/s", got 20'],
  ['a negative duration', duration(), '-5 min', 'expected a duration of at least 0 s, got -5 min'],
  ['too long', duration({ max: seconds(60) }), '2 min', 'expected a duration of at most 1 min, got 2 min'],
  ['a negative rate', rate(), '-1/s', 'expected a rate such as "30/s", got "-1/s": not a number per unit of time'],
  ['a fraction', count(), 1.5, 'expected a whole number such as 12, got 1.5'],
  ['a quoted number', count(), '12', 'expected a whole number such as 12, got "12"'],
  ['too few', count({ min: 1 }), 0, 'expected a whole number of at least 1, got 0'],
  ['beyond safe integers', count(), 2 ** 53, 'expected a whole number such as 12, got 9007199254740992'],
  ['not a number', number(), NaN, 'expected a plain number such as 1.5, got NaN'],
  ['a percentage as a share', share(), 5, 'expected a share of at most 100 %, got 500 %'],
  ['a share of more than all', share(), '120 %', 'expected a share of at most 100 %, got 120 %'],
  ['no cores', cores(), 0, 'expected more than 0 cores, got 0'],
  ['millicores', cores(), '500m', 'expected cores such as 32 or "32 cores", got "500m"'],
])('refuses %s', (_name, schema, value, message) => {
  expect(messageOf(schema, value)).toBe(message);
});

it.each([
  [{ value: '8 ms' }, 'expected value, source and note together, "source" is missing'],
  [{ source: 'assumed', note: 'x' }, 'expected value, source and note together, "value" is missing'],
  [
    { value: '8 ms', source: 'guessed', note: 'x' },
    'source: expected measured, documented, derived or assumed, got "guessed"',
  ],
  [{ value: '8 ms', source: 'assumed', note: ' ' }, 'note: expected a text that names the source, got " "'],
  [
    { value: '8 ms', source: 'assumed', note: 'x', unit: 's' },
    'unknown key "unit" beside a source; expected value, source and note',
  ],
  [{ value: 8, source: 'assumed', note: 'x' }, 'expected a duration with a unit such as "8 s", got 8'],
  [
    { value: { value: '8 ms', source: 'assumed', note: 'x' }, source: 'assumed', note: 'x' },
    'expected a duration such as "30 s", got 8 ms',
  ],
])('refuses the badly sourced %j', (value, message) => {
  expect(messageOf(duration(), value)).toBe(message);
});

it('a minus sign must be allowed explicitly', () => {
  expect(duration({ min: -Infinity }).parse('-30 min')).toBe(-1_800_000_000);
});

it('takes optional, and a default in its written form', () => {
  const schema = z.strictObject({ a: duration().optional(), b: duration().prefault('8 ms') });
  expect(schema.parse({})).toEqual({ b: 8_000 });
});

it('describes the written form to editors, with and without a source', () => {
  const schema = z.toJSONSchema(z.strictObject({ memory: bytes(), nodes: count({ min: 1 }) }), { io: 'input' });
  expect(schema).toMatchObject({
    required: ['memory', 'nodes'],
    properties: {
      memory: { anyOf: [{ type: 'string' }, { type: 'object', required: ['value', 'source', 'note'] }] },
      nodes: { anyOf: [{ type: 'integer', minimum: 1 }, { type: 'object' }] },
    },
  });
});
