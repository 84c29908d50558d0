/** Points spread evenly over many dimensions at once. */
import type { Stream } from '../random/stream.ts';

/**
 * A Latin hypercube (M. D. McKay, R. J. Beckman and W. J. Conover, Technometrics 21, 1979): `points` rows of `dimensions`
 * numbers in [0, 1), such that every dimension, cut into as many equal slices as there are points, has one point in each.
 * Each dimension is a shuffle of its own, drawn one after the other from the stream.
 */
export function latinHypercube(
  stream: Stream,
  size: { readonly points: number; readonly dimensions: number },
): number[][] {
  const { points, dimensions } = size;
  if (!(Number.isSafeInteger(points) && points >= 1 && Number.isSafeInteger(dimensions) && dimensions >= 1)) {
    throw new RangeError(
      `latinHypercube: expected whole numbers >= 1, got ${points} points in ${dimensions} dimensions`,
    );
  }
  const rows = Array.from({ length: points }, () => new Array<number>(dimensions).fill(0));
  for (let dimension = 0; dimension < dimensions; dimension++) {
    const slices = rows.map((_, index) => index);
    for (let i = points - 1; i > 0; i--) {
      const j = Math.floor(stream.uniform() * (i + 1));
      [slices[i], slices[j]] = [slices[j]!, slices[i]!];
    }
    rows.forEach((row, i) => (row[dimension] = Math.min((slices[i]! + stream.uniform()) / points, 1 - 2 ** -53)));
  }
  return rows;
}
