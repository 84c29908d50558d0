import type { Stream } from '../stream.ts';
import { unitLog } from '../unit-log.ts';
import { bisectQuantile, branchAt, branchBounds, remainderWithin } from './branch.ts';
import { refused, requirePositive, requireProbability, type KnownDistribution } from './distribution.ts';

/** One exponential of the mix; weights need not add up to 1. */
export interface ExponentialBranch {
  readonly weight: number;
  readonly mean: number;
}

/** Either the branches one by one, or a mean with a squared coefficient of variation of at least 1 (two balanced branches). */
export type HyperexponentialParameters =
  | { readonly branches: readonly ExponentialBranch[] }
  | { readonly mean: number; readonly squaredVariation: number };

/**
 * A mixture of exponentials: more variable than an exponential, as a mix of quick and slow requests is. One uniform per
 * sample chooses the branch and, stretched, the value in it (see `mixture`).
 */
export function hyperexponential(parameters: HyperexponentialParameters): KnownDistribution {
  const branches =
    'branches' in parameters ? parameters.branches : balanced(parameters.mean, parameters.squaredVariation);
  if (branches.length === 0) throw refused('hyperexponential', 'at least one branch is needed', 'none');
  for (const [index, branch] of branches.entries()) {
    requirePositive('hyperexponential', `weight of branch ${index}`, branch.weight);
    requirePositive('hyperexponential', `mean of branch ${index}`, branch.mean);
  }
  return new Hyperexponential(branches);
}

class Hyperexponential implements KnownDistribution {
  readonly name: string;
  readonly #means: Float64Array;
  readonly #bounds: Float64Array;

  constructor(branches: readonly ExponentialBranch[]) {
    this.name = `hyperexponential(${branches.map(({ weight, mean }) => `${weight} x mean ${mean}`).join(', ')})`;
    this.#means = Float64Array.from(branches, (branch) => branch.mean);
    this.#bounds = branchBounds(branches.map((branch) => branch.weight));
  }

  mean(): number {
    return this.#weightedSum((mean) => mean);
  }

  variance(): number {
    return this.#weightedSum((mean) => 2 * mean * mean) - this.mean() ** 2;
  }

  sample(stream: Stream): number {
    const u = stream.uniform();
    const branch = branchAt(this.#bounds, u);
    return 0 - this.#means[branch]! * unitLog(1 - remainderWithin(this.#bounds, branch, u));
  }

  quantile(p: number): number {
    requireProbability(this.name, p);
    if (p === 1) return Infinity;
    const unit = 0 - Math.log1p(-p);
    return bisectQuantile(p, unit * Math.min(...this.#means), unit * Math.max(...this.#means), (x) => this.cdf(x));
  }

  cdf(x: number): number {
    return x <= 0 ? 0 : this.#weightedSum((mean) => -Math.expm1(-x / mean));
  }

  #weightedSum(of: (mean: number) => number): number {
    let sum = 0;
    for (let i = 0; i < this.#means.length; i++) sum += (this.#bounds[i + 1]! - this.#bounds[i]!) * of(this.#means[i]!);
    return sum;
  }
}

/** Two branches that carry half of the mean each, the usual completion of a two-moment fit. */
function balanced(mean: number, squaredVariation: number): ExponentialBranch[] {
  requirePositive('hyperexponential', 'mean', mean);
  if (!(squaredVariation >= 1 && squaredVariation < Infinity)) {
    throw refused('hyperexponential', 'squaredVariation must be a finite number >= 1', squaredVariation);
  }
  const quick = (1 + Math.sqrt((squaredVariation - 1) / (squaredVariation + 1))) / 2;
  const slow = 1 - quick;
  return [
    { weight: quick, mean: mean / (2 * quick) },
    { weight: slow, mean: mean / (2 * slow) },
  ];
}
