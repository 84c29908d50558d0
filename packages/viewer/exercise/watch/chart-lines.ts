/** Charts over time from the frames of a run: columns that grow as frames come. */
import type { Frame } from '@brownout/scenarios';
import type { FrameBook } from '../engine/frame-book.ts';
import type { RunInfo } from '../engine/protocol.ts';

/** A line of a chart: its name, and its value in a frame; null = there is none. */
export interface ChartLine {
  readonly name: string;
  readonly read: (frame: Frame) => number | null;
}

/** One chart. */
export interface Chart {
  readonly id: string;
  readonly title: string;
  readonly unit: 'share' | 'count';
  readonly lines: readonly ChartLine[];
}

/** The charts below the picture. */
export function chartsOf({ clusters, products }: RunInfo): Chart[] {
  const each = (read: (frame: Frame, cluster: number) => number): ChartLine[] =>
    clusters.map(({ id }, cluster) => ({ name: id, read: (frame) => known(read(frame, cluster)) }));
  const highest = (values: Float32Array = new Float32Array()): number =>
    values.reduce((most, one) => Math.max(most, one), 0);
  return [
    {
      id: 'users',
      title: 'User requests that fail',
      unit: 'share',
      lines: products.map(({ title }, product) => ({
        name: title,
        read: (frame) => known(frame.failureShare[product] ?? 0),
      })),
    },
    {
      id: 'names',
      title: 'Lookups of names that fail',
      unit: 'share',
      lines: each((frame, cluster) => frame.clusters[cluster]?.dns.failureShare ?? NaN),
    },
    {
      id: 'cpu',
      title: 'API server CPU, busiest',
      unit: 'share',
      lines: each((frame, cluster) => highest(frame.clusters[cluster]?.servers.cpu)),
    },
    {
      id: 'memory',
      title: 'API server memory, fullest',
      unit: 'share',
      lines: each((frame, cluster) => highest(frame.clusters[cluster]?.servers.memory)),
    },
  ];
}

function known(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

/** Times and values of all charts, for the frames that have been read. */
export class ChartColumns {
  readonly #charts: readonly Chart[];
  readonly #zeroOfDay: number;
  readonly #times: number[] = [];
  readonly #values: (number | null)[][][];

  constructor(charts: readonly Chart[], zeroOfDay: number) {
    this.#charts = charts;
    this.#zeroOfDay = zeroOfDay;
    this.#values = charts.map(({ lines }) => lines.map(() => []));
  }

  /** Frames that have been read. */
  get count(): number {
    return this.#times.length;
  }

  /** Seconds of the trigger's day, and a row for each line. The arrays grow; whoever draws them later sees more. */
  dataOf(chart: number): [number[], ...(number | null)[][]] {
    return [this.#times, ...(this.#values[chart] ?? [])];
  }

  /** Reads frames that are new, at most so many of them. */
  catchUp(frames: FrameBook, most: number): void {
    const until = Math.min(frames.count, this.#times.length + most);
    for (let index = this.#times.length; index < until; index++) {
      const frame = frames.get(index);
      this.#times.push(frame.t + this.#zeroOfDay);
      this.#charts.forEach(({ lines }, chart) =>
        lines.forEach(({ read }, line) => this.#values[chart]?.[line]?.push(read(frame))),
      );
    }
  }
}
