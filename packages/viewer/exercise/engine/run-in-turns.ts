/** A run without frames, as fast as it goes, that can be given up between two turns. Runs in the worker. */
import { checkLimits, eventBudget, LiveRun, parseScenario, type ScenarioDocument } from '@brownout/scenarios';
import { type Turns, turnMilliseconds } from './turns.ts';

/** What is run, and how. */
export interface WantedRun {
  readonly document: ScenarioDocument;
  /** What the document is called where it cannot be run. */
  readonly name: string;
  readonly options: ConstructorParameters<typeof LiveRun>[1];
  /** Something that is looked at every so many seconds of the run, on its way. */
  readonly marks?: { readonly everySeconds: number; readonly look: (live: LiveRun) => void };
}

/**
 * The run at its end; undefined when it was given up. `onProgress` is told after each turn how far it is, 0 to 1. Throws
 * RangeError for a run that is too large for a page.
 */
export async function runInTurns(
  { document, name, options, marks }: WantedRun,
  turns: Turns,
  onProgress: (share: number) => void = () => {},
): Promise<LiveRun | undefined> {
  checkLimits(parseScenario(document, name));
  const live = new LiveRun(document, options);
  const { startSeconds, endSeconds } = live.run;
  const budget = eventBudget(live.run.simulation);
  let step = 60;
  let mark = marks === undefined ? Infinity : startSeconds + marks.everySeconds;
  while (!live.isOver) {
    const began = performance.now();
    live.advanceTo(Math.min(live.now + step, mark), budget);
    budget.check();
    if (marks !== undefined && live.now >= mark && !live.isOver) {
      marks.look(live);
      mark += marks.everySeconds;
    }
    step *= performance.now() - began < turnMilliseconds ? 1.5 : 0.7;
    onProgress((live.now - startSeconds) / (endSeconds - startSeconds));
    await turns.take();
    if (turns.isAborted) return undefined;
  }
  return live;
}
