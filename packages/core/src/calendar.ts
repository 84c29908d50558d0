/**
 * The future event list: pending events ordered by (time, order), where `order` folds priority and sequence into one
 * number. Records live in typed arrays; a slot is reused after its event has run or was cancelled.
 */
export class Calendar {
  #time: Float64Array<ArrayBuffer>;
  #order: Float64Array<ArrayBuffer>;
  #kind: Int32Array<ArrayBuffer>;
  #argument: Int32Array<ArrayBuffer>;
  #generation: Int32Array<ArrayBuffer>;
  #position: Int32Array<ArrayBuffer>;
  #heap: Int32Array<ArrayBuffer>;
  #free: Int32Array<ArrayBuffer>;
  #freeCount: number;
  #size = 0;

  /** Time, kind and argument of the event removed by the last `pop`. */
  poppedTime = 0;
  poppedKind = 0;
  poppedArgument = 0;

  constructor(capacity = 1024) {
    this.#time = new Float64Array(capacity);
    this.#order = new Float64Array(capacity);
    this.#kind = new Int32Array(capacity);
    this.#argument = new Int32Array(capacity);
    this.#generation = new Int32Array(capacity);
    this.#position = new Int32Array(capacity).fill(-1);
    this.#heap = new Int32Array(capacity);
    this.#free = new Int32Array(capacity);
    for (let i = 0; i < capacity; i++) this.#free[i] = capacity - 1 - i;
    this.#freeCount = capacity;
  }

  get size(): number {
    return this.#size;
  }

  /** Adds an event and returns its handle: slot + generation * 2^26. */
  push(time: number, order: number, kind: number, argument: number): number {
    if (this.#freeCount === 0) this.#grow();
    const slot = this.#free[--this.#freeCount]!;
    this.#time[slot] = time;
    this.#order[slot] = order;
    this.#kind[slot] = kind;
    this.#argument[slot] = argument;
    this.#siftUp(this.#size++, slot);
    return this.#generation[slot]! * SLOTS + slot;
  }

  /** Time of the earliest event, or Infinity. */
  peekTime(): number {
    return this.#size === 0 ? Infinity : this.#time[this.#heap[0]!]!;
  }

  /** Removes the earliest event into the `popped` fields; false when there is none. */
  pop(): boolean {
    if (this.#size === 0) return false;
    const slot = this.#heap[0]!;
    this.poppedTime = this.#time[slot]!;
    this.poppedKind = this.#kind[slot]!;
    this.poppedArgument = this.#argument[slot]!;
    this.#removeAt(0);
    this.#release(slot);
    return true;
  }

  /** The slot of a pending event, or -1 when the handle has run or was cancelled. */
  find(handle: number): number {
    const slot = handle % SLOTS;
    const generation = (handle - slot) / SLOTS;
    if (slot >= this.#generation.length || this.#generation[slot] !== generation || this.#position[slot]! < 0) return -1;
    return slot;
  }

  /** Kind and argument of a pending slot. */
  kindOf(slot: number): number {
    return this.#kind[slot]!;
  }

  argumentOf(slot: number): number {
    return this.#argument[slot]!;
  }

  /** Removes a pending slot. */
  remove(slot: number): void {
    this.#removeAt(this.#position[slot]!);
    this.#release(slot);
  }

  #release(slot: number): void {
    this.#position[slot] = -1;
    this.#generation[slot] = (this.#generation[slot]! + 1) & 0x3ffffff;
    this.#free[this.#freeCount++] = slot;
  }

  #removeAt(index: number): void {
    const last = this.#heap[--this.#size]!;
    if (index === this.#size) return;
    this.#siftDown(index, last);
    if (this.#heap[index] === last) this.#siftUp(index, last);
  }

  #before(a: number, b: number): boolean {
    const ta = this.#time[a]!;
    const tb = this.#time[b]!;
    return ta < tb || (ta === tb && this.#order[a]! < this.#order[b]!);
  }

  #siftUp(index: number, slot: number): void {
    while (index > 0) {
      const parent = (index - 1) >> 2;
      const above = this.#heap[parent]!;
      if (!this.#before(slot, above)) break;
      this.#heap[index] = above;
      this.#position[above] = index;
      index = parent;
    }
    this.#heap[index] = slot;
    this.#position[slot] = index;
  }

  #siftDown(index: number, slot: number): void {
    for (;;) {
      let child = index * 4 + 1;
      if (child >= this.#size) break;
      const end = Math.min(child + 4, this.#size);
      for (let i = child + 1; i < end; i++) {
        if (this.#before(this.#heap[i]!, this.#heap[child]!)) child = i;
      }
      const below = this.#heap[child]!;
      if (!this.#before(below, slot)) break;
      this.#heap[index] = below;
      this.#position[below] = index;
      index = child;
    }
    this.#heap[index] = slot;
    this.#position[slot] = index;
  }

  #grow(): void {
    const old = this.#time.length;
    const capacity = old * 2;
    this.#time = copyInto(new Float64Array(capacity), this.#time);
    this.#order = copyInto(new Float64Array(capacity), this.#order);
    this.#kind = copyInto(new Int32Array(capacity), this.#kind);
    this.#argument = copyInto(new Int32Array(capacity), this.#argument);
    this.#generation = copyInto(new Int32Array(capacity), this.#generation);
    this.#position = copyInto(new Int32Array(capacity).fill(-1), this.#position);
    this.#heap = copyInto(new Int32Array(capacity), this.#heap);
    this.#free = copyInto(new Int32Array(capacity), this.#free);
    for (let slot = capacity - 1; slot >= old; slot--) this.#free[this.#freeCount++] = slot;
  }
}

const SLOTS = 2 ** 26;

function copyInto<T extends Float64Array | Int32Array>(target: T, source: T): T {
  target.set(source);
  return target;
}
