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
  /** In the order they came; a map, so that ten thousand waiters can time out without each searching for itself. */
  #waiters: Map<SignalWaiter, number> | undefined;

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
    if (this.#waiters !== undefined) for (const [waiter, place] of this.#waiters) waiter.signalFired(place);
    this.#waiters = undefined;
  }

  /** Registers a waiter under the place it wants to be told; a waiter already there keeps its first place. */
  addWaiter(waiter: SignalWaiter, place: number): void {
    this.#waiters ??= new Map();
    if (!this.#waiters.has(waiter)) this.#waiters.set(waiter, place);
  }

  /** Forgets a waiter that no longer waits. */
  removeWaiter(waiter: SignalWaiter): void {
    this.#waiters?.delete(waiter);
  }
}
