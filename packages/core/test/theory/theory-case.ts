/**
 * What a theory test is: a model, what formulas expect of it, and how to simulate it once. Verdicts come from intervals
 * over independent replications.
 *
 * Policy. Seeds are fixed and were not chosen for their results. With m intervals of 99 % some correct ones miss by
 * chance, so two tests are made that do not depend on luck:
 *  - each expected value must lie in an interval with the Bonferroni correction, 1 - 0.01 / m, so that a correct engine
 *    fails in one of a hundred choices of seeds;
 *  - of the plain 99 % intervals no more may miss than a binomial count with 1 % exceeds once in a thousand.
 * An interval that is too wide proves nothing: its plain half-width must stay below `precision` of the expected value.
 */
import { meanInterval } from '../../src/experiment/interval.ts';

/** One number that theory predicts and a replication estimates. */
export interface Quantity {
  readonly name: string;
  readonly expected: number;
  /** Widest 99 % half-width allowed, as a share of the expected value; default 2 %. */
  readonly precision?: number;
}

/** One model under test. */
export interface TheoryCase {
  readonly model: string;
  readonly parameters: string;
  /** Where the expected values come from. */
  readonly source: string;
  readonly quantities: readonly Quantity[];
  /** Runs one replication; returns one estimate per quantity, in their order. */
  readonly simulate: (replication: number) => readonly number[];
}

/** What came out for one quantity. */
export interface Verdict {
  readonly model: string;
  readonly name: string;
  readonly expected: number;
  readonly precision: number;
  readonly mean: number;
  /** Half-width of the plain 99 % interval. */
  readonly halfWidth: number;
  /** Distance of the mean from the expected value in half-widths; above 1 the plain interval misses. */
  readonly distance: number;
  /** The same in half-widths of the corrected interval. */
  readonly correctedDistance: number;
}

export const replications = 20;

/** Runs the replications of a case; `intervals` is the number of intervals in the whole suite. */
export function judge(one: TheoryCase, intervals: number): Verdict[] {
  const samples = one.quantities.map(() => [] as number[]);
  for (let replication = 0; replication < replications; replication++) {
    one.simulate(replication).forEach((value, index) => samples[index]!.push(value));
  }
  return one.quantities.map(({ name, expected, precision = 0.02 }, index) => {
    const { mean, halfWidth } = meanInterval(samples[index]!);
    const corrected = meanInterval(samples[index]!, 1 - 0.01 / intervals).halfWidth;
    const off = Math.abs(mean - expected);
    const { model } = one;
    return {
      model,
      name,
      expected,
      precision,
      mean,
      halfWidth,
      distance: off / halfWidth,
      correctedDistance: off / corrected,
    };
  });
}

/**
 * The number of misses that a correct engine exceeds with probability below `risk` among `intervals` 99 % intervals.
 */
export function missesAllowed(intervals: number, risk = 0.001): number {
  let probability = 0.99 ** intervals;
  let below = probability;
  let misses = 0;
  while (1 - below > risk) {
    misses++;
    probability *= ((intervals - misses + 1) / misses) * (0.01 / 0.99);
    below += probability;
  }
  return misses;
}
