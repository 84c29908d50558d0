import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { smallScenario } from '../../packages/scenarios/test/small-scenario.ts';
import { fixedVariant, type Job, jobsOf, seededVariant, type TablePlan } from './plan.ts';
import { standingOf } from './standing.ts';
import { RowStore } from './store.ts';
import { row } from './testing/small-study.ts';

const engine = { version: '0', sources: 'now' };
const plan = (nodes = 300): TablePlan[] => [
  {
    id: 'a',
    title: '',
    variants: [fixedVariant('x', '', 3, smallScenario()), fixedVariant('y', '', 3, smallScenario({ nodes }))],
  },
];
let folder: string;
let store: RowStore;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'brownout-standing-'));
  store = new RowStore(folder);
});
afterEach(() => rmSync(folder, { recursive: true }));

function made(job: Job, sources = 'now', digest = 'd'): void {
  store.add(job.table, row(job.seed, {}, { hash: job.hash, sources, digest }));
}

const names = (jobs: readonly Job[]): string[] => jobs.map(({ variant, seed }) => `${variant}${seed}`);

describe('what is to be run', () => {
  it('is what is not there, and the same run only once', () => {
    const jobs = jobsOf(plan());
    expect(names(standingOf(jobs, store, engine).todo)).toEqual(['x1', 'x2', 'x3']);
    made(jobs[0]!);
    expect(names(standingOf(jobs, store, engine).todo)).toEqual(['x2', 'x3']);
  });

  it('is only what changed when a document changes', () => {
    for (const job of jobsOf(plan(200))) made(job);
    const { todo, rows } = standingOf(jobsOf(plan(250)), store, engine);
    expect(names(todo)).toEqual(['y1', 'y2', 'y3']);
    expect(rows.size).toBe(3);
  });

  it('is everything when the version of the engine changes', () => {
    for (const job of jobsOf(plan(200))) made(job);
    expect(standingOf(jobsOf(plan(200)), store, { ...engine, version: '1' }).todo).toHaveLength(6);
  });
});

describe('rows that other sources made', () => {
  it('wait for one run of their variant', () => {
    for (const job of jobsOf(plan(200))) made(job, 'before');
    const { todo, waiting, rows } = standingOf(jobsOf(plan(200)), store, engine);
    expect(names(todo)).toEqual(['x1', 'y1']);
    expect([waiting, rows.size]).toEqual([4, 0]);
  });

  it('hold when that run came out the same, and are void where it did not', () => {
    const jobs = jobsOf(plan(200));
    for (const job of jobs) made(job, 'before');
    made(jobs[0]!, 'now', 'd');
    made(jobs[1]!, 'now', 'another');
    const { todo, waiting, rows } = standingOf(jobs, store, engine);
    expect(names(todo)).toEqual(['y2', 'y3']);
    expect(waiting).toBe(0);
    expect(rows.size).toBe(4);
    expect([...rows.values()].filter(({ sources }) => sources === 'before')).toHaveLength(2);
  });

  it('hold in every table that asks for the same document', () => {
    const x = fixedVariant('x', '', 2, smallScenario());
    const jobs = jobsOf([
      { id: 'a', title: '', variants: [x] },
      { id: 'b', title: '', variants: [{ ...x, replications: 4 }] },
    ]);
    for (const job of jobs) made(job, 'before');
    expect(names(standingOf(jobs, store, engine).todo)).toEqual(['x1']);
    expect(standingOf(jobs, store, engine).waiting).toBe(3);
    made(jobs[0]!, 'now', 'd');
    expect(standingOf(jobs, store, engine)).toMatchObject({ todo: [], waiting: 0 });
    expect(standingOf(jobs, store, engine).rows.size).toBe(4);
  });

  it('are void for good once any run of the variant differs', () => {
    const jobs = jobsOf(plan());
    for (const job of jobs) made(job, 'before');
    made(jobs[0]!, 'now', 'd');
    made(jobs[2]!, 'now', 'another');
    expect(names(standingOf(jobs, store, engine).todo)).toEqual(['x3']);
  });
});

describe('draws that other sources made', () => {
  const draw = (seed: number) => smallScenario({ nodes: 100 + seed });
  const draws = (count: number) =>
    jobsOf([{ id: 'draws', title: '', variants: [seededVariant('draw', '', count, draw)] }]);

  it('wait for one of each fifth of their seeds', () => {
    const jobs = draws(20);
    for (const job of jobs) made(job, 'before');
    const { todo, waiting, rows } = standingOf(jobs, store, engine);
    expect(names(todo)).toEqual(['draw1', 'draw5', 'draw9', 'draw13', 'draw17']);
    expect([waiting, rows.size]).toEqual([15, 0]);
  });

  it('hold when all five came out the same, and not before', () => {
    const jobs = draws(20);
    for (const job of jobs) made(job, 'before');
    for (const seed of [1, 5, 9, 13]) made(jobs[seed - 1]!, 'now', 'd');
    const before = standingOf(jobs, store, engine);
    expect([names(before.todo), before.waiting, before.rows.size]).toEqual([['draw17'], 15, 4]);
    made(jobs[16]!, 'now', 'd');
    const after = standingOf(jobs, store, engine);
    expect([after.todo, after.waiting, after.rows.size]).toEqual([[], 0, 20]);
  });

  it('do not hold for five that stand side by side', () => {
    const jobs = draws(50);
    for (const job of jobs) made(job, 'before');
    for (const job of jobs.slice(0, 5)) made(job, 'now', 'd');
    const { todo, waiting } = standingOf(jobs, store, engine);
    expect(names(todo)).toEqual(['draw11', 'draw21', 'draw31', 'draw41']);
    expect(waiting).toBe(41);
  });

  it('are all void when one of them differs, whatever the others say', () => {
    const jobs = draws(20);
    for (const job of jobs) made(job, 'before');
    for (const seed of [1, 5, 9, 13, 17]) made(jobs[seed - 1]!, 'now', 'd');
    made(jobs[6]!, 'now', 'another');
    const { todo, waiting, rows } = standingOf(jobs, store, engine);
    expect([todo.length, waiting, rows.size]).toEqual([14, 0, 6]);
  });

  it('are judged apart where different sources made them', () => {
    const jobs = draws(20);
    for (const job of jobs) made(job, job.seed <= 10 ? 'before' : 'long before');
    for (const seed of [1, 3, 5, 7, 9]) made(jobs[seed - 1]!, 'now', 'd');
    const { todo, waiting, rows } = standingOf(jobs, store, engine);
    expect(names(todo)).toEqual(['draw11', 'draw13', 'draw15', 'draw17', 'draw19']);
    expect([waiting, rows.size]).toEqual([5, 10]);
  });

  it('are made one by one where there are no more than five', () => {
    const jobs = draws(3);
    for (const job of jobs) made(job, 'before');
    expect(names(standingOf(jobs, store, engine).todo)).toEqual(['draw1', 'draw2', 'draw3']);
  });
});
