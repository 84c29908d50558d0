/** Where a trace keeps its records: typed-array columns, either from the first record on up to a limit, or the last few. */
import type { Instant } from './time.ts';

/** One record's numbers. */
export interface StoredRecord {
  readonly id: number;
  readonly time: Instant;
  readonly kind: number;
  readonly subject: number;
  readonly value: number;
  readonly causedBy: number;
}

/** Columns that grow up to `limit` records; then the newest are left out, or, in a ring, push out the oldest. */
export class TraceStore {
  readonly #limit: number;
  readonly #isRing: boolean;
  #capacity = 0;
  #added = 0;
  #ids: Float64Array = new Float64Array(0);
  #times: Float64Array = new Float64Array(0);
  #kinds: Int32Array = new Int32Array(0);
  #subjects: Int32Array = new Int32Array(0);
  #values: Float64Array = new Float64Array(0);
  #causes: Float64Array = new Float64Array(0);

  constructor(limit: number, isRing: boolean) {
    this.#limit = limit;
    this.#isRing = isRing;
  }

  /** Records held now. */
  get size(): number {
    return Math.min(this.#added, this.#limit);
  }

  /** Records that were offered and are not held (any more). */
  get leftOut(): number {
    return this.#added - this.size;
  }

  /** Offers a record; ids must rise. */
  add(id: number, time: Instant, kind: number, subject: number, value: number, causedBy: number): void {
    const position = this.#added++;
    if (position >= this.#limit && !this.#isRing) return;
    if (position < this.#limit && position >= this.#capacity) this.#grow();
    const slot = position % this.#limit;
    this.#ids[slot] = id;
    this.#times[slot] = time;
    this.#kinds[slot] = kind;
    this.#subjects[slot] = subject;
    this.#values[slot] = value;
    this.#causes[slot] = causedBy;
  }

  /** The record with that id, if it is held. */
  find(id: number): StoredRecord | undefined {
    let low = 0;
    let high = this.size - 1;
    while (low <= high) {
      const middle = (low + high) >>> 1;
      const found = this.#ids[this.#slotOf(middle)]!;
      if (found === id) return this.at(middle);
      if (found < id) low = middle + 1;
      else high = middle - 1;
    }
    return undefined;
  }

  /** The record at a position from 0, the oldest held, to `size` - 1. */
  at(position: number): StoredRecord {
    const slot = this.#slotOf(position);
    return {
      id: this.#ids[slot]!,
      time: this.#times[slot]! as Instant,
      kind: this.#kinds[slot]!,
      subject: this.#subjects[slot]!,
      value: this.#values[slot]!,
      causedBy: this.#causes[slot]!,
    };
  }

  #slotOf(position: number): number {
    return this.#isRing ? (this.leftOut + position) % this.#limit : position;
  }

  #grow(): void {
    const capacity = Math.min(this.#limit, Math.max(1_024, 2 * this.#capacity));
    this.#ids = larger(this.#ids, new Float64Array(capacity));
    this.#times = larger(this.#times, new Float64Array(capacity));
    this.#kinds = larger(this.#kinds, new Int32Array(capacity));
    this.#subjects = larger(this.#subjects, new Int32Array(capacity));
    this.#values = larger(this.#values, new Float64Array(capacity));
    this.#causes = larger(this.#causes, new Float64Array(capacity));
    this.#capacity = capacity;
  }
}

function larger<Column extends Float64Array | Int32Array>(from: Column, to: Column): Column {
  to.set(from);
  return to;
}
