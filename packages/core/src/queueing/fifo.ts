import { grownInt32 } from './columns.ts';

/**
 * A ring buffer of 32-bit integers: first in, first out. It doubles when full, never shrinks, and costs the same at ten
 * waiting and at a million, which `Array.shift` does not.
 */
export class Fifo {
  #ring: Int32Array = new Int32Array(16);
  #first = 0;
  #size = 0;

  /** Integers inside. */
  get size(): number {
    return this.#size;
  }

  /** Appends `value`, a 32-bit integer. */
  push(value: number): void {
    if (this.#size === this.#ring.length) this.#double();
    this.#ring[(this.#first + this.#size++) & (this.#ring.length - 1)] = value;
  }

  /** Removes and returns the oldest value. Throws RangeError when empty. */
  shift(): number {
    if (this.#size === 0) throw new RangeError('fifo: shift from an empty fifo');
    const value = this.#ring[this.#first]!;
    this.#first = (this.#first + 1) & (this.#ring.length - 1);
    this.#size--;
    return value;
  }

  /** The value at `index` counted from the oldest (0). Throws RangeError outside 0..size-1. */
  at(index: number): number {
    if (!(index >= 0 && index < this.#size))
      throw new RangeError(`fifo: index must be in 0..${this.#size - 1}, got ${index}`);
    return this.#ring[(this.#first + index) & (this.#ring.length - 1)]!;
  }

  /** Forgets everything. */
  clear(): void {
    this.#first = 0;
    this.#size = 0;
  }

  #double(): void {
    const old = this.#ring.length;
    this.#ring = grownInt32(this.#ring, old * 2, 0);
    this.#ring.copyWithin(old, 0, this.#first);
  }
}
