/**
 * The best of many candidates under a fixed number of runs: all are tried a little, the worse half is dropped, the rest is
 * tried as much again, and so on (Z. Karnin, T. Koren and O. Somekh, Almost optimal exploration in multi-armed bandits, ICML
 * 2013). Which is best is then found with a probability that grows with the budget; which of two equals is not.
 */
import type { RaceTrial } from './racing.ts';

/** What is tried, and how often altogether. */
export interface SuccessiveHalvingOptions {
  /** Number of candidates, at least 1. */
  readonly candidates: number;
  /** Runs altogether; enough for one of each candidate in each round, that is candidates x rounds. */
  readonly budget: number;
  /** Candidates left at the end; default 1. */
  readonly keep?: number;
}

/** What was kept. */
export interface SuccessiveHalvingResult {
  /** Candidates that are left, the best first. */
  readonly kept: readonly number[];
  /** Mean score and number of runs, by candidate. */
  readonly means: readonly number[];
  readonly counts: readonly number[];
  readonly runs: number;
}

/** A search under way: it is handed a score for each run, lower is better. Replications are the same for all candidates. */
export type SuccessiveHalving = Generator<readonly RaceTrial[], SuccessiveHalvingResult, readonly number[]>;

/** Halves until `keep` are left. Throws RangeError when the budget is too small. */
export function* successiveHalving({ candidates, budget, keep = 1 }: SuccessiveHalvingOptions): SuccessiveHalving {
  if (!(Number.isSafeInteger(candidates) && candidates >= 1 && Number.isSafeInteger(keep) && keep >= 1)) {
    throw new RangeError(`successiveHalving: expected candidates and keep >= 1, got ${candidates} and ${keep}`);
  }
  const rounds = Math.max(1, Math.ceil(Math.log2(candidates / keep)));
  if (!(Number.isSafeInteger(budget) && budget >= candidates * rounds)) {
    throw new RangeError(`successiveHalving: budget must be a whole number >= ${candidates * rounds}, got ${budget}`);
  }
  const sums = new Float64Array(candidates);
  const counts = new Int32Array(candidates);
  let kept = [...sums.keys()];
  let runs = 0;
  for (let round = 0; round < rounds; round++) {
    const each = Math.max(1, Math.floor(budget / (kept.length * rounds)));
    const trials = kept.flatMap((candidate) =>
      Array.from({ length: each }, (_, index): RaceTrial => ({ candidate, replication: counts[candidate]! + index })),
    );
    const scores = yield trials;
    if (scores.length !== trials.length) {
      throw new RangeError(`successiveHalving: expected ${trials.length} scores, got ${scores.length}`);
    }
    trials.forEach(({ candidate }, index) => {
      sums[candidate]! += scores[index]!;
      counts[candidate]!++;
    });
    runs += trials.length;
    const mean = (candidate: number): number => sums[candidate]! / counts[candidate]!;
    kept.sort((a, b) => mean(a) - mean(b) || a - b);
    kept = kept.slice(0, round === rounds - 1 ? keep : Math.max(keep, Math.ceil(kept.length / 2)));
  }
  return { kept, means: Array.from(sums, (sum, one) => sum / counts[one]!), counts: [...counts], runs };
}
