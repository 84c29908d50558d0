/**
 * Memory of one process: what its requests hold beside its baseline, the limit it is killed at, and its peak. The kernel
 * kills between two steps of the process, never inside one, so going over the limit is told by an event of its own.
 */
import { type EventType, noTime, type Simulation } from '@brownout/core';

/** Memory of a process that can be killed for it. */
export class MemoryAccount {
  limitBytes: number;
  readonly #baselineBytes: () => number;
  readonly #onExceeded: (culprit: string) => void;
  readonly #outOfMemory: EventType;
  #heldBytes = 0;
  #peakBytes = 0;
  #isDoomed = false;
  #culprit = '';
  /** Counts the processes, so that one is not killed for the memory of the one before. */
  #life = 0;

  /** `onExceeded` is told once in a life which group of clients took the last of the memory. */
  constructor(
    simulation: Simulation,
    name: string,
    options: {
      readonly limitBytes: number;
      readonly baselineBytes: () => number;
      readonly onExceeded: (culprit: string) => void;
    },
  ) {
    this.limitBytes = options.limitBytes;
    this.#baselineBytes = options.baselineBytes;
    this.#onExceeded = options.onExceeded;
    this.#outOfMemory = simulation.event(`${name} out of memory`, (life) => this.#exceed(life), 'release');
  }

  /** Resident memory now, in bytes. */
  get bytes(): number {
    return this.#baselineBytes() + this.#heldBytes;
  }

  /** The most the process ever had, in bytes: the limit when it was killed for it. */
  get peakBytes(): number {
    return this.#peakBytes;
  }

  /** Takes memory for a request of the named clients. */
  hold(bytes: number, culprit: string): void {
    this.#heldBytes += bytes;
    this.check(culprit);
  }

  release(bytes: number): void {
    this.#heldBytes -= bytes;
  }

  /** Looks at the limit; called whenever the process has grown. */
  check(culprit: string): void {
    const { bytes } = this;
    this.#peakBytes = Math.max(this.#peakBytes, Math.min(bytes, this.limitBytes));
    if (bytes <= this.limitBytes || this.#isDoomed) return;
    this.#isDoomed = true;
    this.#culprit = culprit;
    this.#outOfMemory.after(noTime, this.#life);
  }

  /** The process is gone and everything with it; its peak stays on record. */
  clear(): void {
    this.#heldBytes = 0;
    this.#isDoomed = false;
    this.#life++;
  }

  #exceed(life: number): void {
    if (life === this.#life) this.#onExceeded(this.#culprit);
  }
}
