import { normalQuantile } from '../normal-quantile.ts';
import { normalTails } from '../normal-tails.ts';
import type { Stream } from '../stream.ts';
import { refused, requirePositive, requireProbability, type KnownDistribution } from './distribution.ts';

/**
 * Two of its numbers: the median with the standard deviation of the logarithm, the mean with the coefficient of variation
 * (standard deviation over mean), or two quantiles as dashboards show them.
 */
export type LognormalParameters =
  | { readonly median: number; readonly sigma: number }
  | { readonly mean: number; readonly variation: number }
  | { readonly p50: number; readonly p99: number };

/** The 99 % quantile of the standard normal distribution. */
const Z99 = normalQuantile(0.99);

/** The exponential of a normal variable: latencies and sizes that vary by factors rather than by amounts. */
export function lognormal(parameters: LognormalParameters): KnownDistribution {
  for (const [parameter, value] of Object.entries(parameters)) requirePositive('lognormal', parameter, value);
  if ('median' in parameters) return new Lognormal(parameters.median, parameters.sigma);
  if ('mean' in parameters) {
    const sigmaSquared = Math.log1p(parameters.variation * parameters.variation);
    return new Lognormal(parameters.mean * Math.exp(-sigmaSquared / 2), Math.sqrt(sigmaSquared));
  }
  const { p50, p99 } = parameters;
  if (p50 >= p99) throw refused('lognormal', 'p99 must exceed p50', `p50 ${p50}, p99 ${p99}`);
  return new Lognormal(p50, Math.log(p99 / p50) / Z99);
}

class Lognormal implements KnownDistribution {
  readonly name: string;
  readonly #median: number;
  readonly #sigma: number;

  constructor(median: number, sigma: number) {
    this.name = `lognormal(median ${median}, sigma ${sigma})`;
    this.#median = median;
    this.#sigma = sigma;
  }

  mean(): number {
    return this.#median * Math.exp((this.#sigma * this.#sigma) / 2);
  }

  variance(): number {
    const mean = this.mean();
    return Math.expm1(this.#sigma * this.#sigma) * mean * mean;
  }

  sample(stream: Stream): number {
    return this.#median * Math.exp(this.#sigma * stream.normal());
  }

  quantile(p: number): number {
    requireProbability(this.name, p);
    return this.#median * Math.exp(this.#sigma * normalQuantile(p));
  }

  cdf(x: number): number {
    if (x <= 0) return 0;
    return normalTails(Math.log(x / this.#median) / this.#sigma).lower;
  }
}
