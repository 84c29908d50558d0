/** When a comparison may end: once the difference of every variant from the baseline is known well enough. */
import { pairedInterval, pairedMedianInterval, type StoppingInterval, untilPrecise } from '@brownout/core';
import { comparedValue, type Replication } from './replication.ts';

/** How well differences are to be known. At least one of the two half-widths; with both, both must be reached. */
export interface Precision {
  /** The measure whose differences count; default the first of the comparison. */
  readonly measure?: string;
  /** Half-width of each interval, in the unit of the measure. */
  readonly halfWidth?: number;
  /** Half-width of each interval as a share of the difference. */
  readonly relativeHalfWidth?: number;
  /** Replications before the first look, default 10. */
  readonly minimum?: number;
}

/** What else decides. */
export interface PrecisionOptions {
  /** Variants, the baseline among them. */
  readonly variants: number;
  readonly maximum: number;
  readonly level?: number;
  readonly measures?: readonly string[];
}

/**
 * Yields how many further replications of all variants are wanted, and is handed all rows made so far. The rule looks at the
 * least well known difference; intervals are simultaneous over all variants (Bonferroni). As soon as something did not happen in
 * one run, medians of differences take the place of means, as in the comparison itself.
 */
export function* replicationsUntilPrecise(
  precision: Precision,
  { variants, maximum, level = 0.95, measures = ['outageSeconds'] }: PrecisionOptions,
): Generator<number, 'reached' | 'unconfirmed' | 'maximum', readonly (readonly Replication[])[]> {
  const { halfWidth, relativeHalfWidth, minimum = 10 } = precision;
  const measure = precision.measure ?? measures[0]!;
  let rows: readonly (readonly Replication[])[] = [];
  const rule = untilPrecise({
    ...(halfWidth === undefined ? {} : { halfWidth }),
    ...(relativeHalfWidth === undefined ? {} : { relativeHalfWidth }),
    level: 1 - (1 - level) / (variants - 1),
    minimum: Math.min(minimum, maximum),
    maximum,
    interval: (_, each) => leastKnown(rows, measure, variants, each, precision),
  });
  let step = rule.next();
  while (step.done !== true) {
    const before = rows.length;
    rows = yield step.value;
    step = rule.next(rows.slice(before).map((_, i) => before + i));
  }
  return step.value.outcome;
}

/** The interval of the difference that is known least: the one that is furthest from one of its limits. */
function leastKnown(
  rows: readonly (readonly Replication[])[],
  measure: string,
  variants: number,
  level: number,
  { halfWidth, relativeHalfWidth }: Precision,
): StoppingInterval {
  const values = (place: number): number[] =>
    rows.map((row) => comparedValue(row[place]!.measures, measure) ?? Infinity);
  const baseline = values(0);
  const others = Array.from({ length: variants - 1 }, (_, i) => values(i + 1));
  const isCensored = [baseline, ...others].some((all) => all.includes(Infinity));
  const intervals = others.map(
    (other): StoppingInterval =>
      isCensored ? pairedMedianInterval(baseline, other, level) : pairedInterval(baseline, other, level),
  );
  const width = ({ low, high }: StoppingInterval): number => {
    const half = (high - low) / 2;
    if (!(half < Infinity)) return Infinity;
    const absolute = halfWidth === undefined ? 0 : half / halfWidth;
    const isRelative = relativeHalfWidth !== undefined && half > 0;
    return Math.max(absolute, isRelative ? half / Math.abs((low + high) / 2) / relativeHalfWidth : 0);
  };
  return intervals.reduce((worst, one) => (width(one) > width(worst) ? one : worst));
}
