import type { HistogramSample, Labels } from './metric.ts';

/** A histogram that is being filled: counts by bucket in a typed array, and the sum. */
export class BucketHistogram {
  readonly #edges: readonly number[];
  readonly #counts: Float64Array;
  #sum = 0;

  /** `edges` are upper edges in rising order, without +Inf. */
  constructor(edges: readonly number[]) {
    this.#edges = edges;
    this.#counts = new Float64Array(edges.length + 1);
  }

  /** A value goes into the first bucket whose edge is not below it. */
  observe(value: number): void {
    const edges = this.#edges;
    let low = 0;
    let high = edges.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (edges[middle]! < value) low = middle + 1;
      else high = middle;
    }
    this.#counts[low]! += 1;
    this.#sum += value;
  }

  /** Forgets everything: its process ended. */
  clear(): void {
    this.#counts.fill(0);
    this.#sum = 0;
  }

  get count(): number {
    return this.#counts.reduce((sum, count) => sum + count, 0);
  }

  /** What is in it now. */
  read(labels: Labels): HistogramSample {
    let total = 0;
    return { labels, cumulative: Array.from(this.#counts, (count) => (total += count)), sum: this.#sum };
  }
}
