import { conduct, replicationLine, runHere, type Study, type Wanted } from '@brownout/scenarios';
import { afterAll, describe, expect, it } from 'vitest';
import { tinyDocument } from '../../test/tiny-document.ts';
import { conductOn } from './conduct-on.ts';
import { RunsBroken, RunsStopped } from './errors.ts';
import { createPool, type RunPool } from './pool.ts';
import type { MadeProgress } from './progress-meter.ts';

const document = await tinyDocument();
const other = await tinyDocument('1 min');

/** Runs of different length, so that later ones end first. */
const wanted: readonly Wanted[] = [90, 1, 30].flatMap((untilSeconds, index) => [
  { document, seed: String(index), untilSeconds },
  { document: other, seed: String(index) },
]);

const pools = [1, 2, 3].map((workers) => createPool({ workers }));
afterAll(async () => {
  await Promise.all(pools.map((pool) => pool.close()));
});
const [one, two] = pools as [RunPool, RunPool];

describe('a pool of threads', () => {
  it('gives the same bytes with one, two and three workers as without any, in the order asked for', async () => {
    const lines = runHere(wanted).map(replicationLine);
    for (const pool of pools) {
      const order: number[] = [];
      const made = await pool.make(wanted, { onMade: (_, index) => order.push(index) });
      expect(made.map(replicationLine)).toEqual(lines);
      expect([...order].sort((a, b) => a - b)).toEqual(wanted.map((_, index) => index));
    }
  });

  it('carries a study to the same end as this thread alone', async () => {
    function* study(): Study<string[]> {
      const digests: string[] = [];
      for (let index = 0; index < 4; index += 2) {
        const next = [0, 1].map((more) => ({ document, seed: String(index + more), untilSeconds: 5 }));
        for (const { digest } of yield next) digests.push(digest);
      }
      return digests;
    }
    expect(await conductOn(study(), two)).toEqual(conduct(study()));
  });

  it('makes nothing of nothing', async () => {
    expect(await two.make([])).toEqual([]);
  });

  it('hands over whole results where they are asked for, and only there', async () => {
    const results: (readonly [number, string])[] = [];
    const made = await two.make(wanted.slice(0, 3), {
      resultsOf: [1],
      onResult: ({ digest }, index) => results.push([index, digest]),
    });
    expect(results).toEqual([[1, made[1]!.digest]]);
  });

  it('tells how far all runs are', async () => {
    const told: MadeProgress[] = [];
    await two.make(wanted, { onProgress: (progress) => told.push(progress) });
    expect(told.at(-1)).toMatchObject({ done: 6, total: 6, share: 1, leftSeconds: 0, running: [] });
    for (const { share } of told) expect(share).toBeLessThanOrEqual(1);
  });
});

describe('when runs break down', () => {
  const broken = { ...document, clusters: [] };

  it('the others are made, and the error says which broke and how to see it again', async () => {
    const made: number[] = [];
    const promise = two.make(
      [
        { document: broken, seed: '7' },
        { document, seed: '8', untilSeconds: 1 },
        { document: broken, seed: '9' },
        { document, seed: '10', untilSeconds: 1 },
      ],
      { onMade: (_, index) => made.push(index) },
    );
    const error = await promise.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(RunsBroken);
    expect(made.sort()).toEqual([1, 3]);
    expect((error as RunsBroken).runs.map(({ wanted: { seed } }) => seed)).toEqual(['7', '9']);
    expect((error as RunsBroken).message).toMatch(
      /^the run of document "tiny" \(hash [0-9a-f]{16}\) with seed 7 broke down: DocumentError: .*clusters/,
    );
    expect((error as RunsBroken).message).toContain('again: brownout replay <that document> --seed 7');
  });

  it('a thread that runs out of memory takes its run with it and nothing else', async () => {
    const small = createPool({ workers: 1, heapMegabytes: 4 });
    const error = await small.make([{ document, seed: '1', untilSeconds: 1 }]).catch((reason: unknown) => reason);
    await small.close();
    expect((error as RunsBroken).message).toMatch(
      /with seed 1 until 1 s after the trigger broke down: its thread ended: .*memory/,
    );
    expect(await one.make([{ document, seed: '1', untilSeconds: 1 }])).toHaveLength(1);
  });
});

describe('an abort', () => {
  it('before the start makes no run', async () => {
    const error = await two.make(wanted, { signal: AbortSignal.abort() }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(RunsStopped);
    expect(error).toMatchObject({ made: 0, wanted: 6 });
  });

  it('stops the runs under way; what was made is handed on, and the threads serve the next batch', async () => {
    const long = await tinyDocument('45 min');
    const controller = new AbortController();
    const made: number[] = [];
    const promise = two.make(
      ['1', '2', '3'].flatMap((seed) => [
        { document, seed, untilSeconds: 1 },
        { document: long, seed },
      ]),
      {
        signal: controller.signal,
        onMade: (_, index) => {
          made.push(index);
          controller.abort();
        },
      },
    );
    await expect(promise).rejects.toThrow(/^stopped after [12] of 6 runs$/);
    expect(made[0]).toBe(0);
    expect(await two.make([{ document, seed: '1', untilSeconds: 1 }])).toHaveLength(1);
  });
});

describe('a pool', () => {
  it.each([0, 1.5, -1, 2000, NaN])('of %d workers is refused', (workers) => {
    expect(() => createPool({ workers })).toThrow(`pool: expected 1 to 1024 workers, got ${workers}`);
  });
});
