/**
 * The event list we did not keep: an indexed 4-ary heap on typed arrays with true removal. It stands beside the calendar
 * in calendars.bench.ts, and was the first version of it.
 */
export class IndexedHeapCalendar {
  readonly #times: Float64Array;
  readonly #orders: Float64Array;
  readonly #kinds: Int32Array;
  readonly #arguments: Int32Array;
  readonly #generations: Int32Array;
  readonly #places: Int32Array;
  readonly #heap: Int32Array;
  readonly #free: Int32Array;
  #freeCount: number;
  #size = 0;
  #order = 0;
  now = 0;
  takenArgument = 0;

  constructor(capacity: number) {
    this.#times = new Float64Array(capacity);
    this.#orders = new Float64Array(capacity);
    this.#kinds = new Int32Array(capacity);
    this.#arguments = new Int32Array(capacity);
    this.#generations = new Int32Array(capacity).fill(1);
    this.#places = new Int32Array(capacity).fill(-1);
    this.#heap = new Int32Array(capacity);
    this.#free = Int32Array.from({ length: capacity }, (_, i) => capacity - 1 - i);
    this.#freeCount = capacity;
  }

  pushAfter(delay: number, rank: number, kind: number, argument: number): number {
    const slot = this.#free[--this.#freeCount]!;
    this.#times[slot] = this.now + delay;
    this.#orders[slot] = rank * 35_184_372_088_832 + this.#order++;
    this.#kinds[slot] = kind;
    this.#arguments[slot] = argument;
    this.#siftUp(this.#size++, slot);
    return slot;
  }

  handleOf(slot: number): number {
    return this.#generations[slot]! * 67_108_864 + slot;
  }

  take(horizon: number): number {
    if (this.#size === 0) return -1;
    const slot = this.#heap[0]!;
    if (this.#times[slot]! > horizon) return -1;
    this.now = this.#times[slot]!;
    this.takenArgument = this.#arguments[slot]!;
    this.remove(slot);
    return this.#kinds[slot]!;
  }

  find(handle: number): number {
    const slot = handle & 67_108_863;
    return this.#generations[slot] === (handle - slot) / 67_108_864 ? slot : -1;
  }

  remove(slot: number): void {
    const place = this.#places[slot]!;
    const last = this.#heap[--this.#size]!;
    if (place !== this.#size) {
      this.#siftDown(place, last);
      if (this.#heap[place] === last) this.#siftUp(place, last);
    }
    this.#generations[slot]!++;
    this.#free[this.#freeCount++] = slot;
  }

  #isBefore(a: number, b: number): boolean {
    const first = this.#times[a]!;
    const second = this.#times[b]!;
    return first < second || (first === second && this.#orders[a]! < this.#orders[b]!);
  }

  #siftUp(start: number, slot: number): void {
    let place = start;
    while (place > 0) {
      const parent = (place - 1) >> 2;
      const above = this.#heap[parent]!;
      if (!this.#isBefore(slot, above)) break;
      this.#heap[place] = above;
      this.#places[above] = place;
      place = parent;
    }
    this.#heap[place] = slot;
    this.#places[slot] = place;
  }

  #siftDown(start: number, slot: number): void {
    let place = start;
    for (;;) {
      const first = place * 4 + 1;
      if (first >= this.#size) break;
      const end = Math.min(first + 4, this.#size);
      let child = first;
      for (let i = first + 1; i < end; i++) if (this.#isBefore(this.#heap[i]!, this.#heap[child]!)) child = i;
      const below = this.#heap[child]!;
      if (!this.#isBefore(below, slot)) break;
      this.#heap[place] = below;
      this.#places[below] = place;
      place = child;
    }
    this.#heap[place] = slot;
    this.#places[slot] = place;
  }
}
