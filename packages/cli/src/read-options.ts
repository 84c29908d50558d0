import {
  DocumentError,
  didYouMean,
  knownMeasures,
  parseCondition,
  type Condition,
  type ScenarioDocument,
} from '@brownout/scenarios';
import { InputError } from './input-error.ts';
import { mostWorkers } from './pool/pool.ts';

/** What was typed for the options of study-options.ts, checked. All of it throws `InputError` or `DocumentError`. */

/** A whole number as typed. */
export function readWhole(
  name: string,
  text: string | undefined,
  range: readonly [number, number],
): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  const [least, most] = range;
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new InputError(`${name}: expected a whole number from ${least} to ${most}, got ${JSON.stringify(text)}`);
}

/** `--replications` as typed. */
export function readReplications(text: string | undefined, least = 1): number | undefined {
  return readWhole('--replications', text, [least, 10_000]);
}

/** `--workers` as typed. */
export function readWorkers(text: string | undefined): number | undefined {
  return readWhole('--workers', text, [1, mostWorkers]);
}

/** `--runs` of a debrief: its own seed and others; default 1. */
export function readDebriefRuns(text: string | undefined, most: number): number {
  return readWhole('--runs', text, [1, most]) ?? 1;
}

/** `--measures` as typed, names checked. */
export function readMeasures(text: string | undefined, document: ScenarioDocument): readonly string[] | undefined {
  if (text === undefined) return undefined;
  const known = knownMeasures(document);
  const names = [...new Set(text.split(',').map((name) => name.trim()))];
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined) return names;
  throw new InputError(
    `--measures: unknown measure ${JSON.stringify(unknown)}${didYouMean(unknown, known) || '; see docs/kpis.md'}`,
  );
}

/** A document that is run, and how people call it where there are several. */
export interface RunDocument {
  readonly name?: string;
  readonly document: ScenarioDocument;
}

/**
 * What `read` makes of the first document, after it was tried in all: mitigations may rename clusters, and a measure by cluster
 * must be one of every run. An error that only some documents meet says with which one.
 */
export function readInAll<Value>(
  documents: readonly RunDocument[],
  read: (document: ScenarioDocument) => Value,
): Value {
  const tried = documents.map(({ name, document }) => {
    try {
      return { value: read(document) };
    } catch (error) {
      if (error instanceof InputError || error instanceof DocumentError) return { name, error };
      throw error;
    }
  });
  const failed = tried.flatMap((one) => (one.error === undefined ? [] : [one]));
  const [first] = failed;
  if (first === undefined) return tried[0]!.value as Value;
  if (first.name === undefined || failed.length === documents.length) throw first.error;
  throw new InputError(`with ${first.name}: ${first.error.message}`);
}

/** A number of a measure with its unit, as `--half-width` takes it: `30`, `2 min`, `5 %`. */
export function readAmount(name: string, text: string, measure: string, document: ScenarioDocument): number {
  const condition = parseCondition(`${measure} < ${text}`, document);
  const { value } = condition as Extract<Condition, { kind: 'each' }>;
  if (value > 0 && Number.isFinite(value)) return value;
  throw new InputError(`${name}: expected more than 0, got ${JSON.stringify(text)}`);
}

/** A share above 0 as typed: `0.1` or `10 %`. */
export function readShare(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const [, number, percent] = /^(\d+(?:\.\d+)?)\s*(%)?$/.exec(text.trim()) ?? [];
  const value = Number(number) / (percent === undefined ? 1 : 100);
  if (value > 0 && value < 1) return value;
  throw new InputError(`${name}: expected a share such as 0.1 or "10 %", got ${JSON.stringify(text)}`);
}
