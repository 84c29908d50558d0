/**
 * The two 32-bit words of a double, read through one shared buffer. Buckets of histograms, logarithms and digests are
 * functions of these words and not of decimal text, so they are the same on every machine.
 */
const value: Float64Array = new Float64Array(1);
const words: Int32Array = new Int32Array(value.buffer);

/** On a little-endian machine the high word (sign, exponent, 20 bits of fraction) comes second. */
const HIGH: 0 | 1 = highWordPosition();
const LOW: 0 | 1 = HIGH === 1 ? 0 : 1;

/** The high word as a signed 32-bit integer. */
export function highWordOf(x: number): number {
  value[0] = x;
  return words[HIGH]!;
}

/** The low word as a signed 32-bit integer. */
export function lowWordOf(x: number): number {
  value[0] = x;
  return words[LOW]!;
}

/** The double with that high word and a low word of zero: the smallest in magnitude of all that share it. */
export function doubleWithHighWord(word: number): number {
  words[LOW] = 0;
  words[HIGH] = word;
  return value[0]!;
}

function highWordPosition(): 0 | 1 {
  value[0] = 1;
  return words[1] === 0x3ff00000 ? 1 : 0;
}
