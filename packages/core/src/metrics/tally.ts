/** A tally as plain data. */
export interface TallyData {
  readonly count: number;
  readonly mean: number;
  /** Sum of squared distances from the mean. */
  readonly squares: number;
  /** Null when nothing was recorded. */
  readonly min: number | null;
  /** Null when nothing was recorded. */
  readonly max: number | null;
}

/**
 * Mean and variance of single values (an average over entities, where a gauge averages over time), by Welford's update,
 * which does not lose digits when the mean is large beside the spread.
 */
export class Tally {
  #count = 0;
  #mean = 0.5;
  #squares = 0.5;
  #min = Infinity;
  #max = -Infinity;

  constructor() {
    this.#mean = 0;
    this.#squares = 0;
  }

  get count(): number {
    return this.#count;
  }

  /** NaN when empty. */
  get mean(): number {
    return this.#count === 0 ? NaN : this.#mean;
  }

  /** Of the underlying distribution, that is divided by count - 1; NaN below two values. */
  get variance(): number {
    return this.#count < 2 ? NaN : this.#squares / (this.#count - 1);
  }

  get standardDeviation(): number {
    return Math.sqrt(this.variance);
  }

  /** Infinity when empty. */
  get min(): number {
    return this.#min;
  }

  /** -Infinity when empty. */
  get max(): number {
    return this.#max;
  }

  /** Records one finite value. */
  record(value: number): void {
    if (!(Math.abs(value) < Infinity)) throw new RangeError(`tally: record expects a finite number, got ${value}`);
    const distance = value - this.#mean;
    this.#count++;
    this.#mean += distance / this.#count;
    this.#squares += distance * (value - this.#mean);
    if (value < this.#min) this.#min = value;
    if (value > this.#max) this.#max = value;
  }

  /** Adds everything another tally recorded (T. F. Chan, G. H. Golub and R. J. LeVeque, 1979). */
  merge(other: Tally): void {
    if (other.#count === 0) return;
    const count = this.#count + other.#count;
    const distance = other.#mean - this.#mean;
    this.#squares += other.#squares + (distance * distance * this.#count * other.#count) / count;
    this.#mean += (distance * other.#count) / count;
    this.#count = count;
    this.#min = Math.min(this.#min, other.#min);
    this.#max = Math.max(this.#max, other.#max);
  }

  /** Plain data that `Tally.fromJSON` reads back. */
  toJSON(): TallyData {
    const isEmpty = this.#count === 0;
    return {
      count: this.#count,
      mean: this.#mean,
      squares: this.#squares,
      min: isEmpty ? null : this.#min,
      max: isEmpty ? null : this.#max,
    };
  }

  /** The tally that `toJSON` described. */
  static fromJSON(data: TallyData): Tally {
    if (!(Number.isSafeInteger(data.count) && data.count >= 0 && data.squares >= 0)) {
      throw new RangeError(`tally: expected a count and a sum of squares >= 0, got ${data.count} and ${data.squares}`);
    }
    const tally = new Tally();
    tally.#count = data.count;
    tally.#mean = data.mean;
    tally.#squares = data.squares;
    tally.#min = data.min ?? Infinity;
    tally.#max = data.max ?? -Infinity;
    return tally;
  }
}
