import type { Duration } from '@brownout/core';
import * as z from 'zod';
import { formatBytes, formatTime } from './format.ts';
import { isSource, sources, type Stated } from './provenance.ts';
import { orList, show } from './wording.ts';
import { readBytes, readRate, readTime, type Reading } from './units.ts';

/**
 * The building blocks of the document schema: each turns one written value ("8 ms", "96 GiB", "20/s", 5 %) into a number
 * in base units, with or without a source around it, and refuses what has no unit or the wrong one. Every block is a zod
 * schema, so it takes `.optional()`, `.prefault('8 ms')` (a default in its written form) and `.describe('...')`.
 */

/** A schema that reads `Bare`, sourced or not, and gives `Output`. */
export type Quantity<Bare, Output> = z.ZodType<Output, Stated<Bare>>;

/** Smallest and largest value admitted, in the base unit of the block, both inclusive. */
export interface Limits {
  readonly min?: number;
  readonly max?: number;
}

/**
 * A length of time such as "20 min", "1h30m" or "100 us", as whole microseconds. `min` defaults to 0: a block that admits
 * "-30 min" must say so (`{ min: -Infinity }`).
 */
export function duration(limits: Limits = {}): Quantity<string, Duration> {
  const bounds = bounded('a duration', limits, formatTime);
  return quantity(schemaOfText('duration with a unit', ['30 s', '8 ms', '1h30m']), (bare) => {
    const reading = readText(bare, 'a duration', 's', readTime);
    return reading.problem !== undefined ? reading : (bounds(reading.value) as Reading<Duration>);
  });
}

/** A size such as "96 GiB", "5.1 kB" or "10 MB", in bytes. `min` defaults to 0. */
export function bytes(limits: Limits = {}): Quantity<string, number> {
  const bounds = bounded('bytes', limits, formatBytes);
  return quantity(schemaOfText('bytes with a unit', ['64 GiB', '5.1 kB']), (bare) => {
    const reading = readText(bare, 'bytes', 'GiB', readBytes);
    return reading.problem !== undefined ? reading : bounds(reading.value);
  });
}

/** How often something happens, such as "20/s" or "5 / min", per second. `min` defaults to 0. */
export function rate(limits: Limits = {}): Quantity<string, number> {
  const bounds = bounded('a rate', limits, (perSecond) => `${perSecond}/s`);
  return quantity(schemaOfText('rate with a unit of time', ['20/s', '5 / min']), (bare) => {
    const reading = readText(bare, 'a rate', '/s', readRate);
    return reading.problem !== undefined ? reading : bounds(reading.value);
  });
}

/** A whole number such as 12. `min` defaults to 0. */
export function count(limits: Limits = {}): Quantity<number, number> {
  const bounds = bounded('a whole number', limits, String);
  return quantity({ type: 'integer', ...schemaOfLimits({ min: 0, ...limits }) }, (bare) => {
    if (typeof bare !== 'number' || !Number.isSafeInteger(bare)) {
      return { problem: `expected a whole number such as 12, got ${show(bare)}` };
    }
    return bounds(bare);
  });
}

/** A plain number without a unit. Any finite number unless limits say otherwise. */
export function number(limits: Limits = {}): Quantity<number, number> {
  const bounds = bounded('a number', { min: -Infinity, ...limits }, String);
  return quantity({ type: 'number', ...schemaOfLimits(limits) }, (bare) => {
    if (typeof bare !== 'number' || !Number.isFinite(bare)) {
      return { problem: `expected a plain number such as 1.5, got ${show(bare)}` };
    }
    return bounds(bare);
  });
}

/** A share of a whole, 0..1, written 0.05 or "5 %". Limits are shares. */
export function share(limits: Limits = {}): Quantity<number | string, number> {
  const bounds = bounded('a share', { max: 1, ...limits }, (value) => `${Number((value * 100).toPrecision(12))} %`);
  const written = {
    anyOf: [
      { type: 'number', minimum: 0, maximum: 1 },
      { type: 'string', pattern: '^[0-9.]+ ?%$' },
    ],
  };
  return quantity(written, (bare) => {
    const value = readAmount(bare, /^\s*(\d+(?:\.\d+)?)\s*%\s*$/, (percent) => Number((percent / 100).toPrecision(15)));
    if (value === undefined) return { problem: `expected a share such as 0.05 or "5 %", got ${show(bare)}` };
    return bounds(value);
  });
}

/** Processor cores, written 32 or "32 cores"; fractions are admitted ("0.5 cores"). More than none. */
export function cores(): Quantity<number | string, number> {
  const written = {
    anyOf: [
      { type: 'number', exclusiveMinimum: 0 },
      { type: 'string', pattern: '^[0-9.]+ ?cores?$' },
    ],
  };
  return quantity(written, (bare) => {
    const value = readAmount(bare, /^\s*(\d+(?:\.\d+)?)\s*cores?\s*$/, (amount) => amount);
    if (value === undefined) return { problem: `expected cores such as 32 or "32 cores", got ${show(bare)}` };
    return value > 0 ? { value } : { problem: `expected more than 0 cores, got ${show(bare)}` };
  });
}

/**
 * Makes a schema from a reader of bare values: unwraps `{ value, source, note }`, reads what is inside and reports at most
 * one problem per value. `written` is the JSON Schema of the bare form.
 */
export function quantity<Bare, Output>(
  written: Readonly<Record<string, unknown>>,
  read: (bare: unknown) => Reading<Output>,
): Quantity<Bare, Output> {
  return z
    .unknown()
    .meta({ ...writtenOrSourced(written) })
    .transform((stated, context): Output => {
      const bare = unwrap(stated);
      const reading = bare.problem === undefined ? read(bare.value) : bare;
      if (reading.problem === undefined) return reading.value;
      const message = stated === undefined ? asMissing(reading.problem) : reading.problem;
      context.issues.push({ code: 'custom', message, input: stated });
      return z.NEVER;
    }) as unknown as Quantity<Bare, Output>;
}

const sourcedKeys = ['value', 'source', 'note'];

/**
 * The bare value inside `{ value, source, note }`, or the value itself. An object that carries `source` or `note` is
 * meant to be sourced, so a mistake in it is reported as such.
 */
export function unwrap(stated: unknown): Reading<unknown> {
  if (typeof stated !== 'object' || stated === null || Array.isArray(stated)) return { value: stated };
  const fields = new Map<string, unknown>(Object.entries(stated));
  const isMeantSourced = fields.has('source') || fields.has('note') || (fields.has('value') && fields.size === 1);
  if (!isMeantSourced) return { value: stated };
  const unknownKey = [...fields.keys()].find((key) => !sourcedKeys.includes(key));
  if (unknownKey !== undefined) {
    return { problem: `unknown key "${unknownKey}" beside a source; expected value, source and note` };
  }
  const missing = sourcedKeys.find((key) => !fields.has(key));
  if (missing !== undefined) return { problem: `expected value, source and note together, "${missing}" is missing` };
  if (!isSource(fields.get('source'))) {
    return { problem: `source: expected ${orList(sources)}, got ${show(fields.get('source'))}` };
  }
  const note = fields.get('note');
  if (typeof note !== 'string' || note.trim() === '') {
    return { problem: `note: expected a text that names the source, got ${show(note)}` };
  }
  return { value: fields.get('value') };
}

function readText(
  bare: unknown,
  what: string,
  usualUnit: string,
  read: (text: string) => Reading<number>,
): Reading<number> {
  const example = (amount: number | string): string =>
    usualUnit.startsWith('/') ? `"${amount}${usualUnit}"` : `"${amount} ${usualUnit}"`;
  if (typeof bare === 'number' && Number.isFinite(bare)) {
    return { problem: `expected ${what} with a unit such as ${example(bare)}, got ${bare}` };
  }
  if (typeof bare !== 'string') return { problem: `expected ${what} such as ${example(30)}, got ${show(bare)}` };
  const reading = read(bare);
  if (reading.problem === undefined) return reading;
  const amount = /^\s*(\d+(?:\.\d+)?)\s*$/.exec(bare.slice(0, 20))?.[1] ?? 30;
  return { problem: `expected ${what} such as ${example(amount)}, got ${show(bare)}: ${reading.problem}` };
}

/** `expected bytes, got nothing` is what a reader says; that the key is missing is what happened. */
function asMissing(problem: string): string {
  return problem.replace(/^(expected .*), got nothing$/, 'missing; $1');
}

function readAmount(bare: unknown, form: RegExp, convert: (amount: number) => number): number | undefined {
  if (typeof bare === 'number') return Number.isFinite(bare) ? bare : undefined;
  if (typeof bare !== 'string' || bare.length > 40) return undefined;
  const amount = form.exec(bare)?.[1];
  return amount === undefined ? undefined : convert(Number(amount));
}

function bounded(what: string, limits: Limits, format: (value: number) => string): (value: number) => Reading<number> {
  const { min = 0, max = Infinity } = limits;
  return (value) => {
    if (value < min) return { problem: `expected ${what} of at least ${format(min)}, got ${format(value)}` };
    if (value > max) return { problem: `expected ${what} of at most ${format(max)}, got ${format(value)}` };
    return { value };
  };
}

function schemaOfText(description: string, examples: readonly string[]): Readonly<Record<string, unknown>> {
  return { type: 'string', description, examples };
}

function schemaOfLimits(limits: Limits): Readonly<Record<string, unknown>> {
  const { min = -Infinity, max = Infinity } = limits;
  return { ...(Number.isFinite(min) ? { minimum: min } : {}), ...(Number.isFinite(max) ? { maximum: max } : {}) };
}

/** JSON Schema of a value that may carry its source, given the JSON Schema of the bare value. */
export function writtenOrSourced(written: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const properties = { value: written, source: { enum: sources }, note: { type: 'string', minLength: 1 } };
  return { anyOf: [written, { type: 'object', properties, required: sourcedKeys, additionalProperties: false }] };
}
