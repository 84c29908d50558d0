import type { Stream } from '../stream.ts';
import { requirePositive, requireProbability, type KnownDistribution } from './distribution.ts';

/** Memoryless with the given mean: gaps of Poisson arrivals, and the classic service time of queueing theory. */
export function exponential(mean: number): KnownDistribution {
  requirePositive('exponential', 'mean', mean);
  return new Exponential(mean);
}

class Exponential implements KnownDistribution {
  readonly name: string;
  readonly #mean: number;

  constructor(mean: number) {
    this.name = `exponential(mean ${mean})`;
    this.#mean = mean;
  }

  mean(): number {
    return this.#mean;
  }

  variance(): number {
    return this.#mean * this.#mean;
  }

  sample(stream: Stream): number {
    return stream.exponential(this.#mean);
  }

  quantile(p: number): number {
    requireProbability(this.name, p);
    return 0 - this.#mean * Math.log1p(-p);
  }

  cdf(x: number): number {
    return x <= 0 ? 0 : -Math.expm1(-x / this.#mean);
  }
}
