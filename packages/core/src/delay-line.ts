/**
 * Delay lines: events that all wait equally long end in the order they began, so each line is a plain list of slots and
 * only its earliest event has to stand in the calendar. Starting one appends, cancelling one unlinks, both at once and
 * whatever the length. When the event that stands in the calendar is cancelled its record stays there as a marker;
 * when the marker's time comes the line queues its next event, which cannot be earlier.
 */
export class DelayLines {
  /** Two columns per slot: the next and the previous slot of its line, or -1. */
  #neighbours: Int32Array<ArrayBuffer> = new Int32Array(512);
  readonly #kinds: number[] = [];
  readonly #firsts: number[] = [];
  readonly #lasts: number[] = [];
  readonly #queued: number[] = [];

  /** Makes a line whose events run as `kind`; answers its number. */
  add(kind: number): number {
    this.#firsts.push(-1);
    this.#lasts.push(-1);
    this.#queued.push(-1);
    return this.#kinds.push(kind) - 1;
  }

  kindOf(line: number): number {
    return this.#kinds[line]!;
  }

  /** The earliest living event of a line, or -1. */
  firstOf(line: number): number {
    return this.#firsts[line]!;
  }

  /** The slot that stands in the calendar for a line, be it an event or a marker, or -1. */
  queuedOf(line: number): number {
    return this.#queued[line]!;
  }

  /** Notes which slot stands in the calendar for a line, -1 for none. */
  setQueued(line: number, slot: number): void {
    this.#queued[line] = slot;
  }

  append(line: number, slot: number): void {
    if (slot * 2 >= this.#neighbours.length) this.#grow(slot);
    const last = this.#lasts[line]!;
    this.#neighbours[slot << 1] = -1;
    this.#neighbours[(slot << 1) | 1] = last;
    if (last < 0) this.#firsts[line] = slot;
    else this.#neighbours[last << 1] = slot;
    this.#lasts[line] = slot;
  }

  unlink(line: number, slot: number): void {
    const next = this.#neighbours[slot << 1]!;
    const previous = this.#neighbours[(slot << 1) | 1]!;
    if (previous < 0) this.#firsts[line] = next;
    else this.#neighbours[previous << 1] = next;
    if (next < 0) this.#lasts[line] = previous;
    else this.#neighbours[(next << 1) | 1] = previous;
  }

  #grow(slot: number): void {
    let room = this.#neighbours.length;
    while (slot * 2 >= room) room *= 2;
    const neighbours = new Int32Array(room);
    neighbours.set(this.#neighbours);
    this.#neighbours = neighbours;
  }
}

/**
 * The kinds that stand in the records of line events: below -1, which is a dead record, two for each line. Kinds from 0
 * on are plain events.
 */
export function lineKind(line: number): number {
  return -2 - 2 * line;
}

export function markerKind(line: number): number {
  return -3 - 2 * line;
}

export function isMarker(kind: number): boolean {
  return (kind & 1) !== 0;
}

export function lineOf(kind: number): number {
  return (-2 - kind) >> 1;
}
