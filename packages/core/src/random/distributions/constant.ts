import type { Stream } from '../stream.ts';
import { requireFinite, requireProbability, type KnownDistribution } from './distribution.ts';

/**
 * Always the same value. It takes one uniform all the same, so that replacing a constant by something random changes no
 * later draw of that stream.
 */
export function constant(value: number): KnownDistribution {
  requireFinite('constant', 'value', value);
  return new Constant(value);
}

class Constant implements KnownDistribution {
  readonly name: string;
  readonly #value: number;

  constructor(value: number) {
    this.name = `constant(${value})`;
    this.#value = value;
  }

  mean(): number {
    return this.#value;
  }

  variance(): number {
    return 0;
  }

  sample(stream: Stream): number {
    stream.uniform();
    return this.#value;
  }

  quantile(p: number): number {
    requireProbability(this.name, p);
    return this.#value;
  }

  cdf(x: number): number {
    return x < this.#value ? 0 : 1;
  }
}
