import type { Stream } from '../stream.ts';
import { refused, requireFinite, requireProbability, type KnownDistribution } from './distribution.ts';

/** Every value from `low` up to but not including `high` equally likely; `low` = `high` gives that one value. */
export function uniform(low: number, high: number): KnownDistribution {
  requireFinite('uniform', 'low', low);
  requireFinite('uniform', 'high', high);
  if (low > high) throw refused('uniform', 'low must not exceed high', `low ${low}, high ${high}`);
  return new Uniform(low, high);
}

class Uniform implements KnownDistribution {
  readonly name: string;
  readonly #low: number;
  readonly #high: number;
  readonly #width: number;

  constructor(low: number, high: number) {
    this.name = `uniform(${low}, ${high})`;
    this.#low = low;
    this.#high = high;
    this.#width = high - low;
  }

  mean(): number {
    return this.#low + this.#width / 2;
  }

  variance(): number {
    return (this.#width * this.#width) / 12;
  }

  sample(stream: Stream): number {
    return this.#low + this.#width * stream.uniform();
  }

  quantile(p: number): number {
    requireProbability(this.name, p);
    return p === 1 ? this.#high : this.#low + this.#width * p;
  }

  cdf(x: number): number {
    if (x >= this.#high) return 1;
    return x <= this.#low ? 0 : (x - this.#low) / this.#width;
  }
}
