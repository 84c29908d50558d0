/** Has the runs of a debrief made on threads, side by side, and says how far they are. */
import {
  debriefStudy,
  type Debrief,
  type DebriefOptions,
  type DrillOutcome,
  type DrillRecord,
  type DrillRun,
} from '@brownout/scenarios';
import { availableParallelism } from 'node:os';
import { threadsOf, type Threads } from '../pool/piscina.ts';
import { Board } from '../pool/task.ts';
import type { DrillAnswer, DrillTask } from './drill-thread.ts';

/** How far a debrief is. */
export interface DebriefProgress {
  /** Runs that are made, counting parts of those under way, of those that are known to be wanted. */
  readonly done: number;
  readonly wanted: number;
  /** A run that is being made. */
  readonly title: string;
}

/** Makes runs of a debrief, in any order; the outcomes are in the order asked for. */
export interface DrillRunMaker {
  make(runs: readonly DrillRun[], onProgress: (progress: DebriefProgress) => void): Promise<readonly DrillOutcome[]>;
  /** Stops what is under way; `make` then rejects with `DebriefStopped`. */
  stop(): void;
  close(): Promise<void>;
}

/** Whoever waited did not want to wait any longer. */
export class DebriefStopped extends Error {
  constructor() {
    super('the debrief was stopped');
    this.name = 'DebriefStopped';
  }
}

/** Runs the study to its end. Rejects with `DebriefStopped`, or with what went wrong in a run. */
export async function debriefOn(
  record: DrillRecord,
  maker: DrillRunMaker,
  options: DebriefOptions & { readonly onProgress?: (progress: DebriefProgress) => void } = {},
): Promise<Debrief> {
  const { onProgress, ...study } = options;
  const runs = debriefStudy(record, study);
  for (let step = runs.next(); ; ) {
    if (step.done === true) return step.value;
    const outcomes = await maker.make(step.value, onProgress ?? (() => undefined));
    step = runs.next(outcomes);
  }
}

/** Threads for them. */
export class DrillThreads implements DrillRunMaker {
  readonly #threads: Threads<DrillTask, DrillAnswer>;
  readonly #count: number;
  #board: Board;

  constructor(count: number = availableParallelism()) {
    this.#count = count;
    this.#board = new Board(count);
    const program = new URL('./drill-thread.ts', import.meta.url);
    this.#threads = threadsOf({ program, count, heapMegabytes: 2048 });
  }

  async make(
    runs: readonly DrillRun[],
    onProgress: (progress: DebriefProgress) => void,
  ): Promise<readonly DrillOutcome[]> {
    const board = this.#board;
    const made: DrillOutcome[] = [];
    let next = 0;
    let done = 0;
    const lanes = Math.min(this.#count, runs.length);
    const title = (): string => runs[Math.min(next, runs.length) - 1]?.title ?? '';
    const timer = setInterval(() => {
      const parts = Array.from({ length: lanes }, (_, lane) => board.share(lane)).reduce((sum, part) => sum + part, 0);
      onProgress({ done: Math.min(runs.length, done + parts), wanted: runs.length, title: title() });
    }, 200);
    const work = async (lane: number): Promise<void> => {
      while (next < runs.length && !board.aborted) {
        const index = next++;
        const run = runs[index]!;
        board.setShare(lane, 0);
        const answer = await this.#threads.answer({ run, board: board.memory, lane });
        board.setShare(lane, 0);
        if (answer.kind === 'failed') throw new Error(`debrief, ${run.title}: ${answer.message}`);
        if (answer.kind === 'made') made[index] = answer.outcome;
        done++;
      }
    };
    try {
      await Promise.all(Array.from({ length: lanes }, (_, lane) => work(lane)));
    } finally {
      clearInterval(timer);
    }
    if (board.aborted) throw new DebriefStopped();
    return made;
  }

  stop(): void {
    this.#board.stop();
  }

  close(): Promise<void> {
    return this.#threads.close();
  }
}
