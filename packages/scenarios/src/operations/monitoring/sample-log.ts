/** The snapshots of one metric of one cluster, as far back as its window reaches. */
import type { MetricReader, Snapshot } from './metric-reader.ts';

/** Snapshots in the order of their times. */
export class SampleLog {
  readonly #reader: MetricReader;
  readonly #window: number;
  readonly #times: number[] = [];
  readonly #snapshots: Snapshot[] = [];

  /** `window` in microseconds: how far apart the two snapshots of a value are at least; 0 = neighbours. */
  constructor(reader: MetricReader, window: number) {
    this.#reader = reader;
    this.#window = window;
  }

  /** Takes a snapshot; what lies further back than the window needs is forgotten. */
  take(now: number): void {
    this.#times.push(now);
    this.#snapshots.push(this.#reader.read());
    while (this.#times.length > 2 && this.#times[1]! <= now - this.#window) {
      this.#times.shift();
      this.#snapshots.shift();
    }
  }

  /** The value at the last snapshot, over the window or as much of it as there is; NaN = no data. */
  get value(): number {
    const last = this.#times.length - 1;
    if (last < 1) return NaN;
    const seconds = (this.#times[last]! - this.#times[0]!) / 1_000_000;
    return this.#reader.value(this.#snapshots[0]!, this.#snapshots[last]!, seconds);
  }
}
