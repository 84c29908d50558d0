/**
 * Memory of one process: what its requests hold beside its baseline, the limit it is killed at, and its peak. The kernel
 * kills between two steps of the process, never inside one, so going over the limit is told by an event of its own.
 */
import { type EventType, noTime, realZero, type Simulation } from '@brownout/core';
import { GoHeap, type HeapOptions } from './go-heap.ts';

/** Limit, baseline and heap of a process. */
export interface MemoryOptions {
  readonly limitBytes: number;
  readonly baselineBytes: () => number;
  /** Garbage and stickiness; absent = memory is what is held, and given back at once. */
  readonly heap?: HeapOptions | undefined;
  /** Told once in a life which group of clients took the last of the memory. */
  readonly onExceeded: (culprit: string) => void;
  /** Told of every collection, with the live bytes it had to mark. */
  readonly onCollected?: (liveBytes: number) => void;
}

/** Memory of a process that can be killed for it. */
export class MemoryAccount {
  limitBytes: number;
  /** Present when garbage and stickiness are modelled. */
  readonly heap: GoHeap | undefined;
  readonly #simulation: Simulation;
  readonly #baselineBytes: () => number;
  readonly #onExceeded: (culprit: string) => void;
  readonly #outOfMemory: EventType;
  #heldBytes = realZero;
  #peakBytes = realZero;
  #isDoomed = false;
  #culprit = '';
  #lastHolder = '';
  /** Counts the processes, so that one is not killed for the memory of the one before. */
  #life = 0;

  constructor(simulation: Simulation, name: string, options: MemoryOptions) {
    this.#heldBytes = 0;
    this.#peakBytes = 0;
    this.limitBytes = options.limitBytes;
    this.#simulation = simulation;
    this.#baselineBytes = options.baselineBytes;
    this.#onExceeded = options.onExceeded;
    this.#outOfMemory = simulation.event(`${name} out of memory`, (life) => this.#exceed(life), 'release');
    this.heap = options.heap === undefined ? undefined : new GoHeap(simulation.now, options.heap, options);
  }

  /** Resident memory now, in bytes. */
  get bytes(): number {
    if (this.heap !== undefined) return this.heap.residentBytes(this.#simulation.now);
    return this.#baselineBytes() + this.#heldBytes;
  }

  /** What requests in progress hold, in bytes, garbage left out. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** The most the process ever had, in bytes: the limit when it was killed for it. */
  get peakBytes(): number {
    return this.#peakBytes;
  }

  /** Takes memory for a request of the named clients; one that needs none is not to blame for a heap that still grows. */
  hold(bytes: number, culprit: string): void {
    this.#heldBytes += bytes;
    if (bytes > 0) {
      this.#lastHolder = culprit;
      this.heap?.hold(this.#simulation.now, bytes);
    }
    this.check(this.heap === undefined || this.#lastHolder === '' ? culprit : this.#lastHolder);
  }

  /** A request gives its memory back; what it allocated last may still be too much. */
  release(bytes: number): void {
    this.#heldBytes -= bytes;
    if (bytes === 0 || this.heap === undefined) return;
    this.heap.release(this.#simulation.now, bytes);
    this.check(this.#lastHolder);
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
    this.heap?.clear(this.#simulation.now);
    this.#isDoomed = false;
    this.#lastHolder = '';
    this.#life++;
  }

  #exceed(life: number): void {
    if (life === this.#life) this.#onExceeded(this.#culprit);
  }
}
