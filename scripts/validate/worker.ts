/** The program of a worker thread: makes the runs it is sent, one after the other. See pool.ts. */
import { runScenario } from '@brownout/scenarios';
import { parentPort, workerData } from 'node:worker_threads';
import type { WorkerAnswer, WorkerInput, WorkerOrder } from './pool.ts';
import { rowOf } from './row.ts';

const { sources, stop } = workerData as WorkerInput;
const flag = new Int32Array(stop);
const abort = {
  get aborted(): boolean {
    return Atomics.load(flag, 0) === 1;
  },
};

function answer({ index, document, seed }: WorkerOrder): WorkerAnswer {
  const started = performance.now();
  try {
    const result = runScenario(document, { seed, abort });
    if (abort.aborted) return { index, isStopped: true };
    return { index, row: rowOf(result, document, sources), seconds: (performance.now() - started) / 1000 };
  } catch (error) {
    return { index, failure: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

const port = parentPort;
if (port === null) throw new Error('worker: expected to be started as a worker thread');
port.on('message', (order: WorkerOrder) => port.postMessage(answer(order)));
