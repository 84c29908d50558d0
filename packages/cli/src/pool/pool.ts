/**
 * Runs on several threads. A run is synchronous and takes a core for itself, so there are as many lanes as cores: each takes
 * the next wanted run when it has made one. What is returned depends on the runs alone - not on the number of lanes, nor on
 * which run was finished first.
 */
import { type Replication, type RunResult, type Wanted } from '@brownout/scenarios';
import { availableParallelism, totalmem } from 'node:os';
import { type BrokenRun, RunsBroken, RunsStopped } from './errors.ts';
import { type Threads, threadsOf } from './piscina.ts';
import { type MadeProgress, ProgressMeter } from './progress-meter.ts';
import { sharedOf } from './shared-document.ts';
import { Board, type RunAnswer, type RunTask } from './task.ts';

/** How a batch is watched, stopped and handed on. */
export interface MakeOptions {
  /** Stops the runs under way where they are; nothing of them is kept. The batch then rejects with `RunsStopped`. */
  readonly signal?: AbortSignal;
  /** Called about ten times a second while runs are made, and when the last one is. */
  readonly onProgress?: (progress: MadeProgress) => void;
  /** Called with each replication as it comes, in whichever order; `index` counts the wanted runs from 0. */
  readonly onMade?: (replication: Replication, index: number) => void;
  /** Runs whose whole result is wanted as well; a result is large, so ask for few. */
  readonly resultsOf?: readonly number[];
  readonly onResult?: (result: RunResult, index: number) => void;
}

/** Something that makes runs: a pool, or a pool behind a file that remembers. */
export interface RunMaker {
  /**
   * Makes the wanted runs and returns their replications in the order asked for. Rejects with `RunsBroken` when some broke
   * down - after all others were made -, and with `RunsStopped` after a stop.
   */
  make(wanted: readonly Wanted[], options?: MakeOptions): Promise<readonly Replication[]>;
}

/** Threads that make runs, until they are closed. */
export interface RunPool extends RunMaker {
  readonly workers: number;
  /** Ends the threads; without it the process goes on living. */
  close(): Promise<void>;
}

/** How a pool is made. */
export interface PoolOptions {
  /** Runs made side by side; default as many as there are cores for this process. */
  readonly workers?: number;
  /** Largest heap of one thread in megabytes; default its part of three quarters of the memory, 4096 at most. */
  readonly heapMegabytes?: number;
}

/** Makes a pool; threads start with the first runs and serve all later ones. Throws RangeError for impossible numbers. */
export function createPool(options: PoolOptions = {}): RunPool {
  const workers = options.workers ?? availableParallelism();
  if (!(Number.isSafeInteger(workers) && workers >= 1 && workers <= mostWorkers)) {
    throw new RangeError(`pool: expected 1 to ${mostWorkers} workers, got ${workers}`);
  }
  const part = Math.floor((0.75 * memoryOfProcess()) / 2 ** 20 / workers);
  const heapMegabytes = options.heapMegabytes ?? Math.max(256, Math.min(4096, part));
  const program = new URL('./run-thread.ts', import.meta.url);
  const threads: Threads<RunTask, RunAnswer> = threadsOf({ program, count: workers, heapMegabytes });
  return {
    workers,
    make: (wanted, makeOptions = {}) => new Batch(threads, workers, wanted, makeOptions).make(),
    close: () => threads.close(),
  };
}

/** More threads than any machine has cores. */
export const mostWorkers = 1024;

/** Progress is told so often, in milliseconds. */
const progressEvery = 100;

/** Bytes that this process may use, as a container limits it. */
function memoryOfProcess(): number {
  const limit = process.constrainedMemory();
  return limit > 0 && limit < totalmem() ? limit : totalmem();
}

/** One list of wanted runs on its way. */
class Batch {
  readonly #threads: Threads<RunTask, RunAnswer>;
  readonly #wanted: readonly Wanted[];
  readonly #options: MakeOptions;
  readonly #board: Board;
  readonly #meter: ProgressMeter;
  readonly #lanes: number;
  readonly #made: (Replication | undefined)[];
  readonly #broken: (BrokenRun | undefined)[] = [];
  #next = 0;

  constructor(threads: Threads<RunTask, RunAnswer>, workers: number, wanted: readonly Wanted[], options: MakeOptions) {
    this.#threads = threads;
    this.#wanted = wanted;
    this.#options = options;
    this.#lanes = Math.min(workers, wanted.length);
    this.#board = new Board(this.#lanes);
    this.#meter = new ProgressMeter(wanted.length, this.#lanes, () => performance.now());
    this.#made = wanted.map(() => undefined);
  }

  async make(): Promise<readonly Replication[]> {
    const { signal, onProgress } = this.#options;
    const stop = (): void => this.#board.stop();
    signal?.addEventListener('abort', stop);
    if (signal?.aborted === true) stop();
    const tell = (): void => onProgress?.(this.#meter.read(this.#wanted, (lane) => this.#board.share(lane)));
    const timer = onProgress === undefined ? undefined : setInterval(tell, progressEvery);
    try {
      await Promise.all(Array.from({ length: this.#lanes }, (_, lane) => this.#workThrough(lane)));
    } finally {
      // A lane that ended with an error of ours takes the others along.
      stop();
      clearInterval(timer);
      signal?.removeEventListener('abort', stop);
    }
    tell();
    const broken = this.#broken.filter((one) => one !== undefined);
    if (broken.length > 0) throw new RunsBroken(broken);
    const made = this.#made.filter((one) => one !== undefined);
    if (made.length < this.#wanted.length) throw new RunsStopped(made.length, this.#wanted.length);
    return made;
  }

  async #workThrough(lane: number): Promise<void> {
    while (!this.#board.aborted && this.#next < this.#wanted.length) {
      const index = this.#next++;
      const wanted = this.#wanted[index]!;
      const { hash, json } = sharedOf(wanted.document);
      const answer = await this.#ask(wanted, index, lane, hash, json);
      this.#meter.ended(lane, answer.kind === 'made');
      if (answer.kind === 'failed') {
        this.#broken[index] = { wanted, hash, message: answer.message, timeSeconds: answer.timeSeconds };
      }
      if (answer.kind === 'made') this.#take(answer, index, hash);
    }
  }

  async #ask(
    { seed, untilSeconds }: Wanted,
    index: number,
    lane: number,
    hash: string,
    document: SharedArrayBuffer,
  ): Promise<RunAnswer> {
    const wantsResult = this.#options.resultsOf?.includes(index) === true;
    this.#board.setShare(lane, 0);
    this.#meter.began(lane, index);
    try {
      return await this.#threads.answer({
        document,
        hash,
        seed,
        untilSeconds,
        board: this.#board.memory,
        lane,
        wantsResult,
      });
    } catch (error) {
      // The thread is gone: out of memory, most likely. The next run gets a new one.
      const message = error instanceof Error ? error.message : String(error);
      return { kind: 'failed', message: `its thread ended: ${message}`, timeSeconds: undefined };
    }
  }

  #take({ replication, result }: Extract<RunAnswer, { kind: 'made' }>, index: number, hash: string): void {
    if (replication.hash !== hash) {
      throw new Error(`pool: the thread made document ${replication.hash}, asked for was ${hash}`);
    }
    this.#made[index] = replication;
    this.#options.onMade?.(replication, index);
    if (result !== undefined) this.#options.onResult?.(result, index);
  }
}
