/** Everything that the files of one import say, put together; the same thing from two files is refused. */
import type { FlowSchemaDocument, PriorityLevelDocument } from '../scenario/flow-control-schema.ts';
import type { AuditPart } from './audit-log.ts';
import { readAuditLog } from './audit-log.ts';
import { readExposition, type ScrapePart } from './exposition.ts';
import { type FlagsPart, type FlagValues, readFlags } from './flags-text.ts';
import { depthProblem, formOfText, type ImportInput, plainJson, refusal } from './input.ts';
import {
  type DaemonSetFact,
  type NodeFact,
  type ObjectsPart,
  type PodFact,
  readObjects,
  type SizeFact,
} from './objects.ts';
import { type RatesPart, readQueryRange } from './query-range.ts';
import { pairOf, type ScrapePair } from './scrape-pair.ts';

/** What one file says. */
export type ImportPart = ObjectsPart | FlagsPart | ScrapePart | RatesPart | AuditPart;

/** A value and the file it stands in. */
export interface From<T> {
  readonly value: T;
  readonly file: string;
}

/** What all files say. */
export interface Evidence {
  readonly nodes?: From<readonly NodeFact[]>;
  readonly pods?: From<readonly PodFact[]>;
  readonly daemonSets?: From<readonly DaemonSetFact[]>;
  readonly flowSchemas?: From<readonly FlowSchemaDocument[]>;
  readonly priorityLevels?: From<readonly PriorityLevelDocument[]>;
  readonly flags?: From<FlagValues>;
  /** By plural name. */
  readonly sizes: Readonly<Record<string, From<SizeFact>>>;
  /** Last scrape of /metrics, and both when there are two. */
  readonly scrape?: ScrapePart;
  readonly pair?: ScrapePair;
  readonly rates?: RatesPart;
  readonly audit?: AuditPart;
  /** Kinds of objects that were not read, with counts. */
  readonly ignored: Readonly<Record<string, number>>;
}

/** Reads one file. Throws `DocumentError` for everything that it cannot use. */
export function readImport(input: ImportInput): ImportPart {
  const { name, text } = input;
  const form = formOfText(input);
  if (form === 'metrics') return readExposition(name, text);
  if (form === 'flags') return readFlags(name, text);
  if (form === 'json-lines') return readAuditLog(name, text);
  if (form === 'json') return readData(name, plainJson(name, text));
  if (input.data === undefined) throw refusal(name, 'YAML that nobody has parsed: hand it over as `data`');
  const problem = depthProblem(input.data);
  if (problem !== undefined) throw refusal(name, problem);
  return readData(name, input.data);
}

function readData(name: string, data: unknown): ImportPart {
  const isAnswer =
    typeof data === 'object' && data !== null && Object.hasOwn(data, 'status') && !Object.hasOwn(data, 'kind');
  return isAnswer ? readQueryRange(name, data) : readObjects(name, data);
}

/** Puts parts together. `seconds` is the time between two scrapes where they do not say it. */
export function combine(parts: readonly ImportPart[], seconds?: number): Evidence {
  const sizes: Record<string, From<SizeFact>> = {};
  const ignored: Record<string, number> = {};
  const found: Record<string, From<unknown>> = {};
  const scrapes: ScrapePart[] = [];
  const once = (what: string, value: unknown, file: string): void => {
    const earlier = found[what];
    if (earlier !== undefined) throw refusal(file, `${what}: ${earlier.file} has them already; give them once`);
    found[what] = { value, file };
  };
  for (const part of parts) {
    if (part.kind === 'scrape') scrapes.push(part);
    else if (part.kind === 'flags') once('flags', part.flags, part.file);
    else if (part.kind === 'rates' || part.kind === 'audit') once(part.kind, part, part.file);
    else {
      for (const what of ['nodes', 'pods', 'daemonSets', 'flowSchemas', 'priorityLevels'] as const) {
        if (part[what] !== undefined) once(what, part[what], part.file);
      }
      for (const [type, size] of Object.entries(part.sizes)) sizes[type] = { value: size, file: part.file };
      for (const [kind, count] of Object.entries(part.ignored)) ignored[kind] = (ignored[kind] ?? 0) + count;
    }
  }
  const [first, second, third] = scrapes;
  if (third !== undefined)
    throw refusal(third.file, 'a third scrape of /metrics; give the one before and the one after');
  const pair = first !== undefined && second !== undefined ? pairOf(first, second, seconds) : undefined;
  const scrape = pair?.after ?? first;
  const audit = found['audit']?.value as AuditPart | undefined;
  const rates = found['rates']?.value as RatesPart | undefined;
  const { audit: _, rates: __, ...objects } = found;
  return {
    ...(objects as Partial<Evidence>),
    sizes,
    ignored,
    ...(scrape === undefined ? {} : { scrape }),
    ...(pair === undefined ? {} : { pair }),
    ...(rates === undefined ? {} : { rates }),
    ...(audit === undefined ? {} : { audit }),
  };
}
