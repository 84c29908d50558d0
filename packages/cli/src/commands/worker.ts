import { readTime } from '@brownout/scenarios';
import type { CommandContext } from '../context.ts';
import { exitOk } from '../exit-codes.ts';
import { InputError } from '../input-error.ts';
import { redisUrlOf } from '../machines/redis/address.ts';
import { createPool, mostWorkers } from '../pool/pool.ts';
import type { WorkerCommandOptions } from '../program-machines.ts';

/** `brownout worker`: makes the runs of studies elsewhere until it is told to end. */

/** Works until an interrupt or SIGTERM, hands back what it cannot finish in time, and returns the exit code. */
export async function worker(options: WorkerCommandOptions, context: CommandContext): Promise<number> {
  const url = redisUrlOf(options.redis, context.environment);
  if (url === undefined) throw new InputError('worker: expected --redis <url>, or BROWNOUT_REDIS in the environment');
  const concurrency = readConcurrency(options.concurrency);
  const graceMilliseconds = readMilliseconds('--grace', options.grace, 0);
  const lockMilliseconds = readMilliseconds('--lock', options.lock, shortestLock);
  const say = (text: string): void => context.stderr.write(`${text}\n`);
  const { startWorker } = await import('../machines/redis/worker.ts');
  const pool = createPool(concurrency === undefined ? {} : { workers: concurrency });
  try {
    const running = await startWorker({ url, concurrency: pool.workers, lockMilliseconds, maker: pool, say });
    await toldToEnd(context);
    say(`worker: ending; jobs under way have ${options.grace}`);
    await running.stop(graceMilliseconds);
    say('worker: ended');
    return exitOk;
  } finally {
    await pool.close();
  }
}

/** Locks are renewed four times in their life; below this a busy machine would lose jobs that it is making. */
const shortestLock = 1_000;

function toldToEnd(context: CommandContext): Promise<void> {
  return new Promise((resolve) => {
    context.onInterrupt(resolve);
    context.onTerminate(resolve);
  });
}

function readConcurrency(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const count = Number(text);
  if (/^\d+$/.test(text) && count >= 1 && count <= mostWorkers) return count;
  throw new InputError(`--concurrency: expected a whole number from 1 to ${mostWorkers}, got ${JSON.stringify(text)}`);
}

function readMilliseconds(option: string, text: string, least: number): number {
  const reading = readTime(text);
  const got = `got ${JSON.stringify(text)}`;
  if (reading.problem !== undefined) {
    throw new InputError(`${option}: expected a time such as 30s, ${got}: ${reading.problem}`);
  }
  const milliseconds = reading.value / 1000;
  if (milliseconds >= least) return milliseconds;
  throw new InputError(`${option}: expected at least ${least / 1000} s, ${got}`);
}
