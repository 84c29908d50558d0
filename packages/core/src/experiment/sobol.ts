/**
 * Sobol sequences: points that fill a unit cube more evenly than chance, and stay even when more are added. For any power
 * of two of them, every dimension cut into that many slices has one point in each, and so do the boxes of the first two.
 */
import type { Stream } from '../random/stream.ts';
import { sobolDirections } from './sobol-directions.ts';

/** Dimensions that direction numbers are written down for. */
export const sobolDimensions: number = sobolDirections.length + 1;

/** Bits of a coordinate, and so the most points there are. */
const BITS = 32;
const TWO_TO_MINUS_32 = 2 ** -32;

/** What points are asked for. */
export interface SobolOptions {
  /** 1 to `sobolDimensions`. */
  readonly dimensions: number;
  /** A power of two keeps the balance the sequence promises; others are admitted. */
  readonly points: number;
  /** Points left out at the beginning, default 0. The very first is the origin. */
  readonly skip?: number;
  /**
   * Shifts all points by random bits, one draw for each dimension (a digital shift: A. B. Owen and others call it the
   * cheapest scramble): keeps the evenness, moves the origin away from the corner, and gives as many independent copies
   * as there are seeds. Without it the plain sequence.
   */
  readonly shift?: Stream;
}

/**
 * Rows of coordinates in [0, 1), in the order of Gray codes (I. A. Antonov and V. M. Saleev, USSR Computational Mathematics
 * 19, 1979), so that each row differs from the one before by one exclusive or. Direction numbers of Joe and Kuo.
 */
export function sobol(options: SobolOptions): number[][] {
  const { dimensions, points, skip = 0, shift } = options;
  if (!(Number.isSafeInteger(dimensions) && dimensions >= 1 && dimensions <= sobolDimensions)) {
    throw new RangeError(`sobol: expected 1 to ${sobolDimensions} dimensions, got ${dimensions}`);
  }
  if (!(Number.isSafeInteger(points) && points >= 1 && Number.isSafeInteger(skip) && skip >= 0)) {
    throw new RangeError(`sobol: expected whole numbers, at least one point, got ${points} points after ${skip}`);
  }
  if (points + skip > 2 ** 31) throw new RangeError(`sobol: expected at most 2^31 points, got ${points + skip}`);
  const directions = Array.from({ length: dimensions }, (_, dimension) => directionNumbers(dimension));
  const current = directions.map((numbers) => afterSteps(numbers, skip));
  if (shift !== undefined) {
    for (let dimension = 0; dimension < dimensions; dimension++) {
      current[dimension]! ^= Math.floor(shift.uniform() * 2 ** 32) | 0;
    }
  }
  const rows: number[][] = [];
  for (let index = skip; index < skip + points; index++) {
    rows.push(current.map((bits) => (bits >>> 0) * TWO_TO_MINUS_32));
    const changed = 31 - Math.clz32(~index & (index + 1));
    for (let dimension = 0; dimension < dimensions; dimension++) {
      current[dimension]! ^= directions[dimension]![changed]!;
    }
  }
  return rows;
}

/** The bits of point number `index`: those directions whose bit is set in its Gray code. */
function afterSteps(numbers: Int32Array, index: number): number {
  const gray = index ^ (index >>> 1);
  let bits = 0;
  for (let bit = 0; bit < BITS; bit++) if (((gray >>> bit) & 1) === 1) bits ^= numbers[bit]!;
  return bits;
}

/**
 * All 32 direction numbers of a dimension, as the bits of a binary fraction, by the recurrence of P. Bratley and B. L. Fox
 * (ACM Transactions on Mathematical Software 14, 1988, algorithm 659).
 */
function directionNumbers(dimension: number): Int32Array {
  const numbers = new Int32Array(BITS);
  const direction = sobolDirections[dimension - 1];
  if (direction === undefined) {
    for (let bit = 0; bit < BITS; bit++) numbers[bit] = 1 << (31 - bit);
    return numbers;
  }
  const { degree, coefficients, initial } = direction;
  for (let bit = 0; bit < BITS; bit++) {
    if (bit < degree) {
      numbers[bit] = initial[bit]! << (31 - bit);
      continue;
    }
    let next = numbers[bit - degree]! ^ (numbers[bit - degree]! >>> degree);
    for (let step = 1; step < degree; step++) {
      if (((coefficients >>> (degree - 1 - step)) & 1) === 1) next ^= numbers[bit - step]!;
    }
    numbers[bit] = next;
  }
  return numbers;
}
