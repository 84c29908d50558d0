/** What an experiment varies: a range, or a list of values, under a name. */

/** What the numbers of a range are: plain, whole, seconds or bytes. Only `whole` changes how values are chosen. */
export type FactorKind = 'number' | 'whole' | 'time' | 'bytes';

/** A value of a factor; texts and truth values come from lists only. */
export type FactorValue = number | string | boolean | null;

/** A range from `low` to `high`, both included. */
export interface RangeFactor {
  readonly name: string;
  readonly low: number;
  /** More than `low`. */
  readonly high: number;
  /** Equal steps (`linear`, the default) or equal ratios (`log`, which needs `low` > 0). */
  readonly scale?: 'linear' | 'log';
  /** Default `number`. Times are in seconds. */
  readonly kind?: FactorKind;
}

/** A closed list of values, in the order in which tables show them. */
export interface ListFactor {
  readonly name: string;
  /** At least one, none twice. */
  readonly values: readonly FactorValue[];
}

/** Something an experiment varies. */
export type Factor = RangeFactor | ListFactor;

/** One point of a design: a value for each factor, in the order of the factors. */
export type DesignPoint = readonly FactorValue[];

/** Throws RangeError when there are no factors, two of one name, or one that has no range or a list with a value twice. */
export function checkFactors(factors: readonly Factor[]): void {
  if (factors.length === 0) throw new RangeError('design: at least one factor is needed, got 0');
  const seen = new Set<string>();
  for (const factor of factors) {
    if (seen.has(factor.name)) throw new RangeError(`design: factor "${factor.name}" is there twice`);
    seen.add(factor.name);
    if ('values' in factor) checkList(factor);
    else checkRange(factor);
  }
}

function checkList({ name, values }: ListFactor): void {
  if (values.length === 0) throw new RangeError(`factor "${name}": expected at least one value, got none`);
  const twice = values.find((value, index) => values.indexOf(value) !== index);
  if (twice !== undefined) throw new RangeError(`factor "${name}": the value ${String(twice)} is there twice`);
}

function checkRange({ name, low, high, scale = 'linear', kind = 'number' }: RangeFactor): void {
  if (!(Number.isFinite(low) && Number.isFinite(high) && high > low)) {
    throw new RangeError(`factor "${name}": expected a range that grows, got ${low} to ${high}`);
  }
  if (scale === 'log' && low <= 0) {
    throw new RangeError(`factor "${name}": a log scale needs a range above 0, got ${low} to ${high}`);
  }
  if (kind === 'whole' && !(Number.isSafeInteger(low) && Number.isSafeInteger(high))) {
    throw new RangeError(`factor "${name}": expected whole numbers, got ${low} to ${high}`);
  }
}

/** The value at `place` in [0, 1] between the ends of a factor: 0 is the first, 1 the last. Whole numbers are rounded. */
export function valueBetween(factor: Factor, place: number): FactorValue {
  if ('values' in factor) return factor.values[Math.round(place * (factor.values.length - 1))]!;
  const { low, high } = factor;
  if (place <= 0) return low;
  if (place >= 1) return high;
  const value = within(factor, low, high, place);
  return factor.kind === 'whole' ? Math.round(value) : value;
}

/** The place in [0, 1] of a value between the ends of a factor: `valueBetween` turned round. */
export function placeOf(factor: Factor, value: FactorValue): number {
  if ('values' in factor) return factor.values.indexOf(value) / (factor.values.length - 1);
  const { low, high, scale } = factor;
  const size = Number(value);
  // The ends themselves are exact.
  if (size === low || size === high) return size === low ? 0 : 1;
  return scale === 'log' ? Math.log(size / low) / Math.log(high / low) : (size - low) / (high - low);
}

/**
 * The value that a random or evenly spread `place` in [0, 1) stands for. Every value of a list is equally likely, and so is
 * every whole number of a linear range: each has the unit below it, up to the next one.
 */
export function valueDrawn(factor: Factor, place: number): FactorValue {
  if ('values' in factor) return factor.values[Math.floor(place * factor.values.length)]!;
  const { low, high } = factor;
  if (factor.kind !== 'whole') return within(factor, low, high, place);
  return Math.min(high, Math.floor(within(factor, low, high + 1, place)));
}

function within({ scale }: RangeFactor, low: number, high: number, place: number): number {
  const value = scale === 'log' ? low * Math.exp(place * Math.log(high / low)) : low + place * (high - low);
  // Fifteen digits: 0.1 + 0.2 is 0.3, and no value leaves its range by a rounding error.
  return Math.min(high, Math.max(low, Number(value.toPrecision(15))));
}

/** Points of the unit cube as points of a design: one coordinate for each factor, see `valueDrawn`. */
export function drawnPoints(factors: readonly Factor[], cube: readonly (readonly number[])[]): DesignPoint[] {
  checkFactors(factors);
  return cube.map((row) => factors.map((factor, index) => valueDrawn(factor, row[index]!)));
}
