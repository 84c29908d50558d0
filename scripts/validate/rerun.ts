/** Which committed runs are made again by the tests, within a budget, and what becomes of them. */
import type { DataFile, DataRow } from './data-file.ts';
import { planFor, type Studied } from './incident-plan.ts';
import { hashOf, type Job } from './plan.ts';
import { byId } from './results.ts';
import type { RunRow } from './row.ts';
import { stemOf } from './smaller.ts';

/** Seeds of each variant that may be made again. */
const seedsChecked = 3;

/** A committed run and the job that makes it again. */
export interface Recheck {
  readonly job: Job;
  readonly committed: DataRow;
}

/** What a committed table holds against its plan. */
export interface Comparison {
  /** Runs whose document is no longer the one that was run, or that are in no plan any more. */
  readonly outdated: readonly string[];
  /** Runs with one of the first seeds. */
  readonly candidates: readonly Recheck[];
}

/** Compares the documents of a committed table with those that its plan makes now; nothing is run. */
export function compareDocuments(studied: Studied, data: DataFile): Comparison {
  const plan = byId(planFor(studied, data.size), data.table);
  const outdated: string[] = [];
  const candidates: Recheck[] = [];
  for (const { id, rows } of data.variants) {
    const variant = byId(plan?.variants ?? [], id);
    for (const committed of rows) {
      const seed = Number(committed.seed);
      const name = `${stemOf(data.incident, data.size)}.${data.table}/${id} seed ${seed}`;
      if (variant === undefined || seed > variant.replications) {
        outdated.push(`${name}: in no plan any more`);
        continue;
      }
      const document = variant.document(seed);
      const hash = hashOf(document);
      if (hash !== committed.hash) outdated.push(`${name}: document ${committed.hash}, now ${hash}`);
      else if (seed <= seedsChecked) {
        candidates.push({ job: { table: data.table, variant: id, seed, document, hash }, committed });
      }
    }
  }
  return { outdated, candidates };
}

/** What is made again, and what is left out. */
export interface Selection {
  readonly chosen: readonly Recheck[];
  readonly left: readonly Recheck[];
  /** Events of the runs that were chosen. */
  readonly events: number;
}

/**
 * Chooses runs until their events reach the budget: the first seed of the first variant of the first table - the incident
 * as it was - always, then the quickest of every table in turn. A run that several tables share is made once.
 */
export function choose(tables: readonly (readonly Recheck[])[], budget: number): Selection {
  const isNew = newcomers();
  const queues = tables.map((all) =>
    all.filter(isNew).sort((a, b) => a.committed.events - b.committed.events || a.job.seed - b.job.seed),
  );
  const first = tables[0]?.find(({ job }) => job.seed === 1);
  const chosen = first === undefined ? [] : [first];
  let events = first?.committed.events ?? 0;
  const turns = Math.max(0, ...queues.map(({ length }) => length));
  const ordered = Array.from({ length: turns }, (_, turn) => queues.flatMap((queue) => queue[turn] ?? [])).flat();
  const left: Recheck[] = [];
  for (const one of ordered) {
    if (one === first) continue;
    if (events + one.committed.events > budget) left.push(one);
    else {
      chosen.push(one);
      events += one.committed.events;
    }
  }
  return { chosen, left, events };
}

/**
 * Chooses runs until their events reach the budget, where there are far more than can be made again: spread over all tables
 * and variants, and other ones at every turn, so that all have had theirs after some turns. At least one is made.
 */
export function chooseInTurn(tables: readonly (readonly Recheck[])[], budget: number, turn: number): Selection {
  const all = tables.flat().filter(newcomers());
  const step = strideOf(all.length);
  const chosen: Recheck[] = [];
  let events = 0;
  for (let i = 0; i < all.length; i++) {
    const one = all[(turn + i * step) % all.length]!;
    if (chosen.length > 0 && events + one.committed.events > budget) break;
    chosen.push(one);
    events += one.committed.events;
  }
  const made = new Set(chosen);
  return { chosen, left: all.filter((one) => !made.has(one)), events };
}

/** Near the golden section of the length, which keeps any few steps far apart; without a common factor, so all are met. */
function strideOf(length: number): number {
  let step = Math.max(1, Math.round(length * 0.618));
  while (commonFactor(step, length) !== 1) step -= 1;
  return step;
}

function commonFactor(a: number, b: number): number {
  return b === 0 ? a : commonFactor(b, a % b);
}

/** True for a run the first time it is met: several tables may share it. */
function newcomers(): (one: Recheck) => boolean {
  const seen = new Set<string>();
  return ({ job }) => {
    const key = `${job.hash}/${job.seed}`;
    return !seen.has(key) && seen.add(key) !== undefined;
  };
}

/** What differs between a committed run and the same run made now; '' when nothing does. */
export function differenceOf({ job, committed }: Recheck, row: RunRow): string {
  const name = `${job.table}/${job.variant} seed ${job.seed}`;
  const different = Object.keys({ ...row.measures, ...committed.measures }).filter(
    (measure) => (row.measures[measure] ?? null) !== (committed.measures[measure] ?? null),
  );
  const shown = different.slice(0, 5).map((measure) => {
    return `${measure} ${committed.measures[measure] ?? 'never'}, now ${row.measures[measure] ?? 'never'}`;
  });
  if (JSON.stringify(row.resources) !== JSON.stringify(committed.resources)) shown.push('first failures differ');
  if (row.digest !== committed.digest) shown.unshift(`digest ${committed.digest}, now ${row.digest}`);
  return shown.length === 0 ? '' : `${name}: ${shown.join('; ')}`;
}
