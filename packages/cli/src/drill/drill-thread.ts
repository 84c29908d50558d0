/** The program of the threads that make the runs of a debrief, one after the other. See debrief-runs.ts. */
import { makeDrillRun, type DrillOutcome, type DrillRun } from '@brownout/scenarios';
import { Board } from '../pool/task.ts';

/** One run, as a thread is told of it. */
export interface DrillTask {
  readonly run: DrillRun;
  readonly board: SharedArrayBuffer;
  readonly lane: number;
}

/** What comes back. */
export type DrillAnswer =
  | { readonly kind: 'made'; readonly outcome: DrillOutcome }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'failed'; readonly message: string };

/** Makes one run. Never throws: what goes wrong is part of the answer. */
export function answer({ run, board, lane }: DrillTask): DrillAnswer {
  const shared = new Board(board);
  let began: number | undefined;
  try {
    const outcome = makeDrillRun(run, {
      abort: shared,
      onProgress: (now, end) => {
        began ??= now;
        shared.setShare(lane, (now - began) / Math.max(1, end - began));
      },
    });
    return outcome === undefined ? { kind: 'stopped' } : { kind: 'made', outcome };
  } catch (error) {
    return { kind: 'failed', message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
