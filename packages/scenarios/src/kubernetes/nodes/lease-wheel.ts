/**
 * When nodes renew, and lists of them by the batch in which they are due: a wheel of batches. A list is in no order of nodes, so
 * all that a batch asks of a node stands together, in a record of half a cache line:
 *
 *   float64 due | float64 latency drawn | int32 next | unused
 */
import { SimulationError } from '@brownout/core';

/** No node: the end of a list. */
export const nobody = -1;

/** See above. */
export class LeaseWheel {
  /** Number of the present batch, counted from time zero. */
  batch: number;
  readonly #length: number;
  readonly #floats: Float64Array<ArrayBuffer>;
  readonly #ints: Int32Array<ArrayBuffer>;
  readonly #first: Int32Array;

  /** Batches of `length` microseconds, the present one that of `now`; nobody is due later than `longest` from it. */
  constructor(nodes: number, length: number, longest: number, now: number) {
    this.#length = length;
    this.#floats = new Float64Array(nodes * FLOATS);
    this.#ints = new Int32Array(this.#floats.buffer);
    for (let node = 0; node < nodes; node++) {
      this.setDrawn(node, -1);
      this.#link(node, nobody);
    }
    this.#first = new Int32Array(Math.ceil(longest / length) + 3).fill(nobody);
    this.batch = Math.floor(now / length);
  }

  /** When a node is due, in microseconds. */
  dueOf(node: number): number {
    return this.#floats[node << 2]!;
  }

  setDue(node: number, due: number): void {
    this.#floats[node << 2] = due;
  }

  /** Latency drawn for a node whose request is on its way in a batch; -1 = it has not been sent. */
  drawnOf(node: number): number {
    return this.#floats[(node << 2) | DRAWN]!;
  }

  setDrawn(node: number, latency: number): void {
    this.#floats[(node << 2) | DRAWN] = latency;
  }

  /** The node after another in its list. */
  nextOf(node: number): number {
    return this.#ints[(node << 3) | NEXT]!;
  }

  /** Puts a node into the list of its batch, unless that is the present one: then it is false, and the list is as it was. */
  put(node: number, due: number): boolean {
    const number = Math.floor(due / this.#length);
    const ahead = number - this.batch;
    if (ahead < 0 || ahead >= this.#first.length) this.#refuse(number);
    this.setDue(node, due);
    if (ahead === 0) return false;
    const place = number % this.#first.length;
    this.#link(node, this.#first[place]!);
    this.#first[place] = node;
    return true;
  }

  /** Puts a node into the list of the present batch. */
  keep(node: number): void {
    const place = this.batch % this.#first.length;
    this.#link(node, this.#first[place]!);
    this.#first[place] = node;
  }

  /** Takes the list of the present batch: its first node, or `nobody`. */
  take(): number {
    const place = this.batch % this.#first.length;
    const node = this.#first[place]!;
    this.#first[place] = nobody;
    return node;
  }

  #link(node: number, next: number): void {
    this.#ints[(node << 3) | NEXT] = next;
  }

  #refuse(number: number): never {
    throw new SimulationError(
      `lease aggregate: expected a renewal within the ${this.#first.length} batches from ${this.batch} on, got ${number}`,
    );
  }
}

const FLOATS = 4;
const DRAWN = 1;
const NEXT = 4;
