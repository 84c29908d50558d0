/** Which variant is best, second best and so on - as far as the replications can tell them apart. */
import { holm } from './holm.ts';
import { median } from './median.ts';
import { type PairedMethod, pairedTest } from './paired-test.ts';

/** A variant in its place. Plain data. */
export interface RankedVariant {
  readonly name: string;
  /** Mean or median of its values; `null` = did not happen in half of the replications or more. */
  readonly estimate: number | null;
  /** 1 + how many variants are distinguishably better. Those that share a rank are a group, not a tie. */
  readonly rank: number;
  /** Variants it cannot be told apart from, best first. Not transitive: the first may differ from the third. */
  readonly notDistinguishableFrom: readonly string[];
}

/** How to rank. */
export interface RankingOptions {
  readonly method: PairedMethod;
  /** Probability that no two variants are told apart wrongly. */
  readonly level: number;
  readonly better: 'lower' | 'higher';
}

/**
 * Ranks variants that ran under the same seeds. Every two of them are compared pair by pair, and all those probabilities
 * corrected together (Holm), so that the longer the list, the more it takes to tell two apart. The order is that of ranks,
 * then of the estimates, best first, then of the list; `Infinity` = did not happen, the highest value there is.
 */
export function rankVariants(
  variants: readonly { readonly name: string; readonly values: readonly number[] }[],
  { method, level, better }: RankingOptions,
): RankedVariant[] {
  const pairs = variants.flatMap((_, i) => variants.slice(i + 1).map((_, j) => [i, i + 1 + j] as const));
  const tests = pairs.map(([i, j]) => pairedTest(variants[i]!.values, variants[j]!.values, { method, level }));
  const adjusted = holm(tests.map(({ probability }) => probability));
  const isApart = variants.map(() => new Array<boolean>(variants.length).fill(false));
  const rank = new Array<number>(variants.length).fill(1);
  pairs.forEach(([i, j], pair) => {
    const { direction } = tests[pair]!;
    if (adjusted[pair]! > 1 - level || direction === 'neither') return;
    isApart[i]![j] = isApart[j]![i] = true;
    rank[direction === better ? i : j]!++;
  });
  const estimates = variants.map(({ values }) => (method === 'mean' ? mean(values) : median(values)));
  const sign = better === 'lower' ? 1 : -1;
  const compare = (i: number, j: number): number => {
    const [a, b] = [estimates[i]!, estimates[j]!];
    if (rank[i] !== rank[j]) return rank[i]! - rank[j]!;
    return a === b ? i - j : sign * (a < b ? -1 : 1);
  };
  const order = variants.map((_, i) => i).sort(compare);
  return order.map((i) => ({
    name: variants[i]!.name,
    estimate: Number.isFinite(estimates[i]!) ? estimates[i]! : null,
    rank: rank[i]!,
    notDistinguishableFrom: order.filter((j) => j !== i && !isApart[i]![j]).map((j) => variants[j]!.name),
  }));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
