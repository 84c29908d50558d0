import type { Wanted, Replication } from '@brownout/scenarios';
import type { Queue, QueueEvents } from 'bullmq';
import type { MakeOptions, RunMaker } from '../../pool/pool.ts';
import { Collection } from './collection.ts';
import { connectRedis, type RedisConnection } from './connection.ts';
import { keyPrefix, queueName, queueOptions } from './queue.ts';

/** Makes runs on the workers at a Redis: the sending side, behind the same face as a pool of threads. */

/** How jobs are sent. */
export interface RedisMachinesOptions {
  /** Where Redis is: `redis://` or `rediss://`. */
  readonly url: string;
  /** Told what people should know, one line each: a connection that is lost, workers that are missing. */
  readonly say: (text: string) => void;
  /** Makes the few runs whose whole result is wanted: results are too large to travel. */
  readonly local: RunMaker;
  /** Consecutive seeds of one document that travel as one job; default 1. */
  readonly seedsPerJob?: number;
  /** Jobs in Redis at a time, which bounds the memory they take there; default 256. */
  readonly jobsInFlight?: number;
}

/** Workers at a Redis. */
export class RedisMachines implements RunMaker {
  readonly #options: RedisMachinesOptions;
  readonly #connection: RedisConnection;
  readonly #queue: Queue;
  readonly #events: QueueEvents;

  /** Connects. Throws `InputError` when the URL is none or Redis cannot be reached. */
  static async connect(options: RedisMachinesOptions): Promise<RedisMachines> {
    const connection = await connectRedis(options.url, options.say);
    const { Queue, QueueEvents } = await import('bullmq');
    const queue = new Queue(queueName, { connection: connection.options, ...queueOptions });
    const events = new QueueEvents(queueName, { connection: connection.options, prefix: keyPrefix });
    // A lost connection is told by our own connection; these must be listened to, or they end the process.
    queue.on('error', () => undefined);
    events.on('error', () => undefined);
    const machines = new RedisMachines(options, connection, queue, events);
    await Promise.all([queue.waitUntilReady(), events.waitUntilReady()]);
    return machines;
  }

  private constructor(options: RedisMachinesOptions, connection: RedisConnection, queue: Queue, events: QueueEvents) {
    this.#options = options;
    this.#connection = connection;
    this.#queue = queue;
    this.#events = events;
  }

  /** Has runs made, as `RunMaker` says. After a stop, jobs that nobody has begun are withdrawn. */
  async make(wanted: readonly Wanted[], options: MakeOptions = {}): Promise<readonly Replication[]> {
    const { seedsPerJob = 1, jobsInFlight = 256, say, local } = this.#options;
    const own = new Set(options.resultsOf ?? []);
    const indexes = wanted.map((_, index) => index);
    const sent = indexes.filter((index) => !own.has(index));
    const { client, address } = this.#connection;
    const collection = new Collection(
      { queue: this.#queue, client, shown: address.shown, seedsPerJob, jobsInFlight, say },
      sent.map((index) => wanted[index]!),
      partOf(options, sent),
    );
    const hear = ({ jobId, returnvalue }: { readonly jobId: string; readonly returnvalue?: unknown }): void =>
      collection.hear(jobId, typeof returnvalue === 'string' ? returnvalue : undefined);
    this.#events.on('completed', hear);
    this.#events.on('failed', hear);
    try {
      const parts = await Promise.allSettled([this.#makeHere(local, wanted, [...own], options), collection.collect()]);
      for (const part of parts) if (part.status === 'rejected') throw part.reason;
      const [here, there] = parts.map((part) => (part.status === 'fulfilled' ? part.value : []));
      const made = new Map<number, Replication>();
      [...own].forEach((index, i) => made.set(index, here![i]!));
      sent.forEach((index, i) => made.set(index, there![i]!));
      return indexes.map((index) => made.get(index)!);
    } finally {
      this.#events.off('completed', hear);
      this.#events.off('failed', hear);
    }
  }

  async #makeHere(
    local: RunMaker,
    wanted: readonly Wanted[],
    indexes: readonly number[],
    options: MakeOptions,
  ): Promise<readonly Replication[]> {
    if (indexes.length === 0) return [];
    const { signal, onMade, onResult } = partOf(options, indexes);
    return await local.make(
      indexes.map((index) => wanted[index]!),
      {
        ...(signal === undefined ? {} : { signal }),
        ...(onMade === undefined ? {} : { onMade }),
        ...(onResult === undefined ? {} : { onResult }),
        resultsOf: indexes.map((_, i) => i),
      },
    );
  }

  /** Lets go of Redis. */
  async close(): Promise<void> {
    await Promise.allSettled([this.#events.close(), this.#queue.close()]);
    this.#connection.close();
  }
}

/** The options for some of the runs, whose listeners count all of them. */
function partOf({ onMade, onResult, ...rest }: MakeOptions, indexes: readonly number[]): MakeOptions {
  return {
    ...rest,
    ...(onMade === undefined ? {} : { onMade: (one, i) => onMade(one, indexes[i]!) }),
    ...(onResult === undefined ? {} : { onResult: (result, i) => onResult(result, indexes[i]!) }),
  };
}
