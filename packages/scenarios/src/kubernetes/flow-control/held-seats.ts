import { noEvent, type Duration, type EventHandle, type EventType, type Simulation } from '@brownout/core';

/**
 * Seats that stay taken after the reply, while the server sends the watch events of a write. The request itself is gone
 * by then and its number may be in use again, so these are kept apart, in places of their own.
 */
export class HeldSeats {
  readonly #simulation: Simulation;
  readonly #over: EventType;
  #level: Int32Array = new Int32Array(16);
  #queue: Int32Array = new Int32Array(16);
  #seats: Int32Array = new Int32Array(16);
  #event: Float64Array = new Float64Array(16);
  #free: Int32Array = new Int32Array(16);
  #freeCount = 0;
  #used = 0;

  /** `release` gets the seats back. */
  constructor(simulation: Simulation, name: string, release: (level: number, queue: number, seats: number) => void) {
    this.#simulation = simulation;
    const over = (place: number): void => {
      this.#event[place] = noEvent;
      this.#free[this.#freeCount++] = place;
      release(this.#level[place]!, this.#queue[place]!, this.#seats[place]!);
    };
    this.#over = simulation.event(`${name}: watch events sent`, over, 'release');
  }

  /** Holds seats of a queue for `duration`. */
  hold(level: number, queue: number, seats: number, duration: Duration): void {
    if (this.#freeCount === 0 && this.#used === this.#level.length) this.#grow();
    const place = this.#freeCount > 0 ? this.#free[--this.#freeCount]! : this.#used++;
    this.#level[place] = level;
    this.#queue[place] = queue;
    this.#seats[place] = seats;
    this.#event[place] = this.#over.after(duration, place);
  }

  /** Forgets all seats held. */
  clear(): void {
    for (let place = 0; place < this.#used; place++) this.#simulation.cancel(this.#event[place]! as EventHandle);
    this.#used = 0;
    this.#freeCount = 0;
  }

  #grow(): void {
    const places = this.#level.length * 2;
    const integers = (column: Int32Array): Int32Array => {
      const grown = new Int32Array(places);
      grown.set(column);
      return grown;
    };
    this.#level = integers(this.#level);
    this.#queue = integers(this.#queue);
    this.#seats = integers(this.#seats);
    this.#free = integers(this.#free);
    const events = new Float64Array(places);
    events.set(this.#event);
    this.#event = events;
  }
}
