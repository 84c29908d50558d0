/**
 * Replications on disk: one file per study, only ever appended to; its lines are those of `@brownout/scenarios`' records. A
 * process that is killed loses the runs it was at and nothing else. The disk is told to keep what it has (fsync) at most
 * once a second, and when the file is closed: a power cut loses the rows of the last second. What it tore is found by its
 * checksum, cut off, and made again.
 */
import { engineVersion, headerLine, readRecords, RecordBook, replicationLine, shardLine } from '@brownout/scenarios';
import type { RecordHeader, RecordText, Replication, ShardPart } from '@brownout/scenarios';
import { closeSync, fdatasyncSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { InputError } from '../input-error.ts';

/** A file of replications, open for more. */
export interface RecordFile {
  /** As shown to people. */
  readonly name: string;
  /** What it holds, each replication once. */
  readonly book: RecordBook;
  /** What was found when it was opened, for messages: nothing, or one line about each damaged or torn line. */
  readonly remarks: readonly string[];
  /** Replications it held when it was opened. */
  readonly found: number;
  /**
   * Says, before its first replication, which share of a study the file holds. Throws `InputError` when it holds another one,
   * or no share.
   */
  begin(part: ShardPart): void;
  /** Appends a replication, unless it is there already. Throws RangeError if it is there with other numbers. */
  add(replication: Replication): void;
  /** Has the disk keep everything, and closes the file. */
  close(): void;
}

/** Which file, and what for. */
export interface RecordFileOptions {
  readonly path: string;
  /** As shown to people. */
  readonly name: string;
  readonly header: Omit<RecordHeader, 'engine'>;
  /** Whether to go on from what the file holds; without it a file that is there is refused. */
  readonly resume: boolean;
}

/** The disk is told to keep what it has at most this often, in milliseconds. */
const syncEvery = 1000;

/** Opens the file, or makes it. Throws `InputError` when there is one that this study cannot or shall not go on from. */
export function openRecordFile({ path, name, header, resume }: RecordFileOptions): RecordFile {
  const wanted: RecordHeader = { ...header, engine: engineVersion };
  const text = textOf(path, name);
  const read = readRecords(text);
  const begun = '{"crc":"'.slice(0, text.length);
  if (read.wholeLength > 0 || !text.startsWith(begun)) checkHeader(read, wanted, name, resume);
  const book = bookOf(read, name);
  const found = book.size;
  const descriptor = opened(path, name);
  ftruncateSync(descriptor, read.wholeLength);
  if (read.wholeLength === 0) writeSync(descriptor, `${headerLine(wanted)}\n`);
  let syncedAt = performance.now();
  return {
    name,
    book,
    found,
    remarks: remarksOn(read, text, name, found),
    begin: (part) => {
      const line = shardLine(part);
      if (read.shard === undefined && found === 0) writeSync(descriptor, `${line}\n`);
      else if (read.shard === undefined || shardLine(read.shard) !== line) throw otherShare(name, part, read.shard);
    },
    add: (replication) => {
      if (!book.add(replication, 'a run made just now')) return;
      writeSync(descriptor, `${replicationLine(replication)}\n`);
      if (performance.now() - syncedAt < syncEvery) return;
      fdatasyncSync(descriptor);
      syncedAt = performance.now();
    },
    close: () => {
      fdatasyncSync(descriptor);
      closeSync(descriptor);
    },
  };
}

/** Throws `InputError` when two lines contradict one another. */
function bookOf({ records }: RecordText, name: string): RecordBook {
  const book = new RecordBook();
  try {
    for (const { line, replication } of records) book.add(replication, `${name}:${line}`);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new InputError(error.message);
  }
  return book;
}

function otherShare(name: string, { index, count }: ShardPart, there: ShardPart | undefined): InputError {
  const what =
    there === undefined
      ? 'runs of a whole study'
      : there.index === index && there.count === count
        ? 'this share of another list of runs'
        : `share ${there.index} of ${there.count}`;
  return new InputError(
    `"${name}" holds ${what}, asked for is share ${index} of ${count}. To start anew, remove it or choose another folder with --out.`,
  );
}

/** Lines are ASCII: one character is one byte, whatever else is in the file. */
function textOf(path: string, name: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return '';
    throw new InputError(`cannot read "${name}": ${String(error)}`);
  }
}

function opened(path: string, name: string): number {
  try {
    return openSync(path, 'a');
  } catch (error) {
    throw new InputError(`cannot write to "${name}": ${String(error)}`);
  }
}

function checkHeader({ header, records }: RecordText, wanted: RecordHeader, name: string, resume: boolean): void {
  const anew = `To start anew, remove it or choose another folder with --out`;
  if (header === undefined) {
    throw new InputError(`"${name}" does not begin like a file of replications, so nothing is added to it. ${anew}.`);
  }
  const differences = [
    ['engine', header.engine, wanted.engine],
    ['document', header.documents[0], wanted.documents[0]],
    ['base seed', header.seed, wanted.seed],
  ].filter(([, there, here]) => there !== here);
  if (differences.length > 0) {
    const [what, there, here] = differences[0]!;
    throw new InputError(
      `"${name}" is of another ${what}, ${there}; this study has ${here}. It was made by: brownout ` +
        `${header.arguments.join(' ')}. Its runs cannot be used here. ${anew}.`,
    );
  }
  if (resume) return;
  throw new InputError(
    `"${name}" holds ${records.length} replications of this study already. To go on from them, add --resume. ${anew}.`,
  );
}

function remarksOn(read: RecordText, text: string, name: string, found: number): string[] {
  const remarks = read.damaged.map(
    ({ line, reason }) => `${name}:${line}: damaged (${reason}); not counted, its run is made again`,
  );
  if (read.wholeLength < text.length) {
    const line = text.slice(0, read.wholeLength).split('\n').length;
    remarks.push(`${name}:${line}: torn while it was written; cut off, its run is made again`);
  }
  if (found > 0) remarks.push(`${name}: ${found} replications are there already`);
  return remarks;
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
