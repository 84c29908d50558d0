/** Something that waits for a signal; told once, with the place it holds in its own list of signals. */
export interface SignalWaiter {
  signalFired(place: number): void;
}

/** The waiting side of a signal, whatever its value. */
export interface Awaitable {
  readonly isFired: boolean;
  addWaiter(waiter: SignalWaiter, place: number): void;
  removeWaiter(waiter: SignalWaiter): void;
}

/**
 * A one-shot happening. Processes wait for it; it fires once, with a value, and stays fired, so whoever asks later is
 * told at once.
 */
export class Signal<Value = void> implements Awaitable {
  readonly name: string;
  #isFired = false;
  #value: Value | undefined;
  #waiters: SignalWaiter[] = [];
  #places: number[] = [];

  constructor(name: string) {
    this.name = name;
  }

  /** Whether it has fired. */
  get isFired(): boolean {
    return this.#isFired;
  }

  /** The value it fired with; undefined before. */
  get value(): Value | undefined {
    return this.#value;
  }

  /** Fires and tells every waiter in the order they came. Firing twice is a mistake and throws. */
  fire(value: Value): void {
    if (this.#isFired) throw new RangeError(`signal "${this.name}": already fired; a signal fires once`);
    this.#isFired = true;
    this.#value = value;
    const waiters = this.#waiters;
    const places = this.#places;
    this.#waiters = [];
    this.#places = [];
    for (let i = 0; i < waiters.length; i++) waiters[i]!.signalFired(places[i]!);
  }

  /** Registers a waiter under the place it wants to be told. */
  addWaiter(waiter: SignalWaiter, place: number): void {
    this.#waiters.push(waiter);
    this.#places.push(place);
  }

  /** Forgets a waiter that no longer waits. */
  removeWaiter(waiter: SignalWaiter): void {
    for (let i = this.#waiters.length - 1; i >= 0; i--) {
      if (this.#waiters[i] === waiter) {
        this.#waiters.splice(i, 1);
        this.#places.splice(i, 1);
      }
    }
  }
}
