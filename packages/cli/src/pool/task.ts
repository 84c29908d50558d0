/** What goes between the pool and its threads. Documents and progress lie in shared memory: no task copies them. */
import type { Replication, RunResult } from '@brownout/scenarios';

/** One run, as a thread is told of it. */
export interface RunTask {
  /** JSON of the document in UTF-8, shared by all threads. */
  readonly document: SharedArrayBuffer;
  readonly hash: string;
  readonly seed: string;
  readonly untilSeconds: number | undefined;
  /** Where the thread says how far it is, and hears that it shall stop; see `Board`. */
  readonly board: SharedArrayBuffer;
  readonly lane: number;
  /** Whether the whole result is wanted, besides the replication. */
  readonly wantsResult: boolean;
}

/** What comes back. */
export type RunAnswer =
  | { readonly kind: 'made'; readonly replication: Replication; readonly result: RunResult | undefined }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'failed'; readonly message: string; readonly timeSeconds: number | undefined };

/** Shared memory of one batch: a flag that stops all runs, and for each lane the share of its run that is done. */
export class Board {
  readonly memory: SharedArrayBuffer;
  readonly #stop: Int32Array;
  readonly #shares: Float64Array;

  /** A new board for so many lanes, or the one that lies in `memory`. */
  constructor(memory: number | SharedArrayBuffer) {
    this.memory = typeof memory === 'number' ? new SharedArrayBuffer(8 + 8 * memory) : memory;
    this.#stop = new Int32Array(this.memory, 0, 1);
    this.#shares = new Float64Array(this.memory, 8);
  }

  /** Asks all runs to stop where they are. */
  stop(): void {
    Atomics.store(this.#stop, 0, 1);
  }

  /** True once `stop` was called, by whichever thread. */
  get aborted(): boolean {
    return Atomics.load(this.#stop, 0) === 1;
  }

  /** Share of the run in a lane that is done, 0..1. */
  share(lane: number): number {
    return this.#shares[lane]!;
  }

  /** Says how far the run in a lane is. */
  setShare(lane: number, share: number): void {
    this.#shares[lane] = share;
  }
}
