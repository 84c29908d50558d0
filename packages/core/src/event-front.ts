import type { EventRecords } from './event-records.ts';

/**
 * The earliest part of the calendar: the events of the current bucket, in exact order of (time, order). As long as they
 * are few they stand in an array sorted latest first, so the next event is popped off its end and a new one is
 * inserted from there. Past a limit the array is turned round, which makes it a valid heap, and it is a 4-ary
 * heap until it has run empty. Times stand beside the slots; orders are looked up in the records at equal times only.
 */
export class EventFront {
  readonly #records: EventRecords;
  #times: Float64Array<ArrayBuffer> = new Float64Array(INITIAL_ROOM);
  #slots: Int32Array<ArrayBuffer> = new Int32Array(INITIAL_ROOM);
  #sortedCount = 0;
  #heapCount = 0;
  #sortedLimit = LIMIT_ALONE;

  constructor(records: EventRecords) {
    this.#records = records;
  }

  get count(): number {
    return this.#sortedCount + this.#heapCount;
  }

  /** Whether too many events came together for the sorted array. */
  get isHeap(): boolean {
    return this.#heapCount > 0;
  }

  /** Whether there is a ring behind the front; alone it should not grow, because then a ring is better. */
  set hasRing(hasRing: boolean) {
    this.#sortedLimit = hasRing ? LIMIT_BEFORE_RING : LIMIT_ALONE;
  }

  /** Takes the earliest slot off the sorted array: -1 when it is later than `horizon`, -2 without one. */
  takeSorted(horizon: number): number {
    const last = this.#sortedCount - 1;
    if (last < 0) return NONE_SORTED;
    if (this.#times[last]! > horizon) return NOT_DUE;
    this.#sortedCount = last;
    return this.#slots[last]!;
  }

  /** Takes the earliest slot off the heap, or answers -1 when it is later than `horizon`. */
  takeHeap(horizon: number): number {
    if (this.#times[0]! > horizon) return NOT_DUE;
    const slot = this.#slots[0]!;
    const last = --this.#heapCount;
    if (last > 0) this.#siftDown(this.#slots[last]!);
    return slot;
  }

  insert(slot: number): void {
    let place = this.#sortedCount;
    if (place === 0 ? this.#heapCount > 0 : place >= this.#sortedLimit) return this.#insertIntoHeap(slot);
    const time = this.#records.timeOf(slot);
    const times = this.#times;
    const slots = this.#slots;
    this.#sortedCount = place + 1;
    for (; place > 0; place--) {
      const other = times[place - 1]!;
      if (other > time || (other === time && this.#records.isOrderedBefore(slot, slots[place - 1]!))) break;
      times[place] = other;
      slots[place] = slots[place - 1]!;
    }
    times[place] = time;
    slots[place] = slot;
  }

  /** Takes out one slot of the sorted array; false when it is not there, as in a heap. */
  remove(slot: number): boolean {
    const count = this.#sortedCount;
    for (let place = count - 1; place >= 0; place--) {
      if (this.#slots[place] !== slot) continue;
      this.#times.copyWithin(place, place + 1, count);
      this.#slots.copyWithin(place, place + 1, count);
      this.#sortedCount = count - 1;
      return true;
    }
    return false;
  }

  /** Hands every slot to `target` from `place` on, in no order, and empties the front. Returns the next free place. */
  moveInto(target: Int32Array, place: number): number {
    const count = this.count;
    target.set(this.#slots.subarray(0, count), place);
    this.#sortedCount = 0;
    this.#heapCount = 0;
    return place + count;
  }

  #insertIntoHeap(slot: number): void {
    const count = this.#sortedCount;
    if (count > 0) {
      this.#times.subarray(0, count).reverse();
      this.#slots.subarray(0, count).reverse();
      this.#sortedCount = 0;
      this.#heapCount = count;
    }
    if (this.#heapCount === this.#slots.length) this.#grow();
    const time = this.#records.timeOf(slot);
    const times = this.#times;
    const slots = this.#slots;
    let place = this.#heapCount++;
    while (place > 0) {
      const parent = (place - 1) >> 2;
      const other = times[parent]!;
      if (other < time || (other === time && this.#records.isOrderedBefore(slots[parent]!, slot))) break;
      times[place] = other;
      slots[place] = slots[parent]!;
      place = parent;
    }
    times[place] = time;
    slots[place] = slot;
  }

  #siftDown(slot: number): void {
    const records = this.#records;
    const time = records.timeOf(slot);
    const times = this.#times;
    const slots = this.#slots;
    const count = this.#heapCount;
    let place = 0;
    for (;;) {
      const first = place * 4 + 1;
      if (first >= count) break;
      const end = first + 4 < count ? first + 4 : count;
      let child = first;
      let earliest = times[first]!;
      for (let i = first + 1; i < end; i++) {
        const other = times[i]!;
        if (other < earliest || (other === earliest && records.isOrderedBefore(slots[i]!, slots[child]!))) {
          child = i;
          earliest = other;
        }
      }
      if (earliest > time || (earliest === time && records.isOrderedBefore(slot, slots[child]!))) break;
      times[place] = earliest;
      slots[place] = slots[child]!;
      place = child;
    }
    times[place] = time;
    slots[place] = slot;
  }

  #grow(): void {
    const room = this.#slots.length * 2;
    const times = new Float64Array(room);
    const slots = new Int32Array(room);
    times.set(this.#times);
    slots.set(this.#slots);
    this.#times = times;
    this.#slots = slots;
  }
}

const NOT_DUE = -1;
const NONE_SORTED = -2;
const LIMIT_ALONE = 12;
const LIMIT_BEFORE_RING = 48;
const INITIAL_ROOM = 64;
