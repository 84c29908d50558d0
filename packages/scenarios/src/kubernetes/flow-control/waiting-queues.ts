import type { RequestTable } from './request-table.ts';

/**
 * The requests waiting in the queues of one level: first in, first out in each queue, with removal from the middle, all
 * of it linked through the request columns. It knows which queues are crowded and how much work waits in each.
 */
export class WaitingQueues {
  /** Oldest waiting request of each queue, -1 = none waits. */
  oldest: Int32Array = new Int32Array(0);
  /** Requests waiting in each queue. */
  lengths: Int32Array = new Int32Array(0);
  /** Expected work of the requests waiting in each queue, in units. */
  work: Float64Array = new Float64Array(0);
  /** The queues in which requests wait, in no order: the first `crowdedCount` places. */
  crowded: Int32Array = new Int32Array(0);
  crowdedCount = 0;
  /** Requests waiting in all queues. */
  size = 0;
  readonly #requests: RequestTable;
  #newest: Int32Array = new Int32Array(0);
  /** Place of each crowded queue among the crowded ones. */
  #place: Int32Array = new Int32Array(0);

  constructor(requests: RequestTable) {
    this.#requests = requests;
  }

  /** Number of queues. */
  get count(): number {
    return this.lengths.length;
  }

  /** Puts `request` at the end of `queue`. */
  push(request: number, queue: number): void {
    const { next, previous, work } = this.#requests;
    const newest = this.#newest[queue]!;
    next[request] = -1;
    previous[request] = newest;
    if (newest < 0) this.oldest[queue] = request;
    else next[newest] = request;
    this.#newest[queue] = request;
    if (this.lengths[queue]!++ === 0) {
      this.#place[queue] = this.crowdedCount;
      this.crowded[this.crowdedCount++] = queue;
    }
    this.work[queue]! += work[request]!;
    this.size++;
  }

  /** Takes `request` out of `queue`, wherever it stands. */
  remove(request: number, queue: number): void {
    const requests = this.#requests;
    const next = requests.next[request]!;
    const previous = requests.previous[request]!;
    if (previous < 0) this.oldest[queue] = next;
    else requests.next[previous] = next;
    if (next < 0) this.#newest[queue] = previous;
    else requests.previous[next] = previous;
    if (--this.lengths[queue]! === 0) {
      const place = this.#place[queue]!;
      const moved = this.crowded[--this.crowdedCount]!;
      this.crowded[place] = moved;
      this.#place[moved] = place;
    }
    this.work[queue]! -= requests.work[request]!;
    this.size--;
  }

  /** Makes it `count` queues, keeping what waits. */
  grow(count: number): void {
    const integers = (column: Int32Array, filler: number): Int32Array => {
      const grown = new Int32Array(count).fill(filler, column.length);
      grown.set(column);
      return grown;
    };
    const work = new Float64Array(count);
    work.set(this.work);
    this.work = work;
    this.oldest = integers(this.oldest, -1);
    this.#newest = integers(this.#newest, -1);
    this.lengths = integers(this.lengths, 0);
    this.crowded = integers(this.crowded, 0);
    this.#place = integers(this.#place, 0);
  }

  /** Forgets every request. */
  clear(): void {
    this.oldest.fill(-1);
    this.#newest.fill(-1);
    this.lengths.fill(0);
    this.work.fill(0);
    this.crowdedCount = 0;
    this.size = 0;
  }
}
