/**
 * A histogram of non-negative numbers of any magnitude (from 2.2e-308 up) with a bounded relative error, in the manner of
 * HdrHistogram: every octave [2^e, 2^(e+1)) is cut into equally wide buckets. A double already stores its exponent and the
 * leading bits of its fraction side by side, so the bucket is a shift of its high word. Only the span of buckets
 * that was met is kept; it grows by doubling and is cheap to merge.
 */
import { highWordOf, doubleWithHighWord } from '../double-bits.ts';

/** How fine a histogram is. */
export interface HistogramOptions {
  /** Buckets per factor of two: a power of two from 1 to 4096; default 64, that is a relative error up to 0.8 %. */
  readonly bucketsPerOctave?: number;
}

/** A histogram as plain data, for files and for merging across processes. */
export interface HistogramData {
  readonly bucketsPerOctave: number;
  readonly count: number;
  readonly sum: number;
  /** Null when nothing was recorded. */
  readonly min: number | null;
  /** Null when nothing was recorded. */
  readonly max: number | null;
  /** How many of the values were zero. */
  readonly zeros: number;
  /** Number of each bucket that is not empty, rising, with what it holds: [bucket, count, bucket, count, ...]. */
  readonly buckets: readonly number[];
}

const FRACTION_BITS_IN_HIGH_WORD = 20;
const INFINITY_HIGH_WORD = 0x7ff00000;
const COUNT = 0;
const SUM = 1;
const MIN = 2;
const MAX = 3;
const ZEROS = 4;

/** Counts values by magnitude; count, sum, minimum and maximum are exact, quantiles within `relativeError`. */
export class Histogram {
  readonly bucketsPerOctave: number;
  readonly #shift: number;
  /** The bucket that infinity would fall into; all others are below it. */
  readonly #infinity: number;
  readonly #totals: Float64Array = new Float64Array(5);
  /** Number of the bucket in #counts[0]. */
  #first = 0;
  #counts: Float64Array = new Float64Array(0);

  constructor(options: HistogramOptions = {}) {
    const buckets = options.bucketsPerOctave ?? 64;
    if (!(buckets >= 1 && buckets <= 4096 && Number.isInteger(Math.log2(buckets)))) {
      throw new RangeError(`histogram: bucketsPerOctave must be a power of two from 1 to 4096, got ${buckets}`);
    }
    this.bucketsPerOctave = buckets;
    this.#shift = FRACTION_BITS_IN_HIGH_WORD - Math.log2(buckets);
    this.#infinity = INFINITY_HIGH_WORD >>> this.#shift;
    this.reset();
  }

  /** Largest distance between a recorded value and the middle of its bucket, relative to the value. */
  get relativeError(): number {
    return 1 / (2 * this.bucketsPerOctave);
  }

  /** How many values (or how much weight) were recorded. */
  get count(): number {
    return this.#totals[COUNT]!;
  }

  get sum(): number {
    return this.#totals[SUM]!;
  }

  /** Infinity when empty. */
  get min(): number {
    return this.#totals[MIN]!;
  }

  /** -Infinity when empty. */
  get max(): number {
    return this.#totals[MAX]!;
  }

  /** Exact mean; NaN when empty. */
  get mean(): number {
    return this.sum / this.count;
  }

  /** Records a finite value >= 0, `weight` times (default once; a weight may be fractional). */
  record(value: number, weight = 1): void {
    const totals = this.#totals;
    const index = (highWordOf(value) >>> this.#shift) - this.#first;
    if (value > 0 && index >= 0 && index < this.#counts.length) this.#counts[index]! += weight;
    else this.#recordElsewhere(value, weight);
    totals[COUNT]! += weight;
    totals[SUM]! += value * weight;
    if (value < totals[MIN]!) totals[MIN] = value;
    if (value > totals[MAX]!) totals[MAX] = value;
  }

  /**
   * A value that `p` of the recorded ones do not exceed: the middle of the bucket of the value with rank ceil(p * count),
   * never outside [min, max]. NaN when empty.
   */
  quantile(p: number): number {
    if (!(p >= 0 && p <= 1)) throw new RangeError(`histogram: quantile expects a probability in [0, 1], got ${p}`);
    if (this.count === 0) return NaN;
    if (p === 0) return this.min;
    const rank = p * this.count;
    let passed = this.#totals[ZEROS]!;
    if (passed >= rank) return 0;
    for (let index = 0; index < this.#counts.length; index++) {
      passed += this.#counts[index]!;
      if (passed >= rank) return Math.min(Math.max(this.#middleOf(index), this.min), this.max);
    }
    return this.max;
  }

  /** How many values were at or below `bound`, taking the values of a bucket as spread evenly over it. */
  countUpTo(bound: number): number {
    if (bound < this.min) return 0;
    if (bound >= this.max) return this.count;
    let passed = this.#totals[ZEROS]!;
    for (let index = 0; index < this.#counts.length; index++) {
      const from = this.#edgeOf(index);
      const to = this.#edgeOf(index + 1);
      if (bound < to) return passed + (this.#counts[index]! * Math.max(0, bound - from)) / (to - from);
      passed += this.#counts[index]!;
    }
    return passed;
  }

  /** Adds everything another histogram recorded; both must be equally fine. */
  merge(other: Histogram): void {
    if (other.bucketsPerOctave !== this.bucketsPerOctave) {
      throw new RangeError(
        `histogram: merge expects ${this.bucketsPerOctave} buckets per octave, got ${other.bucketsPerOctave}`,
      );
    }
    if (other.#counts.length > 0) {
      this.#cover(other.#first);
      this.#cover(other.#first + other.#counts.length - 1);
      const shift = other.#first - this.#first;
      for (let index = 0; index < other.#counts.length; index++) this.#counts[index + shift]! += other.#counts[index]!;
    }
    for (const total of [COUNT, SUM, ZEROS]) this.#totals[total]! += other.#totals[total]!;
    this.#totals[MIN] = Math.min(this.min, other.min);
    this.#totals[MAX] = Math.max(this.max, other.max);
  }

  /** Forgets everything; keeps the memory. */
  reset(): void {
    this.#totals.fill(0);
    this.#totals[MIN] = Infinity;
    this.#totals[MAX] = -Infinity;
    this.#counts.fill(0);
  }

  /** Plain data that `Histogram.fromJSON` reads back. */
  toJSON(): HistogramData {
    const buckets: number[] = [];
    for (const [index, count] of this.#counts.entries()) if (count !== 0) buckets.push(this.#first + index, count);
    return {
      bucketsPerOctave: this.bucketsPerOctave,
      count: this.count,
      sum: this.sum,
      min: this.count === 0 ? null : this.min,
      max: this.count === 0 ? null : this.max,
      zeros: this.#totals[ZEROS]!,
      buckets,
    };
  }

  /** The histogram that `toJSON` described. Throws RangeError when the counts do not add up. */
  static fromJSON(data: HistogramData): Histogram {
    const histogram = new Histogram({ bucketsPerOctave: data.bucketsPerOctave });
    let inBuckets = data.zeros;
    for (let i = 0; i < data.buckets.length; i += 2) {
      const bucket = data.buckets[i]!;
      const count = data.buckets[i + 1];
      if (!(Number.isInteger(bucket) && bucket >= 0 && bucket < histogram.#infinity) || count === undefined) {
        throw new RangeError(
          `histogram: expected pairs of a bucket below ${histogram.#infinity} and a count, got ${bucket}, ${count}`,
        );
      }
      histogram.#cover(bucket);
      histogram.#counts[bucket - histogram.#first] = count;
      inBuckets += count;
    }
    if (!(Math.abs(inBuckets - data.count) <= 1e-9 * data.count)) {
      throw new RangeError(`histogram: buckets hold ${inBuckets} values, count says ${data.count}`);
    }
    histogram.#totals.set([data.count, data.sum, data.min ?? Infinity, data.max ?? -Infinity, data.zeros]);
    return histogram;
  }

  #recordElsewhere(value: number, weight: number): void {
    if (!(value >= 0 && value < Infinity)) {
      throw new RangeError(`histogram: record expects a finite number >= 0, got ${value}`);
    }
    if (value === 0) {
      this.#totals[ZEROS]! += weight;
      return;
    }
    const bucket = highWordOf(value) >>> this.#shift;
    this.#cover(bucket);
    this.#counts[bucket - this.#first]! += weight;
  }

  /** Makes room for a bucket; the span at least doubles, so that growth is rare. */
  #cover(bucket: number): void {
    const length = this.#counts.length;
    if (length === 0) {
      this.#first = bucket;
      this.#counts = new Float64Array(1);
      return;
    }
    const last = this.#first + length - 1;
    if (bucket >= this.#first && bucket <= last) return;
    const first = bucket < this.#first ? Math.max(0, Math.min(bucket, this.#first - length)) : this.#first;
    const newLast = bucket > last ? Math.max(bucket, Math.min(last + length, this.#infinity - 1)) : last;
    const counts = new Float64Array(newLast - first + 1);
    counts.set(this.#counts, this.#first - first);
    this.#first = first;
    this.#counts = counts;
  }

  #edgeOf(index: number): number {
    return doubleWithHighWord((this.#first + index) << this.#shift);
  }

  #middleOf(index: number): number {
    const from = this.#edgeOf(index);
    return from + (this.#edgeOf(index + 1) - from) / 2;
  }
}
