/**
 * What happened when: one row per window of simulated time, one column per quantity, for plots and KPIs. Columns are made
 * once and then written to directly; a write inside the present window costs a comparison and an addition.
 */
import { timeZero, toSeconds, type Duration, type Instant } from '../time.ts';

/** How a series is cut into windows. */
export interface SeriesOptions {
  /** Length of a window. */
  readonly window: Duration;
  /** Where the first window starts; default the run's first instant. */
  readonly from?: Instant;
  /** Rows a series may have, which bounds its memory; default 100,000. */
  readonly rowLimit?: number;
}

/** A column of plain numbers, one per window. */
export interface SeriesColumn {
  readonly name: string;
  /** `count`: how many in the window. `level`: average over the window's time. */
  readonly kind: 'count' | 'level';
  readonly values: readonly number[];
  /** Highest level in each window; empty for counts. */
  readonly max: readonly number[];
}

/** A whole series as plain data. */
export interface SeriesData {
  readonly windowSeconds: number;
  /** Start of each window in seconds of the run. */
  readonly startSeconds: readonly number[];
  readonly columns: readonly SeriesColumn[];
}

/** Where rows begin and end; shared by the columns of one series. */
interface Windows {
  readonly length: number;
  readonly from: number;
  readonly rowLimit: number;
}

/** The columns of one part, all cut at the same instants. */
export class Series {
  readonly #windows: Windows;
  readonly #columns: (CountColumn | LevelColumn)[] = [];

  constructor(options: SeriesOptions) {
    const { window, from = timeZero, rowLimit = 100_000 } = options;
    if (!(window > 0 && window < Infinity)) throw new RangeError(`series: window must be a finite duration > 0, got ${window} us`);
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
    if (this.#columns.some((other) => other.name === name)) throw new RangeError(`series: column "${name}" exists already`);
    this.#columns.push(column);
    return column;
  }
}

/** Counts per window; made by `Series.counter`. Instants may come in any order. */
export class CountColumn {
  readonly name: string;
  readonly #windows: Windows;
  #rows: Float64Array = new Float64Array(64);
  #row = 0;
  #start: number;
  #end: number;

  constructor(name: string, windows: Windows) {
    this.name = name;
    this.#windows = windows;
    this.#start = windows.from;
    this.#end = windows.from + windows.length;
  }

  /** Counts `amount` (default 1) in the window that holds `now`. */
  add(now: Instant, amount = 1): void {
    if (!(now >= this.#start && now < this.#end)) this.#seek(now);
    this.#rows[this.#row]! += amount;
  }

  toColumn(rows: number, _until: Instant): SeriesColumn {
    return { name: this.name, kind: 'count', values: padded(this.#rows, rows), max: [] };
  }

  #seek(now: Instant): void {
    this.#row = rowAt(this.name, this.#windows, now);
    this.#start = this.#windows.from + this.#row * this.#windows.length;
    this.#end = this.#start + this.#windows.length;
    this.#rows = grown(this.#rows, this.#row);
  }
}

/** A level averaged over each window; made by `Series.gauge`. Instants never go backwards. */
export class LevelColumn {
  readonly name: string;
  readonly #windows: Windows;
  /** Area under the curve per window, in level-microseconds. */
  #areas: Float64Array = new Float64Array(64);
  #maxima: Float64Array = new Float64Array(64);
  #row = 0;
  #end: number;
  #changedAt: number;
  #level = 0.5;

  constructor(name: string, windows: Windows, level: number) {
    this.name = name;
    this.#windows = windows;
    this.#changedAt = windows.from;
    this.#end = windows.from + windows.length;
    this.#level = level;
    this.#maxima[0] = level;
  }

  get level(): number {
    return this.#level;
  }

  /** From `now` on the level is `level`. */
  set(level: number, now: Instant): void {
    if (!(now >= this.#changedAt)) throw backwards(this.name, this.#changedAt, now);
    if (now >= this.#end) this.#advance(now);
    this.#areas[this.#row]! += this.#level * (now - this.#changedAt);
    this.#changedAt = now;
    this.#level = level;
    if (level > this.#maxima[this.#row]!) this.#maxima[this.#row] = level;
  }

  /** Raises the level by `change`, or lowers it. */
  add(change: number, now: Instant): void {
    this.set(this.#level + change, now);
  }

  toColumn(rows: number, until: Instant): SeriesColumn {
    if (rows > 0) this.set(this.#level, Math.max(until, this.#changedAt) as Instant);
    const { from, length } = this.#windows;
    const values = padded(this.#areas, rows);
    for (let row = 0; row < rows; row++) values[row]! /= Math.min(length, until - (from + row * length));
    return { name: this.name, kind: 'level', values, max: padded(this.#maxima, rows) };
  }

  /** Closes every window that ended by `now`; a level that nobody changed fills them. */
  #advance(now: Instant): void {
    const target = rowAt(this.name, this.#windows, now);
    this.#areas = grown(this.#areas, target);
    this.#maxima = grown(this.#maxima, target);
    while (this.#row < target) {
      this.#areas[this.#row]! += this.#level * (this.#end - this.#changedAt);
      this.#changedAt = this.#end;
      this.#end += this.#windows.length;
      this.#row++;
      this.#maxima[this.#row] = this.#level;
    }
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

function rowAt(column: string, windows: Windows, now: Instant): number {
  const row = Math.floor((now - windows.from) / windows.length);
  if (row >= 0 && row < windows.rowLimit) return row;
  const last = windows.from + windows.rowLimit * windows.length;
  throw new RangeError(
    `series column "${column}": expected an instant from ${windows.from / 1_000_000} s to before ${last / 1_000_000} s ` +
      `(${windows.rowLimit} windows), got ${toSeconds(now)} s`,
  );
}

function backwards(column: string, last: number, now: Instant): RangeError {
  return new RangeError(
    `series column "${column}": expected an instant from ${last / 1_000_000} s on, got ${toSeconds(now)} s`,
  );
}

function grown(rows: Float64Array, row: number): Float64Array {
  if (row < rows.length) return rows;
  const larger = new Float64Array(Math.max(row + 1, 2 * rows.length));
  larger.set(rows);
  return larger;
}

function padded(rows: Float64Array, length: number): number[] {
  return Array.from({ length }, (_, row) => rows[row] ?? 0);
}
