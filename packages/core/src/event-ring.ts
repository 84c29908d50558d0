import type { EventRecords } from './event-records.ts';

/**
 * The middle part of the calendar: a power of two of unsorted buckets, each a chain through the records, and one bit per
 * bucket that says whether it holds something, so that 32 empty buckets are passed as quickly as one.
 */
export class EventRing {
  readonly #records: EventRecords;
  #heads: Int32Array<ArrayBuffer> = new Int32Array(SMALLEST).fill(-1);
  #occupied: Int32Array<ArrayBuffer> = new Int32Array(SMALLEST >> 5);
  /** The number of buckets, less one: what remains of a bucket's number in the ring. */
  mask: number = SMALLEST - 1;
  /** Of no meaning: keeps the compiler from leaving out the reads of `warm`. */
  warmed = 0;

  constructor(records: EventRecords) {
    this.#records = records;
  }

  /** Makes room for at least so many buckets; the ring must be empty. */
  resize(least: number): void {
    let buckets = SMALLEST;
    while (buckets < least) buckets *= 2;
    if (buckets === this.#heads.length) return;
    this.#heads = new Int32Array(buckets).fill(-1);
    this.#occupied = new Int32Array(buckets >> 5);
    this.mask = buckets - 1;
  }

  /** Adds a slot to the bucket at `place`. */
  add(slot: number, place: number): void {
    const heads = this.#heads;
    this.#records.setLink(slot, heads[place]!);
    heads[place] = slot;
    this.#occupied[place >> 5]! |= 1 << place;
  }

  /** The first place after `place`, round the ring, whose bucket holds something; there must be one. */
  next(place: number): number {
    const occupied = this.#occupied;
    const mask = this.mask;
    const first = (place + 1) & mask;
    let word = first >> 5;
    let bits = occupied[word]! & (-1 << first);
    if (bits === 0) {
      do {
        word = (word + 1) & (mask >> 5);
        bits = occupied[word]!;
      } while (bits === 0);
      if (mask >= LARGE) this.#warm((word + 1) & (mask >> 5));
    }
    return (word << 5) | (31 - Math.clz32(bits & -bits));
  }

  /** Empties the bucket at `place` and hands out the first record of its chain, or -1. */
  open(place: number): number {
    const heads = this.#heads;
    const head = heads[place]!;
    heads[place] = -1;
    this.#occupied[place >> 5]! &= ~(1 << place);
    return head;
  }

  /** Hands every slot to `target` from `end` on, in no order, and empties the ring. Returns the next free place. */
  moveInto(target: Int32Array, end: number): number {
    const heads = this.#heads;
    for (let place = 0; place < heads.length; place++) {
      for (let slot = heads[place]!; slot >= 0; slot = this.#records.linkOf(slot)) target[end++] = slot;
    }
    heads.fill(-1);
    this.#occupied.fill(0);
    return end;
  }

  /** Reads the first records of 32 buckets, none waiting for the other, so that all are in the caches when opened. */
  #warm(word: number): void {
    const heads = this.#heads;
    let read = 0;
    for (let bits = this.#occupied[word]!; bits !== 0; bits &= bits - 1) {
      read |= this.#records.linkOf(heads[(word << 5) | (31 - Math.clz32(bits & -bits))]!);
    }
    this.warmed = read;
  }
}

const SMALLEST = 64;
/** From so many buckets on records are read ahead. */
const LARGE = 65_536;
