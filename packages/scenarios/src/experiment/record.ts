/**
 * Replications as lines of text, for files, queues and other machines. A line is JSON in ASCII whose first key is the
 * CRC-32 of the rest, so that a line that was torn or overwritten is recognised wherever it turns up:
 *
 *     {"crc":"8a4cf3d1","schema":"brownout/replications@1","engine":"0.1.0","documents":["…"],"seed":"1",…}
 *     {"crc":"0b7e9c55","hash":"…","engine":"0.1.0","seed":"1","until":null,"digest":"…","events":12,"measures":{…}}
 *
 * The first line of a file is its header; each one after it a replication. Equal replications give equal lines. A file that
 * holds a share of a study says in its second line which.
 */
import { crc32 } from './crc32.ts';
import type { MeasureValues, Replication } from './replication.ts';
import { isShardPart, type ShardPart } from './shard.ts';

/** Written into every header; another number after the `@` means another format. */
export const recordSchema = 'brownout/replications@1';

/** What a file of replications says about itself. */
export interface RecordHeader {
  /** Version of the engine that makes the replications below. */
  readonly engine: string;
  /** Hashes of the documents that were known at the start, the baseline first; a search may come upon more. */
  readonly documents: readonly string[];
  /** The base of the seeds, see `seedAt`. */
  readonly seed: string;
  /** What is studied, for people. */
  readonly title: string;
  /** What was asked for, as typed; for people, who want to ask for it again. */
  readonly arguments: readonly string[];
}

/** What a line turned out to hold. */
export type RecordLine =
  | { readonly kind: 'header'; readonly header: RecordHeader }
  | { readonly kind: 'replication'; readonly replication: Replication }
  | { readonly kind: 'shard'; readonly shard: ShardPart }
  /** Not what was written, or not by us: never counted. */
  | { readonly kind: 'damaged'; readonly reason: string };

/** The line of a header, without its end. */
export function headerLine(header: RecordHeader): string {
  const { engine, documents, seed, title, arguments: typed } = header;
  return sealed({ schema: recordSchema, engine, documents, seed, title, arguments: typed });
}

/** The line that says which share of a study a file holds, without its end. */
export function shardLine({ index, count, runs }: ShardPart): string {
  return sealed({ shard: { index, count, runs } });
}

/** The line of a replication, without its end. Throws RangeError for a measure that JSON cannot hold, such as NaN. */
export function replicationLine({ hash, engine, seed, until, digest, events, measures }: Replication): string {
  for (const [name, value] of Object.entries(measures)) {
    if (value === null || Number.isFinite(value)) continue;
    throw new RangeError(`replication of seed ${seed}: ${name}: expected a finite number or null, got ${value}`);
  }
  return sealed({ hash, engine, seed, until, digest, events, measures });
}

/** Reads a line, without its end, as `headerLine` or `replicationLine` wrote it. Never throws. */
export function readRecordLine(line: string): RecordLine {
  const [, sum, rest] = /^\{"crc":"([0-9a-f]{8})",(.*\})$/.exec(line) ?? [];
  if (sum === undefined || rest === undefined) return damaged('expected {"crc":"<8 digits>",…}');
  const body = `{${rest}`;
  if (/[^\x20-\x7e]/.test(body) || crc32(body) !== sum) return damaged(`its checksum is not ${sum}`);
  let data: Readonly<Record<string, unknown>>;
  try {
    data = JSON.parse(body) as Readonly<Record<string, unknown>>;
  } catch {
    return damaged('expected JSON');
  }
  if (data['schema'] !== undefined) return readHeader(data);
  if (isShardPart(data['shard'])) return { kind: 'shard', shard: data['shard'] };
  return isReplication(data) ? { kind: 'replication', replication: replicationFrom(data) } : damaged(foreign);
}

const foreign = 'its checksum is right, but it is neither a header nor a replication';

function readHeader(data: Readonly<Record<string, unknown>>): RecordLine {
  if (data['schema'] !== recordSchema) {
    return damaged(`expected schema ${recordSchema}, got ${JSON.stringify(data['schema'])}`);
  }
  const { engine, documents, seed, title } = data;
  const typed = data['arguments'];
  if (!isText(engine) || !isText(seed) || !isText(title) || !isTexts(documents) || !isTexts(typed)) {
    return damaged(foreign);
  }
  return { kind: 'header', header: { engine, documents, seed, title, arguments: typed } };
}

function isReplication(data: Readonly<Record<string, unknown>>): boolean {
  const texts = [data['hash'], data['engine'], data['seed'], data['digest']];
  const { until, events, measures } = data;
  if (!texts.every(isText) || !(until === null || typeof until === 'number')) return false;
  if (!Number.isSafeInteger(events) || typeof measures !== 'object' || measures === null) return false;
  return Object.values(measures).every((value) => value === null || typeof value === 'number');
}

function replicationFrom(data: Readonly<Record<string, unknown>>): Replication {
  const { hash, engine, seed, until, digest, events, measures } = data as unknown as Replication;
  return { hash, engine, seed, until, digest, events, measures: measures satisfies MeasureValues };
}

/** ASCII only, so that characters are bytes whatever reads them. */
function sealed(data: Readonly<Record<string, unknown>>): string {
  const body = JSON.stringify(data).replace(
    /[^\x20-\x7e]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `{"crc":"${crc32(body)}",${body.slice(1)}`;
}

function damaged(reason: string): RecordLine {
  return { kind: 'damaged', reason };
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every(isText);
}
