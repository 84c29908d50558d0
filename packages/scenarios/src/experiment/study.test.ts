import { describe, expect, it } from 'vitest';
import { jobOf, replicationKey, runsOf, seedAt, type Replication, type Wanted } from './replication.ts';
import { conduct, type Study } from './study.ts';
import { incidents } from '../incidents/index.ts';

const document = incidents[0]!.document();

function made({ seed }: Wanted): Replication {
  return { hash: 'h', engine: 'e', seed, until: null, digest: `d${seed}`, events: 1, measures: { x: Number(seed) } };
}

describe('a study', () => {
  function* untilTen(): Study<number> {
    let sum = 0;
    for (let index = 1; sum < 10; index += 2) {
      const wanted = [index, index + 1].map((seed) => ({ document, seed: String(seed) }));
      for (const { measures } of yield wanted) sum += measures['x'] ?? 0;
    }
    return sum;
  }

  it('is handed the runs it asked for, and decides from them what to ask next', () => {
    const asked: string[] = [];
    const sum = conduct(untilTen(), (wanted) => {
      asked.push(wanted.map(({ seed }) => seed).join('+'));
      return wanted.map(made);
    });
    expect([sum, asked]).toEqual([10, ['1+2', '3+4']]);
  });

  it('refuses an executor that loses a run', () => {
    expect(() => conduct(untilTen(), (wanted) => wanted.slice(1).map(made))).toThrow(
      'conduct: expected 2 replications, got 1',
    );
  });
});

describe('seeds of replications', () => {
  it('count on from a whole number and name the rest', () => {
    expect([seedAt('5', 0), seedAt('5', 2), seedAt('a', 0), seedAt('a', 2), seedAt('05', 1)]).toEqual([
      '5',
      '7',
      'a',
      'a/2',
      '05/1',
    ]);
  });

  it('of a job are those of its range, so that jobs cut anywhere make the same runs', () => {
    const seeds = (first: number, count: number): string[] =>
      runsOf(jobOf(document, { base: '1', first, count })).map(({ seed }) => seed);
    expect([...seeds(0, 3), ...seeds(3, 2)]).toEqual(seeds(0, 5));
  });

  it('tell runs apart together with document, engine and end', () => {
    const one = made({ document, seed: '1' });
    const keys = [one, { ...one, seed: '2' }, { ...one, hash: 'i' }, { ...one, engine: 'f' }, { ...one, until: 1 }];
    expect(new Set(keys.map(replicationKey)).size).toBe(5);
  });
});
