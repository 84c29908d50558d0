/** A share of a study of fixed size, made apart from the others and put together with them later. */
import { seedAt, type Replication, type SeedRange } from './replication.ts';

/** Which share, and of what. Stands in the file of the share, so that whoever puts shares together sees what is missing. */
export interface ShardPart {
  /** From 1 to `count`. */
  readonly index: number;
  readonly count: number;
  /** All runs of the study in the order it asks for them, those of the other shares too. */
  readonly runs: readonly PlannedRuns[];
}

/** Runs of one document under consecutive seeds. */
export interface PlannedRuns {
  readonly hash: string;
  /** Seconds after the trigger at which they end early; `null` = at the end of the document's horizon. */
  readonly until: number | null;
  readonly seeds: SeedRange;
}

/** One run of a plan; with the engine of its file it tells a replication from every other. */
export type PlannedRun = Pick<Replication, 'hash' | 'until' | 'seed'>;

/** The runs of a plan one by one, in order. */
export function plannedRuns(runs: readonly PlannedRuns[]): PlannedRun[] {
  return runs.flatMap(({ hash, until, seeds }) =>
    Array.from({ length: seeds.count }, (_, i) => ({ hash, until, seed: seedAt(seeds.base, seeds.first + i) })),
  );
}

/**
 * The share, from 1 to `count`, that run number `place` (from 0) of a plan belongs to. Runs are dealt out one by one, so that
 * shares are equal to within one run, and each has runs of every document where there are many.
 */
export function shardOf(place: number, count: number): number {
  return (place % count) + 1;
}

/** Whether data that was read is a share. */
export function isShardPart(data: unknown): data is ShardPart {
  const { index, count, runs } = (data ?? {}) as Partial<ShardPart>;
  if (!isWhole(index, 1) || !isWhole(count, index) || !Array.isArray(runs)) return false;
  return runs.every((one: Partial<PlannedRuns> | null) => {
    const { hash, until, seeds } = one ?? {};
    if (typeof hash !== 'string' || !(until === null || typeof until === 'number')) return false;
    return typeof seeds?.base === 'string' && isWhole(seeds.first, 0) && isWhole(seeds.count, 1);
  });
}

function isWhole(value: unknown, least: number): value is number {
  return Number.isSafeInteger(value) && (value as number) >= least;
}
