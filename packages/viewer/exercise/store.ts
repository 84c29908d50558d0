/** A value that changes, and those who want to know: all state of the exercise page that outlives a component. */
import { useEffect, useRef, useState } from 'preact/hooks';

/** One value with listeners. Equal values (by identity) tell nobody. */
export class Store<T> {
  #value: T;
  readonly #listeners: Set<() => void> = new Set();

  constructor(value: T) {
    this.#value = value;
  }

  get value(): T {
    return this.#value;
  }

  set(value: T): void {
    if (value === this.#value) return;
    this.#value = value;
    for (const listener of [...this.#listeners]) listener();
  }

  /** Calls `listener` after each change, until the function that is returned is called. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

/** A part of the value, and a new rendering only when that part changes (by identity). `select` must be cheap and pure. */
export function useSelected<T, Part>(store: Store<T>, select: (value: T) => Part): Part {
  const [, again] = useState(0);
  const latest = useRef(select);
  latest.current = select;
  const part = select(store.value);
  const shown = useRef(part);
  shown.current = part;
  useEffect(() => {
    const hear = (): void => {
      if (latest.current(store.value) !== shown.current) again((count) => count + 1);
    };
    hear();
    return store.subscribe(hear);
  }, [store]);
  return part;
}

/** The value, and a new rendering whenever it changes. */
export function useStore<T>(store: Store<T>): T {
  return useSelected(store, itself);
}

function itself<T>(value: T): T {
  return value;
}
