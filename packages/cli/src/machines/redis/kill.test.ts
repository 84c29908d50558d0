/**
 * What may happen to workers and to Redis while a study runs, done to real ones. After each: the result has the bytes that one
 * process alone gives, every replication was handed on once, and Redis holds no job any more.
 */
import { replicationLine, runHere, type Wanted } from '@brownout/scenarios';
import { Queue } from 'bullmq';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { noRedis, startRedis, type RedisUnderTest } from '../../../test/redis-server.ts';
import { tinyDocument } from '../../../test/tiny-document.ts';
import { Lines, startWorkerProcess, type WorkerProcess } from '../../../test/worker-process.ts';
import { createPool, type RunPool } from '../../pool/pool.ts';
import { connectRedis } from './connection.ts';
import { queueName, queueOptions } from './queue.ts';
import { RedisMachines } from './sender.ts';

/** Two hours of a few nodes: some tenths of a second. */
const document = await tinyDocument('2 h');
const seeds = (count: number): Wanted[] => Array.from({ length: count }, (_, i) => ({ document, seed: String(i + 1) }));
const most = 8;
const patience = 120_000;
const lock = ['--lock', '3s'];

describe.skipIf(noRedis !== undefined)(`on a real Redis${noRedis === undefined ? '' : ` (${noRedis})`}`, () => {
  let redis: RedisUnderTest;
  let local: RunPool;
  let machines: RedisMachines;
  let steady: WorkerProcess;
  let victim: WorkerProcess;
  let frozen: WorkerProcess;
  let expected: readonly string[];
  const said = new Lines();
  const processes: WorkerProcess[] = [];

  beforeAll(async () => {
    redis = await startRedis('secret-word');
    local = createPool({ workers: 1 });
    machines = await RedisMachines.connect({ url: redis.url, say: said.say, local, seedsPerJob: 2 });
    const started = await Promise.all([0, 1, 2].map(() => startWorkerProcess(redis.url, lock)));
    processes.push(...started);
    [steady, victim, frozen] = started as [WorkerProcess, WorkerProcess, WorkerProcess];
    expected = runHere(seeds(most)).map(replicationLine);
  }, patience);

  afterAll(async () => {
    for (const one of processes) one.kill('SIGKILL');
    await Promise.allSettled(processes.map(({ ended }) => ended));
    await machines?.close();
    await local?.close();
    await redis?.remove();
  }, patience);

  let handedOn: number[];
  beforeEach(() => void (handedOn = []));

  async function made(wanted: readonly Wanted[]): Promise<void> {
    const all = await machines.make(wanted, { onMade: (_, index) => handedOn.push(index) });
    expect(all.map(replicationLine)).toEqual(expected.slice(0, wanted.length));
    expect([...handedOn].sort((a, b) => a - b)).toEqual(wanted.map((_, index) => index));
    expect(await jobsInRedis()).toEqual(0);
  }

  async function jobsInRedis(): Promise<number> {
    const { options, close } = await connectRedis(redis.url, said.say);
    const queue = new Queue(queueName, { connection: options, ...queueOptions });
    const counts = await queue.getJobCounts();
    await queue.close();
    close();
    return Object.values(counts).reduce((sum, count) => sum + count, 0);
  }

  /** Asks for runs until this worker has taken a job of them: on a busy machine the others may be quicker. */
  async function takenBy(worker: WorkerProcess): Promise<{ readonly id: string; readonly study: Promise<void> }> {
    for (;;) {
      handedOn = [];
      const study = made(seeds(most));
      const taken = worker.lines.seen(/: started$/, worker.lines.all.length);
      const line = await Promise.race([taken, study]);
      if (line !== undefined) return { id: line.split(':')[0]!, study };
    }
  }

  function madeBy(worker: WorkerProcess, id: string, from = 0): boolean {
    return worker.lines.all.slice(from).some((line) => line.startsWith(`${id}: made`));
  }

  it('a worker killed in the middle of a job: another makes it', async () => {
    const before = victim.lines.all.length;
    const { id, study } = await takenBy(victim);
    victim.kill('SIGKILL');
    await victim.ended;
    await study;
    expect([madeBy(victim, id, before), madeBy(steady, id) || madeBy(frozen, id)]).toEqual([false, true]);
  });

  it('a worker frozen until its job was made by another: what it hands in afterwards is not counted', async () => {
    const before = frozen.lines.all.length;
    const { id, study } = await takenBy(frozen);
    frozen.kill('SIGSTOP');
    await study;
    frozen.kill('SIGCONT');
    await frozen.lines.seen(new RegExp(`^${id}: no longer ours`), before);
    expect(madeBy(frozen, id, before)).toBe(false);
    expect([await jobsInRedis(), handedOn.length]).toEqual([0, most]);
    frozen.kill('SIGTERM');
    expect(await frozen.ended).toBe(0);
  });

  it.each(['as it was', 'empty'] as const)(
    'Redis killed in the middle of a study and started again, its disk %s',
    async (disk) => {
      const [before, saidBefore] = [steady.lines.all.length, said.all.length];
      const study = made(seeds(most));
      await steady.lines.seen(/: made in/, before);
      await steady.lines.seen(/: started$/, before + 2);
      await redis.kill();
      await Promise.all([steady.lines.seen(/connection lost/, before), said.seen(/connection lost/, saidBefore)]);
      await redis.start(disk);
      await study;
      await said.seen(/connected again/, saidBefore);
    },
  );

  it('a run that breaks down is tried three times and named, with how to get there again; all others are made', async () => {
    const before = steady.lines.all.length;
    const poison = { ...document, horizon: { start: '-2 min', end: '-3 min' } };
    const wanted = [...seeds(2), { document: poison, seed: '7' }, ...seeds(4).slice(2)];
    const study = machines.make(wanted, { onMade: (_, index) => handedOn.push(index) });
    await expect(study).rejects.toMatchObject({
      name: 'RunsBroken',
      runs: [{ wanted: { seed: '7' } }],
      message: expect.stringMatching(/seed 7 broke down[^]*horizon[^]*again: brownout replay .* --seed 7/) as string,
    });
    expect([...handedOn].sort()).toEqual([0, 1, 3, 4]);
    expect(steady.lines.all.slice(before).filter((line) => /broke down \(attempt \d of 3\)/.test(line)).length).toBe(3);
    expect(await jobsInRedis()).toBe(0);
  });

  it('the same runs asked for by two at once are made once, and both have them', async () => {
    const before = steady.lines.all.length;
    const other = await RedisMachines.connect({ url: redis.url, say: said.say, local, seedsPerJob: 2 });
    const [first, second] = await Promise.all([machines.make(seeds(4)), other.make(seeds(4))]);
    await other.close();
    expect([first, second].map((all) => all.map(replicationLine))).toEqual([
      expected.slice(0, 4),
      expected.slice(0, 4),
    ]);
    expect(steady.lines.all.slice(before).filter((line) => /: made in/.test(line)).length).toBe(2);
  });

  it('a worker told to end while it waits ends with exit code 0, and no line ever holds the password', async () => {
    steady.kill('SIGTERM');
    expect(await steady.ended).toBe(0);
    const lines = [said, ...processes.map((one) => one.lines)].flatMap(({ all }) => all);
    expect(lines.join('\n')).toContain('redis://:***@127.0.0.1:');
    expect(lines.filter((line) => line.includes('secret-word'))).toEqual([]);
  });
});
