import { noEvent } from '@brownout/core';

/** Where a request stands with its flow control. */
export const requestState = { unknown: 0, waiting: 1, executing: 2 } as const;

/**
 * Units of work in a seat-microsecond. Upstream rounds work to hundredths of it, and so does this: sums are exact, and
 * queues that would be equally far ahead there are equally far ahead here, so that ties are broken alike.
 */
const unitsPerSeatMicrosecond = 100;

/** Request numbers are below this: every column has a place for each number up to the largest in use. */
const requestLimit = 2 ** 26;

/**
 * What one replica's flow control knows about the requests inside it, in columns indexed by request number. A request
 * is named by whoever submits it; numbers may be reused once the request is finished, rejected or withdrawn.
 */
export class RequestTable {
  readonly #owner: string;
  readonly #unitsPerSeatTick: number;
  state: Uint8Array = new Uint8Array(0);
  level: Int32Array = new Int32Array(0);
  /** Queue the request waits or waited in; -1 = it never had one. */
  queue: Int32Array = new Int32Array(0);
  /** Neighbours in the queue; -1 at its ends. */
  next: Int32Array = new Int32Array(0);
  previous: Int32Array = new Int32Array(0);
  /** Seats while the request is worked on. */
  initialSeats: Int32Array = new Int32Array(0);
  /** Seats after the reply. */
  finalSeats: Int32Array = new Int32Array(0);
  /** Seats the request occupies from dispatch to the end: the larger of the two. */
  seats: Int32Array = new Int32Array(0);
  /** How long the seats stay taken after the reply. */
  additionalLatency: Float64Array = new Float64Array(0);
  /** Expected work, in units. */
  work: Float64Array = new Float64Array(0);
  /** Progress meter of the level when the request arrived, in units. */
  arrivedAt: Float64Array = new Float64Array(0);
  /** Instant of dispatch. */
  startedAt: Float64Array = new Float64Array(0);
  /** Event that ends the wait. */
  deadline: Float64Array = new Float64Array(0);

  /**
   * `unitsPerSeatTick` is other than its default only where a tick of the clock stands for something else than 1 us.
   */
  constructor(owner: string, unitsPerSeatTick: number = unitsPerSeatMicrosecond) {
    this.#owner = owner;
    this.#unitsPerSeatTick = unitsPerSeatTick;
    this.#grow(64);
  }

  /** Number of places in each column. */
  get places(): number {
    return this.state.length;
  }

  /** Work of `seats` held for `ticks`, in units. */
  workOf(seats: number, ticks: number): number {
    return Math.round(seats * ticks * this.#unitsPerSeatTick);
  }

  /** How many ticks `work` lasts on `seats`. */
  ticksOf(work: number, seats: number): number {
    return Math.round(work / seats / this.#unitsPerSeatTick);
  }

  /** Makes room for `request`. Throws RangeError when it is no whole number in range. */
  admit(request: number): void {
    if (!Number.isInteger(request) || request < 0 || request >= requestLimit) {
      throw new RangeError(
        `${this.#owner}: a request must be a whole number in 0..${requestLimit - 1}, got ${request}`,
      );
    }
    let places = this.places;
    while (places <= request) places *= 2;
    if (places > this.places) this.#grow(places);
  }

  /** Forgets every request. */
  clear(): void {
    this.state.fill(requestState.unknown);
    this.deadline.fill(noEvent);
  }

  #grow(places: number): void {
    const old = this.places;
    const integers = (column: Int32Array): Int32Array => {
      const grown = new Int32Array(places);
      grown.set(column);
      return grown;
    };
    const numbers = (column: Float64Array): Float64Array => {
      const grown = new Float64Array(places);
      grown.set(column);
      return grown;
    };
    const state = new Uint8Array(places);
    state.set(this.state);
    this.state = state;
    this.level = integers(this.level);
    this.queue = integers(this.queue);
    this.next = integers(this.next);
    this.previous = integers(this.previous);
    this.initialSeats = integers(this.initialSeats);
    this.finalSeats = integers(this.finalSeats);
    this.seats = integers(this.seats);
    this.additionalLatency = numbers(this.additionalLatency);
    this.work = numbers(this.work);
    this.arrivedAt = numbers(this.arrivedAt);
    this.startedAt = numbers(this.startedAt);
    this.deadline = numbers(this.deadline).fill(noEvent, old);
  }
}
