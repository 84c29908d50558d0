import { engineVersion } from '@brownout/scenarios';
import type { Job, Worker } from 'bullmq';
import { hostname } from 'node:os';
import { answerTicket, checkEngine, readTicket, RefusedTicket, ticketText } from '../contract.ts';
import { RunsBroken } from '../../pool/errors.ts';
import type { RunMaker } from '../../pool/pool.ts';
import { connectRedis, type RedisConnection } from './connection.ts';
import { attemptsPerJob, DocumentShelf, keyPrefix, lossesPerJob, queueName } from './queue.ts';

/**
 * Takes jobs from a queue in Redis and makes them here. A job belongs to its worker while the worker renews its lock; a worker
 * that is killed, frozen or cut off no longer does, and the job goes to another. If the first one comes back with a result after
 * all, Redis refuses it: the lock is gone. So a job may be made twice, and its result is taken once.
 */

/** How a worker works. */
export interface WorkerOptions {
  /** Where Redis is. */
  readonly url: string;
  /** Jobs under way at a time. */
  readonly concurrency: number;
  /** A job of a worker that gives no sign of life for this long is given to another, in milliseconds. */
  readonly lockMilliseconds: number;
  /** Makes the runs of a job. */
  readonly maker: RunMaker;
  /** Told what happens, one line each. */
  readonly say: (text: string) => void;
}

/** A worker at work. */
export interface RunningWorker {
  /**
   * Takes no more jobs and waits for those under way; after `graceMilliseconds` they are broken off and go back to the queue,
   * where it does not count against them. Resolves when all is put in order.
   */
  stop(graceMilliseconds: number): Promise<void>;
}

/** Between two tries to get a job or to hand one in while Redis is away, in milliseconds. */
const pauseWithoutRedis = 500;

/** Connects and starts to take jobs. Throws `InputError` when Redis cannot be reached. */
export async function startWorker(options: WorkerOptions): Promise<RunningWorker> {
  const { url, concurrency, lockMilliseconds, say } = options;
  const connection = await connectRedis(url, say);
  const bullmq = await import('bullmq');
  const shelf = new DocumentShelf(connection.client);
  const handBack = new AbortController();
  const process = async (job: Job, token?: string, lockLost?: AbortSignal): Promise<string> => {
    const signal = AbortSignal.any([handBack.signal, ...(lockLost === undefined ? [] : [lockLost])]);
    try {
      return await makeJob(job, shelf, options, signal);
    } catch (error) {
      if (error instanceof RefusedTicket) throw new bullmq.UnrecoverableError(error.message);
      if (!handBack.signal.aborted) throw error instanceof RunsBroken ? new Error(error.runs[0]!.message) : error;
      await job.moveToWait(token);
      say(`${job.id}: returned to the queue`);
      throw new bullmq.WaitingError();
    }
  };
  const name = `${hostname()}:${globalThis.process.pid}`;
  const worker = new bullmq.Worker(queueName, (job, token, signal) => process(job, token, signal), {
    connection: connection.options,
    prefix: keyPrefix,
    name,
    concurrency,
    lockDuration: lockMilliseconds,
    stalledInterval: Math.ceil(lockMilliseconds / 2),
    maxStalledCount: lossesPerJob,
    runRetryDelay: pauseWithoutRedis,
  });
  tell(worker, say);
  try {
    await worker.waitUntilReady();
  } catch (error) {
    await worker.close(true);
    connection.close();
    throw error;
  }
  const times = concurrency === 1 ? 'one job at a time' : `${concurrency} jobs at a time`;
  say(`worker ${name}: waiting for jobs at ${connection.address.shown}, ${times}, engine ${engineVersion}`);
  return { stop: (grace) => stop(worker, connection, handBack, grace) };
}

async function makeJob(
  job: Job,
  shelf: DocumentShelf,
  { maker, say }: WorkerOptions,
  signal: AbortSignal,
): Promise<string> {
  const ticket = readTicket(job.data);
  checkEngine(ticket);
  const document = await shelf.get(ticket.hash);
  say(`${job.id}: ${ticketText(ticket)}: started`);
  return await answerTicket(ticket, document, maker, signal);
}

async function stop(
  worker: Worker,
  connection: RedisConnection,
  handBack: AbortController,
  graceMilliseconds: number,
): Promise<void> {
  const timer = setTimeout(() => handBack.abort(), graceMilliseconds);
  try {
    await worker.close();
  } finally {
    clearTimeout(timer);
    connection.close();
  }
}

/** Lines about jobs. Lost connections are told once, by the connection, and not by every command that met them. */
function tell(worker: Worker, say: (text: string) => void): void {
  worker.on('completed', (job) => {
    const seconds = ((job.finishedOn ?? 0) - (job.processedOn ?? 0)) / 1000;
    say(`${job.id}: made in ${seconds.toFixed(1)} s`);
  });
  worker.on('failed', (job, error) => {
    const attempt =
      error.name === 'UnrecoverableError' ? 'given up' : `attempt ${job?.attemptsMade} of ${attemptsPerJob}`;
    say(`${job?.id}: broke down (${attempt}): ${error.message.split('\n')[0]}`);
  });
  worker.on('stalled', (jobId) => say(`${jobId}: its worker was lost; back in the queue`));
  worker.on('lockRenewalFailed', (jobIds) => {
    for (const id of jobIds) worker.cancelJob(id, 'the lock is lost');
  });
  worker.on('error', (error) => {
    if (isConnectionError(error)) return;
    const id = /job (job-[0-9a-f]+)/.exec(error.message)?.[1];
    const isLost = /renew lock|missing lock|lock mismatch|missing key|not in the active/i.test(error.message);
    if (id !== undefined && isLost) say(`${id}: no longer ours; what was made of it here is not counted`);
    else say(`worker: ${error.message}`);
  });
}

function isConnectionError(error: Error): boolean {
  const code = 'code' in error ? String(error.code) : '';
  return /^E[A-Z]+$/.test(code) || /connection is closed|socket closed|^LOADING/i.test(error.message);
}
