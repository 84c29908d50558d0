/**
 * How a metric is read: what a scrape takes down, and the number that two scrapes make. Counters need both, gauges only the
 * later one; NaN stands for no data, such as a ratio of nothing.
 */

/** What one scrape takes down. */
export type Snapshot = ArrayLike<number>;

/** Reads one metric of one cluster. */
export interface MetricReader {
  read(): Snapshot;
  /** The number at `now`, for what happened since `before`, `seconds` earlier. */
  value(before: Snapshot, now: Snapshot, seconds: number): number;
}

/** What is so at an instant. */
export function gauge(read: () => number): MetricReader {
  return { read: () => [read()], value: (_, now) => now[0]! };
}

/** A count that only grows, per second. */
export function perSecond(read: () => number): MetricReader {
  return { read: () => [read()], value: (before, now, seconds) => (now[0]! - before[0]!) / seconds };
}

/** Part of a whole, both counted: `read` gives the part, then the whole. */
export function ratio(read: () => readonly [part: number, whole: number]): MetricReader {
  return {
    read,
    value: (before, now) => {
      const whole = now[1]! - before[1]!;
      return whole > 0 ? (now[0]! - before[0]!) / whole : NaN;
    },
  };
}

/** The highest of several such ratios: `read` gives part, whole, part, whole ...; what was not there before began at 0. */
export function highestRatio(read: () => readonly number[]): MetricReader {
  return {
    read,
    value: (before, now) => {
      let highest = NaN;
      for (let i = 0; i < now.length; i += 2) {
        const whole = now[i + 1]! - (before[i + 1] ?? 0);
        const share = (now[i]! - (before[i] ?? 0)) / whole;
        if (whole > 0 && !(share <= highest)) highest = share;
      }
      return highest;
    },
  };
}

/**
 * A quantile of what histograms have counted in between, interpolated inside its bucket as Prometheus' histogram_quantile
 * does: the last edge when it lies beyond all edges. `read` gives the counts of the buckets of one process after the other,
 * not cumulated; a process whose counts fell has begun anew.
 */
export function quantile(share: number, edges: readonly number[], read: () => readonly number[]): MetricReader {
  const size = edges.length + 1;
  return {
    read,
    value: (before, now) => {
      const counts = new Array<number>(size).fill(0);
      for (let start = 0; start < now.length; start += size) {
        const isSame = total(now, start, size) >= total(before, start, size);
        for (let i = 0; i < size; i++) counts[i]! += now[start + i]! - (isSame ? before[start + i]! : 0);
      }
      return quantileOf(share, edges, counts);
    },
  };
}

function total(counts: Snapshot, start: number, size: number): number {
  let sum = 0;
  for (let i = start; i < start + size; i++) sum += counts[i]!;
  return sum;
}

function quantileOf(share: number, edges: readonly number[], counts: readonly number[]): number {
  const rank = share * total(counts, 0, counts.length);
  if (rank === 0) return NaN;
  let below = 0;
  for (let i = 0; i < edges.length; i++) {
    const inside = counts[i]!;
    if (inside > 0 && below + inside >= rank) {
      const from = i === 0 ? 0 : edges[i - 1]!;
      return from + (edges[i]! - from) * ((rank - below) / inside);
    }
    below += inside;
  }
  return edges.at(-1)!;
}
