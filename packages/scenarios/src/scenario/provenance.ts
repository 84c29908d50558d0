import { joinPath } from './data-path.ts';

/**
 * Where a number comes from. A scenario document may wrap any value as `{ value, source, note }`; the run lists the
 * wrapped ones beside its result, so that a reader sees which figures were measured and which were guessed.
 */

/** Kinds of source, strongest first. Where two disagree about one number, the stronger one is used. */
export const sources = ['measured', 'documented', 'derived', 'assumed'] as const;

/**
 * `measured`: observed by us on a real system. `documented`: stated by a named publication. `derived`: calculated from
 * measured or documented numbers. `assumed`: our judgement.
 */
export type Source = (typeof sources)[number];

/** A value with its source, as it stands in a scenario document. */
export interface Sourced<T> {
  readonly value: T;
  readonly source: Source;
  /** Who says so, or why we think so. Never empty. */
  readonly note: string;
}

/** A value with or without its source. A bare value counts as assumed: it is merely stated in the document. */
export type Stated<T> = T | Sourced<T>;

/** One sourced value of a document, for the report. */
export interface SourcedEntry {
  /** Where it stands, such as `clusters[0].apiServers.memory`. */
  readonly path: string;
  /** The value as the document writes it, such as "96 GiB". */
  readonly text: string;
  readonly source: Source;
  readonly note: string;
}

/** A value observed on a real system; the note says where and how. */
export function measured<T>(value: T, note: string): Sourced<T> {
  return sourced(value, 'measured', note);
}

/** A value that a publication states; the note names it. */
export function documented<T>(value: T, note: string): Sourced<T> {
  return sourced(value, 'documented', note);
}

/** A value calculated from measured or documented ones; the note says how. */
export function derived<T>(value: T, note: string): Sourced<T> {
  return sourced(value, 'derived', note);
}

/** A value we chose; the note says why this and not another. */
export function assumed<T>(value: T, note: string): Sourced<T> {
  return sourced(value, 'assumed', note);
}

/** True for an object of exactly the three keys of `Sourced`. */
export function isSourced(data: unknown): data is Sourced<unknown> {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return false;
  const keys = Object.keys(data);
  if (keys.length !== 3) return false;
  const candidate: Partial<Record<string, unknown>> = { ...data };
  return 'value' in candidate && isSource(candidate['source']) && typeof candidate['note'] === 'string';
}

/** True for one of the four kinds of source. */
export function isSource(name: unknown): name is Source {
  return sources.some((source) => source === name);
}

/** Every sourced value of a document, in document order. Nested ones (a sourced part of a sourced whole) are listed too. */
export function sourcesOf(data: unknown): SourcedEntry[] {
  const found: SourcedEntry[] = [];
  collect(data, '', found);
  return found;
}

/** A value of a document on one line, without its sources: text as it is, lists and objects in short. */
export function textOf(value: unknown): string {
  if (isSourced(value)) return textOf(value.value);
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return `[${value.map(textOf).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  const parts = Object.entries(value).map(([key, part]) => `${key}: ${textOf(part)}`);
  return `{ ${parts.join(', ')} }`;
}

function sourced<T>(value: T, source: Source, note: string): Sourced<T> {
  if (note.trim() === '') throw new RangeError(`${source}(${textOf(value)}): expected a note that names the source`);
  return Object.freeze({ value, source, note });
}

function collect(data: unknown, path: string, found: SourcedEntry[]): void {
  if (typeof data !== 'object' || data === null) return;
  if (isSourced(data)) {
    found.push({ path, text: textOf(data.value), source: data.source, note: data.note });
    collect(data.value, path, found);
    return;
  }
  if (Array.isArray(data)) {
    data.forEach((item, index) => collect(item, joinPath(path, index), found));
    return;
  }
  for (const [key, item] of Object.entries(data)) collect(item, joinPath(path, key), found);
}
