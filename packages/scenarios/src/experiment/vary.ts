/**
 * What a sweep varies, as it is typed: `agent.period=15s..120s:5` is a place in a document with a range, and
 * `agent.period=15s,60s,5min` one with a list. Places are those of `--set`; units stay as they were written.
 */
import { type Factor, type FactorValue } from '@brownout/core';
import type { ScenarioDocument } from '../scenario/document.ts';
import { DocumentError } from '../scenario/document-error.ts';
import type { JsonSchema } from '../scenario/json-schema.ts';
import { parseScenario, scenarioJsonSchema } from '../scenario/parse.ts';
import { readScalar, setPath } from '../scenario/path.ts';
import { readBytes, readTime } from '../scenario/units.ts';

/** The unit in which a factor's values are written. */
export interface VariedUnit {
  /** As typed, with the space before it if there was one: `s`, ` MiB`, `/s`, ` %`. */
  readonly text: string;
  /** Base units - seconds or bytes - in one of it; 1 for what has no base unit, such as rates and shares. */
  readonly worth: number;
}

/** Something in a document that is varied. Plain data. */
export interface Varied {
  /** Place in the document, as for `setPath`; also the name of the factor. */
  readonly path: string;
  /** Times in seconds, sizes in bytes, everything else in the number that is written. */
  readonly factor: Factor;
  /** Values of a range in a grid, where they were stated. */
  readonly count?: number;
  /** Of a range whose ends have one. */
  readonly unit?: VariedUnit;
}

/** Most characters read. */
const longestText = 2_000;

/**
 * Reads `path=a..b`, `path=a..b:n`, `path=a..b:n:log` or `path=a,b,c` against a document: both ends of a range and every
 * value of a list are tried in it. A range of plain whole numbers stays whole where the document takes no fractions.
 * Throws `DocumentError`, as `setPath` and `parseScenario` do.
 */
export function parseVary(document: ScenarioDocument, text: string, schema: JsonSchema = scenarioJsonSchema()): Varied {
  const problem = (message: string): DocumentError =>
    new DocumentError(`vary "${text.length > 60 ? `${text.slice(0, 57)}...` : text}"`, [{ path: '', message }]);
  const equals = text.indexOf('=');
  if (equals < 1 || text.length > longestText) throw problem(`expected ${usualForm}`);
  const path = text.slice(0, equals).trim();
  const values = text.slice(equals + 1).trim();
  const isTaken = (value: FactorValue): boolean => tried(document, path, value, schema) === undefined;
  const varied = values.includes('..') ? readRange(path, values, isTaken, problem) : readList(path, values, problem);
  const ends =
    'values' in varied.factor ? varied.factor.values : [varied.factor.low, varied.factor.high].map(writtenBy(varied));
  for (const value of ends) {
    const error = tried(document, path, value, schema);
    if (error !== undefined) throw error;
  }
  return varied;
}

const usualForm = 'a path and a range or list, such as clusters[0].nodes=1000..5000:5 or agent.period=15s,60s';

/** The document with every factor at its value of `point`. The result is not checked; `parseScenario` does that. */
export function documentAt(
  document: ScenarioDocument,
  varied: readonly Varied[],
  point: readonly FactorValue[],
  schema: JsonSchema = scenarioJsonSchema(),
): ScenarioDocument {
  return varied.reduce(
    (current, one, index) => setPath(current, assignmentOf(one, point[index]!), schema).document,
    document,
  );
}

/** `clusters[0].nodes=5000`: what `--set` needs to make this point by hand. */
export function assignmentOf(varied: Varied, value: FactorValue): string {
  return assigned(varied.path, writtenValue(varied, value));
}

/** A value as the document states it: `60s`, `96 GiB`, 5000, `watch`. */
export function writtenValue(varied: Varied, value: FactorValue): FactorValue {
  return typeof value === 'number' ? writtenBy(varied)(value) : value;
}

/**
 * The nearest value that can be written in six digits, as which the ends of a range also count: what a design asks for
 * and what a document can say are then the same.
 */
export function roundedValue({ factor, unit }: Varied, value: FactorValue): FactorValue {
  if (typeof value !== 'number' || 'values' in factor || factor.kind === 'whole') return value;
  if (value === factor.low || value === factor.high) return value;
  const worth = unit?.worth ?? 1;
  return Number((Number((value / worth).toPrecision(6)) * worth).toPrecision(12));
}

function writtenBy({ unit }: Varied): (value: number) => FactorValue {
  if (unit === undefined) return (value) => value;
  return (value) => `${Number((value / unit.worth).toPrecision(12))}${unit.text}`;
}

function assigned(path: string, value: FactorValue): string {
  return `${path}=${typeof value === 'string' && readScalar(value) === value ? value : JSON.stringify(value)}`;
}

/** What is wrong with one value at that place, if anything. */
function tried(document: ScenarioDocument, path: string, value: FactorValue, schema: JsonSchema): Error | undefined {
  const text = assigned(path, value);
  try {
    parseScenario(setPath(document, text, schema).document, `assignment "${text}"`);
    return undefined;
  } catch (error) {
    if (error instanceof DocumentError) return error;
    throw error;
  }
}

type Problem = (message: string) => DocumentError;

const rangeForm = /^(.+?)\.\.(.+?)((?::[^:]*)*)$/;

function readRange(path: string, text: string, isTaken: (value: FactorValue) => boolean, problem: Problem): Varied {
  const [, from = '', to = '', rest = ''] = rangeForm.exec(text) ?? [];
  const [low, high] = [readEnd(from.trim(), problem), readEnd(to.trim(), problem)];
  const { scale, count } = readOptions(rest.split(':').slice(1), problem);
  if (low.kind !== high.kind || (low.kind === 'number' && low.unit?.text !== high.unit?.text)) {
    throw problem(`expected two ends of one unit, got "${from.trim()}" and "${to.trim()}"`);
  }
  if (!(high.value > low.value)) throw problem(`expected a range that grows, got "${from.trim()}" to "${to.trim()}"`);
  if (scale === 'log' && low.value <= 0) throw problem(`a log scale needs a range above 0, got "${from.trim()}"`);
  const { unit } = low;
  const areWhole = unit === undefined && Number.isSafeInteger(low.value) && Number.isSafeInteger(high.value);
  const kind = areWhole && !isTaken(low.value + 0.5) ? 'whole' : low.kind;
  return {
    path,
    factor: { name: path, low: low.value, high: high.value, scale, kind },
    ...(count === undefined ? {} : { count }),
    ...(unit === undefined ? {} : { unit }),
  };
}

function readOptions(
  options: readonly string[],
  problem: Problem,
): { readonly scale: 'linear' | 'log'; readonly count: number | undefined } {
  let scale: 'linear' | 'log' = 'linear';
  let count: number | undefined;
  for (const option of options.map((each) => each.trim())) {
    if (option === 'log' || option === 'linear') scale = option;
    else if (/^\d{1,5}$/.test(option) && Number(option) >= 2) count = Number(option);
    else throw problem(`expected a number of values from 2 up, "log" or "linear" after ":", got "${option}"`);
  }
  return { scale, count };
}

interface End {
  /** In base units where there are any. */
  readonly value: number;
  readonly kind: 'number' | 'time' | 'bytes';
  readonly unit: VariedUnit | undefined;
}

/** A number with its unit: times and sizes in base units, other units kept as text. */
function readEnd(text: string, problem: Problem): End {
  const [, amount = '', unit = ''] = /^(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)(\s*\D.*)?$/.exec(text) ?? [];
  const value = Number(amount);
  if (amount !== '' && unit === '') return { value, kind: 'number', unit: undefined };
  const time = readTime(text);
  if (time.value !== undefined) {
    const single = amount === '' || /\d/.test(unit) ? undefined : readTime(`1${unit}`).value;
    const [shown, worth] = single === undefined ? [' s', 1e6] : [unit, single];
    return { value: time.value / 1e6, kind: 'time', unit: { text: shown, worth: worth / 1e6 } };
  }
  const size = readBytes(text);
  if (size.value !== undefined) {
    return { value: size.value, kind: 'bytes', unit: { text: unit, worth: readBytes(`1${unit}`).value ?? 1 } };
  }
  if (amount === '') throw problem(`expected a number with or without a unit at each end, got "${text}"`);
  return { value, kind: 'number', unit: { text: unit, worth: 1 } };
}

function readList(path: string, text: string, problem: Problem): Varied {
  const whole = text.startsWith('[') ? readScalar(text) : undefined;
  const items = Array.isArray(whole) ? whole : text.split(',').map((item) => readScalar(item.trim()));
  const values = items.filter(
    (item): item is FactorValue => item === null || ['number', 'string', 'boolean'].includes(typeof item),
  );
  if (values.length < items.length || values.some((value) => value === '')) {
    throw problem('expected single values between the commas of a list');
  }
  if (values.length < 2) throw problem(`expected a range a..b or a list of at least two values, got "${text}"`);
  if (new Set(values).size < values.length) throw problem(`expected a list without repetition, got "${text}"`);
  return { path, factor: { name: path, values } };
}
