/** The program of the thread that runs a scenario; see background-run.ts. */
import { SimulationError } from '@brownout/core';
import { runScenario } from '@brownout/scenarios';
import { parentPort, workerData } from 'node:worker_threads';
import type { WorkerInput, WorkerMessage } from './background-run.ts';

/** Progress is sent at most this often, in milliseconds. */
const progressEvery = 100;

function run({ request, stop }: WorkerInput, send: (message: WorkerMessage) => void): WorkerMessage {
  const flag = new Int32Array(stop);
  let sentAt = -Infinity;
  const { document, origin, seed, untilSeconds, applied } = request;
  try {
    const result = runScenario(document, {
      seed,
      origin,
      applied,
      ...(untilSeconds === undefined ? {} : { untilSeconds }),
      abort: {
        get aborted() {
          return Atomics.load(flag, 0) === 1;
        },
      },
      onProgress: (simulatedSeconds, endSeconds) => {
        const now = performance.now();
        if (now - sentAt < progressEvery) return;
        sentAt = now;
        send({ kind: 'progress', simulatedSeconds, endSeconds });
      },
    });
    return { kind: 'result', result };
  } catch (error) {
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const timeSeconds = error instanceof SimulationError ? error.context?.timeSeconds : undefined;
    return { kind: 'failure', message, timeSeconds };
  }
}

const port = parentPort;
if (port === null) throw new Error('run-worker: expected to be started as a worker thread');
port.postMessage(run(workerData as WorkerInput, (message) => port.postMessage(message)));
