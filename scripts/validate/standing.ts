/**
 * Which stored rows hold. A row holds when the present sources made it. One that other sources made holds as long as a run
 * of the same table, variant and document, made by both, came out the same: a comment that was edited costs one run per variant and
 * not thirty. Where the two differ, every row of that variant and document by those sources is void. Draws have a document
 * for each seed, and one says nothing of the next: each of them is run again.
 */
import type { Job } from './plan.ts';
import { keyOf } from './plan.ts';
import { isSameOutcome, type RunRow } from './row.ts';
import type { RowStore } from './store.ts';

/** Where the work stands. */
export interface Standing {
  /** Rows that hold, by key. */
  readonly rows: ReadonlyMap<string, RunRow>;
  /** Runs to be made now. */
  readonly todo: readonly Job[];
  /** Runs that need not be made if one of `todo` comes out as the row that is stored for it. */
  readonly waiting: number;
}

/** What the version and the sources of the engine are now. */
export interface Engine {
  readonly version: string;
  readonly sources: string;
}

/** Looks up all runs of a plan, in its order. A run that several tables ask for is to be made once. */
export function standingOf(jobs: readonly Job[], store: RowStore, engine: Engine): Standing {
  const verdicts = verdictsOf(jobs, store, engine);
  const rows = new Map<string, RunRow>();
  const todo = new Map<string, Job>();
  const probed = new Set<string>();
  const held = new Set<string>();
  for (const job of jobs) {
    const key = keyOf(job, engine.version);
    const row = store.get(key, engine.sources);
    const older = store.older(key, engine.sources);
    if (row !== undefined) rows.set(key, row);
    if (rows.has(key) || todo.has(key)) continue;
    const group = older === undefined ? '' : groupOf(job, older.sources);
    const verdict = older === undefined ? 'void' : verdicts.get(group);
    if (verdict === 'same') rows.set(key, older!);
    else if (verdict === undefined && probed.has(group)) held.add(key);
    else todo.set(key, job);
    if (verdict === undefined) probed.add(group);
  }
  for (const key of todo.keys()) held.delete(key);
  for (const key of rows.keys()) held.delete(key);
  return { rows, todo: [...todo.values()], waiting: held.size };
}

/** For each group of rows by other sources, whether they hold; groups without a run by both are missing. */
function verdictsOf(jobs: readonly Job[], store: RowStore, engine: Engine): Map<string, 'same' | 'void'> {
  const verdicts = new Map<string, 'same' | 'void'>();
  for (const job of jobs) {
    const key = keyOf(job, engine.version);
    const row = store.get(key, engine.sources);
    const older = store.older(key, engine.sources);
    if (row === undefined || older === undefined) continue;
    const group = groupOf(job, older.sources);
    if (!isSameOutcome(row, older)) verdicts.set(group, 'void');
    else if (!verdicts.has(group)) verdicts.set(group, 'same');
  }
  return verdicts;
}

function groupOf({ table, variant, hash }: Job, sources: string): string {
  return `${sources} ${table} ${variant} ${hash}`;
}
