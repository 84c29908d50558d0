/** A limited number of people (or teams): whoever finds nobody free waits in line. */
import { type Awaitable, Signal } from '@brownout/core';

/** Hands out members of a crew in the order they are asked for. */
export class Crew {
  readonly size: number;
  #free: number;
  readonly #line: Signal[] = [];

  constructor(size: number) {
    this.size = size;
    this.#free = size;
  }

  /** The signal fires when a member is free; `release` gives them back. */
  request(): Awaitable {
    const turn = new Signal('crew member free');
    if (this.#free > 0) {
      this.#free--;
      turn.fire();
    } else {
      this.#line.push(turn);
    }
    return turn;
  }

  /** A member has finished. */
  release(): void {
    const next = this.#line.shift();
    if (next === undefined) this.#free++;
    else next.fire();
  }
}
