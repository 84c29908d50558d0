/** What the points of a sweep say about each factor, in the way its design allows. */
import {
  type Factor,
  type FactorValue,
  elementaryEffects,
  mainEffects,
  type MainEffect,
  median,
  type MorrisDesign,
  type ResponseTable,
  spearman,
} from '@brownout/core';
import type { SweepDesign } from './design-points.ts';
import type { Varied } from './vary.ts';

/** Of one factor in a sample: its rank correlation with the measure, and the chance of one as strong without a cause. */
export interface FactorCorrelation {
  readonly factor: string;
  readonly correlation: number;
  readonly probability: number;
}

/** Of one factor in a screening, see `ElementaryEffects` of the core; per whole range of the factor. */
export interface FactorScreening {
  readonly factor: string;
  readonly mean: number;
  readonly meanSize: number;
  readonly deviation: number;
}

/** Effects of all factors on one measure. */
export type SweepEffects =
  | { readonly kind: 'main'; readonly factors: readonly MainEffect[] }
  | { readonly kind: 'rank-correlation'; readonly factors: readonly FactorCorrelation[] }
  | { readonly kind: 'elementary'; readonly factors: readonly FactorScreening[] }
  /** There are none to be had, and why. */
  | { readonly kind: 'none'; readonly reason: string };

/** How the points came about. */
export interface EffectOptions {
  readonly design: SweepDesign;
  readonly screening: MorrisDesign | undefined;
  readonly level: number;
  readonly varied: readonly Varied[];
}

/** The effects of every factor on one measure. */
export function sweepEffects(table: ResponseTable, measure: string, options: EffectOptions): SweepEffects {
  const { design, screening, level, varied } = options;
  if (design === 'grid') return { kind: 'main', factors: mainEffects(table, measure, level) };
  // The median counts what did not happen as infinitely late; a screening, which subtracts, cannot.
  const results = table.rows.map(({ values }) => middle(values[measure]!, screening !== undefined));
  if (screening === undefined) {
    if (results.length < 3) return { kind: 'none', reason: `expected at least 3 points, got ${results.length}` };
    const factors = varied.map(({ path, factor }, index): FactorCorrelation => {
      const amounts = table.rows.map(({ point }) => amount(factor, point[index]!));
      const { correlation, probability } = spearman(amounts, results);
      return { factor: path, correlation, probability };
    });
    return { kind: 'rank-correlation', factors };
  }
  const missing = results.filter((value) => !Number.isFinite(value)).length;
  if (missing > 0) {
    return { kind: 'none', reason: `it did not happen at ${missing} of ${results.length} points` };
  }
  const factors = elementaryEffects(screening, results).map(
    ({ mean, meanSize, deviation }, index): FactorScreening => ({
      factor: varied[index]!.path,
      mean,
      meanSize,
      deviation,
    }),
  );
  return { kind: 'elementary', factors };
}

function middle(values: readonly (number | null)[], isMean: boolean): number {
  const numbers = values.map((value) => value ?? Infinity);
  return isMean ? numbers.reduce((sum, value) => sum + value, 0) / numbers.length : median(numbers);
}

function amount(factor: Factor, value: FactorValue): number {
  return 'values' in factor ? factor.values.indexOf(value) : (value as number);
}
