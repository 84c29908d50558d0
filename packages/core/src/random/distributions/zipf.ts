import { power } from '../../power.ts';
import type { Stream } from '../stream.ts';
import { refused, requireProbability, type KnownDistribution } from './distribution.ts';

/** Ranks 1 to `count` (at most 10 million) with probability proportional to 1/rank^exponent; exponent 0 is uniform. */
export interface ZipfParameters {
  readonly count: number;
  readonly exponent: number;
}

/** Largest table: 10 million ranks are 120 MB. */
const COUNT_LIMIT = 10_000_000;

/** Popularity of names, keys and images: rank 1 is the most popular. Samples are whole numbers, found in O(1) on average. */
export function zipf(parameters: ZipfParameters): KnownDistribution {
  const { count, exponent } = parameters;
  if (!Number.isInteger(count) || count < 1 || count > COUNT_LIMIT) {
    throw refused('zipf', `count must be a whole number from 1 to ${COUNT_LIMIT}`, count);
  }
  if (!(exponent >= 0 && exponent < Infinity)) throw refused('zipf', 'exponent must be a finite number >= 0', exponent);
  return new Zipf(parameters);
}

class Zipf implements KnownDistribution {
  readonly name: string;
  readonly #count: number;
  readonly #mean: number;
  readonly #variance: number;
  /** Entry i: probability of a rank up to i + 1. */
  readonly #cumulative: Float64Array;
  /** Entry i: the first entry of #cumulative that exceeds i/count; where the search for a u in that slice starts. */
  readonly #guide: Int32Array;

  constructor({ count, exponent }: ZipfParameters) {
    this.name = `zipf(count ${count}, exponent ${exponent})`;
    this.#count = count;
    this.#cumulative = new Float64Array(count);
    this.#guide = new Int32Array(count);
    let total = 0;
    let first = 0;
    let second = 0;
    // From the rarest rank upwards, so that small terms are added while the sum is still small.
    for (let rank = count; rank >= 1; rank--) {
      const weight = power(rank, -exponent);
      total += weight;
      first += weight * rank;
      second += weight * rank * rank;
      this.#cumulative[rank - 1] = weight;
    }
    this.#mean = first / total;
    this.#variance = Math.max(0, second / total - this.#mean * this.#mean);
    this.#accumulate(total);
  }

  mean(): number {
    return this.#mean;
  }

  variance(): number {
    return this.#variance;
  }

  sample(stream: Stream): number {
    const u = stream.uniform();
    let entry = this.#guide[Math.floor(u * this.#count)]!;
    while (this.#cumulative[entry]! <= u) entry++;
    return entry + 1;
  }

  quantile(p: number): number {
    requireProbability(this.name, p);
    let low = 0;
    let high = this.#count - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#cumulative[middle]! >= p) high = middle;
      else low = middle + 1;
    }
    return low + 1;
  }

  cdf(x: number): number {
    if (x < 1) return 0;
    return this.#cumulative[Math.min(Math.floor(x), this.#count) - 1]!;
  }

  #accumulate(total: number): void {
    const cumulative = this.#cumulative;
    let sum = 0;
    for (let i = 0; i < this.#count; i++) {
      sum += cumulative[i]!;
      cumulative[i] = Math.min(1, sum / total);
    }
    cumulative[this.#count - 1] = 1;
    let entry = 0;
    for (let slice = 0; slice < this.#count; slice++) {
      while (cumulative[entry]! <= slice / this.#count) entry++;
      this.#guide[slice] = entry;
    }
  }
}
