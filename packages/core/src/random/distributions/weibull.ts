import { power } from '../../power.ts';
import { logGamma } from '../log-gamma.ts';
import type { Stream } from '../stream.ts';
import { unitLog } from '../unit-log.ts';
import { requirePositive, requireProbability, type KnownDistribution } from './distribution.ts';

/** Scale (the 63.2 % quantile) and shape; a shape below 1 has a heavier tail than an exponential, above 1 a lighter one. */
export interface WeibullParameters {
  readonly scale: number;
  readonly shape: number;
}

/** Weibull: times to failure, and stretched-exponential tails. */
export function weibull(parameters: WeibullParameters): KnownDistribution {
  requirePositive('weibull', 'scale', parameters.scale);
  requirePositive('weibull', 'shape', parameters.shape);
  return new Weibull(parameters);
}

class Weibull implements KnownDistribution {
  readonly name: string;
  readonly #scale: number;
  readonly #shape: number;
  readonly #exponent: number;

  constructor({ scale, shape }: WeibullParameters) {
    this.name = `weibull(scale ${scale}, shape ${shape})`;
    this.#scale = scale;
    this.#shape = shape;
    this.#exponent = 1 / shape;
  }

  mean(): number {
    return this.#scale * Math.exp(logGamma(1 + this.#exponent));
  }

  variance(): number {
    const mean = this.mean();
    return this.#scale * this.#scale * Math.exp(logGamma(1 + 2 * this.#exponent)) - mean * mean;
  }

  sample(stream: Stream): number {
    return this.#scale * power(0 - unitLog(1 - stream.uniform()), this.#exponent);
  }

  quantile(p: number): number {
    requireProbability(this.name, p);
    return this.#scale * power(0 - Math.log1p(-p), this.#exponent);
  }

  cdf(x: number): number {
    return x <= 0 ? 0 : -Math.expm1(-power(x / this.#scale, this.#shape));
  }
}
