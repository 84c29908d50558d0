import { engineVersion, replicationLine, runHere, type Replication, type Wanted } from '@brownout/scenarios';
import { Queue, Worker } from 'bullmq';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noRedis, startRedis, type RedisUnderTest } from '../../../test/redis-server.ts';
import { tinyDocument } from '../../../test/tiny-document.ts';
import { Lines } from '../../../test/worker-process.ts';
import { RunsBroken, RunsStopped } from '../../pool/errors.ts';
import type { RunMaker } from '../../pool/pool.ts';
import { ticketId, ticketsOf, type Ticket } from '../contract.ts';
import { connectRedis, type RedisConnection } from './connection.ts';
import { keyPrefix, lossesPerJob, putDocument, queueName, queueOptions } from './queue.ts';
import { RedisMachines } from './sender.ts';
import { startWorker, type RunningWorker } from './worker.ts';

const document = await tinyDocument('1 min');
const seeds = (...all: number[]): Wanted[] => all.map((seed) => ({ document, seed: String(seed) }));
const patience = 60_000;

/** Makes runs on this thread. */
const here: RunMaker = {
  make: (wanted, { onMade, onResult } = {}) => {
    const made = runHere(wanted);
    made.forEach((one, index) => onMade?.(one, index));
    onResult?.({ digest: made[0]!.digest } as never, 0);
    return Promise.resolve(made);
  },
};

/** Makes nothing until it is told to stop. */
const never: RunMaker = {
  make: (wanted, { signal } = {}) =>
    new Promise((_, reject) => {
      signal?.addEventListener('abort', () => reject(new RunsStopped(0, wanted.length)));
    }),
};

describe.skipIf(noRedis !== undefined)(`jobs in Redis${noRedis === undefined ? '' : ` (${noRedis})`}`, () => {
  let redis: RedisUnderTest;
  let connection: RedisConnection;
  let queue: Queue;
  let machines: RedisMachines;
  const said = new Lines();

  beforeAll(async () => {
    redis = await startRedis();
    connection = await connectRedis(redis.url, said.say);
    queue = new Queue(queueName, { connection: connection.options, ...queueOptions });
    machines = await RedisMachines.connect({ url: redis.url, say: said.say, local: here, jobsInFlight: 3 });
  }, patience);

  afterAll(async () => {
    await machines?.close();
    await queue?.close();
    connection?.close();
    await redis?.remove();
  }, patience);

  async function worker(maker: RunMaker, lines: Lines = new Lines()): Promise<RunningWorker> {
    return await startWorker({ url: redis.url, concurrency: 1, lockMilliseconds: 5_000, maker, say: lines.say });
  }

  async function whileWorking<T>(maker: RunMaker, action: (lines: Lines) => Promise<T>): Promise<T> {
    const lines = new Lines();
    const running = await worker(maker, lines);
    try {
      return await action(lines);
    } finally {
      await running.stop(0);
    }
  }

  it('come back in the order asked for, each run once, and leave nothing but documents behind', async () => {
    const wanted = [...seeds(5, 3, 1, 3, 2), { document, seed: '1', untilSeconds: 30 }];
    const indexes: number[] = [];
    const shares: number[] = [];
    const all = await whileWorking(here, () =>
      machines.make(wanted, {
        onMade: (_, index) => indexes.push(index),
        onProgress: ({ share }) => shares.push(share),
      }),
    );
    expect(all.map(replicationLine)).toEqual(runHere(wanted).map(replicationLine));
    expect([...indexes].sort()).toEqual([0, 1, 2, 3, 4, 5]);
    expect(shares.at(-1)).toBe(1);
    const kept = (await connection.client.keys(`${keyPrefix}:*`)).filter((key) => /job-|document/.test(key));
    expect(kept).toEqual([expect.stringContaining(':document:')]);
    expect(await connection.client.ttl(kept[0]!)).toBeGreaterThan(0);
  });

  it('whose whole result is wanted are made here, the others there', async () => {
    const results: number[] = [];
    const all = await whileWorking(here, () =>
      machines.make(seeds(1, 2, 3), { resultsOf: [1], onResult: (_, index) => results.push(index) }),
    );
    expect([all.map(({ seed }) => seed), results]).toEqual([['1', '2', '3'], [1]]);
  });

  it('that a worker cannot finish in time go back, do not count as failed, and are made by another', async () => {
    const first = new Lines();
    const slow = await worker(never, first);
    const study = machines.make(seeds(9));
    await first.seen(/: started$/);
    await slow.stop(0);
    expect(first.all.at(-1)).toMatch(/returned to the queue/);
    const [id] = [ticketId(ticketsOf(seeds(9), 1).tickets[0]!)];
    const job = await queue.getJob(id);
    expect([job?.attemptsMade, job?.stalledCounter]).toEqual([0, 0]);
    const made = await whileWorking(here, () => study);
    expect(made.map(({ seed }) => seed)).toEqual(['9']);
  });

  it('of another engine are refused at once, and say so', async () => {
    const ticket: Ticket = { ...ticketsOf(seeds(1), 1).tickets[0]!, engine: '9.9.9' };
    await putDocument(connection.client, ticket.hash, document);
    const reason = await whileWorking(here, async (lines) => {
      await queue.add('runs', ticket, { jobId: 'job-00ff' });
      return await lines.seen(/job-00ff: broke down/);
    });
    expect(reason).toContain(
      `given up): the job asks for engine 9.9.9, this worker runs engine ${engineVersion}. Results of two engines are not mixed`,
    );
    await queue.remove('job-00ff');
  });

  it('whose document is not what its hash says are refused', async () => {
    const other = await tinyDocument('2 min');
    const ticket: Ticket = { ...ticketsOf([{ document: other, seed: '1' }], 1).tickets[0]!, hash: '0123456789abcdef' };
    await putDocument(connection.client, ticket.hash, other);
    const reason = await whileWorking(here, async (lines) => {
      await queue.add('runs', ticket, { jobId: 'job-00fe' });
      return await lines.seen(/job-00fe: broke down/);
    });
    expect(reason).toContain('the job names document 0123456789abcdef, the document under that name has hash');
    await queue.remove('job-00fe');
  });

  it('of several seeds, one of which breaks down, are made but for that one', async () => {
    const picky: RunMaker = {
      make: async (wanted, options) => {
        const bad = wanted.find(({ seed }) => seed === '3');
        if (bad === undefined) return await here.make(wanted, options);
        throw new RunsBroken([{ wanted: bad, hash: 'h', message: 'no luck with 3', timeSeconds: undefined }]);
      },
    };
    const pairs = await RedisMachines.connect({ url: redis.url, say: said.say, local: here, seedsPerJob: 4 });
    const made: string[] = [];
    const study = whileWorking(picky, () => pairs.make(seeds(1, 2, 3, 4), { onMade: ({ seed }) => made.push(seed) }));
    await expect(study).rejects.toMatchObject({ name: 'RunsBroken', runs: [{ message: 'no luck with 3' }] });
    expect([...made].sort()).toEqual(['1', '2', '4']);
    await pairs.close();
  });

  it('that nobody gets through alive are given up and named', async () => {
    // A worker that never renews its locks looks to Redis like one that dies over each job.
    const dying = new Worker(queueName, () => new Promise(() => undefined), {
      connection: connection.options,
      prefix: keyPrefix,
      concurrency: 20,
      lockDuration: 100,
      stalledInterval: 60,
      skipLockRenewal: true,
      maxStalledCount: lossesPerJob,
      drainDelay: 1,
    });
    dying.on('error', () => undefined);
    await expect(machines.make(seeds(4))).rejects.toThrow(/its worker was lost 4 times/);
    await dying.close(true);
  });

  it('are withdrawn when the study is stopped, and asked for again they are made', async () => {
    const stop = new AbortController();
    const lines = new Lines();
    const slow = await worker(never, lines);
    const study = machines.make(seeds(21, 22, 23, 24), { signal: stop.signal });
    await lines.seen(/: started$/);
    stop.abort();
    await expect(study).rejects.toBeInstanceOf(RunsStopped);
    expect(await queue.getWaitingCount()).toBe(0);
    await slow.stop(0);
    const made: readonly Replication[] = await whileWorking(here, () => machines.make(seeds(21, 22, 23, 24)));
    expect(made.map(({ seed }) => seed)).toEqual(['21', '22', '23', '24']);
  });

  it('wait when there is no worker, and somebody says so', async () => {
    const from = said.all.length;
    const stop = new AbortController();
    const study = machines.make(seeds(31), { signal: stop.signal });
    expect(await said.seen(/no worker at/, from)).toBe(
      `no worker at ${connection.address.shown}; start one with: brownout worker --redis ${connection.address.shown}`,
    );
    stop.abort();
    await expect(study).rejects.toBeInstanceOf(RunsStopped);
  });
});
