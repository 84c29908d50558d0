/** What many runs answer to a condition: met or missed as counted, and whether chance alone could have turned that round. */
import { meanInterval, shareInterval } from '@brownout/core';
import { type Comparison, type Condition, holdsIn, numberOf } from './condition.ts';
import type { Replication } from './replication.ts';

/** Runs, as far as conditions look at them. */
type Measured = Pick<Replication, 'measures'>;

/** The answer. Plain data. */
export interface ConditionAnswer {
  readonly text: string;
  /** What counts: the condition holds for the runs at hand. */
  readonly holds: boolean;
  /**
   * The number compared: the measure of the only run, the statistic of many; for a plain comparison of many runs the share
   * of runs in which it holds. `null` = did not happen.
   */
  readonly value: number | null;
  /** Share of runs that answer yes to the comparison inside; `null` for means. */
  readonly share: number | null;
  /** True when the interval (default level 0.95) of that share, or of the mean, lies on one side of the bound. */
  readonly isClear: boolean;
  readonly count: number;
}

/** A condition as a bound on the probability that one run answers yes. */
export interface ChanceBound {
  readonly of: Comparison;
  /** Bound of the probability, 0..1. */
  readonly level: number;
  /** `above`: the condition holds where the probability is at least the level; `below`: where it is at most that. */
  readonly side: 'above' | 'below';
}

/**
 * The condition in that form; undefined for means, which have none. `q95(x) < 5` says that P(x < 5) is at least 0.95, and
 * `q95(x) > 5` that P(x > 5) is more than 0.05. A plain comparison says of many runs that it holds with probability
 * `plainLevel`, default 1/2: more often than not.
 */
export function chanceBound(condition: Condition, plainLevel = 0.5): ChanceBound | undefined {
  if (condition.kind === 'mean') return undefined;
  if (condition.kind === 'each') {
    const { measure, operator, value } = condition;
    return { of: { measure, operator, value }, level: plainLevel, side: 'above' };
  }
  const isBelow = condition.operator === '<' || condition.operator === '<=';
  if (condition.kind === 'chance') {
    return { of: condition.of, level: condition.value, side: isBelow ? 'below' : 'above' };
  }
  const { measure, operator, value, quantile } = condition;
  return { of: { measure, operator, value }, level: isBelow ? quantile : 1 - quantile, side: 'above' };
}

/** Asks all runs. Throws RangeError without any. */
export function answerCondition(condition: Condition, runs: readonly Measured[], level = 0.95): ConditionAnswer {
  if (runs.length === 0) throw new RangeError(`condition "${condition.text}": expected at least one run, got none`);
  const { text } = condition;
  const count = runs.length;
  if (condition.kind === 'mean') return answerMean(condition, runs, level);
  const bound = chanceBound(condition)!;
  const hits = runs.filter(({ measures }) => holdsIn(bound.of, measures)).length;
  const { share, low, high } = shareInterval(hits, count, level);
  const isClear = low > bound.level || high < bound.level;
  if (condition.kind === 'quantile') {
    const value = quantileOf(numbersOf(runs, condition.measure), condition.quantile);
    return { text, holds: compare(value, condition), value: finite(value), share, isClear, count };
  }
  if (condition.kind === 'chance')
    return { text, holds: compare(share, condition), value: share, share, isClear, count };
  const value = count === 1 ? finite(numberOf(runs[0]!.measures, condition.measure)) : share;
  return { text, holds: share >= 0.5, value, share, isClear, count };
}

function answerMean(
  condition: Extract<Condition, { kind: 'mean' }>,
  runs: readonly Measured[],
  level: number,
): ConditionAnswer {
  const values = numbersOf(runs, condition.measure);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const isKnown = values.length > 1 && Number.isFinite(mean);
  const { low, high } = isKnown ? meanInterval(values, level) : { low: -Infinity, high: Infinity };
  const isClear = low > condition.value || high < condition.value;
  const { text } = condition;
  return { text, holds: compare(mean, condition), value: finite(mean), share: null, isClear, count: values.length };
}

/** The smallest value that at least that share of the values does not exceed. */
function quantileOf(values: readonly number[], quantile: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.max(0, Math.ceil(Number((quantile * sorted.length).toPrecision(12))) - 1)]!;
}

function numbersOf(runs: readonly Measured[], measure: string): number[] {
  return runs.map(({ measures }) => numberOf(measures, measure));
}

function compare(
  value: number,
  { operator, value: bound }: { readonly operator: string; readonly value: number },
): boolean {
  if (operator === '<') return value < bound;
  if (operator === '<=') return value <= bound;
  return operator === '>' ? value > bound : value >= bound;
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
