/** The same model under many seeds: the only honest way to say how sure a result is. */
import { meanInterval, type Interval } from './interval.ts';

/** How often, and how sure. */
export interface ReplicateOptions {
  /** At least 2. */
  readonly replications: number;
  /** Level of the intervals, default 0.99. */
  readonly level?: number;
  /** Called after each replication with how many are done. */
  readonly onProgress?: (done: number) => void;
}

/** One measure over all replications. */
export interface Replicated {
  /** By replication. */
  readonly values: readonly number[];
  readonly interval: Interval;
}

/**
 * Calls `run` with the replication numbers 0, 1, 2, ... - to be handed to `new Simulation({ seed, replication })`, which
 * then draws independent numbers - and summarises what it returns: one number, or several by name.
 */
export function replicate(options: ReplicateOptions, run: (replication: number) => number): Replicated;
export function replicate<Name extends string>(
  options: ReplicateOptions,
  run: (replication: number) => Readonly<Record<Name, number>>,
): Readonly<Record<Name, Replicated>>;
export function replicate(
  options: ReplicateOptions,
  run: (replication: number) => number | Readonly<Record<string, number>>,
): Replicated | Readonly<Record<string, Replicated>> {
  const { replications, level = 0.99, onProgress } = options;
  if (!(Number.isSafeInteger(replications) && replications >= 2)) {
    throw new RangeError(`replicate: replications must be a whole number >= 2, got ${replications}`);
  }
  const columns = new Map<string, number[]>();
  let isSingle = false;
  for (let replication = 0; replication < replications; replication++) {
    const result = run(replication);
    isSingle = typeof result === 'number';
    addRow(columns, typeof result === 'number' ? { [SINGLE]: result } : result, replication);
    onProgress?.(replication + 1);
  }
  const measured = [...columns].map(
    ([name, values]) => [name, { values, interval: meanInterval(values, level) }] as const,
  );
  return isSingle ? measured[0]![1] : Object.fromEntries(measured);
}

const SINGLE = 'the result';

function addRow(columns: Map<string, number[]>, row: Readonly<Record<string, number>>, replication: number): void {
  const names = Object.keys(row);
  if (replication === 0) for (const name of names) columns.set(name, []);
  const expected = [...columns.keys()];
  if (names.length !== expected.length || !names.every((name) => columns.has(name))) {
    throw new RangeError(
      `replicate: replication ${replication} measured [${names.join(', ')}], the first one [${expected.join(', ')}]`,
    );
  }
  for (const [name, value] of Object.entries(row)) {
    if (!Number.isFinite(value))
      throw new RangeError(`replicate: replication ${replication} gave ${value} for ${name}`);
    columns.get(name)!.push(value);
  }
}
