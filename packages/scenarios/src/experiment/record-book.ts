/** Many records put together: each replication once, whoever delivered it and how often. */
import { readRecordLine, replicationLine, type RecordHeader } from './record.ts';
import { replicationKey, type Replication } from './replication.ts';
import type { ShardPart } from './shard.ts';

/** Replications by what tells them apart. Deliveries may repeat; they must not contradict one another. */
export class RecordBook {
  readonly #kept: Map<string, { readonly line: string; readonly place: string; readonly one: Replication }> = new Map();
  #duplicates = 0;

  /**
   * Counts a replication that was found at `place`, such as `study.ndjson:12`. Returns false if it was there already. Throws
   * RangeError, naming both places, when the same run is said to have come out differently: then one of them is wrong.
   */
  add(one: Replication, place: string): boolean {
    const key = replicationKey(one);
    const line = replicationLine(one);
    const known = this.#kept.get(key);
    if (known === undefined) {
      this.#kept.set(key, { line, place, one });
      return true;
    }
    if (known.line !== line) {
      throw new RangeError(
        `replications of seed ${one.seed} of document ${one.hash} differ: ${known.place} and ${place}. ` +
          'The same document, seed and engine must give the same numbers; one of the two was made by other code. ' +
          'Remove one of them, or make both anew.',
      );
    }
    this.#duplicates += 1;
    return false;
  }

  /** The replication of a run, if it is there. */
  get(run: Pick<Replication, 'hash' | 'engine' | 'seed' | 'until'>): Replication | undefined {
    return this.#kept.get(replicationKey(run))?.one;
  }

  /** How many there are, each counted once. */
  get size(): number {
    return this.#kept.size;
  }

  /** How often something came again. */
  get duplicates(): number {
    return this.#duplicates;
  }

  /** All of them, by document, end and seed (whole numbers by value): the same set gives the same list. */
  sorted(): Replication[] {
    return [...this.#kept.values()].map(({ one }) => one).sort(inOrder);
  }
}

/** Orders replications by engine, document, end - those without one last - and seed. */
export function inOrder(a: Replication, b: Replication): number {
  return (
    compared(a.engine, b.engine) ||
    compared(a.hash, b.hash) ||
    compared(a.until ?? Infinity, b.until ?? Infinity) ||
    compareSeeds(a.seed, b.seed)
  );
}

/** What the text of a file of records holds. */
export interface RecordText {
  /** Undefined where the first line is none. */
  readonly header: RecordHeader | undefined;
  /** Which share of a study it holds; undefined where it says nothing of shares. */
  readonly shard: ShardPart | undefined;
  readonly records: readonly { readonly line: number; readonly replication: Replication }[];
  /** Lines, counted from 1, that are not what was written. */
  readonly damaged: readonly { readonly line: number; readonly reason: string }[];
  /** Characters up to the end of the last whole line; what follows was torn off while it was written. */
  readonly wholeLength: number;
}

/** Reads the text of a file of records. A last line without its end is torn, whatever it says, and not read. */
export function readRecords(text: string): RecordText {
  const wholeLength = text.lastIndexOf('\n') + 1;
  const lines = text.slice(0, Math.max(0, wholeLength - 1)).split('\n');
  let header: RecordHeader | undefined;
  let shard: ShardPart | undefined;
  const records: { line: number; replication: Replication }[] = [];
  const damaged: { line: number; reason: string }[] = [];
  if (wholeLength > 0) {
    lines.forEach((content, index) => {
      const line = index + 1;
      const read = readRecordLine(content);
      if (read.kind === 'damaged') damaged.push({ line, reason: read.reason });
      else if (read.kind === 'replication') records.push({ line, replication: read.replication });
      else if (read.kind === 'shard' && shard === undefined) shard = read.shard;
      else if (read.kind === 'shard') damaged.push({ line, reason: 'a second share where a replication is expected' });
      else if (line === 1) header = read.header;
      else damaged.push({ line, reason: 'a header where a replication is expected' });
    });
  }
  return { header, shard, records, damaged, wholeLength };
}

function compareSeeds(a: string, b: string): number {
  const [first, second] = [a, b].map((seed) => /^(.*?)(\d{1,15})?$/.exec(seed)!);
  return (
    compared(first![1]!, second![1]!) || compared(Number(first![2] ?? -1), Number(second![2] ?? -1)) || compared(a, b)
  );
}

function compared<T extends number | string>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
