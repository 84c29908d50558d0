/**
 * Which stored rows hold. A row holds when the present sources made it. One that other sources made holds as long as runs
 * of its kind, made by both, came out the same: a comment that was edited costs one run per variant and not thirty. Where
 * the two differ, every row of that kind by those sources is void.
 *
 * Rows of one document under several seeds are of one kind, and one run by both is enough. Draws have a document for each
 * seed: those of a table are of one kind, and since one says little of the next, one of each fifth of their seeds is asked.
 */
import type { Job } from './plan.ts';
import { keyOf } from './plan.ts';
import { isSameOutcome, type RunRow } from './row.ts';
import type { RowStore } from './store.ts';

/** Draws by other sources are asked in so many places, spread evenly over their seeds. */
const drawProbes = 5;

/** Where the work stands. */
export interface Standing {
  /** Rows that hold, by key. */
  readonly rows: ReadonlyMap<string, RunRow>;
  /** Runs to be made now. */
  readonly todo: readonly Job[];
  /** Runs that need not be made if those of `todo` come out as the rows that are stored for them. */
  readonly waiting: number;
}

/** What the version and the sources of the engine are now. */
export interface Engine {
  readonly version: string;
  readonly sources: string;
}

/** Looks up all runs of a plan, in its order. A run that several tables ask for is to be made once. */
export function standingOf(jobs: readonly Job[], store: RowStore, engine: Engine): Standing {
  const kinds = kindsOf(jobs, store, engine);
  const rows = new Map<string, RunRow>();
  const todo = new Map<string, Job>();
  const held = new Set<string>();
  for (const job of jobs) {
    const key = keyOf(job, engine.version);
    const row = store.get(key, engine.sources);
    const older = store.older(key, engine.sources);
    if (row !== undefined) rows.set(key, row);
    if (rows.has(key) || todo.has(key)) continue;
    const kind = kinds.get(key);
    if (kind?.verdict === 'same') rows.set(key, older!);
    else if (kind?.verdict === 'open' && !kind.probes.has(key)) held.add(key);
    else todo.set(key, job);
  }
  return { rows, todo: [...todo.values()], waiting: held.size };
}

/** Rows of one kind by the same other sources. */
interface Kind {
  readonly verdict: 'same' | 'void' | 'open';
  /** Runs that are to be made to know; none once it is known. */
  readonly probes: ReadonlySet<string>;
}

/** A run that other sources have made, and whether it came out the same; undefined as long as it was not made again. */
interface Member {
  readonly key: string;
  readonly seed: number;
  readonly isSame: boolean | undefined;
}

/** The kind of each run that other sources have made, by key. */
function kindsOf(jobs: readonly Job[], store: RowStore, engine: Engine): Map<string, Kind> {
  const drawn = variantsOfDraws(jobs);
  const kinds = new Map<string, { readonly members: Map<string, Member>; readonly parts: number }>();
  const seen = new Set<string>();
  for (const job of jobs) {
    const key = keyOf(job, engine.version);
    const older = store.older(key, engine.sources);
    if (older === undefined || seen.has(key)) continue;
    seen.add(key);
    const isDrawn = drawn.has(variantOf(job));
    // A document is of one kind whichever tables ask for it.
    const name = `${older.sources} ${isDrawn ? variantOf(job) : job.hash}`;
    const kind = kinds.get(name) ?? { members: new Map<string, Member>(), parts: isDrawn ? drawProbes : 1 };
    const row = store.get(key, engine.sources);
    kind.members.set(key, { key, seed: job.seed, isSame: row === undefined ? undefined : isSameOutcome(row, older) });
    kinds.set(name, kind);
  }
  const byKey = new Map<string, Kind>();
  for (const { members, parts } of kinds.values()) {
    const kind = judged([...members.values()], parts);
    for (const key of members.keys()) byKey.set(key, kind);
  }
  return byKey;
}

/** Every part of the members, by seed, has to have one that came out the same, and none may differ. */
function judged(members: readonly Member[], parts: number): Kind {
  if (members.some(({ isSame }) => isSame === false)) return { verdict: 'void', probes: new Set() };
  const ordered = [...members].sort((a, b) => a.seed - b.seed);
  const probes = new Set<string>();
  for (let part = 0; part < parts; part++) {
    const [from, to] = [part, part + 1].map((edge) => Math.floor((edge * ordered.length) / parts));
    const some = ordered.slice(from, to);
    if (some.length > 0 && !some.some(({ isSame }) => isSame === true)) probes.add(some[0]!.key);
  }
  return { verdict: probes.size === 0 ? 'same' : 'open', probes };
}

/** Variants that have another document for each seed. */
function variantsOfDraws(jobs: readonly Job[]): Set<string> {
  const hashes = new Map<string, string>();
  const drawn = new Set<string>();
  for (const job of jobs) {
    const variant = variantOf(job);
    if ((hashes.get(variant) ?? job.hash) !== job.hash) drawn.add(variant);
    hashes.set(variant, job.hash);
  }
  return drawn;
}

function variantOf({ table, variant }: Job): string {
  return `${table} ${variant}`;
}
