import { nearestName } from './nearest-name.ts';

/**
 * The units that scenario documents may use, and the way from text such as "1h30m" or "96 GiB" to a number in base
 * units: microseconds and bytes. What a unit is worth stands here, and a test compares it with mathjs, which takes a tenth of a
 * second to say so; the list of names is closed, because mathjs also knows `m` (metre), `b` (bit) and `a` (year or are), and a
 * document must not be read in a way nobody meant.
 */

/** What a value measures. `number` is a plain, dimensionless number. */
export type Dimension = 'time' | 'bytes' | 'number';

/** One admitted unit. `factor` is its worth in base units: microseconds for time, bytes for bytes. */
export interface Unit {
  readonly name: string;
  readonly dimension: 'time' | 'bytes';
  readonly factor: number;
}

/** Either what the text means, or one clause that says what is wrong with it ("unknown unit ..."). */
export type Reading<T> =
  | { readonly value: T; readonly problem?: never }
  | { readonly value?: never; readonly problem: string };

/** Units of time in microseconds, smallest first. */
const timeUnits: ReadonlyMap<string, number> = new Map([
  ['us', 1],
  ['ms', 1000],
  ['s', 1_000_000],
  ['min', 60_000_000],
  ['h', 3_600_000_000],
  ['day', 86_400_000_000],
]);

/** Units of size in bytes, decimal ones first. */
const byteUnits: ReadonlyMap<string, number> = new Map([
  ['B', 1],
  ['kB', 1000],
  ['MB', 1_000_000],
  ['GB', 1_000_000_000],
  ['TB', 1_000_000_000_000],
  ['KiB', 2 ** 10],
  ['MiB', 2 ** 20],
  ['GiB', 2 ** 30],
  ['TiB', 2 ** 40],
]);

/** Short forms people write; they stand for an admitted unit. `m` is a minute, as in "1h30m", in durations only. */
const durationAliases: ReadonlyMap<string, string> = new Map([
  ['m', 'min'],
  ['d', 'day'],
  ['days', 'day'],
]);

/** What people write instead of an admitted unit; used only to suggest the right one. */
const wrongNames: ReadonlyMap<string, string> = new Map([
  ...['microsecond', 'microseconds', 'usec', 'micros'].map((name) => [name, 'us'] as const),
  ...['millisecond', 'milliseconds', 'msec', 'millis'].map((name) => [name, 'ms'] as const),
  ...['sec', 'secs', 'second', 'seconds'].map((name) => [name, 's'] as const),
  ...['mins', 'minute', 'minutes'].map((name) => [name, 'min'] as const),
  ...['hr', 'hrs', 'hour', 'hours'].map((name) => [name, 'h'] as const),
  ...['byte', 'bytes', 'b'].map((name) => [name, 'B'] as const),
  ...['k', 'kb', 'KB', 'K'].map((name) => [name, 'kB'] as const),
  ...['mb', 'M'].map((name) => [name, 'MB'] as const),
  ...['gb', 'G'].map((name) => [name, 'GB'] as const),
  ...['tb', 'T'].map((name) => [name, 'TB'] as const),
  ...['Ki', 'kib', 'kiB'].map((name) => [name, 'KiB'] as const),
  ...['Mi', 'mib'].map((name) => [name, 'MiB'] as const),
  ...['Gi', 'gib'].map((name) => [name, 'GiB'] as const),
  ...['Ti', 'tib'].map((name) => [name, 'TiB'] as const),
]);

const units: ReadonlyMap<string, Unit> = new Map<string, Unit>([
  ...[...timeUnits].map(([name, factor]) => [name, { name, dimension: 'time', factor }] as const),
  ...[...byteUnits].map(([name, factor]) => [name, { name, dimension: 'bytes', factor }] as const),
]);

/** The admitted unit of this name, or undefined. Names are case-sensitive: "MB" is not "mB". */
export function unitNamed(name: string): Unit | undefined {
  return units.get(name);
}

/** Names of the admitted units of one dimension, smallest first. */
export function unitNames(dimension: 'time' | 'bytes'): readonly string[] {
  return [...(dimension === 'time' ? timeUnits : byteUnits).keys()];
}

/** The admitted unit somebody who wrote `name` most likely meant. */
export function nearestUnit(name: string, dimension?: 'time' | 'bytes'): string | undefined {
  const known = wrongNames.get(name) ?? wrongNames.get(name.toLowerCase());
  if (known !== undefined && (dimension === undefined || units.get(known)?.dimension === dimension)) return known;
  return nearestName(name, dimension === undefined ? units.keys() : unitNames(dimension));
}

const amountAndUnit = /(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)\s*([A-Za-z]+)\s*/y;

/** Longest text read as one quantity; longer ones are refused before any work is spent on them. */
const longestQuantity = 80;

/**
 * Reads "20 min", "-30 min", "1h30m", "8 ms" as microseconds, rounded to whole ones. The unit is required; something
 * that is not zero but would round to zero is refused.
 */
export function readTime(text: string): Reading<number> {
  const sum = readSum(text, 'time');
  if (sum.problem !== undefined) return sum;
  const rounded = Math.round(sum.value);
  if (rounded === 0 && sum.value !== 0) return { problem: 'shorter than one microsecond' };
  return safe(rounded === 0 ? 0 : rounded);
}

/** Reads "96 GiB", "5.1 kB", "10 MB" as bytes. Fractions of a byte are kept: a mean size may have them. */
export function readBytes(text: string): Reading<number> {
  const sum = readSum(text, 'bytes');
  return sum.problem !== undefined ? sum : safe(sum.value);
}

/** Reads "20/s", "5 / min" as a number per second. */
export function readRate(text: string): Reading<number> {
  const match = /^\s*(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)\s*\/\s*([A-Za-z]+)\s*$/.exec(text.slice(0, longestQuantity + 1));
  const [, amount, unitName] = match ?? [];
  if (text.length > longestQuantity || amount === undefined || unitName === undefined) {
    return { problem: 'not a number per unit of time' };
  }
  const unit = unitNamed(durationAliases.get(unitName) ?? unitName);
  if (unit?.dimension !== 'time') return { problem: unknownUnit(unitName, 'time') };
  return safe((Number(amount) * 1_000_000) / unit.factor);
}

/** `unknown unit "sec"; did you mean "s"?` */
export function unknownUnit(name: string, dimension?: 'time' | 'bytes'): string {
  const nearest = nearestUnit(name, dimension);
  const hint = nearest === undefined || nearest === name ? '' : `; did you mean "${nearest}"?`;
  const foreign = unitNamed(name);
  if (foreign !== undefined && foreign.dimension !== dimension) return `"${name}" is a unit of ${foreign.dimension}`;
  return `unknown unit "${name}"${hint}`;
}

function readSum(text: string, dimension: 'time' | 'bytes'): Reading<number> {
  const trimmed = text.length > longestQuantity ? '' : text.trim();
  const sign = trimmed.startsWith('-') ? -1 : 1;
  let position = /^[+-]/.test(trimmed) ? 1 : 0;
  if (position === trimmed.length) return { problem: 'not a number with a unit' };
  let sum = 0;
  while (position < trimmed.length) {
    amountAndUnit.lastIndex = position;
    const [whole, amount, unitName] = amountAndUnit.exec(trimmed) ?? [];
    if (whole === undefined || amount === undefined || unitName === undefined) return { problem: noUnit(trimmed) };
    const name = dimension === 'time' ? (durationAliases.get(unitName) ?? unitName) : unitName;
    const unit = unitNamed(name);
    if (unit?.dimension !== dimension) return { problem: unknownUnit(unitName, dimension) };
    sum += Number((Number(amount) * unit.factor).toPrecision(15));
    position += whole.length;
  }
  return { value: sign * sum };
}

function noUnit(text: string): string {
  return /^[+-]?\d+(\.\d+)?$/.test(text) ? 'the unit is missing' : 'not a number with a unit';
}

function safe(value: number): Reading<number> {
  return Math.abs(value) <= Number.MAX_SAFE_INTEGER ? { value } : { problem: 'too large to be exact' };
}
