import { guessGap, widthFor } from './bucket-width.ts';
import { DelayLines, isMarker, lineKind, lineOf, markerKind } from './delay-line.ts';
import { EventFront } from './event-front.ts';
import { deadKind, EventRecords } from './event-records.ts';

/**
 * The future event list: pending events in exact order of (time, rank, sequence). Times are whole, so that every
 * comparison below is exact; rank and sequence are added up into one `order`.
 *
 *                  frontEnd                                  ringEnd
 *   now  | front   |  ring of unsorted buckets, one of them per `width`  |  far: unsorted, in one array
 *        | sorted  |  [ ] [ ] [ ] [ ] ...                                |
 *
 * An event is pushed into the part its time falls in and moves forward once: when the front is empty the next bucket
 * that holds something becomes the front. When the ring comes to the time of the earliest far event, the far events
 * that now fall into it are spread over it. The width is a power of two near twice the mean gap between events, found
 * by measuring, and the ring has two to four buckets per event; so a bucket holds about two events, a push and a pop
 * touch a constant number of records on average, and far events are looked at again only once per turn of the ring.
 * With few events there is no ring: `frontEnd` is infinite and the front is all there is.
 *
 * Cancelling ends an event's life at once, but its record stays in its bucket until that is opened; when the dead
 * outnumber the living by more than `DEAD_SLACK` everything is laid out anew without them.
 *
 * Two things are as they are for speed, measured in docs/decisions/0003-event-list.md: the class is in one piece, and
 * its methods hand each other slots, never times, because a double that crosses a call is boxed.
 */
export class Calendar {
  readonly #records: EventRecords;
  readonly #front: EventFront;
  readonly #lines: DelayLines = new DelayLines();
  #heads: Int32Array<ArrayBuffer> = new Int32Array(SMALLEST_RING).fill(-1);
  #far: Int32Array<ArrayBuffer> = new Int32Array(SMALLEST_RING);
  #farCount = 0;
  /** No far event is earlier; Infinity when there is none. */
  #farTime = Infinity;
  #width = 1;
  #inverseWidth = 1;
  /** Number of the bucket that is the front. */
  #bucket = 0;
  #frontEnd = Infinity;
  #ringEnd = Infinity;
  /** Records in ring and far, the dead and the markers included. */
  #queued = 0;
  #dead = 0;
  #pushedCount = 0;
  #removedCount = 0;
  /** Events that came to the front, and where the front stood, since the width was last looked at. */
  #opened = 0;
  #openedSince = 0;

  /** Time of the last event taken; the run loop moves it on to its horizon. */
  now = 0;
  /** Events taken so far, and the argument of the last. */
  takenCount = 0;
  takenArgument = 0;

  constructor(records: EventRecords = new EventRecords()) {
    this.#records = records;
    this.#front = new EventFront(records);
  }

  /** Events pending: neither taken nor removed. */
  get size(): number {
    return this.#pushedCount - this.takenCount - this.#removedCount;
  }

  /** Adds an event `delay` after now and returns its slot. At equal times the lower rank, 0 to 2, comes first. */
  pushAfter(delay: number, rank: number, kind: number, argument: number): number {
    const order = rank * SEQUENCE_RANGE + this.#pushedCount++;
    const slot = this.#records.allocate(this.now + delay, order, kind, argument);
    this.#place(slot);
    return slot;
  }

  /** Makes a line of events that run as `kind` and all wait equally long; answers its number. */
  addLine(kind: number): number {
    return this.#lines.add(kind);
  }

  /** Adds an event to a line; it must not be earlier than the last one added there. Returns its slot. */
  pushToLine(line: number, delay: number, rank: number, argument: number): number {
    const order = rank * SEQUENCE_RANGE + this.#pushedCount++;
    const slot = this.#records.allocate(this.now + delay, order, lineKind(line), argument);
    this.#lines.append(line, slot);
    if (this.#lines.queuedOf(line) < 0) this.#queueFirstOf(line);
    return slot;
  }

  /** The handle of an event just pushed: asked for apart, because where nobody wants it the compiler drops the question. */
  handleOf(slot: number): number {
    return this.#records.handleOf(slot);
  }

  /** Takes the earliest event not later than `horizon`: answers its kind, moves now to it; -1 if none. */
  take(horizon: number): number {
    const records = this.#records;
    for (;;) {
      let slot = this.#front.takeSorted(horizon);
      if (slot < 0) {
        if (slot === NOT_DUE) return -1;
        slot = this.#takeUnsorted(horizon);
        if (slot < 0) return -1;
      }
      let kind = records.kindOf(slot);
      if (kind < 0) {
        kind = this.#takeSpecial(slot, kind);
        if (kind < 0) continue;
      }
      this.takenCount++;
      this.now = records.timeOf(slot);
      this.takenArgument = records.argumentOf(slot);
      records.retire(slot);
      return kind;
    }
  }

  /** The slot of a pending event, or -1 when its handle has run or was cancelled. Good until the next change. */
  find(handle: number): number {
    return this.#records.find(handle);
  }

  /** The argument of an event that is pending or was cancelled just now. */
  argumentOf(slot: number): number {
    return this.#records.argumentOf(slot);
  }

  /** Cancels a pending event; answers its kind, or a negative number when it is one of a line. */
  remove(slot: number): number {
    this.#removedCount++;
    const kind = this.#records.kindOf(slot);
    if (kind < 0) {
      this.#removeFromLine(slot, lineOf(kind));
    } else if (this.#records.timeOf(slot) < this.#frontEnd && this.#front.remove(slot)) {
      this.#records.retire(slot);
    } else {
      this.#records.endLife(slot);
      this.#dead++;
      if (this.#dead > this.size + DEAD_SLACK) this.#layOut(this.#measuredGap());
    }
    return kind;
  }

  #place(slot: number): void {
    const time = this.#records.timeOf(slot);
    if (time < this.#frontEnd) {
      this.#front.insert(slot);
    } else if (time < this.#ringEnd) {
      const heads = this.#heads;
      const place = (time * this.#inverseWidth) & (heads.length - 1);
      this.#records.setLink(slot, heads[place]!);
      heads[place] = slot;
      this.#queued++;
    } else {
      this.#placeFar(slot);
    }
  }

  #placeFar(slot: number): void {
    const time = this.#records.timeOf(slot);
    if (this.#farCount === this.#far.length) this.#far = grown(this.#far, this.#farCount * 2);
    this.#far[this.#farCount++] = slot;
    this.#queued++;
    if (time < this.#farTime) this.#farTime = time;
  }

  #queueFirstOf(line: number): void {
    const slot = this.#lines.firstOf(line);
    this.#lines.setQueued(line, slot);
    if (slot >= 0) this.#place(slot);
  }

  #removeFromLine(slot: number, line: number): void {
    this.#lines.unlink(line, slot);
    if (this.#lines.queuedOf(line) === slot) {
      this.#records.endLife(slot);
      this.#records.setKind(slot, markerKind(line));
    } else {
      this.#records.retire(slot);
    }
  }

  /** A taken record that is no plain event: a dead one, a marker, or the first of a line, whose kind is answered. */
  #takeSpecial(slot: number, kind: number): number {
    if (kind === deadKind) {
      this.#bury(slot);
      return -1;
    }
    const line = lineOf(kind);
    if (isMarker(kind)) {
      this.#records.setKind(slot, deadKind);
      this.#records.release(slot);
      this.#queueFirstOf(line);
      return -1;
    }
    this.#lines.unlink(line, slot);
    this.#queueFirstOf(line);
    return this.#lines.kindOf(line);
  }

  /** `take` when nothing is in the sorted front: from a front that is a heap, or from the next bucket. */
  #takeUnsorted(horizon: number): number {
    for (;;) {
      if (this.#front.isHeap) {
        if (this.#frontEnd !== Infinity && this.#opened++ < this.#patience()) return this.#front.takeHeap(horizon);
        this.#reconsider();
        if (this.#front.isHeap) return this.#front.takeHeap(horizon);
      } else if (!this.#advance()) {
        return -1;
      }
      if (!this.#front.isHeap) return this.#front.takeSorted(horizon);
    }
  }

  /**
   * Makes the next bucket that holds a living event the front; false when nothing is queued. In one piece and too long
   * to be inlined, so that what is inlined into the run loop is the way of most events.
   */
  #advance(): boolean {
    const records = this.#records;
    while (this.#front.count === 0) {
      if (this.#queued === 0) return false;
      const heads = this.#heads;
      const buckets = heads.length;
      if (this.#queued > buckets || this.#queued * 16 < buckets || this.#opened > this.#patience()) {
        this.#reconsider();
        continue;
      }
      if (this.#queued === this.#farCount) {
        this.#moveFrontTo(Math.floor(this.#farTime * this.#inverseWidth));
        this.#spreadFar();
        continue;
      }
      const mask = buckets - 1;
      const start = this.#bucket & mask;
      const stepsToFar = Math.min(Math.floor(this.#farTime * this.#inverseWidth) - this.#bucket, buckets) | 0;
      let steps = 1;
      while (heads[(start + steps) & mask]! < 0 && steps < stepsToFar) steps++;
      this.#moveFrontTo(this.#bucket + steps);
      if (steps === stepsToFar) this.#spreadFar();
      const place = (start + steps) & mask;
      let slot = heads[place]!;
      heads[place] = -1;
      for (let next; slot >= 0; slot = next) {
        next = records.linkOf(slot);
        if (records.kindOf(slot) === deadKind) this.#bury(slot);
        else this.#front.insert(slot);
        this.#queued--;
        this.#opened++;
      }
    }
    return true;
  }

  #moveFrontTo(bucket: number): void {
    this.#bucket = bucket;
    this.#frontEnd = (bucket + 1) * this.#width;
    this.#ringEnd = (bucket + this.#heads.length) * this.#width;
  }

  /** Moves the far events that now fall before `ringEnd` into front and ring. */
  #spreadFar(): void {
    const records = this.#records;
    const far = this.#far;
    const count = this.#farCount;
    const ringEnd = this.#ringEnd;
    this.#farTime = Infinity;
    this.#farCount = 0;
    for (let i = 0; i < count; i++) {
      const slot = far[i]!;
      const time = records.timeOf(slot);
      if (records.kindOf(slot) === deadKind) {
        this.#queued--;
        this.#bury(slot);
      } else if (time < ringEnd) {
        this.#queued--;
        this.#place(slot);
      } else {
        far[this.#farCount++] = slot;
        if (time < this.#farTime) this.#farTime = time;
      }
    }
  }

  #bury(slot: number): void {
    this.#dead--;
    this.#records.release(slot);
  }

  #patience(): number {
    return 512 + (this.#queued >> 2);
  }

  /** Mean time between the events opened since the last look; 0 when there were too few to tell. */
  #measuredGap(): number {
    const enough = this.#opened * 8 > this.#queued && this.#opened > 64;
    return enough ? (this.#bucket * this.#width - this.#openedSince) / this.#opened : 0;
  }

  /** Lays the calendar out anew if its width or its number of buckets no longer fits what is measured. */
  #reconsider(): void {
    const gap = this.#measuredGap();
    const drift = (gap * 2) / this.#width;
    const buckets = this.#heads.length;
    const fitsInSize = this.#frontEnd !== Infinity && this.#queued <= buckets && this.#queued * 16 >= buckets;
    const fitsInWidth = gap === 0 || (drift < 2 && (drift > 0.5 || this.#width === 1));
    if (!fitsInSize || !fitsInWidth) return this.#layOut(gap);
    this.#opened = 0;
    this.#openedSince = this.#bucket * this.#width;
  }

  #layOut(measuredGap: number): void {
    const earliest = this.#gather();
    const count = this.#farCount;
    if (count <= FEW) {
      this.#frontEnd = Infinity;
      this.#ringEnd = Infinity;
    } else {
      let buckets = SMALLEST_RING;
      while (buckets < count * 2) buckets *= 2;
      if (buckets !== this.#heads.length) this.#heads = new Int32Array(buckets).fill(-1);
      const gap = measuredGap > 0 ? measuredGap : guessGap(this.#records, this.#far, count, earliest);
      this.#width = widthFor(gap);
      this.#inverseWidth = 1 / this.#width;
      this.#moveFrontTo(Math.floor(earliest * this.#inverseWidth));
    }
    this.#spreadFar();
    this.#opened = 0;
    this.#openedSince = this.#bucket * this.#width;
  }

  /** Moves every living record into `far`, buries the dead, and answers the earliest time. */
  #gather(): number {
    const records = this.#records;
    if (this.#far.length < records.capacity) this.#far = grown(this.#far, records.capacity);
    const far = this.#far;
    let count = this.#front.moveInto(far, this.#farCount);
    for (let place = 0; place < this.#heads.length; place++) {
      for (let slot = this.#heads[place]!; slot >= 0; slot = records.linkOf(slot)) far[count++] = slot;
      this.#heads[place] = -1;
    }
    let kept = 0;
    let earliest = Infinity;
    for (let i = 0; i < count; i++) {
      const slot = far[i]!;
      if (records.kindOf(slot) === deadKind) {
        this.#bury(slot);
      } else {
        far[kept++] = slot;
        const time = records.timeOf(slot);
        if (time < earliest) earliest = time;
      }
    }
    this.#farCount = kept;
    this.#queued = kept;
    return earliest;
  }
}

const NOT_DUE = -1;
/** 2^45: room for a year of running at a million events a second. */
const SEQUENCE_RANGE = 35_184_372_088_832;
const SMALLEST_RING = 64;
/** A layout of no more events than this has no ring. */
const FEW = 24;
const DEAD_SLACK = 1024;

function grown(array: Int32Array, room: number): Int32Array<ArrayBuffer> {
  const copy = new Int32Array(room);
  copy.set(array);
  return copy;
}
