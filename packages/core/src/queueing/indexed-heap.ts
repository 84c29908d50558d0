import { grownFloat64, grownInt32, initialPlaces, placesFor } from './columns.ts';

/**
 * A priority heap of job numbers with removal from the middle. The smallest key comes first; equal keys come in the
 * order of their tie number, so the order is total. Four children a node, keys beside the job numbers: a sift touches
 * one line of memory per level.
 */
export class IndexedHeap {
  #jobs: Int32Array = new Int32Array(initialPlaces);
  #keys: Float64Array = new Float64Array(initialPlaces);
  #position: Int32Array = new Int32Array(initialPlaces).fill(-1);
  #tie: Float64Array = new Float64Array(initialPlaces);
  #size = 0;

  /** Jobs inside. */
  get size(): number {
    return this.#size;
  }

  /** Whether `job` is inside. */
  has(job: number): boolean {
    return this.#position[job]! >= 0;
  }

  /** Key of a job that is inside. */
  keyOf(job: number): number {
    return this.#keys[this.#position[job]!]!;
  }

  /** Tie number of a job that is inside, or was last. */
  tieOf(job: number): number {
    return this.#tie[job]!;
  }

  /** The first job, or -1 when empty. */
  first(): number {
    return this.#size === 0 ? -1 : this.#jobs[0]!;
  }

  /** Key of the first job, or Infinity when empty. */
  firstKey(): number {
    return this.#size === 0 ? Infinity : this.#keys[0]!;
  }

  /** The job at heap place `index`, for visits in no particular order. */
  at(index: number): number {
    return this.#jobs[index]!;
  }

  /** Adds a job that is not inside. */
  push(job: number, key: number, tie: number): void {
    if (job >= this.#position.length) this.#makeRoom(job);
    const index = this.#size++;
    this.#tie[job] = tie;
    this.#keys[index] = key;
    this.#jobs[index] = job;
    this.#siftUp(index);
  }

  /** Removes and returns the first job, or -1 when empty. */
  pop(): number {
    if (this.#size === 0) return -1;
    const job = this.#jobs[0]!;
    this.#removeAt(0);
    return job;
  }

  /** Removes `job`; false when it is not inside. */
  remove(job: number): boolean {
    if (!this.has(job)) return false;
    this.#removeAt(this.#position[job]!);
    return true;
  }

  /** Subtracts `amount` from every key. Exact when keys and `amount` are multiples of one power of two. */
  shiftKeys(amount: number): void {
    for (let index = 0; index < this.#size; index++) this.#keys[index] = this.#keys[index]! - amount;
  }

  /** Forgets everything. */
  clear(): void {
    for (let index = 0; index < this.#size; index++) this.#position[this.#jobs[index]!] = -1;
    this.#size = 0;
  }

  /** Fills the gap at `index` with the last entry and moves that to where it belongs. */
  #removeAt(index: number): void {
    this.#position[this.#jobs[index]!] = -1;
    const last = --this.#size;
    if (index === last) return;
    this.#keys[index] = this.#keys[last]!;
    this.#jobs[index] = this.#jobs[last]!;
    if (index > 0 && this.#comesBefore(index, (index - 1) >> 2)) this.#siftUp(index);
    else this.#siftDown(index);
  }

  #comesBefore(index: number, other: number): boolean {
    const key = this.#keys[index]!;
    const otherKey = this.#keys[other]!;
    return key < otherKey || (key === otherKey && this.#tie[this.#jobs[index]!]! < this.#tie[this.#jobs[other]!]!);
  }

  // The sifts take places, not keys: a double handed to a function that V8 does not inline costs an allocation.
  #siftUp(start: number): void {
    const jobs = this.#jobs;
    const keys = this.#keys;
    const position = this.#position;
    const job = jobs[start]!;
    const key = keys[start]!;
    let index = start;
    while (index > 0) {
      const parent = (index - 1) >> 2;
      const above = keys[parent]!;
      if (above < key || (above === key && this.#tie[jobs[parent]!]! < this.#tie[job]!)) break;
      keys[index] = above;
      jobs[index] = jobs[parent]!;
      position[jobs[index]!] = index;
      index = parent;
    }
    keys[index] = key;
    jobs[index] = job;
    position[job] = index;
  }

  #siftDown(start: number): void {
    const size = this.#size;
    const jobs = this.#jobs;
    const keys = this.#keys;
    const position = this.#position;
    const job = jobs[start]!;
    const key = keys[start]!;
    let index = start;
    for (;;) {
      let child = index * 4 + 1;
      if (child >= size) break;
      const end = child + 4 < size ? child + 4 : size;
      for (let sibling = child + 1; sibling < end; sibling++) if (this.#comesBefore(sibling, child)) child = sibling;
      const below = keys[child]!;
      if (key < below || (key === below && this.#tie[job]! < this.#tie[jobs[child]!]!)) break;
      keys[index] = below;
      jobs[index] = jobs[child]!;
      position[jobs[index]!] = index;
      index = child;
    }
    keys[index] = key;
    jobs[index] = job;
    position[job] = index;
  }

  #makeRoom(job: number): void {
    const places = placesFor('heap', job, this.#position.length);
    this.#position = grownInt32(this.#position, places, -1);
    this.#tie = grownFloat64(this.#tie, places, 0);
    this.#jobs = grownInt32(this.#jobs, places, 0);
    this.#keys = grownFloat64(this.#keys, places, 0);
  }
}
