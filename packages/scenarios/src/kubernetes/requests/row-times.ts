/** An instant for each row of the table of requests: a column beside the table, for whoever times requests from outside. */

/** Places that a column starts with. */
const INITIAL = 1024;

/** See the head of this file. Rows are used again, and so are their places. */
export class RowTimes {
  #at: Float64Array = new Float64Array(INITIAL).fill(NaN);

  /** The instant kept for a row; NaN = none. */
  get(row: number): number {
    return row < this.#at.length ? this.#at[row]! : NaN;
  }

  /** Keeps an instant for a row; NaN = none. */
  set(row: number, instant: number): void {
    if (row >= this.#at.length) this.#grow(row);
    this.#at[row] = instant;
  }

  #grow(row: number): void {
    const larger = new Float64Array(Math.max(row + 1, 2 * this.#at.length)).fill(NaN);
    larger.set(this.#at);
    this.#at = larger;
  }
}
