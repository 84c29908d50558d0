import { bucketsPerEvent, eventsPerBucket, guessGap, widthFor } from './bucket-width.ts';
import { DelayLines, isMarker, lineKind, lineOf, markerKind } from './delay-line.ts';
import { EventFront } from './event-front.ts';
import { deadKind, EventRecords } from './event-records.ts';
import { EventRing } from './event-ring.ts';
import { realZero } from './real-zero.ts';

/**
 * The future event list: pending events in exact order of (time, rank, sequence). Times are whole, so that every
 * comparison below is exact; rank and sequence are added up into one `order`.
 *
 *                  frontEnd                                  ringEnd
 *   now  | front   |  ring of unsorted buckets, one of them per `width`  |  far: unsorted, in one array
 *        | sorted  |  [ ] [ ] [ ] [ ] ...                                |
 *
 * An event is pushed into the part its time falls in and moves forward once: when the front is empty the next bucket
 * that holds something becomes the front; a lone event in it is taken as it is. Which buckets hold something stands in
 * one bit each, so empty ones cost nothing to pass. When the ring comes to the time of the earliest far event, the far
 * events that now fall into it are spread over it. The width is a power of two in proportion to the mean gap between
 * events, found by measuring; `bucket-width.ts` has the proportions. So a push and a pop touch a constant number of
 * records on average, and far events are looked at again only once per turn of the ring. With few events there is no
 * ring: `frontEnd` is infinite and the front is all there is.
 *
 * Cancelling ends an event's life at once, but its record stays in its bucket until that is opened; when the dead
 * outnumber the living by more than `DEAD_SLACK` everything is laid out anew without them.
 *
 * Some things are as they are for speed, measured in docs/decisions/0003-event-list.md. Methods hand each other slots,
 * never times, because a double that crosses a call is boxed. Numbers and arrays have a value where they are declared,
 * here and in the parts, because otherwise the compiler reckons with undefined at every use; a double where doubles will come
 * (`real-zero.ts`): all that reads the clock was compiled anew when the clock passed 2^31 us.
 */
export class Calendar {
  readonly #records: EventRecords;
  readonly #front: EventFront;
  readonly #ring: EventRing;
  readonly #lines: DelayLines = new DelayLines();
  #far: Int32Array<ArrayBuffer> = new Int32Array(FIRST_ROOM);
  #farCount = 0;
  /** No far event is earlier; Infinity when there is none. */
  #farTime = Infinity;
  #width = 1;
  #inverseWidth: number = realZero;
  /** Mean number of events in a bucket that the width aims at, and buckets for each event. */
  #aim = 1;
  #room = 1;
  /** Where in the ring the bucket that is the front would stand. */
  #position = 0;
  #frontEnd = Infinity;
  #ringEnd = Infinity;
  /** Records that entered and left the ring, the dead and the markers included, counted from the last look at the width. */
  #entered = 0;
  #left = 0;
  /** What `#left` may come to before the width is looked at again, and how many records the ring may hold. */
  #patience = 0;
  #mostInRing = 0;
  #dead = 0;
  #pushedCount = 0;
  #removedCount = 0;
  /** Where the front stood when the width was last looked at. */
  #lookedFrom: number = realZero;

  /** Time of the last event taken; the run loop moves it on to its horizon. */
  now: number = realZero;
  /** Events taken so far, and the argument of the last. */
  takenCount = 0;
  takenArgument = 0;

  constructor(records: EventRecords = new EventRecords()) {
    this.#records = records;
    this.#front = new EventFront(records);
    this.#ring = new EventRing(records);
    this.now = 0;
  }

  /** Events pending: neither taken nor removed. */
  get size(): number {
    return this.#pushedCount - this.takenCount - this.#removedCount;
  }

  /** Adds an event `delay` after now and returns its slot. At equal times the lower rank, 0 to 2, comes first. */
  pushAfter(delay: number, rank: number, kind: number, argument: number): number {
    const order = rank * SEQUENCE_RANGE + this.#pushedCount++;
    const time = this.now + delay;
    const slot = this.#records.allocate(time, order, kind, argument);
    if (time >= this.#frontEnd && time < this.#ringEnd) {
      this.#ring.add(slot, (time * this.#inverseWidth) & this.#ring.mask);
      this.#entered++;
    } else {
      this.#place(slot);
    }
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

  /**
   * Takes the earliest event not later than `horizon`: answers its kind, moves now to it; -1 if none. The way of most
   * events is in one piece: off the sorted front, or alone out of the next bucket of the ring. The rest is in
   * `#takeUnsorted`. That makes it too long to be inlined into the run loop, which leaves room there for what handlers
   * do.
   */
  take(horizon: number): number {
    const records = this.#records;
    for (;;) {
      let slot = this.#front.takeSorted(horizon);
      if (slot < 0) {
        if (slot === NOT_DUE) return -1;
        const inRing = this.#entered - this.#left;
        if (inRing === 0 || inRing > this.#mostInRing || this.#left >= this.#patience || this.#front.isHeap) {
          slot = this.#takeUnsorted();
        } else {
          const ring = this.#ring;
          const place = ring.next(this.#position);
          const advance = ((place - this.#position) & ring.mask) * this.#width;
          if (this.#frontEnd + advance > this.#farTime) {
            slot = this.#takeFromFar();
          } else {
            this.#position = place;
            this.#frontEnd += advance;
            this.#ringEnd += advance;
            slot = ring.open(place);
            if (records.linkOf(slot) < 0) this.#left++;
            else slot = this.#takeFromChain(slot);
          }
        }
        if (slot === NOTHING) return -1;
        if (slot < 0) continue;
        if (records.timeOf(slot) > horizon) {
          this.#front.insert(slot);
          return -1;
        }
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
      this.#ring.add(slot, (time * this.#inverseWidth) & this.#ring.mask);
      this.#entered++;
    } else {
      if (this.#farCount === this.#far.length) this.#far = grown(this.#far, this.#farCount * 2);
      this.#far[this.#farCount++] = slot;
      if (time < this.#farTime) this.#farTime = time;
    }
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
    if (kind === DEAD) {
      this.#bury(slot);
      return -1;
    }
    const line = lineOf(kind);
    if (isMarker(kind)) {
      this.#records.setKind(slot, DEAD);
      this.#records.release(slot);
      this.#queueFirstOf(line);
      return -1;
    }
    this.#lines.unlink(line, slot);
    this.#queueFirstOf(line);
    return this.#lines.kindOf(line);
  }

  /** Sorts the living of a bucket into the front and takes the earliest; `AGAIN` if there is none or a heap. */
  #takeFromChain(head: number): number {
    const records = this.#records;
    for (let slot = head, next; slot >= 0; slot = next) {
      next = records.linkOf(slot);
      if (records.kindOf(slot) === DEAD) this.#bury(slot);
      else this.#front.insert(slot);
      this.#left++;
    }
    return this.#front.takeSorted(Infinity);
  }

  /** The same with the bucket of the earliest far event. */
  #takeFromFar(): number {
    this.#moveFrontTo(Math.floor(this.#farTime * this.#inverseWidth));
    this.#spreadFar();
    return this.#takeFromChain(this.#ring.open(this.#position));
  }

  /** `take` from a heap, after a look at the width, or when all are far; `AGAIN` when the ring is in order now. */
  #takeUnsorted(): number {
    const front = this.#front;
    if (front.isHeap) {
      if (this.#frontEnd === Infinity || this.#patience-- < this.#left) this.#reconsider();
      return front.isHeap ? front.takeHeap(Infinity) : AGAIN;
    }
    if (this.#queued === 0) return NOTHING;
    if (!this.#fitsInSize() || this.#left >= this.#patience) {
      this.#reconsider();
      return AGAIN;
    }
    return this.#entered === this.#left ? this.#takeFromFar() : AGAIN;
  }

  /** Records in ring and far. */
  get #queued(): number {
    return this.#entered - this.#left + this.#farCount;
  }

  #moveFrontTo(bucket: number): void {
    this.#position = bucket & this.#ring.mask;
    this.#frontEnd = (bucket + 1) * this.#width;
    this.#ringEnd = (bucket + this.#ring.mask + 1) * this.#width;
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
      if (records.kindOf(slot) === DEAD) {
        this.#bury(slot);
      } else if (time < ringEnd) {
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

  /** Mean time between the events opened since the last look; 0 when there were too few to tell. */
  #measuredGap(): number {
    const enough = this.#left * 8 > this.#queued && this.#left > 64;
    return enough ? (this.#frontEnd - this.#lookedFrom) / this.#left : 0;
  }

  #fitsInSize(): boolean {
    const buckets = this.#ring.mask + 1;
    return this.#frontEnd !== Infinity && this.#queued <= this.#mostInRing && this.#queued * this.#room * 8 >= buckets;
  }

  /** Lays the calendar out anew if its width or its number of buckets no longer fits what is measured. */
  #reconsider(): void {
    const gap = this.#measuredGap();
    const drift = (gap * this.#aim) / this.#width;
    const fitsInWidth = gap === 0 || (drift < 2 && (drift > 0.5 || this.#width === 1));
    if (fitsInWidth && this.#fitsInSize()) this.#startCounting();
    else this.#layOut(gap);
  }

  #startCounting(): void {
    this.#entered -= this.#left;
    this.#left = 0;
    this.#patience = 512 + (this.#queued >> 2);
    this.#lookedFrom = this.#frontEnd;
  }

  #layOut(measuredGap: number): void {
    const earliest = this.#gather();
    const count = this.#farCount;
    if (count <= FEW) {
      this.#frontEnd = Infinity;
      this.#ringEnd = Infinity;
    } else {
      this.#aim = eventsPerBucket(count);
      this.#room = bucketsPerEvent(count);
      this.#ring.resize(count * this.#room);
      this.#mostInRing = ((this.#ring.mask + 1) * 2) / this.#room;
      const gap = measuredGap > 0 ? measuredGap : guessGap(this.#records, this.#far, count, earliest);
      this.#width = widthFor(gap * this.#aim);
      this.#inverseWidth = 1 / this.#width;
      this.#moveFrontTo(Math.floor(earliest * this.#inverseWidth));
    }
    this.#front.hasRing = count > FEW;
    this.#spreadFar();
    this.#startCounting();
  }

  /** Moves every living record into `far`, buries the dead, and answers the earliest time. */
  #gather(): number {
    const records = this.#records;
    if (this.#far.length < records.capacity) this.#far = grown(this.#far, records.capacity);
    const far = this.#far;
    const count = this.#ring.moveInto(far, this.#front.moveInto(far, this.#farCount));
    let kept = 0;
    let earliest = Infinity;
    for (let i = 0; i < count; i++) {
      const slot = far[i]!;
      if (records.kindOf(slot) === DEAD) {
        this.#bury(slot);
      } else {
        far[kept++] = slot;
        const time = records.timeOf(slot);
        if (time < earliest) earliest = time;
      }
    }
    this.#farCount = kept;
    this.#entered = 0;
    this.#left = 0;
    return earliest;
  }
}

const NOT_DUE = -1;
/** Also what an empty or unsorted front answers. */
const AGAIN = -2;
const NOTHING = -3;
/** What is imported is looked up at every use, what stands here is built into the code. */
const DEAD: number = deadKind;
/** 2^45: room for a year of running at a million events a second. */
const SEQUENCE_RANGE = 35_184_372_088_832;
const FIRST_ROOM = 64;
/** A layout of no more events than this has no ring. */
const FEW = 6;
const DEAD_SLACK = 1024;

function grown(array: Int32Array, room: number): Int32Array<ArrayBuffer> {
  const copy = new Int32Array(room);
  copy.set(array);
  return copy;
}
