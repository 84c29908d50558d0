import type { RedisOptions } from 'bullmq';
import type { Redis } from 'ioredis';
import { InputError } from '../../input-error.ts';
import { readRedisAddress, type RedisAddress } from './address.ts';

/**
 * A connection to Redis that outlives restarts of it. The first connection must succeed at once, so that a wrong address is
 * told and not waited for; after that a lost connection is sought again for as long as the command runs.
 */

/** How long the first connection may take, in milliseconds. */
const firstConnectionWithin = 10_000;

/** Between two attempts to connect again, in milliseconds: growing, up to this. */
const longestPause = 2_000;

/** Redis, reachable. */
export interface RedisConnection {
  readonly address: RedisAddress;
  /** For our own keys; the queues open connections of their own. */
  readonly client: Redis;
  /** For connections that the queue library opens. */
  readonly options: RedisOptions;
  close(): void;
}

/** Connects to the Redis at a URL. Throws `InputError` when the URL is none or nobody answers. */
export async function connectRedis(url: string, say: (text: string) => void): Promise<RedisConnection> {
  const address = readRedisAddress(url);
  const { Redis } = await import('ioredis');
  const { host, port, username, password, db, hasTls } = address;
  const options: RedisOptions = {
    host,
    port,
    db,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(hasTls ? { tls: { servername: host } } : {}),
    maxRetriesPerRequest: null,
    retryStrategy: (times) => Math.min(100 * times, longestPause),
  };
  let isFirst = true;
  let lastError: Error | undefined;
  const client = new Redis({
    ...options,
    lazyConnect: true,
    connectTimeout: firstConnectionWithin,
    retryStrategy: (times) => (isFirst ? null : Math.min(100 * times, longestPause)),
  });
  client.on('error', (error: Error) => (lastError = error));
  try {
    await client.connect();
    await client.ping();
  } catch (error) {
    client.disconnect();
    throw new InputError(`cannot use Redis at ${address.shown}: ${reasonOf(lastError ?? error)}`);
  }
  isFirst = false;
  tellOfLosses(client, address, say, () => lastError);
  return { address, client, options, close: () => client.disconnect() };
}

/** One line when the connection is lost and one when it is back, however often it is tried in between. */
function tellOfLosses(
  client: Redis,
  { shown }: RedisAddress,
  say: (text: string) => void,
  lastError: () => Error | undefined,
): void {
  let isLost = false;
  client.on('reconnecting', () => {
    if (isLost) return;
    isLost = true;
    const error = lastError();
    say(`Redis at ${shown}: connection lost${error === undefined ? '' : ` (${reasonOf(error)})`}; trying again`);
  });
  client.on('ready', () => {
    if (isLost) say(`Redis at ${shown}: connected again`);
    isLost = false;
  });
}

/** The message of an error, or what Node puts in its place for several addresses tried in turn. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  return error.message === '' ? code : error.message;
}
