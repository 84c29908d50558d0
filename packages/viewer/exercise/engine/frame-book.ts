/** All frames of a run that have come. Frames are never changed, so that going back shows the same numbers. */
import { FrameStore, type Frame, type FrameLayout } from '@brownout/scenarios';
import { windowAt } from '../../page/time.ts';
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

  /** Adds the next one. */
  add({ t, numbers, nodes }: PackedFrame): void {
    this.#nodes = nodes.map((column, cluster) => column ?? this.#nodes[cluster] ?? new Uint8Array());
    this.#store.add(t, numbers, this.#nodes);
  }

  /** By number, from 0. */
  get(index: number): Frame {
    return this.#store.at(index);
  }

  /** The number of the last frame at or before `t`; of the first one for earlier times, -1 while there is none. */
  indexAt(t: number): number {
    return this.count === 0 ? -1 : windowAt({ t: this.times }, t);
  }
}
