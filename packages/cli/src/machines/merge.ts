import {
  headerLine,
  plannedRuns,
  readRecords,
  RecordBook,
  replicationLine,
  shardOf,
  type PlannedRun,
  type RecordHeader,
  type RecordText,
  type ShardPart,
} from '@brownout/scenarios';
import { InputError } from '../input-error.ts';
import { commandText } from './arguments.ts';

/** Files of replications of one study, put together: the bytes of the file that one process alone writes. */

/** A file that was read. */
export interface NamedText {
  /** As shown to people. */
  readonly name: string;
  readonly text: string;
}

/** What came of it. */
export interface Merged {
  readonly text: string;
  readonly header: RecordHeader;
  /** Replications, each counted once. */
  readonly count: number;
  /** How often one was there again. */
  readonly duplicates: number;
  /** Lines that were not counted, for messages. */
  readonly remarks: readonly string[];
}

interface Read extends RecordText {
  readonly name: string;
  readonly header: RecordHeader;
  readonly isTorn: boolean;
}

/**
 * Merges files in any order, shares or whole files of one study. Replications stand in the order in which the study asks for
 * them; where no file says which those are, by document, end and seed. Throws `InputError` when files are not of one study, when
 * a run came out differently in two of them, and when runs are missing; the message says which, and how to make them.
 */
export function mergeTexts(files: readonly NamedText[]): Merged {
  const read = files.map(readFile);
  const first = read[0];
  if (first === undefined) throw new InputError('merge: expected at least one file');
  for (const other of read) checkSameStudy(first, other);
  const book = bookOf(read);
  const remarks = read.flatMap(remarksOn);
  const shared = planOf(read);
  const lines = shared === undefined ? book.sorted().map(replicationLine) : plannedLines(shared, first, book, remarks);
  const text = [headerLine(first.header), ...lines].map((line) => `${line}\n`).join('');
  return { text, header: first.header, count: lines.length, duplicates: book.duplicates, remarks };
}

function readFile({ name, text }: NamedText): Read {
  const read = readRecords(text);
  if (read.header !== undefined) return { ...read, name, header: read.header, isTorn: read.wholeLength < text.length };
  throw new InputError(`"${name}" does not begin like a file of replications`);
}

function checkSameStudy(one: Read, other: Read): void {
  const [a, b] = [one.header, other.header];
  const differences = [
    ['engine', a.engine, b.engine],
    ['documents', a.documents.join(', '), b.documents.join(', ')],
    ['base seed', a.seed, b.seed],
    ['study', commandText(a.arguments), commandText(b.arguments)],
  ].filter(([, here, there]) => here !== there);
  const [what, here, there] = differences[0] ?? [];
  if (what === undefined) return;
  throw new InputError(
    `merge: files of one study agree in their ${what}; "${one.name}" has ${here}, "${other.name}" has ${there}`,
  );
}

function bookOf(read: readonly Read[]): RecordBook {
  const book = new RecordBook();
  for (const { name, header, records } of read) {
    for (const { line, replication } of records) {
      if (replication.engine !== header.engine) {
        throw new InputError(
          `${name}:${line}: made by engine ${replication.engine} in a file of engine ${header.engine}; ` +
            'results of two engines are not mixed',
        );
      }
      try {
        book.add(replication, `${name}:${line}`);
      } catch (error) {
        throw new InputError(error instanceof Error ? error.message : String(error));
      }
    }
  }
  return book;
}

function remarksOn({ name, damaged, isTorn }: Read): string[] {
  return [
    ...damaged.map(({ line, reason }) => `${name}:${line}: damaged (${reason}); not counted`),
    ...(isTorn ? [`${name}: torn in its last line, which is not counted`] : []),
  ];
}

/** The plan that the shares agree on, and how many shares there are; undefined without shares. */
function planOf(read: readonly Read[]): ShardPart | undefined {
  const shares = read.filter(({ shard }) => shard !== undefined);
  const [first] = shares;
  for (const other of shares) {
    const [a, b] = [first!.shard!, other.shard!];
    if (a.count !== b.count) {
      throw new InputError(
        `merge: "${first!.name}" is one of ${a.count} shares, "${other.name}" one of ${b.count}; expected shares of one cut`,
      );
    }
    if (JSON.stringify(a.runs) === JSON.stringify(b.runs)) continue;
    throw new InputError(`merge: "${first!.name}" and "${other.name}" are shares of different lists of runs`);
  }
  return first?.shard;
}

function plannedLines(plan: ShardPart, first: Read, book: RecordBook, remarks: readonly string[]): string[] {
  const { engine } = first.header;
  const runs = plannedRuns(plan.runs);
  const found = runs.map((run) => book.get({ ...run, engine }));
  const missing = runs.flatMap((run, place) => (found[place] === undefined ? [{ run, place }] : []));
  if (missing.length > 0) throw new InputError([...remarks, ...missingText(missing, plan, first)].join('\n'));
  if (book.size > runs.length) {
    throw new InputError(`merge: ${book.size - runs.length} replications belong to none of the runs of this study`);
  }
  return found.map((one) => replicationLine(one!));
}

/** At most so many runs are named; the shares are all there. */
const namedRuns = 5;

function missingText(
  missing: readonly { readonly run: PlannedRun; readonly place: number }[],
  { count }: ShardPart,
  { header }: Read,
): string[] {
  const named = missing.slice(0, namedRuns).map(({ run }) => {
    const until = run.until === null ? '' : ` until ${run.until} s`;
    return `  seed ${run.seed} of document ${run.hash}${until}`;
  });
  const more = missing.length > namedRuns ? [`  and ${missing.length - namedRuns} more`] : [];
  const shares = [...new Set(missing.map(({ place }) => shardOf(place, count)))].sort((a, b) => a - b);
  const [these, again] = shares.length === 1 ? ['a share', 'Make it'] : [`${shares.length} shares`, 'Make them'];
  return [
    `merge: ${missing.length} replications of ${these} of ${count} are missing:`,
    ...named,
    ...more,
    `${again}, with --out as before and --resume to keep what there is:`,
    ...shares.map((index) => `  ${commandText([...header.arguments, '--shard', `${index}/${count}`, '--resume'])}`),
  ];
}
