/**
 * The frames of a run: a row of numbers each, and for each cluster its column of nodes, which is kept once where it did not
 * change from one frame to the next.
 */
import { frameOf } from './frame-columns.ts';
import type { Frame, FrameLayout } from './frame.ts';

/** Frames by time. */
export class FrameStore {
  readonly layout: FrameLayout;
  /** Seconds from one frame to the next. */
  readonly everySeconds: number;
  readonly #t: number[] = [];
  readonly #rows: Float32Array[] = [];
  readonly #nodes: (readonly Uint8Array[])[] = [];

  constructor(layout: FrameLayout, everySeconds: number) {
    this.layout = layout;
    this.everySeconds = everySeconds;
  }

  /** Frames kept. */
  get count(): number {
    return this.#t.length;
  }

  /** Times of all frames, in seconds after the trigger. */
  get times(): readonly number[] {
    return this.#t;
  }

  /** Bytes that all frames take now: rows, and every column of nodes once. */
  get bytes(): number {
    const columns = new Set(this.#nodes.flat());
    let bytes = 8 * this.#t.length;
    for (const row of this.#rows) bytes += row.byteLength;
    for (const column of columns) bytes += column.byteLength;
    return bytes;
  }

  /** Keeps a frame later than all others. Takes the arrays over; columns of nodes that did not change are shared. */
  add(t: number, numbers: Float32Array, nodeBytes: readonly Uint8Array[]): void {
    const before = this.#nodes.at(-1);
    this.#t.push(t);
    this.#rows.push(numbers);
    this.#nodes.push(
      nodeBytes.map((column, cluster) => {
        const earlier = before?.[cluster];
        return earlier !== undefined && isSame(earlier, column) ? earlier : column;
      }),
    );
  }

  /** The frame with this number, from 0. */
  at(index: number): Frame {
    const t = this.#t[index];
    if (t === undefined) {
      throw new RangeError(`frames: expected a number below ${this.#t.length}, got ${index}`);
    }
    const span = index === 0 ? 0 : t - this.#t[index - 1]!;
    return frameOf(this.layout, t, span, this.#rows[index]!, this.#nodes[index]!);
  }

  /** The last frame at or before a time; the first one before that. Undefined while there is none. */
  frameAt(seconds: number): Frame | undefined {
    return this.#t.length === 0 ? undefined : this.at(Math.max(0, this.#after(seconds) - 1));
  }

  /** The frames later than a time and up to another: what a picture that follows a run has not seen. */
  between(after: number, until: number): Frame[] {
    const frames: Frame[] = [];
    for (let index = this.#after(after); index < this.#t.length && this.#t[index]! <= until; index++) {
      frames.push(this.at(index));
    }
    return frames;
  }

  /** Number of the first frame that is later. */
  #after(seconds: number): number {
    let low = 0;
    let high = this.#t.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#t[middle]! <= seconds) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  for (let i = 0; i < one.length; i++) if (one[i] !== other[i]) return false;
  return one.length === other.length;
}
