/** A plan with the rows that are there: what tables and data files are made of. */
import { comparedValue } from '../../packages/scenarios/src/experiment/replication.ts';
import { hashOf, keyOf, type TablePlan, type Variant } from './plan.ts';
import type { RunRow } from './row.ts';

/** One variant and its runs. */
export interface VariantResult {
  readonly id: string;
  readonly title: string;
  /** Runs asked for. */
  readonly asked: number;
  /** Runs that are there, by seed; fewer than asked for as long as the work is not done. */
  readonly rows: readonly RunRow[];
}

/** One table and its variants. */
export interface TableResult {
  readonly id: string;
  readonly title: string;
  readonly variants: readonly VariantResult[];
}

/** Puts the rows that hold into the places of the plan. */
export function resultsOf(
  tables: readonly TablePlan[],
  rows: ReadonlyMap<string, RunRow>,
  version: string,
): TableResult[] {
  return tables.map(({ id, title, variants }) => ({
    id,
    title,
    variants: variants.map((variant) => ({
      id: variant.id,
      title: variant.title,
      asked: variant.replications,
      rows: rowsOf(variant, rows, version),
    })),
  }));
}

/**
 * One measure of a run. What did not happen is `Infinity` and ranks last, with one exception: where no cluster was lost,
 * recovery took no time.
 */
export function valueOf({ measures }: Pick<RunRow, 'measures'>, measure: string): number {
  return comparedValue(measures, measure) ?? Infinity;
}

/** The values of one measure over the runs of a variant, by seed. */
export function valuesOf(variant: Pick<VariantResult, 'rows'>, measure: string): number[] {
  return variant.rows.map((row) => valueOf(row, measure));
}

/** The runs that both variants have, in pairs of the same seed. */
export function pairsOf(first: VariantResult, second: VariantResult): (readonly [RunRow, RunRow])[] {
  const bySeed = new Map(first.rows.map((row) => [row.seed, row]));
  return second.rows.flatMap((row) => {
    const partner = bySeed.get(row.seed);
    return partner === undefined ? [] : [[partner, row] as const];
  });
}

/** A table or variant by its id. */
export function byId<T extends { readonly id: string }>(all: readonly T[], id: string): T | undefined {
  return all.find((one) => one.id === id);
}

/** The resources that failed first in a cluster, most frequent first, with their number of runs. */
export function resourcesText({ rows }: Pick<VariantResult, 'rows'>, cluster: string): string {
  const counts = new Map<string, number>();
  for (const { resources } of rows) {
    const resource = resources[cluster] ?? 'none';
    counts.set(resource, (counts.get(resource) ?? 0) + 1);
  }
  const sorted = [...counts].sort(([a, first], [b, second]) => second - first || (a < b ? -1 : 1));
  return sorted.map(([resource, count]) => (sorted.length === 1 ? resource : `${resource} (${count})`)).join(', ');
}

function rowsOf(variant: Variant, rows: ReadonlyMap<string, RunRow>, version: string): RunRow[] {
  const seeds = Array.from({ length: variant.replications }, (_, index) => index + 1);
  return seeds.flatMap((seed) => rows.get(keyOf({ hash: hashOf(variant.document(seed)), seed }, version)) ?? []);
}
