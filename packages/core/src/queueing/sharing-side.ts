import { IndexedHeap } from './indexed-heap.ts';

/**
 * One side of the water level of a weighted processor: its jobs by the clock time at which they finish (tag) and by the
 * level at which they change sides. The clock is whatever the processor makes of it: real time for capped jobs, virtual
 * time for the others; it starts again at 0 whenever the side is empty.
 */
export class Side {
  readonly byTag: IndexedHeap = new IndexedHeap();
  readonly byLevel: IndexedHeap = new IndexedHeap();
  /** Of caps on the capped side, of weights on the other. */
  sum = 0;
  clock = 0;

  get size(): number {
    return this.byTag.size;
  }

  /** Adds a job; `share` is what one unit of clock time gives it. */
  add(job: number, tag: number, level: number, order: number, share: number): void {
    this.byTag.push(job, tag, order);
    this.byLevel.push(job, level, order);
    this.sum += share;
  }

  /** Takes a job off this side and returns the clock time it still has to run. */
  remove(job: number, share: number): number {
    const left = this.byTag.keyOf(job) - this.clock;
    this.byTag.remove(job);
    this.byLevel.remove(job);
    this.sum = this.size === 0 ? 0 : this.sum - share;
    if (this.size === 0) this.clock = 0;
    return Math.max(0, left);
  }

  /** Adds the sum up afresh, so that rounding cannot pile up in it. */
  addUp(shares: Float64Array): void {
    this.sum = 0;
    for (let index = 0; index < this.size; index++) this.sum += shares[this.byTag.at(index)]!;
  }

  /** Whole microseconds are subtracted, so no tag loses a bit. */
  startClockAgain(): void {
    const amount = Math.floor(this.clock);
    this.byTag.shiftKeys(amount);
    this.clock -= amount;
  }

  /** Time until the first job is done when the clock runs at `speed`; Infinity when nobody is here. */
  timeToFinish(speed: number): number {
    if (this.size === 0) return Infinity;
    const owed = this.byTag.firstKey() - this.clock;
    return owed > 0 ? owed / speed : 0;
  }

  /** Takes everybody off and returns them, in no particular order. */
  clear(): number[] {
    const jobs: number[] = [];
    for (let index = 0; index < this.size; index++) jobs.push(this.byTag.at(index));
    this.byTag.clear();
    this.byLevel.clear();
    this.sum = 0;
    this.clock = 0;
    return jobs;
  }
}
