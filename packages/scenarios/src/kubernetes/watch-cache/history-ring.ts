/**
 * The recent past of one type in a watch cache: a ring of events in columns. It starts with room for 100 events, doubles
 * when it is full of events younger than the window, up to 102,400, and halves when even its youngest quarter began
 * before the window (apiserver, storage/cacher/watch_cache_history.go). A watch that starts at a version older than the
 * ring cannot be served: 410, "too old resource version".
 */
import { type Duration, type Instant, seconds } from '@brownout/core';

/** Smallest and largest room, in events. */
export const SMALLEST_RING = 100;
export const LARGEST_RING = 102_400;
/** Events younger than this are worth more room: a minute between bookmarks and a little (`DefaultEventFreshDuration`). */
export const FRESH_WINDOW: Duration = seconds(75);

/** No event has this index value. */
export const NO_INDEX = -1;

/** Events of one type, oldest first, by whole numbers that never go down. */
export class HistoryRing {
  #capacity = SMALLEST_RING;
  #revisions: Float64Array = new Float64Array(SMALLEST_RING);
  #times: Float64Array = new Float64Array(SMALLEST_RING);
  /** Value of the type's index that an event is about, such as the node of a pod. */
  #indices: Int32Array = new Int32Array(SMALLEST_RING);
  /** Events from `#start` up to `#end` are inside; their places are these numbers modulo the capacity. */
  #start = 0;
  #end = 0;
  #listRevision = 0;
  #hasForgotten = false;

  /** Events inside. */
  get size(): number {
    return this.#end - this.#start;
  }

  /** Room, in events. */
  get capacity(): number {
    return this.#capacity;
  }

  /** The cache was filled by a LIST at `revision`; what was in the ring is of no use any more. */
  reset(revision: number): void {
    this.#start = this.#end;
    this.#hasForgotten = false;
    this.#listRevision = revision;
  }

  /** Adds an event; the oldest goes when there is no room and no reason to grow. */
  push(revision: number, at: Instant, index: number = NO_INDEX): void {
    this.#resize(at);
    if (this.size === this.#capacity) {
      this.#start++;
      this.#hasForgotten = true;
    }
    const place = this.#end % this.#capacity;
    this.#revisions[place] = revision;
    this.#times[place] = at;
    this.#indices[place] = index;
    this.#end++;
  }

  /** Oldest version a watch may start from: it sees everything after it. */
  get oldestStart(): number {
    if (this.#hasForgotten && this.size > 0) return this.#revisions[this.#start % this.#capacity]! - 1;
    return this.#listRevision;
  }

  /** Events after a version, or -1 when that version is too old for the ring. */
  countSince(revision: number): number {
    return revision < this.oldestStart ? -1 : this.#end - this.#firstAfter(revision);
  }

  /**
   * Events after a version about one value of the index, or -1 when that version is too old. Looks at each of them; an index
   * of -1 stands for all.
   */
  countSinceOf(revision: number, index: number): number {
    if (index < 0) return this.countSince(revision);
    if (revision < this.oldestStart) return -1;
    let count = 0;
    for (let i = this.#firstAfter(revision); i < this.#end; i++) {
      if (this.#indices[i % this.#capacity] === index) count++;
    }
    return count;
  }

  /** Revision before the youngest `events` events: what somebody has seen who is behind by so many. */
  revisionBehind(events: number): number {
    const place = this.#end - 1 - events;
    return place < this.#start ? this.oldestStart : this.#revisions[place % this.#capacity]!;
  }

  #firstAfter(revision: number): number {
    let low = this.#start;
    let high = this.#end;
    while (low < high) {
      const middle = low + Math.floor((high - low) / 2);
      if (this.#revisions[middle % this.#capacity]! > revision) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #resize(at: Instant): void {
    const capacity = this.#capacity;
    if (this.size < capacity) return;
    if (at - this.#times[this.#start % capacity]! < FRESH_WINDOW) {
      this.#setCapacity(Math.min(capacity * 2, LARGEST_RING));
    } else if (at - this.#times[(this.#end - Math.floor(capacity / 4)) % capacity]! > FRESH_WINDOW) {
      this.#setCapacity(Math.max(Math.floor(capacity / 2), SMALLEST_RING));
    }
  }

  /** Shrinking drops the oldest. The ring is full then, so the push it was for forgets one more, and notes it. */
  #setCapacity(capacity: number): void {
    if (capacity === this.#capacity) return;
    const revisions = new Float64Array(capacity);
    const times = new Float64Array(capacity);
    const indices = new Int32Array(capacity);
    const start = Math.max(this.#start, this.#end - capacity);
    for (let i = start; i < this.#end; i++) {
      const from = i % this.#capacity;
      const to = i % capacity;
      revisions[to] = this.#revisions[from]!;
      times[to] = this.#times[from]!;
      indices[to] = this.#indices[from]!;
    }
    this.#start = start;
    this.#revisions = revisions;
    this.#times = times;
    this.#indices = indices;
    this.#capacity = capacity;
  }
}
