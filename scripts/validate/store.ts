/**
 * Rows on disk: one file of JSON lines per table, only ever appended to, so that a run that is killed loses the row it was
 * at and nothing else. A line that cannot be read - the last one of a killed run - is skipped and counted.
 */
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { keyOf } from './plan.ts';
import type { RunRow } from './row.ts';

/** Stored rows by key and by the sources that made them. */
export class RowStore {
  /** Lines that could not be read. */
  readonly unreadable: number;
  readonly #folder: string;
  readonly #rows: Map<string, Map<string, RunRow>> = new Map();
  /** Files whose last line has no end: what is appended begins on a line of its own. */
  readonly #open: Set<string> = new Set();

  /** Reads what is there; the folder is made when the first row is stored. */
  constructor(folder: string) {
    this.#folder = folder;
    let unreadable = 0;
    const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.ndjson')) : [];
    for (const file of files.sort()) {
      const text = readFileSync(join(folder, file), 'utf8');
      if (text !== '' && !text.endsWith('\n')) this.#open.add(file);
      for (const line of text.split('\n')) {
        if (line === '') continue;
        const row = readRow(line);
        if (row === undefined) unreadable += 1;
        else this.#remember(row);
      }
    }
    this.unreadable = unreadable;
  }

  /** Appends a row to the file of its table. */
  add(table: string, row: RunRow): void {
    const file = `${table}.ndjson`;
    mkdirSync(this.#folder, { recursive: true });
    appendFileSync(join(this.#folder, file), `${this.#open.has(file) ? '\n' : ''}${JSON.stringify(row)}\n`);
    this.#open.delete(file);
    this.#remember(row);
  }

  /** Knows rows that are kept elsewhere, as older than all that are stored here; none is written. */
  takeOver(rows: Iterable<RunRow>): void {
    for (const row of rows) {
      const key = keyOf(row, row.engine);
      this.#rows.set(key, new Map([[row.sources, row], ...(this.#rows.get(key) ?? [])]));
    }
  }

  /** The row that these sources made. */
  get(key: string, sources: string): RunRow | undefined {
    return this.#rows.get(key)?.get(sources);
  }

  /** The row stored last for this key that other sources made. */
  older(key: string, sources: string): RunRow | undefined {
    return [...(this.#rows.get(key)?.values() ?? [])].filter((row) => row.sources !== sources).at(-1);
  }

  #remember(row: RunRow): void {
    const key = keyOf(row, row.engine);
    const bySources = this.#rows.get(key) ?? new Map<string, RunRow>();
    // Deleted first, so that the order of the map is that of the last lines.
    bySources.delete(row.sources);
    bySources.set(row.sources, row);
    this.#rows.set(key, bySources);
  }
}

function readRow(line: string): RunRow | undefined {
  let data: Partial<RunRow> | null;
  try {
    data = JSON.parse(line) as Partial<RunRow> | null;
  } catch {
    return undefined;
  }
  if (typeof data !== 'object' || data === null) return undefined;
  const texts = [data.hash, data.seed, data.engine, data.sources, data.digest];
  const isWhole = texts.every((text) => typeof text === 'string') && typeof data.events === 'number';
  const hasParts = [data.measures, data.resources, data.warnings].every((part) => typeof part === 'object');
  return isWhole && hasParts ? (data as RunRow) : undefined;
}
