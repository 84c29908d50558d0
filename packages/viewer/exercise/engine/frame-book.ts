/** All frames of a run that have come. Frames are never changed, so that going back shows the same numbers. */
import { FrameStore, type Frame, type FrameLayout } from '@brownout/scenarios';
import type { PackedFrame } from './protocol.ts';

/** Frames by number and by time. */
export class FrameBook {
  readonly layout: FrameLayout;
  readonly #store: FrameStore;
  #nodes: readonly Uint8Array[] = [];

  constructor(layout: FrameLayout, everySeconds: number) {
    this.layout = layout;
    this.#store = new FrameStore(layout, everySeconds);
  }

  get count(): number {
    return this.#store.count;
  }

  /** Times of all frames, in seconds after the trigger. */
  get times(): readonly number[] {
    return this.#store.times;
  }

  /** Bytes that all frames take. */
  get bytes(): number {
    return this.#store.bytes;
  }

  /** Adds the next one. */
  add({ t, numbers, nodes }: PackedFrame): void {
    this.#nodes = nodes.map((column, cluster) => column ?? this.#nodes[cluster] ?? new Uint8Array());
    this.#store.add(t, numbers, this.#nodes);
  }

  /** By number, from 0. */
  get(index: number): Frame {
    return this.#store.at(index);
  }

  /** The last frame at or before `t`; the first one for earlier times, undefined while there is none. */
  at(t: number): Frame | undefined {
    return this.#store.frameAt(t);
  }

  /** The number of that frame; -1 while there is none. */
  indexAt(t: number): number {
    const { times } = this;
    let low = 0;
    let high = times.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((times[middle] ?? 0) <= t) low = middle;
      else high = middle - 1;
    }
    return high < 0 ? -1 : low;
  }
}
