import { grownFloat64, grownInt32, initialPlaces, placesFor } from './columns.ts';

/**
 * A priority heap of job numbers with removal from the middle. The smallest key comes first; equal keys come in the order
 * of their tie number, so the order is total. Four children a node, keys beside the job numbers: a sift touches one line
 * of memory per level.
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
    this.#tie[job] = tie;
    const index = this.#size++;
    if (index === 0) this.#place(0, job, key);
    else this.#siftUp(index, job, key);
  }

  /** Removes and returns the first job, or -1 when empty. */
  pop(): number {
    if (this.#size === 0) return -1;
    const job = this.#jobs[0]!;
    this.#position[job] = -1;
    const last = --this.#size;
    if (last > 0) this.#siftDown(0, this.#jobs[last]!, this.#keys[last]!);
    return job;
  }

  /** Removes `job`; false when it is not inside. */
  remove(job: number): boolean {
    if (!this.has(job)) return false;
    const index = this.#position[job]!;
    this.#position[job] = -1;
    const last = --this.#size;
    if (index === last) return true;
    const moved = this.#jobs[last]!;
    const key = this.#keys[last]!;
    if (index > 0 && this.#before(moved, key, (index - 1) >> 2)) this.#siftUp(index, moved, key);
    else this.#siftDown(index, moved, key);
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

  /** Whether (job, key) comes before what stands at heap place `index`. */
  #before(job: number, key: number, index: number): boolean {
    const other = this.#keys[index]!;
    return key < other || (key === other && this.#tie[job]! < this.#tie[this.#jobs[index]!]!);
  }

  #siftUp(start: number, job: number, key: number): void {
    let index = start;
    while (index > 0) {
      const parent = (index - 1) >> 2;
      if (!this.#before(job, key, parent)) break;
      this.#place(index, this.#jobs[parent]!, this.#keys[parent]!);
      index = parent;
    }
    this.#place(index, job, key);
  }

  #siftDown(start: number, job: number, key: number): void {
    const size = this.#size;
    let index = start;
    for (;;) {
      let child = index * 4 + 1;
      if (child >= size) break;
      const end = child + 4 < size ? child + 4 : size;
      for (let sibling = child + 1; sibling < end; sibling++) {
        if (this.#before(this.#jobs[sibling]!, this.#keys[sibling]!, child)) child = sibling;
      }
      if (this.#before(job, key, child)) break;
      this.#place(index, this.#jobs[child]!, this.#keys[child]!);
      index = child;
    }
    this.#place(index, job, key);
  }

  #place(index: number, job: number, key: number): void {
    this.#jobs[index] = job;
    this.#keys[index] = key;
    this.#position[job] = index;
  }

  #makeRoom(job: number): void {
    const places = placesFor('heap', job, this.#position.length);
    this.#position = grownInt32(this.#position, places, -1);
    this.#tie = grownFloat64(this.#tie, places, 0);
    this.#jobs = grownInt32(this.#jobs, places, 0);
    this.#keys = grownFloat64(this.#keys, places, 0);
  }
}
