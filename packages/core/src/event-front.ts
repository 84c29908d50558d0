/**
 * The earliest part of the calendar: the events of the current bucket, in exact order of (time, order). As long as they
 * are few they stand in an array sorted latest first, so the next event is popped off its end and a new one is
 * inserted from there. Past `SORTED_LIMIT` the array is turned round, which makes it a valid heap, and it is a 4-ary
 * heap until it has run empty.
 */
export class EventFront {
  #times: Float64Array<ArrayBuffer> = new Float64Array(INITIAL_ROOM);
  #orders: Float64Array<ArrayBuffer> = new Float64Array(INITIAL_ROOM);
  #slots: Int32Array<ArrayBuffer> = new Int32Array(INITIAL_ROOM);
  #sortedCount = 0;
  #heapCount = 0;

  get count(): number {
    return this.#sortedCount + this.#heapCount;
  }

  /** Whether too many events came together for the sorted array. */
  get isHeap(): boolean {
    return this.#heapCount > 0;
  }

  /** Takes the earliest slot off the sorted array: `notDue` when it is later than `horizon`, `noneSorted` without one. */
  takeSorted(horizon: number): number {
    const last = this.#sortedCount - 1;
    if (last < 0) return NONE_SORTED;
    if (this.#times[last]! > horizon) return NOT_DUE;
    this.#sortedCount = last;
    return this.#slots[last]!;
  }

  /** Takes the earliest slot off the heap, or answers `notDue`. */
  takeHeap(horizon: number): number {
    if (this.#times[0]! > horizon) return NOT_DUE;
    const slot = this.#slots[0]!;
    const last = --this.#heapCount;
    if (last > 0) this.#siftDown(this.#times[last]!, this.#orders[last]!, this.#slots[last]!);
    return slot;
  }

  insert(time: number, order: number, slot: number): void {
    let place = this.#sortedCount;
    if (place === SORTED_LIMIT) this.#becomeHeap();
    if (this.#heapCount > 0) return this.#siftUp(time, order, slot);
    const times = this.#times;
    const orders = this.#orders;
    const slots = this.#slots;
    this.#sortedCount = place + 1;
    for (; place > 0; place--) {
      const other = times[place - 1]!;
      if (other > time || (other === time && orders[place - 1]! > order)) break;
      times[place] = other;
      orders[place] = orders[place - 1]!;
      slots[place] = slots[place - 1]!;
    }
    times[place] = time;
    orders[place] = order;
    slots[place] = slot;
  }

  /** Takes out one slot of the sorted array; false when it is not there, as in a heap. */
  remove(slot: number): boolean {
    const count = this.#sortedCount;
    for (let place = count - 1; place >= 0; place--) {
      if (this.#slots[place] !== slot) continue;
      this.#times.copyWithin(place, place + 1, count);
      this.#orders.copyWithin(place, place + 1, count);
      this.#slots.copyWithin(place, place + 1, count);
      this.#sortedCount = count - 1;
      return true;
    }
    return false;
  }

  /** Hands every slot to `target` from `place` on, in no order, and empties the front. Returns the next free place. */
  moveInto(target: Int32Array, place: number): number {
    const count = this.count;
    for (let i = 0; i < count; i++) target[place + i] = this.#slots[i]!;
    this.#sortedCount = 0;
    this.#heapCount = 0;
    return place + count;
  }

  #becomeHeap(): void {
    const count = this.#sortedCount;
    this.#times.subarray(0, count).reverse();
    this.#orders.subarray(0, count).reverse();
    this.#slots.subarray(0, count).reverse();
    this.#sortedCount = 0;
    this.#heapCount = count;
  }

  #siftUp(time: number, order: number, slot: number): void {
    if (this.#heapCount === this.#slots.length) this.#grow();
    const times = this.#times;
    const orders = this.#orders;
    const slots = this.#slots;
    let place = this.#heapCount++;
    while (place > 0) {
      const parent = (place - 1) >> 2;
      const other = times[parent]!;
      if (other < time || (other === time && orders[parent]! < order)) break;
      times[place] = other;
      orders[place] = orders[parent]!;
      slots[place] = slots[parent]!;
      place = parent;
    }
    times[place] = time;
    orders[place] = order;
    slots[place] = slot;
  }

  #siftDown(time: number, order: number, slot: number): void {
    const times = this.#times;
    const orders = this.#orders;
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
        if (other < earliest || (other === earliest && orders[i]! < orders[child]!)) {
          child = i;
          earliest = other;
        }
      }
      if (earliest > time || (earliest === time && orders[child]! > order)) break;
      times[place] = earliest;
      orders[place] = orders[child]!;
      slots[place] = slots[child]!;
      place = child;
    }
    times[place] = time;
    orders[place] = order;
    slots[place] = slot;
  }

  #grow(): void {
    const room = this.#slots.length * 2;
    const times = new Float64Array(room);
    const orders = new Float64Array(room);
    const slots = new Int32Array(room);
    times.set(this.#times);
    orders.set(this.#orders);
    slots.set(this.#slots);
    this.#times = times;
    this.#orders = orders;
    this.#slots = slots;
  }
}

/** Answers of `takeSorted` and `takeHeap` that are no slot. */
export const notDue = -1;
export const noneSorted = -2;

const NOT_DUE = -1;
const NONE_SORTED = -2;
const SORTED_LIMIT = 48;
const INITIAL_ROOM = 64;
