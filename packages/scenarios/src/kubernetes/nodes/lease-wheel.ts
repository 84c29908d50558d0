/** When nodes renew, and lists of them by the batch in which they are due: a wheel of batches, in columns. */
import { SimulationError } from '@brownout/core';

/** No node: the end of a list. */
export const nobody = -1;

/** See above. */
export class LeaseWheel {
  /** When each node is due. */
  readonly due: Float64Array;
  /** The node after each one in its list. */
  readonly next: Int32Array;
  /** Number of the present batch, counted from time zero. */
  batch: number;
  readonly #length: number;
  readonly #first: Int32Array;

  /** Batches of `length` microseconds, the present one that of `now`; nobody is due later than `longest` from it. */
  constructor(nodes: number, length: number, longest: number, now: number) {
    this.#length = length;
    this.due = new Float64Array(nodes);
    this.next = new Int32Array(nodes).fill(nobody);
    this.#first = new Int32Array(Math.ceil(longest / length) + 3).fill(nobody);
    this.batch = Math.floor(now / length);
  }

  /** Puts a node into the list of its batch, unless that is the present one: then it is false, and the list is as it was. */
  put(node: number, due: number): boolean {
    const number = Math.floor(due / this.#length);
    const ahead = number - this.batch;
    if (ahead < 0 || ahead >= this.#first.length) this.#refuse(number);
    this.due[node] = due;
    if (ahead === 0) return false;
    const place = number % this.#first.length;
    this.next[node] = this.#first[place]!;
    this.#first[place] = node;
    return true;
  }

  /** Puts a node into the list of the present batch. */
  keep(node: number): void {
    const place = this.batch % this.#first.length;
    this.next[node] = this.#first[place]!;
    this.#first[place] = node;
  }

  /** Takes the list of the present batch: its first node, or `nobody`. */
  take(): number {
    const place = this.batch % this.#first.length;
    const node = this.#first[place]!;
    this.#first[place] = nobody;
    return node;
  }

  #refuse(number: number): never {
    throw new SimulationError(
      `lease aggregate: expected a renewal within the ${this.#first.length} batches from ${this.batch} on, got ${number}`,
    );
  }
}
