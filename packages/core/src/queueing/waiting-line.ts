import { grownInt32, initialPlaces } from './columns.ts';
import type { Discipline } from './discipline.ts';
import { IndexedHeap } from './indexed-heap.ts';
import { noTime, type Duration } from '../time.ts';

/** The mechanism behind a discipline: the jobs that wait at one station. Every operation is O(1) or O(log n). */
export interface WaitingLine {
  readonly size: number;
  /** Makes room for job numbers below `places`. */
  makeRoom(places: number): void;
  /** Adds a job at `now`; `order` grows with every arrival at the station. */
  push(job: number, rank: number, order: number, now: number): void;
  /** Removes and returns the job to serve next at `now`. The line is not empty. */
  take(now: number): number;
  /** Removes a job that is in the line. */
  remove(job: number): void;
  /** Rank of the job that would be served next; Infinity when the line is empty or knows no ranks. */
  bestRank(): number;
  /** Every job in the line, in the order of arrival. */
  jobs(): number[];
  /** Order of a job that was taken last. */
  orderOf(job: number): number;
  clear(): void;
}

/** Makes the empty line of a discipline. */
export function createLine(discipline: Discipline): WaitingLine {
  return discipline.kind === 'ends' ? new TwoEndedLine(discipline.threshold, discipline.after) : new RankedLine();
}

/** A list linked through columns, with the oldest job at the head: both ends and the middle are open. */
export class TwoEndedLine implements WaitingLine {
  readonly #threshold: number;
  readonly #after: Duration;
  #next: Int32Array = new Int32Array(initialPlaces);
  #previous: Int32Array = new Int32Array(initialPlaces);
  #head = -1;
  #tail = -1;
  #size = 0;
  /** Since when the line has held `threshold` jobs without a break. */
  #crowdedSince = 0;

  /** The newest job is next once the line has held `threshold` jobs without a break for `after`. */
  constructor(threshold: number, after: Duration = noTime) {
    this.#threshold = threshold;
    this.#after = after;
  }

  /** The job that has waited longest, or -1. */
  get oldest(): number {
    return this.#head;
  }

  get size(): number {
    return this.#size;
  }

  makeRoom(places: number): void {
    this.#next = grownInt32(this.#next, places, -1);
    this.#previous = grownInt32(this.#previous, places, -1);
  }

  push(job: number, _rank: number, _order: number, now: number): void {
    const tail = this.#tail;
    this.#next[job] = -1;
    this.#previous[job] = tail;
    if (tail < 0) this.#head = job;
    else this.#next[tail] = job;
    this.#tail = job;
    if (++this.#size === this.#threshold) this.#crowdedSince = now;
  }

  take(now: number): number {
    const takesNewest = this.#size >= this.#threshold && now - this.#crowdedSince >= this.#after;
    const job = takesNewest ? this.#tail : this.#head;
    this.remove(job);
    return job;
  }

  remove(job: number): void {
    const next = this.#next[job]!;
    const previous = this.#previous[job]!;
    if (previous < 0) this.#head = next;
    else this.#next[previous] = next;
    if (next < 0) this.#tail = previous;
    else this.#previous[next] = previous;
    this.#size--;
  }

  bestRank(): number {
    return Infinity;
  }

  orderOf(): number {
    return 0;
  }

  jobs(): number[] {
    const jobs: number[] = [];
    for (let job = this.#head; job >= 0; job = this.#next[job]!) jobs.push(job);
    return jobs;
  }

  clear(): void {
    this.#head = -1;
    this.#tail = -1;
    this.#size = 0;
  }
}

/** A heap by (rank, order of arrival). */
class RankedLine implements WaitingLine {
  readonly #heap: IndexedHeap = new IndexedHeap();

  get size(): number {
    return this.#heap.size;
  }

  makeRoom(): void {}

  push(job: number, rank: number, order: number): void {
    this.#heap.push(job, rank, order);
  }

  take(): number {
    return this.#heap.pop();
  }

  remove(job: number): void {
    this.#heap.remove(job);
  }

  bestRank(): number {
    return this.#heap.firstKey();
  }

  orderOf(job: number): number {
    return this.#heap.tieOf(job);
  }

  jobs(): number[] {
    const jobs: number[] = [];
    for (let index = 0; index < this.#heap.size; index++) jobs.push(this.#heap.at(index));
    return jobs.sort((a, b) => this.#heap.tieOf(a) - this.#heap.tieOf(b));
  }

  clear(): void {
    this.#heap.clear();
  }
}
