/**
 * The slowest way in which a chain forgets where it began, by inverse iteration. A difference from the steady state is kept
 * free of the steady state itself; what a solve does to it is to multiply each mode by its time constant, so the slowest one
 * wins. Two vectors are iterated side by side: together they hold a pair of complex modes, or two that are nearly as slow.
 * (`eigs` of mathjs gives up on unsymmetric matrices of ten rows, and would be dense.)
 */

const mostRounds = 5_000;
/** Of two rounds in a row; rounding errors of a solve are about 1e-11 of the largest time constant. */
const closeEnough = 1e-9;
const steadyRounds = 8;

/** Gives, for a reward per state without the pinned one, what it sums up to until the pinned state is reached. */
export type Solve = (excess: Float64Array) => Float64Array;

/** The largest time constant in seconds; for a complex pair, that of its decay. `shares` is the steady state. */
export function slowestMode(shares: Float64Array, pinned: number, solve: Solve): number {
  const size = shares.length;
  const isSingle = size === 2;
  const step = (vector: Float64Array): Float64Array =>
    centred(unpinned(solve(without(vector, pinned)), pinned), shares);
  // Any start without symmetry will do; whole numbers keep it the same on every engine.
  const start = (factor: number): Float64Array => Float64Array.from(shares, (_, i) => ((i * factor) % 97) / 97 - 0.4);
  let first = normalised(centred(start(31), shares));
  let second = isSingle ? new Float64Array(size) : orthogonal(centred(start(57), shares), first);
  let last = 0;
  let steady = 0;
  for (let round = 0; round < mostRounds; round++) {
    const [a, b] = [step(first), isSingle ? second : step(second)];
    const seconds = isSingle ? dot(first, a) : slowerOf([dot(first, a), dot(first, b), dot(second, a), dot(second, b)]);
    steady = Math.abs(seconds - last) <= closeEnough * Math.abs(seconds) ? steady + 1 : 0;
    if (steady === steadyRounds) return seconds;
    last = seconds;
    first = normalised(a);
    if (!isSingle) second = orthogonal(b, first);
  }
  throw new RangeError(`chain: the slowest modes did not come apart in ${mostRounds} rounds`);
}

/** Slower of the two eigenvalues of a 2 x 2 matrix of time constants; a complex pair decays at the real part of 1 / it. */
function slowerOf([a, b, c, d]: readonly [number, number, number, number]): number {
  const half = (a + d) / 2;
  const determinant = a * d - b * c;
  const root = half * half - determinant;
  if (root < 0) return determinant / half;
  const larger = half + Math.sign(half) * Math.sqrt(root);
  return larger;
}

function without(vector: Float64Array, pinned: number): Float64Array {
  return vector.filter((_, place) => place !== pinned);
}

function unpinned(vector: Float64Array, pinned: number): Float64Array {
  const full = new Float64Array(vector.length + 1);
  full.set(vector.subarray(0, pinned), 0);
  full.set(vector.subarray(pinned), pinned + 1);
  return full;
}

/** The vector less its mean under the steady state. */
function centred(vector: Float64Array, shares: Float64Array): Float64Array {
  const mean = dot(vector, shares);
  return vector.map((value) => value - mean);
}

function normalised(vector: Float64Array): Float64Array {
  const length = Math.sqrt(dot(vector, vector));
  return vector.map((value) => value / length);
}

function orthogonal(vector: Float64Array, first: Float64Array): Float64Array {
  const along = dot(vector, first);
  return normalised(vector.map((value, place) => value - along * first[place]!));
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
