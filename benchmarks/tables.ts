/**
 * Pre-drawn increments in whole microseconds, made by integer arithmetic alone, so that baselines/tables.hpp makes the
 * same ones and both programs run through the same instants.
 */
import type { Duration } from '@brownout/core';

/** Tables have 65,536 entries and are read round and round. */
export const tableMask = 65_535;

class Draws {
  readonly #state: Uint32Array = new Uint32Array(1);

  constructor(seed: number) {
    this.#state[0] = seed;
  }

  /** xorshift32, the upper 29 bits. */
  bits29(): number {
    const state = this.#state;
    state[0]! ^= state[0]! << 13;
    state[0]! ^= state[0]! >>> 17;
    state[0]! ^= state[0]! << 5;
    return state[0]! >>> 3;
  }

  /** An exponential by von Neumann's comparison method: no logarithm whose last digit could differ. */
  exponential(mean: number): number {
    for (let whole = 0; ; whole++) {
      const first = this.bits29();
      let previous = first;
      let length = 1;
      for (;;) {
        const next = this.bits29();
        if (next >= previous) break;
        previous = next;
        length++;
      }
      if (length % 2 === 1) return whole * mean + Math.floor((first * mean) / 536_870_912);
    }
  }
}

/** Exponential increments with a mean below 2^24 microseconds. */
export function exponentials(seed: number, mean: number): Int32Array {
  const draws = new Draws(seed);
  return new Int32Array(tableMask + 1).map(() => draws.exponential(mean));
}

/** One in ten has the long mean. */
export function hyperexponentials(seed: number, shortMean: number, longMean: number): Int32Array {
  const draws = new Draws(seed);
  return new Int32Array(tableMask + 1).map(() => draws.exponential(draws.bits29() % 10 === 0 ? longMean : shortMean));
}

/** An entry of a table as a duration. */
export function increment(table: Int32Array, cursor: number): Duration {
  return table[cursor & tableMask]! as Duration;
}
