/** Runs on as many threads as there are cores: a run is synchronous and takes a core for itself. */
import type { ScenarioDocument } from '@brownout/scenarios';
import { Worker } from 'node:worker_threads';
import { bundledProgram } from '../../packages/cli/src/source-programs.ts';
import type { Job } from './plan.ts';
import type { RunRow } from './row.ts';

/** Given to a thread when it starts. */
export interface WorkerInput {
  readonly sources: string;
  /** One 32-bit integer shared by all threads: 1 = stop. */
  readonly stop: SharedArrayBuffer;
}

/** Sent to a thread: one run. */
export interface WorkerOrder {
  readonly index: number;
  readonly document: ScenarioDocument;
  readonly seed: string;
}

/** Sent by a thread: the run's row, or that it was stopped, or why it broke down. */
export type WorkerAnswer =
  | { readonly index: number; readonly row: RunRow; readonly seconds: number }
  | { readonly index: number; readonly isStopped: true }
  | { readonly index: number; readonly failure: string };

/** What is to be done, and who hears of it. */
export interface PoolOptions {
  readonly threads: number;
  readonly sources: string;
  readonly onRow: (job: Job, row: RunRow, seconds: number) => void;
  readonly onFailure: (job: Job, failure: string) => void;
  /** Stops the runs under way where they are; nothing of them is kept. */
  readonly signal: AbortSignal;
}

/** Makes the runs in their order; resolves when all are made, or stopped. */
export async function runJobs(jobs: readonly Job[], options: PoolOptions): Promise<void> {
  const stop = new SharedArrayBuffer(4);
  const halt = (): void => void Atomics.store(new Int32Array(stop), 0, 1);
  options.signal.addEventListener('abort', halt);
  if (options.signal.aborted) halt();
  let next = 0;
  const take = (): number => (options.signal.aborted || next >= jobs.length ? -1 : next++);
  const threads = Math.max(1, Math.min(options.threads, jobs.length));
  try {
    await Promise.all(Array.from({ length: threads }, () => workThrough(jobs, take, stop, options)));
  } finally {
    options.signal.removeEventListener('abort', halt);
  }
}

/** One thread, from its start until nothing is left to take. */
function workThrough(
  jobs: readonly Job[],
  take: () => number,
  stop: SharedArrayBuffer,
  { sources, onRow, onFailure }: PoolOptions,
): Promise<void> {
  let index = take();
  if (index < 0) return Promise.resolve();
  const worker = startWorker({ sources, stop });
  const send = (): void => {
    const { document, seed } = jobs[index]!;
    worker.postMessage({ index, document, seed: String(seed) } satisfies WorkerOrder);
  };
  return new Promise((resolve, reject) => {
    worker.on('message', (answer: WorkerAnswer) => {
      const job = jobs[answer.index]!;
      if ('row' in answer) onRow(job, answer.row, answer.seconds);
      else if ('failure' in answer) onFailure(job, answer.failure);
      index = take();
      if (index >= 0) send();
      else void worker.terminate().then(() => resolve());
    });
    worker.on('error', reject);
    send();
  });
}

/** A thread inherits neither the loader that reads TypeScript nor, under a test runner, where packages have their sources. */
function startWorker(workerData: WorkerInput): Worker {
  return new Worker(bundledProgram(new URL('./worker.ts', import.meta.url)), { workerData, execArgv: [] });
}
