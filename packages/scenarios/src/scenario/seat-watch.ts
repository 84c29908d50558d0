/**
 * Seats by priority level, read at the samples of the observation and summed over the API servers that serve: how many are in
 * use, how many there may be, and how many requests wait for one. Of each the highest sample of a window is kept. Requests on
 * the express lane hold no seat: they are there only while seats and cores are free.
 */
import type { Site } from '../operations/site.ts';

/** Names of the columns kept for each level of each cluster, with their units. */
export const seatColumns = {
  seatsInUse: 'seats',
  seatLimit: 'seats',
  requestsWaiting: 'requests',
} as const;

/** Name of a column of seats. */
export type SeatColumn = keyof typeof seatColumns;

/** One level over the windows of a run. */
export interface LevelSeries {
  readonly level: string;
  /** 0 = no limit, or no server that serves. */
  readonly columns: Readonly<Record<SeatColumn, number[]>>;
}

interface LevelWatch extends LevelSeries {
  inUse: number;
  limit: number;
  waiting: number;
  /** Whether anything was ever in use or waiting. */
  isUsed: boolean;
}

/** The levels of one cluster. */
export class SeatWatch {
  readonly #site: Site;
  readonly #levels: LevelWatch[] = [];
  #windows = 0;

  constructor(site: Site) {
    this.#site = site;
  }

  /** Levels of which a seat was in use, or waited for, at any sample; in the order of the configuration. */
  get levels(): readonly LevelSeries[] {
    return this.#levels.filter(({ isUsed }) => isUsed);
  }

  /** Reads all levels. */
  sample(): void {
    const { balanced } = this.#site.cluster.controlPlane;
    const count = this.#countOfLevels();
    for (let number = 0; number < count; number++) {
      const watch = (this.#levels[number] ??= this.#watchOf(number));
      let inUse = 0;
      let limit = 0;
      let waiting = 0;
      for (let index = 0; index < balanced.length; index++) {
        const level = balanced[index]!.isReady ? balanced[index]!.flowControl.levels[number] : undefined;
        if (level === undefined) continue;
        inUse += level.seatsInUse;
        waiting += level.requestsWaiting;
        if (level.limit !== Infinity) limit += level.limit;
      }
      watch.inUse = Math.max(watch.inUse, inUse);
      watch.limit = Math.max(watch.limit, limit);
      watch.waiting = Math.max(watch.waiting, waiting);
      watch.isUsed ||= inUse > 0 || waiting > 0;
    }
  }

  /** Closes a window. */
  close(): void {
    this.#windows++;
    for (const watch of this.#levels) {
      watch.columns.seatsInUse.push(watch.inUse);
      watch.columns.seatLimit.push(watch.limit);
      watch.columns.requestsWaiting.push(watch.waiting);
      watch.inUse = 0;
      watch.limit = 0;
      watch.waiting = 0;
    }
  }

  #countOfLevels(): number {
    return this.#site.cluster.controlPlane.balanced[0]?.flowControl.levels.length ?? 0;
  }

  /** A level that comes later has had no seats in the windows before. */
  #watchOf(number: number): LevelWatch {
    const before = (): number[] => new Array<number>(this.#windows).fill(0);
    const level = this.#site.cluster.controlPlane.balanced[0]!.flowControl.levels[number]!.name;
    const columns = { seatsInUse: before(), seatLimit: before(), requestsWaiting: before() };
    return { level, columns, inUse: 0, limit: 0, waiting: 0, isUsed: false };
  }
}
