import type { Stream } from '../stream.ts';
import { bisectQuantile, branchAt, branchBounds, remainderWithin } from './branch.ts';
import { refused, requirePositive, requireProbability, type KnownDistribution } from './distribution.ts';

/** One branch of a mixture; weights need not add up to 1. */
export interface MixtureComponent {
  readonly weight: number;
  readonly distribution: KnownDistribution;
}

/**
 * With probability weight / sum of weights a value of that component. One uniform per sample chooses the component and,
 * stretched, the value in it; that keeps streams aligned but is monotone only within a component, because the true
 * inverse of a mixture (which `quantile` computes) costs a root search.
 */
export function mixture(components: readonly MixtureComponent[]): KnownDistribution {
  if (components.length === 0) throw refused('mixture', 'at least one component is needed', 'none');
  for (const [index, { weight }] of components.entries())
    requirePositive('mixture', `weight of component ${index}`, weight);
  return new Mixture(components);
}

class Mixture implements KnownDistribution {
  readonly name: string;
  readonly #parts: readonly KnownDistribution[];
  readonly #bounds: Float64Array;

  constructor(components: readonly MixtureComponent[]) {
    this.name = `mixture(${components.map(({ weight, distribution }) => `${weight} x ${distribution.name}`).join(', ')})`;
    this.#parts = components.map((component) => component.distribution);
    this.#bounds = branchBounds(components.map((component) => component.weight));
  }

  mean(): number {
    return this.#weightedSum((part) => part.mean());
  }

  variance(): number {
    const mean = this.mean();
    if (mean === Infinity) return Infinity;
    return this.#weightedSum((part) => part.variance() + (part.mean() - mean) ** 2);
  }

  sample(stream: Stream): number {
    const u = stream.uniform();
    const branch = branchAt(this.#bounds, u);
    return this.#parts[branch]!.quantile(remainderWithin(this.#bounds, branch, u));
  }

  quantile(p: number): number {
    requireProbability(this.name, p);
    const each = this.#parts.map((part) => part.quantile(p));
    const high = Math.max(...each);
    if (high === Infinity) return Infinity;
    return bisectQuantile(p, Math.min(...each), high, (x) => this.cdf(x));
  }

  cdf(x: number): number {
    return this.#weightedSum((part) => part.cdf(x));
  }

  #weightedSum(of: (part: KnownDistribution) => number): number {
    let sum = 0;
    for (const [i, part] of this.#parts.entries()) sum += (this.#bounds[i + 1]! - this.#bounds[i]!) * of(part);
    return sum;
  }
}
