/**
 * Powers that are the same on every supported engine.
 *
 * V8 changed the last digit of `Math.pow` and `**` between Node 22 and Node 24 (measured: cubes, reciprocals and
 * fractional exponents differ; squares and 2 to a whole number do not), which is enough to change the digest of a run.
 * Multiplication is exact to the last bit by IEEE 754, and `Math.exp` and `Math.log` agree on Node 20, 22 and 24:
 * `scripts/node-versions.mjs` checks that with every run of the tests.
 */

const LARGEST_MULTIPLIED = 64;

/**
 * `base` to the power of `exponent`. Whole exponents up to 64 either way are multiplied out, so powers of two are exact;
 * others go through the logarithm, with a relative error of about 1e-16 times the logarithm of the result. Edges are
 * those of `**`: anything to the power 0 is 1, and a negative base with a fractional exponent is NaN.
 */
export function power(base: number, exponent: number): number {
  if (!Number.isInteger(exponent)) return Math.exp(exponent * Math.log(base));
  if (exponent > LARGEST_MULTIPLIED || exponent < -LARGEST_MULTIPLIED) return largeWholePower(base, exponent);
  let result = 1;
  let square = base;
  for (let rest = Math.abs(exponent); rest > 0; rest >>= 1) {
    if ((rest & 1) === 1) result *= square;
    square *= square;
  }
  return exponent < 0 ? 1 / result : result;
}

function largeWholePower(base: number, exponent: number): number {
  const size = Math.exp(exponent * Math.log(Math.abs(base)));
  return base < 0 && exponent % 2 !== 0 ? -size : size;
}
