/** Memory of one process: what its requests hold beside its baseline, the limit it is killed at, and its peak. */
export class MemoryAccount {
  limitBytes: number;
  #heldBytes = 0;
  #peakBytes = 0;

  constructor(limitBytes: number) {
    this.limitBytes = limitBytes;
  }

  /** What requests hold now, in bytes. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** The most the process ever had, in bytes: the limit when it was killed for it. */
  get peakBytes(): number {
    return this.#peakBytes;
  }

  hold(bytes: number): void {
    this.#heldBytes += bytes;
  }

  release(bytes: number): void {
    this.#heldBytes -= bytes;
  }

  /** The process is gone and everything with it; its peak stays on record. */
  clear(): void {
    this.#heldBytes = 0;
  }

  /** Notes the present size; true when it is over the limit. */
  isExceededAt(bytes: number): boolean {
    this.#peakBytes = Math.max(this.#peakBytes, Math.min(bytes, this.limitBytes));
    return bytes > this.limitBytes;
  }
}
