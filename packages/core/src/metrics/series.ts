/**
 * What happened when: one row per window of simulated time, one column per quantity, for plots and KPIs. Columns are made
 * once and then written to directly; a write inside the present window costs a comparison and an addition.
 */
import { timeZero, type Duration, type Instant } from '../time.ts';
import { CountColumn, LevelColumn, type SeriesColumn, type Windows } from './series-columns.ts';

/** How a series is cut into windows. */
export interface SeriesOptions {
  /** Length of a window. */
  readonly window: Duration;
  /** Where the first window starts; default the run's first instant. */
  readonly from?: Instant;
  /** Rows a series may have, which bounds its memory; default 100,000. */
  readonly rowLimit?: number;
}

/** A whole series as plain data. */
export interface SeriesData {
  readonly windowSeconds: number;
  /** Start of each window in seconds of the run. */
  readonly startSeconds: readonly number[];
  readonly columns: readonly SeriesColumn[];
}

/** The columns of one part, all cut at the same instants. */
export class Series {
  readonly #windows: Windows;
  readonly #columns: (CountColumn | LevelColumn)[] = [];

  constructor(options: SeriesOptions) {
    const { window, from = timeZero, rowLimit = 100_000 } = options;
    if (!(window > 0 && window < Infinity))
      throw new RangeError(`series: window must be a finite duration > 0, got ${window} us`);
    if (!(Number.isInteger(rowLimit) && rowLimit >= 1)) {
      throw new RangeError(`series: rowLimit must be a whole number >= 1, got ${rowLimit}`);
    }
    this.#windows = { length: window, from, rowLimit };
  }

  /** A new column that counts per window. */
  counter(name: string): CountColumn {
    return this.#add(name, new CountColumn(name, this.#windows));
  }

  /** A new column that averages a level over each window; it starts at `level` (default 0). */
  gauge(name: string, level = 0): LevelColumn {
    return this.#add(name, new LevelColumn(name, this.#windows, level));
  }

  /** Plain data up to `until`: every window that has begun by then, the last one averaged over the part that passed. */
  toData(until: Instant): SeriesData {
    const { from, length } = this.#windows;
    const rows = Math.max(0, Math.ceil((until - from) / length));
    return {
      windowSeconds: length / 1_000_000,
      startSeconds: Array.from({ length: rows }, (_, row) => (from + row * length) / 1_000_000),
      columns: this.#columns.map((column) => column.toColumn(rows, until)),
    };
  }

  #add<Column extends CountColumn | LevelColumn>(name: string, column: Column): Column {
    if (this.#columns.some((other) => other.name === name))
      throw new RangeError(`series: column "${name}" exists already`);
    this.#columns.push(column);
    return column;
  }
}

/**
 * Puts series of the same windows side by side as one: counts add up, and so do levels (busy servers of two stations).
 * The maximum of a summed level is the sum of the maxima, an upper bound, because the peaks need not coincide.
 */
export function mergeSeries(parts: readonly SeriesData[]): SeriesData {
  const first = parts[0];
  if (first === undefined) throw new RangeError('mergeSeries: at least one series is needed, got none');
  for (const part of parts) requireSameShape(first, part);
  const longest = parts.reduce((best, part) => (part.startSeconds.length > best.startSeconds.length ? part : best));
  const rows = longest.startSeconds.length;
  const sum = (column: number, of: 'values' | 'max'): number[] =>
    Array.from({ length: rows }, (_, row) =>
      parts.reduce((total, part) => total + (part.columns[column]![of][row] ?? 0), 0),
    );
  return {
    windowSeconds: first.windowSeconds,
    startSeconds: [...longest.startSeconds],
    columns: first.columns.map(({ name, kind }, column) => ({
      name,
      kind,
      values: sum(column, 'values'),
      max: kind === 'level' ? sum(column, 'max') : [],
    })),
  };
}

function requireSameShape(first: SeriesData, other: SeriesData): void {
  const shape = (data: SeriesData): string =>
    `${data.windowSeconds} s windows from ${data.startSeconds[0] ?? 'nowhere'} s of ${data.columns
      .map(({ name, kind }) => `${name} (${kind})`)
      .join(', ')}`;
  if (shape(first) !== shape(other)) throw new RangeError(`mergeSeries: expected ${shape(first)}, got ${shape(other)}`);
}
