import { power } from '../../power.ts';
import type { Stream } from '../stream.ts';
import { unitLog } from '../unit-log.ts';
import { refused, requirePositive, requireProbability, type KnownDistribution } from './distribution.ts';

/** The smallest value and the tail exponent; the mean is infinite for a shape up to 1, the variance up to 2. */
export interface ParetoParameters {
  readonly low: number;
  readonly shape: number;
}

/** As `ParetoParameters`, with a largest value. */
export interface BoundedParetoParameters extends ParetoParameters {
  readonly high: number;
}

/** Pareto (type I): P(X > x) = (low/x)^shape from `low` upwards, without end. */
export function pareto(parameters: ParetoParameters): KnownDistribution {
  requirePositive('pareto', 'low', parameters.low);
  requirePositive('pareto', 'shape', parameters.shape);
  return new Pareto(parameters.low, Infinity, parameters.shape);
}

/** Pareto conditioned on staying at or below `high`: the usual model of job and file sizes. */
export function boundedPareto(parameters: BoundedParetoParameters): KnownDistribution {
  const { low, high, shape } = parameters;
  requirePositive('boundedPareto', 'low', low);
  requirePositive('boundedPareto', 'high', high);
  requirePositive('boundedPareto', 'shape', shape);
  if (low >= high) throw refused('boundedPareto', 'low must be below high', `low ${low}, high ${high}`);
  return new Pareto(low, high, shape);
}

class Pareto implements KnownDistribution {
  readonly name: string;
  readonly #low: number;
  readonly #high: number;
  readonly #shape: number;
  readonly #power: number;
  /** Probability that the unbounded distribution stays at or below `high`. */
  readonly #mass: number;

  constructor(low: number, high: number, shape: number) {
    this.name =
      high === Infinity
        ? `pareto(low ${low}, shape ${shape})`
        : `boundedPareto(low ${low}, high ${high}, shape ${shape})`;
    this.#low = low;
    this.#high = high;
    this.#shape = shape;
    this.#power = -1 / shape;
    this.#mass = high === Infinity ? 1 : -Math.expm1(shape * Math.log(low / high));
  }

  mean(): number {
    return this.#moment(1);
  }

  variance(): number {
    const second = this.#moment(2);
    const mean = this.mean();
    return second === Infinity ? Infinity : Math.max(0, second - mean * mean);
  }

  sample(stream: Stream): number {
    return this.#low * Math.exp(this.#power * unitLog(1 - this.#mass * stream.uniform()));
  }

  quantile(p: number): number {
    requireProbability(this.name, p);
    return p === 1 ? this.#high : this.#low * Math.exp(this.#power * Math.log1p(-this.#mass * p));
  }

  cdf(x: number): number {
    if (x <= this.#low) return 0;
    return x >= this.#high ? 1 : -Math.expm1(this.#shape * Math.log(this.#low / x)) / this.#mass;
  }

  /** E[X^order]: shape * low^order / mass * the integral of t^(order - shape - 1) over t = 1 .. high/low. */
  #moment(order: number): number {
    const excess = order - this.#shape;
    if (this.#high === Infinity) {
      return excess >= 0 ? Infinity : (this.#shape * power(this.#low, order)) / -excess;
    }
    const logRatio = Math.log(this.#high / this.#low);
    const integral = excess === 0 ? logRatio : Math.expm1(excess * logRatio) / excess;
    return (this.#shape * power(this.#low, order) * integral) / this.#mass;
  }
}
