/** Distributions given by data: observed values, or the quantiles that a dashboard or a paper publishes. */
import type { Stream } from '../stream.ts';
import { refused, requireFinite, requireProbability, type KnownDistribution } from './distribution.ts';

/** Observed values and how to read between them. */
export interface EmpiricalParameters {
  readonly values: readonly number[];
  /**
   * False (default): one of the values, each equally likely. True: linear between neighbours in rank, so that values in
   * between occur too (Hyndman and Fan's type 7, the default of R and NumPy).
   */
  readonly interpolate?: boolean;
}

/** A point of a quantile function: with probability `p` the value stays at or below `value`. */
export interface QuantilePoint {
  readonly p: number;
  readonly value: number;
}

/** The distribution of the given values. Nothing outside their range is ever drawn. */
export function empirical(parameters: EmpiricalParameters): KnownDistribution {
  const { values, interpolate = false } = parameters;
  if (values.length === 0) throw refused('empirical', 'at least one value is needed', 'none');
  for (const [index, value] of values.entries()) requireFinite('empirical', `value ${index}`, value);
  const sorted = Float64Array.from(values).sort();
  if (!interpolate || sorted.length === 1) return new Steps(sorted);
  const ranks = Float64Array.from(sorted, (_, rank) => rank / (sorted.length - 1));
  return new PiecewiseLinear(`empirical(${sorted.length} values, interpolated)`, ranks, sorted, true);
}

/** Linear between published quantiles; the first point must have p = 0 and the last p = 1 (the range is never guessed). */
export function fromQuantiles(points: readonly QuantilePoint[]): KnownDistribution {
  if (points.length < 2) throw refused('fromQuantiles', 'at least two points are needed', points.length);
  for (const [index, point] of points.entries()) {
    requireFinite('fromQuantiles', `value of point ${index}`, point.value);
    const previous = points[index - 1];
    if (previous !== undefined && !(point.p > previous.p && point.value >= previous.value)) {
      throw refused(
        'fromQuantiles',
        `p must rise and value must not fall at point ${index}`,
        `p ${point.p}, value ${point.value}`,
      );
    }
  }
  const first = points[0]!.p;
  const last = points.at(-1)!.p;
  if (first !== 0 || last !== 1) throw refused('fromQuantiles', 'p must run from 0 to 1', `${first} to ${last}`);
  return new PiecewiseLinear(
    `fromQuantiles(${points.length} points)`,
    Float64Array.from(points, (point) => point.p),
    Float64Array.from(points, (point) => point.value),
    false,
  );
}

class Steps implements KnownDistribution {
  readonly name: string;
  readonly #sorted: Float64Array;

  constructor(sorted: Float64Array) {
    this.name = `empirical(${sorted.length} values)`;
    this.#sorted = sorted;
  }

  mean(): number {
    return this.#sorted.reduce((sum, value) => sum + value, 0) / this.#sorted.length;
  }

  /** Of the values as a whole population (divided by n, not n - 1). */
  variance(): number {
    const mean = this.mean();
    return this.#sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0) / this.#sorted.length;
  }

  sample(stream: Stream): number {
    return this.#sorted[Math.floor(stream.uniform() * this.#sorted.length)]!;
  }

  quantile(p: number): number {
    requireProbability(this.name, p);
    return this.#sorted[Math.max(0, Math.ceil(p * this.#sorted.length) - 1)]!;
  }

  cdf(x: number): number {
    return firstAbove(this.#sorted, x) / this.#sorted.length;
  }
}

class PiecewiseLinear implements KnownDistribution {
  readonly name: string;
  readonly #ps: Float64Array;
  readonly #values: Float64Array;
  /** Whether the probabilities are equally far apart, so that no search is needed. */
  readonly #isEven: boolean;

  constructor(name: string, ps: Float64Array, values: Float64Array, isEven: boolean) {
    this.name = name;
    this.#ps = ps;
    this.#values = values;
    this.#isEven = isEven;
  }

  mean(): number {
    return this.#integral((from, to) => (from + to) / 2);
  }

  variance(): number {
    const mean = this.mean();
    return this.#integral((from, to) => {
      const low = from - mean;
      const high = to - mean;
      return (low * low + low * high + high * high) / 3;
    });
  }

  sample(stream: Stream): number {
    return this.#at(stream.uniform());
  }

  quantile(p: number): number {
    requireProbability(this.name, p);
    return this.#at(p);
  }

  cdf(x: number): number {
    const above = firstAbove(this.#values, x);
    if (above === 0) return 0;
    if (above === this.#values.length) return 1;
    const low = this.#values[above - 1]!;
    const share = (x - low) / (this.#values[above]! - low);
    return this.#ps[above - 1]! + share * (this.#ps[above]! - this.#ps[above - 1]!);
  }

  #at(p: number): number {
    const last = this.#ps.length - 1;
    const above = Math.min(this.#isEven ? Math.floor(p * last) + 1 : firstAbove(this.#ps, p), last);
    const from = this.#ps[above - 1]!;
    const low = this.#values[above - 1]!;
    return low + ((p - from) / (this.#ps[above]! - from)) * (this.#values[above]! - low);
  }

  #integral(average: (from: number, to: number) => number): number {
    let sum = 0;
    for (let i = 1; i < this.#ps.length; i++) {
      sum += (this.#ps[i]! - this.#ps[i - 1]!) * average(this.#values[i - 1]!, this.#values[i]!);
    }
    return sum;
  }
}

/** Index of the first entry above `x` in a rising array; its length when there is none. */
function firstAbove(sorted: Float64Array, x: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! > x) high = middle;
    else low = middle + 1;
  }
  return low;
}
