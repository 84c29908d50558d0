/**
 * Memory of requests that grows as they work: between what they begin with and the whole, with the share of their CPU that they
 * have had. It is brought up to date every 10 ms, and whenever whoever keeps it asks.
 */
import { type Duration, ms } from '@brownout/core';

/** How often memory follows work; a LIST of 10,000 pods takes 75 times as long on an API server, a range of them five times. */
export const memoryLook: Duration = ms(10);

/** Whose memory it is, and how it is counted. Requests are rows of a table. */
export interface GrowingMemoryParts {
  /** Bytes that a request has when it begins, and in the end. */
  readonly first: (request: number) => number;
  readonly whole: (request: number) => number;
  /** CPU that it takes in all, and that it has had, in core-microseconds. */
  readonly cpu: (request: number) => number;
  readonly attained: (request: number) => number;
  /** Bytes that it is known to hold. */
  readonly held: (request: number) => number;
  /** It holds so many bytes more. */
  readonly hold: (request: number, bytes: number) => void;
  /** All have been brought up to date by a look. */
  readonly followed?: () => void;
  /** Has `look` called after `memoryLook`. */
  readonly lookLater: () => void;
}

/** The requests of one process that do not have all of their memory yet. */
export class GrowingMemory {
  readonly #parts: GrowingMemoryParts;
  /** In the order in which they began. */
  readonly #growing: Set<number> = new Set();
  #isLooking = false;

  constructor(parts: GrowingMemoryParts) {
    this.#parts = parts;
  }

  /** A request begins to grow. */
  begin(request: number): void {
    this.#growing.add(request);
    if (!this.#isLooking) this.#lookLater();
  }

  /** It has all of its memory now; false when it had, or never grew. */
  finish(request: number): boolean {
    if (!this.#growing.delete(request)) return false;
    this.#holdAtLeast(request, this.#parts.whole(request));
    return true;
  }

  /** It is gone. */
  drop(request: number): void {
    this.#growing.delete(request);
  }

  /** All are gone, with the process. */
  clear(): void {
    this.#growing.clear();
  }

  /** The time of a look has come. */
  look(): void {
    this.#isLooking = false;
    if (this.#growing.size === 0) return;
    this.follow();
    this.#parts.followed?.();
    if (this.#growing.size > 0) this.#lookLater();
  }

  /** Brings all of them up to date. */
  follow(): void {
    const { first, whole, cpu, attained } = this.#parts;
    for (const request of this.#growing) {
      const least = first(request);
      const all = cpu(request);
      const share = all === 0 ? 1 : Math.min(1, attained(request) / all);
      this.#holdAtLeast(request, least + share * (whole(request) - least));
    }
  }

  #lookLater(): void {
    this.#isLooking = true;
    this.#parts.lookLater();
  }

  /** The cluster may have shrunk meanwhile: what is held stays. */
  #holdAtLeast(request: number, bytes: number): void {
    const more = Math.floor(bytes) - this.#parts.held(request);
    if (more > 0) this.#parts.hold(request, more);
  }
}
