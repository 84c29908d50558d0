import type { AppliedMitigation, RunResult, ScenarioDocument } from '@brownout/scenarios';
import { Worker } from 'node:worker_threads';
import { bundledProgram } from './source-programs.ts';

/**
 * Runs a scenario on a thread of its own. A run is synchronous and takes seconds; away from the main thread, progress can be
 * drawn and an interrupt heard while it lasts.
 */

/** What is to be run; plain data, so it can be handed to a thread. */
export interface RunRequest {
  readonly document: ScenarioDocument;
  /** What messages call the document. */
  readonly origin: string;
  readonly seed: string;
  readonly untilSeconds: number | undefined;
  readonly applied: readonly AppliedMitigation[];
}

/** How far a run is, in seconds after the trigger. */
export type OnProgress = (simulatedSeconds: number, endSeconds: number) => void;

/** A run under way. */
export interface BackgroundRun {
  /** Rejects with `RunFailure` when the run breaks down. */
  readonly result: Promise<RunResult>;
  /** Asks the run to stop where it is; it then ends with the result up to there. */
  abort(): void;
}

/** Starts a run elsewhere. */
export type RunInBackground = (request: RunRequest, onProgress: OnProgress) => BackgroundRun;

/** A run that broke down: an error of ours, with what is needed to get there again. */
export class RunFailure extends Error {
  /** Where the simulation was, in seconds after its start, if it had got so far. */
  readonly timeSeconds: number | undefined;

  constructor(message: string, timeSeconds: number | undefined) {
    super(message);
    this.name = 'RunFailure';
    this.timeSeconds = timeSeconds;
  }
}

/** Given to the thread when it starts. */
export interface WorkerInput {
  readonly request: RunRequest;
  /** One 32-bit integer shared between the threads: 1 = stop. */
  readonly stop: SharedArrayBuffer;
}

/** Sent by the thread. */
export type WorkerMessage =
  | { readonly kind: 'progress'; readonly simulatedSeconds: number; readonly endSeconds: number }
  | { readonly kind: 'result'; readonly result: RunResult }
  | { readonly kind: 'failure'; readonly message: string; readonly timeSeconds: number | undefined };

/** Starts the thread: the built program beside this file, or its bundle when this file is the source. */
function startWorker(workerData: WorkerInput): Worker {
  if (!import.meta.url.endsWith('.ts')) return new Worker(new URL('./run-worker.js', import.meta.url), { workerData });
  const bundle = bundledProgram(new URL('./run-worker.ts', import.meta.url));
  // Without the loader that lets this thread read TypeScript.
  return new Worker(bundle, { workerData, execArgv: [] });
}

/** Runs on a worker thread. */
export const runInWorker: RunInBackground = (request, onProgress) => {
  const stop = new SharedArrayBuffer(4);
  const worker = startWorker({ request, stop });
  const result = new Promise<RunResult>((resolve, reject) => {
    worker.on('message', (message: WorkerMessage) => {
      if (message.kind === 'progress') onProgress(message.simulatedSeconds, message.endSeconds);
      else if (message.kind === 'result') resolve(message.result);
      else reject(new RunFailure(message.message, message.timeSeconds));
    });
    worker.on('error', reject);
    worker.on('exit', (code) => reject(new RunFailure(`the run's thread ended early (code ${code})`, undefined)));
  });
  return { result, abort: () => Atomics.store(new Int32Array(stop), 0, 1) };
};
