/** How a batch of runs ends other than well. */
import type { Wanted } from '@brownout/scenarios';

/** One run that broke down. */
export interface BrokenRun {
  readonly wanted: Wanted;
  /** Of the document. */
  readonly hash: string;
  /** What was thrown, with its stack. */
  readonly message: string;
  /** Where the simulation was, in seconds after its start, if it had got so far. */
  readonly timeSeconds: number | undefined;
}

/** Some runs broke down; all others were made and handed on before this is thrown. */
export class RunsBroken extends Error {
  /** In the order the runs were asked for. */
  readonly runs: readonly BrokenRun[];

  constructor(runs: readonly BrokenRun[]) {
    super(runs.map(brokenText).join('\n'));
    this.name = 'RunsBroken';
    this.runs = runs;
  }
}

/** The study was stopped before all runs were made; those that were are handed on. */
export class RunsStopped extends Error {
  /** Runs of the batch that were made, out of how many. */
  readonly made: number;
  readonly wanted: number;

  constructor(made: number, wanted: number) {
    super(`stopped after ${made} of ${wanted} runs`);
    this.name = 'RunsStopped';
    this.made = made;
    this.wanted = wanted;
  }
}

function brokenText({ wanted, hash, message, timeSeconds }: BrokenRun): string {
  const { document, seed, untilSeconds } = wanted;
  const until = untilSeconds === undefined ? '' : ` until ${untilSeconds} s after the trigger`;
  const when = timeSeconds === undefined ? '' : `, ${timeSeconds.toFixed(3)} s after its start`;
  return (
    `the run of document "${document.id}" (hash ${hash}) with seed ${seed}${until} broke down${when}: ${message}\n` +
    `again: brownout replay <that document> --seed ${seed}${untilSeconds === undefined ? '' : ` --until ${untilSeconds}s`}`
  );
}
