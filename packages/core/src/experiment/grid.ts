/** Every combination of chosen values: the design that shows all interactions and costs the most runs. */
import { checkFactors, type DesignPoint, type Factor, type FactorValue, valueBetween } from './factor.ts';

/** One axis of a grid. */
export interface GridAxis {
  readonly factor: Factor;
  /** Values of a range, both ends included, at least 2; default 5. Lists are taken whole and must not say it. */
  readonly count?: number;
}

/** Values of a range where no count is given. */
const usualCount = 5;

/** Most points a grid may have: more is a mistake in a count, or work for a Sobol sequence. */
export const largestGrid = 100_000;

/**
 * The values of an axis, in order: equal steps or equal ratios as the factor says. Whole numbers that coincide after
 * rounding are there once, so a range of three values never gives five.
 */
export function axisValues({ factor, count }: GridAxis): FactorValue[] {
  checkFactors([factor]);
  if ('values' in factor) {
    if (count === undefined || count === factor.values.length) return [...factor.values];
    throw new RangeError(`grid: factor "${factor.name}" lists ${factor.values.length} values, got the count ${count}`);
  }
  const wanted = count ?? usualCount;
  if (!(Number.isSafeInteger(wanted) && wanted >= 2 && wanted <= largestGrid)) {
    throw new RangeError(`grid: factor "${factor.name}": expected 2 to ${largestGrid} values, got ${wanted}`);
  }
  const values = Array.from({ length: wanted }, (_, index) => valueBetween(factor, index / (wanted - 1)));
  return [...new Set(values)];
}

/** All combinations of the values of all axes; the last axis changes fastest. */
export function grid(axes: readonly GridAxis[]): DesignPoint[] {
  checkFactors(axes.map(({ factor }) => factor));
  const values = axes.map(axisValues);
  const size = values.reduce((product, list) => product * list.length, 1);
  if (size > largestGrid) throw new RangeError(`grid: expected at most ${largestGrid} points, got ${size}`);
  let points: FactorValue[][] = [[]];
  for (const list of values) points = points.flatMap((point) => list.map((value) => [...point, value]));
  return points;
}
