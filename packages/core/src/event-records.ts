/**
 * Storage of pending events: fixed records in one growing buffer, addressed by slot, reused through a free list. One
 * record is 32 bytes, half a cache line, so an event is one memory access whatever is asked of it:
 *
 *   float64 time | float64 order | int32 kind | int32 argument | int32 link | int32 generation
 *
 * `order` folds priority and sequence into one number, `link` chains a record into a bucket or into the free list, and
 * `generation` counts the lives of the slot, so that a handle (slot and generation) is never valid twice.
 */
export class EventRecords {
  #floats: Float64Array<ArrayBuffer> = new Float64Array(0);
  #ints: Int32Array<ArrayBuffer> = new Int32Array(0);
  #capacity = 0;
  #free = -1;
  readonly #livesPerSlot: number = 0;

  /** `livesPerSlot` is at most 2^26 - 1, the default; tests lower it to see a slot retire. */
  constructor(capacity = 256, livesPerSlot: number = HANDLE_SLOTS - 1) {
    const buffer = new ArrayBuffer(capacity * RECORD_BYTES);
    this.#floats = new Float64Array(buffer);
    this.#ints = new Int32Array(buffer);
    this.#capacity = capacity;
    this.#livesPerSlot = livesPerSlot;
    this.#makeFree(0);
  }

  /** Records there is room for; doubles when all are in use. */
  get capacity(): number {
    return this.#capacity;
  }

  /** Records in use, counted by walking the free list: for tests and reports, not for hot paths. */
  countInUse(): number {
    let free = 0;
    for (let slot = this.#free; slot >= 0; slot = this.linkOf(slot)) free++;
    return this.#capacity - free;
  }

  /** Takes a slot and fills in the event. */
  allocate(time: number, order: number, kind: number, argument: number): number {
    if (this.#free < 0) this.#grow();
    const slot = this.#free;
    const ints = this.#ints;
    const floats = this.#floats;
    const base = slot << 3;
    this.#free = ints[base | LINK]!;
    floats[slot << 2] = time;
    floats[(slot << 2) | 1] = order;
    ints[base | KIND] = kind;
    ints[base | ARGUMENT] = argument;
    return slot;
  }

  /** Ends the life of the event in `slot`: its handle is void from here on. The record stays until `release`. */
  endLife(slot: number): void {
    const base = slot << 3;
    this.#ints[base | GENERATION] = this.#ints[base | GENERATION]! + 1;
    this.#ints[base | KIND] = DEAD;
  }

  /** Gives the slot of a dead event back. A slot whose generations are used up is retired instead. */
  release(slot: number): void {
    const ints = this.#ints;
    const base = slot << 3;
    if (ints[base | GENERATION]! > this.#livesPerSlot) return;
    ints[base | LINK] = this.#free;
    this.#free = slot;
  }

  /** `endLife` and `release` in one: what every executed event goes through. */
  retire(slot: number): void {
    const ints = this.#ints;
    const base = slot << 3;
    const generation = ints[base | GENERATION]! + 1;
    ints[base | GENERATION] = generation;
    ints[base | KIND] = DEAD;
    if (generation > this.#livesPerSlot) return;
    ints[base | LINK] = this.#free;
    this.#free = slot;
  }

  /** The handle of the event that lives in `slot`: slot + generation * 2^26, below 2^52 and never 0. */
  handleOf(slot: number): number {
    return this.#ints[(slot << 3) | GENERATION]! * HANDLE_SLOTS + slot;
  }

  /** The slot of a living event, or -1 when the handle's event has ended or never was. */
  find(handle: number): number {
    const slot = handle & (HANDLE_SLOTS - 1);
    if (slot >= this.#capacity) return -1;
    const generation = (handle - slot) * (1 / HANDLE_SLOTS);
    const base = slot << 3;
    return this.#ints[base | GENERATION] === generation && this.#ints[base | KIND] !== DEAD ? slot : -1;
  }

  timeOf(slot: number): number {
    return this.#floats[slot << 2]!;
  }

  orderOf(slot: number): number {
    return this.#floats[(slot << 2) | 1]!;
  }

  /** Which of two events at one instant comes first. */
  isOrderedBefore(slot: number, other: number): boolean {
    return this.#floats[(slot << 2) | 1]! < this.#floats[(other << 2) | 1]!;
  }

  kindOf(slot: number): number {
    return this.#ints[(slot << 3) | KIND]!;
  }

  setKind(slot: number, kind: number): void {
    this.#ints[(slot << 3) | KIND] = kind;
  }

  argumentOf(slot: number): number {
    return this.#ints[(slot << 3) | ARGUMENT]!;
  }

  linkOf(slot: number): number {
    return this.#ints[(slot << 3) | LINK]!;
  }

  setLink(slot: number, link: number): void {
    this.#ints[(slot << 3) | LINK] = link;
  }

  #grow(): void {
    const from = this.#capacity;
    if (from * 2 > HANDLE_SLOTS)
      throw new RangeError(`calendar: expected at most ${HANDLE_SLOTS} events pending, got more`);
    const buffer = new ArrayBuffer(from * 2 * RECORD_BYTES);
    const floats = new Float64Array(buffer);
    floats.set(this.#floats);
    this.#floats = floats;
    this.#ints = new Int32Array(buffer);
    this.#capacity = from * 2;
    this.#makeFree(from);
  }

  #makeFree(from: number): void {
    for (let slot = this.#capacity - 1; slot >= from; slot--) {
      this.#ints[(slot << 3) | KIND] = DEAD;
      this.#ints[(slot << 3) | GENERATION] = 1;
      this.setLink(slot, this.#free);
      this.#free = slot;
    }
  }
}

/** The kind of a record whose event was cancelled, has run, or has not been made yet. */
export const deadKind = -1;

const DEAD = -1;
const RECORD_BYTES = 32;
const KIND = 4;
const ARGUMENT = 5;
const LINK = 6;
const GENERATION = 7;
/** 2^26. */
const HANDLE_SLOTS = 67_108_864;
