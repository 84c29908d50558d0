/**
 * Draws from the priors of an incident, and its document with other values for them. Ranges are drawn on a logarithmic
 * scale: they are factors around their central value, which lies near the geometric middle of most of them.
 */
import { latinHypercube, Streams } from '@brownout/core';
import type { ScenarioDocument } from '../scenario/document.ts';
import { isSourced, textOf } from '../scenario/provenance.ts';
import { readBytes, readTime } from '../scenario/units.ts';
import type { Prior, Priors, PriorValues } from './prior.ts';

/** A range in base units: plain numbers, microseconds or bytes. */
interface NumericRange {
  readonly low: number;
  readonly high: number;
  readonly kind: 'whole' | 'number' | 'time' | 'bytes';
}

/**
 * A Latin hypercube over the ranges of all priors: `points` sets of values. Whole numbers stay whole. The same seed gives
 * the same sets; more points give other sets. Throws RangeError for a range that cannot be read or does not grow.
 */
export function drawPriors(priors: Priors, points: number, seed: string): PriorValues[] {
  const names = Object.keys(priors);
  const ranges = names.map((name) => rangeOf(name, priors[name]!));
  const stream = new Streams(seed, 0).get('experiment/priors');
  return latinHypercube(stream, { points, dimensions: names.length }).map((row) =>
    Object.fromEntries(names.map((name, i) => [name, written(ranges[i]!, row[i]!)])),
  );
}

/** The value of a prior in base units - as it is, microseconds or bytes -, for correlations. */
export function amountOf(value: string | number): number {
  if (typeof value === 'number') return value;
  return readTime(value).value ?? readBytes(value).value ?? NaN;
}

/**
 * The document with other values for some priors: wherever it states a prior's central value under the prior's note. A
 * log-normal time whose median is replaced keeps its ratio of p90 to median. Throws RangeError for a name that is no prior,
 * and for one that the document does not state.
 */
export function withPriors(document: ScenarioDocument, priors: Priors, values: PriorValues): ScenarioDocument {
  const wanted = Object.entries(values).map(([name, value]) => {
    const prior = priors[name];
    if (prior === undefined) {
      throw new RangeError(`withPriors: "${name}" is no prior; known: ${Object.keys(priors).join(', ')}`);
    }
    return { name, prior, value, isUsed: false };
  });
  const changed = replaced(document, wanted) as ScenarioDocument;
  const unused = wanted.find((one) => !one.isUsed);
  if (unused !== undefined) {
    const { name, prior } = unused;
    throw new RangeError(`withPriors: expected the document to state ${name}, ${textOf(prior.value)}, under its note`);
  }
  return changed;
}

interface Wanted {
  readonly name: string;
  readonly prior: Prior;
  readonly value: string | number;
  isUsed: boolean;
}

function replaced(data: unknown, wanted: readonly Wanted[]): unknown {
  if (Array.isArray(data)) return data.map((item: unknown) => replaced(item, wanted));
  if (typeof data !== 'object' || data === null) return data;
  const match = matchOf(data, wanted);
  if (match !== undefined) {
    match.isUsed = true;
    return { ...data, value: match.value };
  }
  const copy: Record<string, unknown> = Object.fromEntries(
    Object.entries(data).map(([key, item]) => [key, replaced(item, wanted)]),
  );
  const median = matchOf('median' in data ? data.median : undefined, wanted);
  if (median !== undefined && copy['distribution'] === 'lognormal') copy['p90'] = scaled(copy['p90'], median);
  return copy;
}

function matchOf(data: unknown, wanted: readonly Wanted[]): Wanted | undefined {
  if (!isSourced(data)) return undefined;
  return wanted.find(({ prior }) => prior.note === data.note && prior.value === data.value);
}

function scaled(p90: unknown, { prior, value }: Wanted): unknown {
  const text = isSourced(p90) ? p90.value : p90;
  if (typeof text !== 'string' || value === prior.value) return p90;
  const time = (amountOf(text) * amountOf(value)) / amountOf(prior.value);
  const next = secondsText(time, 6);
  return isSourced(p90) ? { ...p90, value: next } : next;
}

function rangeOf(name: string, prior: Prior): NumericRange {
  const [low, high] = prior.range.map(amountOf) as [number, number];
  if (!(low > 0 && high > low)) {
    throw new RangeError(`prior "${name}": expected a range that grows from above 0, got ${prior.range.join(' to ')}`);
  }
  if (typeof prior.value === 'string') {
    return { low, high, kind: readTime(prior.value).problem === undefined ? 'time' : 'bytes' };
  }
  return { low, high, kind: [prior.value, low, high].every(Number.isInteger) ? 'whole' : 'number' };
}

/** The value at a place in [0, 1) of a range, as a document writes it. */
function written({ low, high, kind }: NumericRange, place: number): string | number {
  // A whole number stands for everything up to the next one, so that both ends are drawn.
  const end = kind === 'whole' ? high + 1 : high;
  const value = low * Math.exp(place * Math.log(end / low));
  if (kind === 'whole') return Math.min(high, Math.floor(value));
  if (kind === 'number') return Number(value.toPrecision(4));
  return kind === 'time' ? secondsText(value, 4) : `${Number((value / 2 ** 20).toPrecision(6))} MiB`;
}

function secondsText(microseconds: number, digits: number): string {
  return `${Number((microseconds / 1e6).toPrecision(digits))} s`;
}
