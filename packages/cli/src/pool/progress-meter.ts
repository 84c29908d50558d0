/** How far a batch of runs is, and how long the rest will take. */
import type { Wanted } from '@brownout/scenarios';

/** A batch under way. */
export interface MadeProgress {
  /** Runs that are made, and runs that were asked for. */
  readonly done: number;
  readonly total: number;
  /** Share of all work that is done, 0..1, counting parts of the runs under way. */
  readonly share: number;
  readonly elapsedSeconds: number;
  /** At the pace so far; undefined until there is one. */
  readonly leftSeconds: number | undefined;
  /** The runs under way, by lane. */
  readonly running: readonly { readonly document: string; readonly seed: string; readonly share: number }[];
}

/** Below this share the pace is a guess. */
const earliest = 0.01;

/** Counts what begins and ends. Wall-clock time is handed in, in milliseconds. */
export class ProgressMeter {
  readonly #total: number;
  readonly #now: () => number;
  readonly #startedAt: number;
  readonly #running: (number | undefined)[];
  #ended = 0;
  #done = 0;

  constructor(total: number, lanes: number, now: () => number) {
    this.#total = total;
    this.#now = now;
    this.#startedAt = now();
    this.#running = Array.from({ length: lanes }, () => undefined);
  }

  /** A lane has begun a run. */
  began(lane: number, index: number): void {
    this.#running[lane] = index;
  }

  /** A lane has ended its run, well or otherwise. */
  ended(lane: number, isMade: boolean): void {
    this.#running[lane] = undefined;
    this.#ended += 1;
    if (isMade) this.#done += 1;
  }

  /** What there is to tell now; `shareOf` says how far the run in a lane is. */
  read(wanted: readonly Wanted[], shareOf: (lane: number) => number): MadeProgress {
    const running = this.#running.flatMap((index, lane) => {
      if (index === undefined) return [];
      const { document, seed } = wanted[index]!;
      return [{ document: String(document.id), seed, share: Math.min(1, shareOf(lane)) }];
    });
    const parts = running.reduce((sum, { share }) => sum + share, 0);
    const share = this.#total === 0 ? 1 : (this.#ended + parts) / this.#total;
    const elapsedSeconds = (this.#now() - this.#startedAt) / 1000;
    const leftSeconds = share < earliest ? undefined : (elapsedSeconds * (1 - share)) / share;
    return { done: this.#done, total: this.#total, share, elapsedSeconds, leftSeconds, running };
  }
}
