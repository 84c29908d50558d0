import type { QueueOptions } from 'bullmq';
import type { Redis } from 'ioredis';
import type { ScenarioDocument } from '@brownout/scenarios';

/** What senders and workers agree on in Redis: names of keys, limits, and how documents are laid down. */

/** All keys begin with it, so that a Redis can be shared. */
export const keyPrefix = 'brownout';

/** Name of the queue of jobs. */
export const queueName = 'jobs';

/** A job whose run breaks down is tried this often before it is given up. */
export const attemptsPerJob = 3;

/** A job whose worker is lost - killed, out of memory, cut off - is handed out again this often. */
export const lossesPerJob = 3;

/** What nobody fetches is kept this long, in seconds: results of a sender that was killed, documents. */
export const keptSeconds = 86_400;

/** At most this many finished jobs are kept that nobody has fetched. */
const keptJobs = 1_000;

/** About as many events are kept; whoever misses one finds out when it looks at its jobs. */
const keptEvents = 1_000;

/** Options of the queue, apart from its connection. */
export const queueOptions: Omit<QueueOptions, 'connection'> = {
  prefix: keyPrefix,
  streams: { events: { maxLen: keptEvents } },
  defaultJobOptions: {
    attempts: attemptsPerJob,
    backoff: { type: 'fixed', delay: 200 },
    removeOnComplete: { age: keptSeconds, count: keptJobs },
    removeOnFail: { age: keptSeconds, count: keptJobs },
    stackTraceLimit: 1,
    keepLogs: 0,
  },
};

function documentKey(hash: string): string {
  return `${keyPrefix}:document:${hash}`;
}

/** Lays a document down under its hash, or keeps it from going stale. */
export async function putDocument(client: Redis, hash: string, document: ScenarioDocument): Promise<void> {
  await client.set(documentKey(hash), JSON.stringify(document), 'EX', keptSeconds);
}

/** Documents by hash, the latest few in memory. */
export class DocumentShelf {
  readonly #client: Redis;
  readonly #kept: Map<string, ScenarioDocument> = new Map();
  readonly #limit: number;

  /** Keeps at most `limit` documents in memory; default 16. */
  constructor(client: Redis, limit = 16) {
    this.#client = client;
    this.#limit = limit;
  }

  /** What lies under a hash; who uses it checks that it is what it says. Throws Error when Redis has nothing there. */
  async get(hash: string): Promise<ScenarioDocument> {
    const known = this.#kept.get(hash);
    if (known !== undefined) return known;
    const text = await this.#client.get(documentKey(hash));
    // The sender puts it there again while it waits, so a later attempt may find it.
    if (text === null) throw new Error(`document ${hash} is not in Redis (evicted, or Redis lost its data)`);
    const document = JSON.parse(text) as ScenarioDocument;
    const oldest = this.#kept.keys().next().value;
    if (this.#kept.size >= this.#limit && oldest !== undefined) this.#kept.delete(oldest);
    this.#kept.set(hash, document);
    return document;
  }
}
