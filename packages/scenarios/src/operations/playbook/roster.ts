/**
 * The people on call: a limited number, growing when more are called in. Whoever needs some waits until enough are free;
 * who waits first is decided anew whenever somebody becomes free, and nobody overtakes the first in line.
 */
import { type Awaitable, Signal } from '@brownout/core';

/** Somebody who waits for members. */
interface Turn {
  readonly members: number;
  /** Smaller is earlier; asked whenever members are given out. */
  readonly rank: () => number;
  readonly signal: Signal;
}

/** Hands out members of the crew. */
export class Roster {
  #size: number;
  #free: number;
  #line: Turn[] = [];

  constructor(size: number) {
    if (!(size >= 0) || !Number.isInteger(size)) {
      throw new RangeError(`roster: size must be a whole number >= 0, got ${size}`);
    }
    this.#size = size;
    this.#free = size;
  }

  /** Members in all. */
  get size(): number {
    return this.#size;
  }

  /** Members that do nothing at the moment. */
  get free(): number {
    return this.#free;
  }

  /** Requests that wait. */
  get waiting(): number {
    return this.#line.length;
  }

  /**
   * The signal fires when so many members are there; `release` gives them back. The lowest rank goes first, of equal ranks
   * whoever asked first. More than there will ever be is never given.
   */
  request(members: number, rank: () => number): Awaitable {
    const turn: Turn = { members, rank, signal: new Signal('members of the crew') };
    this.#line.push(turn);
    this.#giveOut();
    return turn.signal;
  }

  /** So many members have finished. */
  release(members: number): void {
    this.#free += members;
    this.#giveOut();
  }

  /** More people join. */
  grow(members: number): void {
    this.#size += members;
    this.release(members);
  }

  #giveOut(): void {
    for (let next = this.#first(); next !== undefined && next.members <= this.#free; next = this.#first()) {
      this.#free -= next.members;
      const given = next;
      this.#line = this.#line.filter((turn) => turn !== given);
      given.signal.fire();
    }
  }

  #first(): Turn | undefined {
    let first: Turn | undefined;
    let lowest = Infinity;
    for (const turn of this.#line) {
      const rank = turn.rank();
      if (first !== undefined && !(rank < lowest)) continue;
      first = turn;
      lowest = rank;
    }
    return first;
  }
}
