/**
 * A running fingerprint of a sequence of records: 64 bits in two independent 32-bit lanes, order-sensitive, computed with
 * integer multiplication only. It is made for telling runs apart by accident, not for security.
 *
 * The words of one record are first summed, each times its own odd constant, with different constants in the two lanes;
 * the sum is then folded into the lane by rotate, xor and multiply. Every step is a bijection, so a change of any single
 * field always changes both lanes, and lanes that once differ stay different while equal records follow.
 */
import { highWordOf, lowWordOf } from './double-bits.ts';

/** Folds records of four numbers and one word into 64 bits. */
export class Digest {
  /** The two lanes. In a typed array, because a field holds integers of 31 bits only in some engines. */
  readonly #lanes: Int32Array = Int32Array.of(0x243f6a88, 0x85a308d3);
  #count = 0;

  /**
   * Folds one record. `kind`, `subject` and `cause` count modulo 2^32, `time` and `value` by all their bits; -0 counts as
   * 0 and every NaN as the same NaN, because arithmetic that is equal otherwise may differ in these.
   */
  add(time: number, kind: number, subject: number, value: number, cause: number): void {
    const timeLow = lowWordOf(time);
    const timeHigh = highWordOf(time);
    const plain = Number.isNaN(value) ? NO_NUMBER : value + 0;
    const valueLow = lowWordOf(plain);
    const valueHigh = highWordOf(plain);
    const first =
      Math.imul(timeLow, 0x9e3779b1) +
      Math.imul(timeHigh, 0x85ebca77) +
      Math.imul(kind, 0xc2b2ae3d) +
      Math.imul(subject, 0x27d4eb2f) +
      Math.imul(valueLow, 0x165667b1) +
      Math.imul(valueHigh, 0xd35a2d97) +
      Math.imul(cause, 0xb5297a4d);
    const second =
      Math.imul(timeLow, 0x68e31da5) +
      Math.imul(timeHigh, 0x1b56c4e9) +
      Math.imul(kind, 0x7feb352d) +
      Math.imul(subject, 0x846ca68b) +
      Math.imul(valueLow, 0xed5ad4bb) +
      Math.imul(valueHigh, 0xac4c1b51) +
      Math.imul(cause, 0x31848bab);
    const lanes = this.#lanes;
    const before = lanes[0]!;
    const other = lanes[1]!;
    lanes[0] = Math.imul(((before << 13) | (before >>> 19)) ^ first, 0xcc9e2d51) + 0x5bd1e995;
    lanes[1] = Math.imul(((other << 17) | (other >>> 15)) ^ second, 0x1b873593) + 0x52dce729;
    this.#count = (this.#count + 1) | 0;
  }

  /** Another one that has folded the same, and goes its own way from here. */
  copy(): Digest {
    const copy = new Digest();
    copy.#lanes.set(this.#lanes);
    copy.#count = this.#count;
    return copy;
  }

  /** 16 hexadecimal digits for everything folded so far. */
  toString(): string {
    const first = finished(this.#lanes[0]! ^ Math.imul(this.#count, 0x9e3779b1));
    const second = finished(this.#lanes[1]! ^ Math.imul(this.#count, 0x68e31da5));
    return hex(finished(first + second)) + hex(finished(first ^ Math.imul(second, 0x85ebca6b)));
  }
}

/** FNV-1a over the UTF-16 units of a name, for folding names as one word. */
export function wordOfName(name: string): number {
  let word = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) word = Math.imul(word ^ name.charCodeAt(i), 0x01000193);
  return word | 0;
}

/** Stands for NaN: a number that no model produces. */
const NO_NUMBER = -1.7976931348623157e308;

/** The finaliser of MurmurHash3 (A. Appleby, public domain). */
function finished(word: number): number {
  let h = word | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

function hex(word: number): string {
  return (word >>> 0).toString(16).padStart(8, '0');
}
