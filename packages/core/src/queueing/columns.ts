/**
 * Jobs are small whole numbers chosen by the model, and what a component knows about a job stands in typed-array
 * columns indexed by that number. These helpers grow the columns; a job number is never mapped, hashed or boxed.
 */

/** Job numbers are below this: a column per component has one place for every number up to the largest in use. */
export const jobLimit: number = 2 ** 26;

/** Places a column starts with. */
export const initialPlaces = 64;

/**
 * The number of places that holds `job`: doubled from `places` as often as needed. Throws RangeError in the name of
 * `owner` when `job` is not a whole number in [0, jobLimit).
 */
export function placesFor(owner: string, job: number, places: number): number {
  if (!Number.isInteger(job) || job < 0 || job >= jobLimit) {
    throw new RangeError(`${owner}: a job must be a whole number in 0..${jobLimit - 1}, got ${job}`);
  }
  let grown = places;
  while (grown <= job) grown *= 2;
  return grown;
}

/** A copy of `column` with `places` places; new places hold `filler`. */
export function grownInt32(column: Int32Array, places: number, filler: number): Int32Array {
  const grown = new Int32Array(places).fill(filler, column.length);
  grown.set(column);
  return grown;
}

/** A copy of `column` with `places` places; new places hold `filler`. */
export function grownFloat64(column: Float64Array, places: number, filler: number): Float64Array {
  const grown = new Float64Array(places).fill(filler, column.length);
  grown.set(column);
  return grown;
}

/** A copy of `column` with `places` places; new places hold 0. */
export function grownUint8(column: Uint8Array, places: number): Uint8Array {
  const grown = new Uint8Array(places);
  grown.set(column);
  return grown;
}
