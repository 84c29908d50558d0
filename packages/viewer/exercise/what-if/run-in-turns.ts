/** A run without frames, as fast as it goes, that can be given up between two turns. Runs in the worker. */
import {
  checkLimits,
  eventBudget,
  LiveRun,
  parseScenario,
  type RunResult,
  type ScenarioDocument,
} from '@brownout/scenarios';
import { type Turns, turnMilliseconds } from '../engine/turns.ts';

/** The result; undefined when it was given up. Throws RangeError for a run that is too large for a page. */
export async function runInTurns(
  document: ScenarioDocument,
  options: ConstructorParameters<typeof LiveRun>[1],
  turns: Turns,
): Promise<RunResult | undefined> {
  checkLimits(parseScenario(document, String(document.id)));
  const live = new LiveRun(document, options);
  const budget = eventBudget(live.run.simulation);
  let step = 60;
  while (!live.isOver) {
    const began = performance.now();
    live.advanceTo(live.now + step, budget);
    budget.check();
    step *= performance.now() - began < turnMilliseconds ? 1.5 : 0.7;
    await turns.take();
    if (turns.isAborted) return undefined;
  }
  return live.result();
}
