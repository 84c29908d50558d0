/** Distributions made from another one: moved, or cut to a range. */
import { power } from '../../power.ts';
import type { Stream } from '../stream.ts';
import { LARGEST_UNIFORM } from './branch.ts';
import { refused, requireFinite, requireProbability, type KnownDistribution } from './distribution.ts';

/** The range a value is conditioned on; `high` is Infinity by default. */
export interface TruncationRange {
  readonly low: number;
  readonly high?: number;
}

/** `offset` added to every value: a fixed minimum under a random part. */
export function shifted(base: KnownDistribution, offset: number): KnownDistribution {
  requireFinite('shifted', 'offset', offset);
  return new Shifted(base, offset);
}

/**
 * The base distribution given that its value lies in (low, high], by stretching the uniform into that range of
 * probabilities: still one uniform, still monotone. Mean and variance are integrated numerically, to about 1 part in 10^7.
 */
export function truncated(base: KnownDistribution, range: TruncationRange): KnownDistribution {
  const { low, high = Infinity } = range;
  requireFinite('truncated', 'low', low);
  if (!(high > low)) throw refused('truncated', 'high must exceed low', `low ${low}, high ${high}`);
  const below = base.cdf(low);
  const mass = base.cdf(high) - below;
  if (!(mass > 1e-6))
    throw refused('truncated', `${base.name} must fall into the range with probability above 1e-6`, mass);
  return new Truncated(base, low, high, below, mass);
}

class Shifted implements KnownDistribution {
  readonly name: string;
  readonly #base: KnownDistribution;
  readonly #offset: number;

  constructor(base: KnownDistribution, offset: number) {
    this.name = `shifted(${base.name}, ${offset})`;
    this.#base = base;
    this.#offset = offset;
  }

  mean(): number {
    return this.#base.mean() + this.#offset;
  }

  variance(): number {
    return this.#base.variance();
  }

  sample(stream: Stream): number {
    return this.#base.sample(stream) + this.#offset;
  }

  quantile(p: number): number {
    return this.#base.quantile(p) + this.#offset;
  }

  cdf(x: number): number {
    return this.#base.cdf(x - this.#offset);
  }
}

class Truncated implements KnownDistribution {
  readonly name: string;
  readonly #base: KnownDistribution;
  readonly #low: number;
  readonly #high: number;
  readonly #below: number;
  readonly #mass: number;

  constructor(base: KnownDistribution, low: number, high: number, below: number, mass: number) {
    this.name = `truncated(${base.name}, ${low} to ${high})`;
    this.#base = base;
    this.#low = low;
    this.#high = high;
    this.#below = below;
    this.#mass = mass;
  }

  mean(): number {
    return this.#moments().mean;
  }

  variance(): number {
    return this.#moments().variance;
  }

  sample(stream: Stream): number {
    return this.#at(Math.min(this.#below + stream.uniform() * this.#mass, LARGEST_UNIFORM));
  }

  quantile(p: number): number {
    requireProbability(this.name, p);
    return this.#at(Math.min(this.#below + p * this.#mass, 1));
  }

  cdf(x: number): number {
    if (x <= this.#low) return 0;
    return x >= this.#high ? 1 : (this.#base.cdf(x) - this.#below) / this.#mass;
  }

  #at(p: number): number {
    return Math.min(Math.max(this.#base.quantile(p), this.#low), this.#high);
  }

  /** Moments from areas beside the distribution function, which is bounded and has no poles. */
  #moments(): { mean: number; variance: number } {
    return this.#high === Infinity ? this.#momentsAbove() : this.#momentsBetween();
  }

  #momentsBetween(): { mean: number; variance: number } {
    const panels = probabilities.map((p) => this.quantile(p));
    const from = panels[0]!;
    const first = integrate((x) => 1 - this.cdf(x), panels);
    const second = 2 * integrate((x) => (x - from) * (1 - this.cdf(x)), panels);
    return { mean: from + first, variance: second - first * first };
  }

  /** E[X; X > low] is the whole mean less the part up to `low`, so no integral runs to infinity. */
  #momentsAbove(): { mean: number; variance: number } {
    const low = this.#low;
    const panels = [...probabilities.map((p) => Math.min(this.#base.quantile(p * this.#below), low)), low];
    const wholeMean = this.#base.mean() - low;
    const wholeSecond = this.#base.variance() + wholeMean * wholeMean;
    const mean = (wholeMean + integrate((x) => this.#base.cdf(x), panels)) / this.#mass;
    const second = (wholeSecond - 2 * integrate((x) => (low - x) * this.#base.cdf(x), panels)) / this.#mass;
    return { mean: low + mean, variance: second - mean * mean };
  }
}

/** 0 to 1, ever denser towards both ends: panels between these quantiles follow any smooth distribution. */
const probabilities: readonly number[] = gradedProbabilities();

/** Nodes and weights of Gauss and Legendre's rule with five points on [-1, 1]. */
const NODES = [0, 0.5384693101056831, -0.5384693101056831, 0.906179845938664, -0.906179845938664] as const;
const WEIGHTS = [
  0.5688888888888889, 0.47862867049936647, 0.47862867049936647, 0.23692688505618908, 0.23692688505618908,
] as const;

function integrate(f: (x: number) => number, panels: readonly number[]): number {
  let sum = 0;
  for (let panel = 1; panel < panels.length; panel++) {
    const half = (panels[panel]! - panels[panel - 1]!) / 2;
    const centre = panels[panel - 1]! + half;
    for (let i = 0; i < NODES.length; i++) sum += WEIGHTS[i]! * half * f(centre + NODES[i]! * half);
  }
  return sum;
}

function gradedProbabilities(): number[] {
  const steps = 128;
  const inner = Array.from({ length: steps - 1 }, (_, i) => (i + 1) / steps);
  const lower = Array.from({ length: 88 }, (_, i) => power(2, -7 - (88 - i) / 2));
  const upper = lower.map((p) => 1 - p).reverse();
  return [0, ...lower, ...inner, ...upper, 1];
}
