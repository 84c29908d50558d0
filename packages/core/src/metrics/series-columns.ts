/** The columns of a series: what is written to while a run goes on, one typed array of rows each. */
import { toSeconds, type Instant } from '../time.ts';

/** A column of plain numbers, one per window. */
export interface SeriesColumn {
  readonly name: string;
  /** `count`: how many in the window. `level`: average over the window's time. */
  readonly kind: 'count' | 'level';
  readonly values: readonly number[];
  /** Highest level in each window; empty for counts. */
  readonly max: readonly number[];
}

/** Where rows begin and end; shared by the columns of one series. */
export interface Windows {
  readonly length: number;
  readonly from: number;
  readonly rowLimit: number;
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

  /** The first `rows` windows as plain data. */
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

  /** The first `rows` windows as plain data, the last one averaged up to `until`. */
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
