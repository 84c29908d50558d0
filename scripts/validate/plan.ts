/** What is to be run: tables of variants, each under several seeds, and the order in which that is useful when it is cut short. */
import { documentHash, type ScenarioDocument } from '@brownout/scenarios';

/** One row of a table: a document under several seeds. */
export interface Variant {
  /** Unique in its table; kebab case, `+` between parts. */
  readonly id: string;
  readonly title: string;
  /** How often, seeds counted from 1. */
  readonly replications: number;
  /** The document of a seed: nearly always the same for all. */
  readonly document: (seed: number) => ScenarioDocument;
}

/** A table of variants that are compared with one another. */
export interface TablePlan {
  /** Kebab case; the name of its data file. */
  readonly id: string;
  readonly title: string;
  readonly variants: readonly Variant[];
}

/** One run to be made. */
export interface Job {
  readonly table: string;
  readonly variant: string;
  readonly seed: number;
  readonly document: ScenarioDocument;
  readonly hash: string;
}

/**
 * All runs of the tables: the first seed of every variant, then the second of every variant, and so on; variants with more
 * seeds than others are spread so that all end together. Whatever stops the work half-way, every row has its share by then.
 * The same document and seed may appear in several tables: it is one run.
 */
export function jobsOf(tables: readonly TablePlan[]): Job[] {
  const ordered: { readonly place: number; readonly job: Job }[] = [];
  for (const table of tables) {
    for (const variant of table.variants) {
      for (let seed = 1; seed <= variant.replications; seed++) {
        const document = variant.document(seed);
        const job = { table: table.id, variant: variant.id, seed, document, hash: hashOf(document) };
        ordered.push({ place: (seed - 1) / variant.replications, job });
      }
    }
  }
  // Sorting is stable: equal places keep the order of tables and variants.
  return ordered.sort((a, b) => a.place - b.place).map(({ job }) => job);
}

const hashes = new WeakMap<ScenarioDocument, string>();

/** `documentHash`, worked out once for each document. */
export function hashOf(document: ScenarioDocument): string {
  const hash = hashes.get(document) ?? documentHash(document);
  hashes.set(document, hash);
  return hash;
}

/** Under which a run is stored and found again. */
export function keyOf(run: { readonly hash: string; readonly seed: number | string }, engine: string): string {
  return `${run.hash}/${engine}/${run.seed}`;
}

/** A variant whose document depends on the seed; each is made once. */
export function seededVariant(
  id: string,
  title: string,
  replications: number,
  document: (seed: number) => ScenarioDocument,
): Variant {
  const made = new Map<number, ScenarioDocument>();
  const remembered = (seed: number): ScenarioDocument => {
    const one = made.get(seed) ?? document(seed);
    made.set(seed, one);
    return one;
  };
  return { id, title, replications, document: remembered };
}

/** A variant with the same document for every seed. */
export function fixedVariant(id: string, title: string, replications: number, document: ScenarioDocument): Variant {
  return { id, title, replications, document: () => document };
}

/** Throws RangeError when two tables, or two variants of a table, share an id. */
export function checkPlan(tables: readonly TablePlan[]): void {
  for (const [what, ids] of [
    ['table', tables.map(({ id }) => id)] as const,
    ...tables.map((table) => [`variant of ${table.id}`, table.variants.map(({ id }) => id)] as const),
  ]) {
    const twice = ids.find((id, index) => ids.indexOf(id) !== index);
    if (twice !== undefined) throw new RangeError(`plan: expected ids that differ, got ${what} "${twice}" twice`);
  }
}
