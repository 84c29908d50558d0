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

/** Times and values of one chart, for all frames that have come. */
export class ChartColumns {
  readonly #lines: readonly ChartLine[];
  readonly #zeroOfDay: number;
  readonly #times: number[] = [];
  readonly #values: (number | null)[][];

  constructor({ lines }: Chart, zeroOfDay: number) {
    this.#lines = lines;
    this.#zeroOfDay = zeroOfDay;
    this.#values = lines.map(() => []);
  }

  /** Seconds of the trigger's day, and a row for each line. */
  get data(): [number[], ...(number | null)[][]] {
    return [this.#times, ...this.#values];
  }

  /** Reads the frames that are new; true when there were any. */
  catchUp(frames: FrameBook): boolean {
    const before = this.#times.length;
    for (let index = before; index < frames.count; index++) {
      const frame = frames.get(index);
      this.#times.push(frame.t + this.#zeroOfDay);
      this.#lines.forEach(({ read }, line) => this.#values[line]?.push(read(frame)));
    }
    return this.#times.length > before;
  }
}
