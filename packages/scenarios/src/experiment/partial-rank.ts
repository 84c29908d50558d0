/** Which of many inputs decide an output, when all of them vary at once. */
import { chanceOf, midRanks, pearson, type RankCorrelation } from '@brownout/core';
import mathjs from 'mathjs/lib/browser/math.js';

/**
 * Partial rank correlation of each input with the output: the correlation of ranks that remains when the linear effect of
 * all other inputs' ranks is taken out of both (S. Marino et al., Journal of Theoretical Biology 254, 2008), read from the
 * inverse of the matrix of rank correlations. An input or output that does not vary has none: 0. The probability is that of
 * Student's t with (values - 1 - inputs that vary) degrees of freedom. Throws RangeError for lists of unequal length, for
 * fewer values than that, and for inputs that repeat one another.
 */
export function partialRankCorrelations(
  inputs: readonly (readonly number[])[],
  output: readonly number[],
): RankCorrelation[] {
  const count = output.length;
  if (inputs.some((input) => input.length !== count)) {
    throw new RangeError(`partialRankCorrelations: expected inputs of ${count} values like the output`);
  }
  const varying = inputs.map((_, index) => index).filter((index) => isVarying(inputs[index]!));
  const degrees = count - 1 - varying.length;
  if (degrees < 1) {
    throw new RangeError(
      `partialRankCorrelations: ${varying.length} inputs need at least ${varying.length + 2} values, got ${count}`,
    );
  }
  const results: RankCorrelation[] = inputs.map(() => ({ correlation: 0, probability: 1, count }));
  if (!isVarying(output) || varying.length === 0) return results;
  const inverse = inverseOf([...varying.map((index) => midRanks(inputs[index]!)), midRanks(output)]);
  const last = varying.length;
  varying.forEach((index, i) => {
    const scale = Math.sqrt(inverse[i]![i]! * inverse[last]![last]!);
    const correlation = Math.max(-1, Math.min(1, -inverse[i]![last]! / scale));
    results[index] = { correlation, probability: chanceOf(correlation, degrees), count };
  });
  return results;
}

function inverseOf(columns: readonly (readonly number[])[]): number[][] {
  const matrix = columns.map((row) => columns.map((column) => pearson(row, column)));
  if (Math.abs(mathjs.det(matrix)) < 1e-12) {
    throw new RangeError(
      'partialRankCorrelations: expected inputs that differ, got one that repeats others or the output',
    );
  }
  return mathjs.inv(matrix);
}

function isVarying(values: readonly number[]): boolean {
  return values.some((value) => value !== values[0]);
}
