/**
 * The open watches of one type at one API server, in columns: thousands of alike watchers cost some fifty bytes each and
 * no object. Watchers that select a value of the index are chained by that value, the others stand in a dense list.
 */
import { noEvent, type Instant } from '@brownout/core';
import type { WatchRequest } from './watch-source.ts';

const INITIAL = 64;

/** See above; a watcher is known by its slot, which is used again after it has gone. */
export class WatcherTable {
  source: Int16Array = new Int16Array(INITIAL);
  subject: Int32Array = new Int32Array(INITIAL);
  /** Value of the index it selects, -1 = all objects. */
  index: Int32Array = new Int32Array(INITIAL);
  encoding: Uint8Array = new Uint8Array(INITIAL);
  openedAt: Float64Array = new Float64Array(INITIAL);
  /** Version it asked for, and the last one an event brought it. */
  askedRevision: Float64Array = new Float64Array(INITIAL);
  seenRevision: Float64Array = new Float64Array(INITIAL);
  /** Event handle of its timeout. */
  expiry: Float64Array = new Float64Array(INITIAL);
  /** Slow clients only: the rate they read at, what they have not read, and when that was true. */
  eventsPerSecond: Float64Array = new Float64Array(INITIAL);
  backlog: Float64Array = new Float64Array(INITIAL);
  backlogAt: Float64Array = new Float64Array(INITIAL);
  /** Chain of watchers with the same index value, or place in the dense list. */
  #next: Int32Array = new Int32Array(INITIAL);
  #previous: Int32Array = new Int32Array(INITIAL);
  readonly #firstOf: Map<number, number> = new Map();
  #unselective: Int32Array = new Int32Array(INITIAL);
  #unselectiveCount = 0;
  /** Unselective watchers by encoding. */
  readonly #byEncoding: Int32Array = new Int32Array(2);
  readonly #slow: Set<number> = new Set();
  #free: number[] = [];
  #used = 0;
  /** No slot below is in use. */
  #lowest = 0;

  /** Watchers inside. */
  get size(): number {
    return this.#used - this.#free.length;
  }

  /** Watchers that hear of every object. */
  get unselectiveCount(): number {
    return this.#unselectiveCount;
  }

  /** How often an object must be encoded for the unselective watchers: once for each encoding among them. */
  get unselectiveEncodings(): number {
    return (this.#byEncoding[0]! > 0 ? 1 : 0) + (this.#byEncoding[1]! > 0 ? 1 : 0);
  }

  /** Slots of watchers whose client may be slow. */
  get slow(): ReadonlySet<number> {
    return this.#slow;
  }

  add(watch: WatchRequest, now: Instant): number {
    const slot = this.#free.pop() ?? this.#append();
    if (slot < this.#lowest) this.#lowest = slot;
    this.source[slot] = watch.source;
    this.subject[slot] = watch.subject;
    this.index[slot] = watch.index;
    this.encoding[slot] = watch.encoding;
    this.openedAt[slot] = now - (watch.age ?? 0);
    this.askedRevision[slot] = watch.revision;
    this.seenRevision[slot] = watch.revision;
    this.expiry[slot] = noEvent;
    this.eventsPerSecond[slot] = watch.eventsPerSecond;
    this.backlog[slot] = 0;
    this.backlogAt[slot] = now;
    if (watch.eventsPerSecond < Infinity) this.#slow.add(slot);
    if (watch.index < 0) this.#addUnselective(slot);
    else this.#chain(slot, watch.index);
    return slot;
  }

  remove(slot: number): void {
    this.#slow.delete(slot);
    const index = this.index[slot]!;
    if (index < 0) this.#removeUnselective(slot);
    else this.#unchain(slot, index);
    this.source[slot] = -1;
    this.#free.push(slot);
  }

  isOpen(slot: number): boolean {
    return slot < this.#used && this.source[slot]! >= 0;
  }

  /** Whether the watch in a slot is still that of a client, and not of one that got the slot after it. */
  isHeldBy(slot: number, source: number, subject: number): boolean {
    return this.isOpen(slot) && this.source[slot] === source && this.subject[slot] === subject;
  }

  /** First watcher that selects a value of the index, -1 = none; `nextOf` goes on from there. */
  firstOf(index: number): number {
    return this.#firstOf.get(index) ?? -1;
  }

  nextOf(slot: number): number {
    return this.#next[slot]!;
  }

  /** The unselective watcher at a place from 0 to `unselectiveCount`; a removal puts the last one into the gap. */
  unselectiveAt(place: number): number {
    return this.#unselective[place]!;
  }

  /** The lowest slot in use, -1 = none. It is looked for from the last one found: slots below are seldom taken again. */
  get first(): number {
    if (this.size === 0) return -1;
    while (this.#lowest < this.#used && this.source[this.#lowest]! < 0) this.#lowest++;
    return this.#lowest;
  }

  /** Everybody inside, in the order of the slots. */
  forEach(visit: (slot: number) => void): void {
    for (let slot = 0; slot < this.#used; slot++) if (this.source[slot]! >= 0) visit(slot);
  }

  clear(): void {
    this.forEach((slot) => this.remove(slot));
  }

  #addUnselective(slot: number): void {
    this.#unselective[this.#unselectiveCount] = slot;
    this.#previous[slot] = this.#unselectiveCount++;
    this.#byEncoding[this.encoding[slot]!]!++;
  }

  #removeUnselective(slot: number): void {
    const place = this.#previous[slot]!;
    const last = this.#unselective[--this.#unselectiveCount]!;
    this.#unselective[place] = last;
    this.#previous[last] = place;
    this.#byEncoding[this.encoding[slot]!]!--;
  }

  #chain(slot: number, index: number): void {
    const first = this.firstOf(index);
    this.#next[slot] = first;
    this.#previous[slot] = -1;
    if (first >= 0) this.#previous[first] = slot;
    this.#firstOf.set(index, slot);
  }

  #unchain(slot: number, index: number): void {
    const next = this.#next[slot]!;
    const previous = this.#previous[slot]!;
    if (previous >= 0) this.#next[previous] = next;
    else if (next >= 0) this.#firstOf.set(index, next);
    else this.#firstOf.delete(index);
    if (next >= 0) this.#previous[next] = previous;
  }

  #append(): number {
    if (this.#used === this.source.length) this.#grow();
    return this.#used++;
  }

  #grow(): void {
    const room = this.source.length * 2;
    this.source = grown(this.source, new Int16Array(room));
    this.subject = grown(this.subject, new Int32Array(room));
    this.index = grown(this.index, new Int32Array(room));
    this.encoding = grown(this.encoding, new Uint8Array(room));
    this.openedAt = grown(this.openedAt, new Float64Array(room));
    this.askedRevision = grown(this.askedRevision, new Float64Array(room));
    this.seenRevision = grown(this.seenRevision, new Float64Array(room));
    this.expiry = grown(this.expiry, new Float64Array(room));
    this.eventsPerSecond = grown(this.eventsPerSecond, new Float64Array(room));
    this.backlog = grown(this.backlog, new Float64Array(room));
    this.backlogAt = grown(this.backlogAt, new Float64Array(room));
    this.#next = grown(this.#next, new Int32Array(room));
    this.#previous = grown(this.#previous, new Int32Array(room));
    this.#unselective = grown(this.#unselective, new Int32Array(room));
  }
}

function grown<T extends Uint8Array | Int16Array | Int32Array | Float64Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
