/** Everything about drills that the engine is asked. Runs in the worker. */
import {
  checkLimits,
  drillOutcomeOf,
  parseScenario,
  readDrillText,
  replayDrill,
  type DrillFile,
  type DrillOutcome,
  type DrillRun,
} from '@brownout/scenarios';
import type { DrillTask, DrillTaskNews, Replayed } from './drill-protocol.ts';
import { drillChoices, performDrill } from './perform-drill.ts';
import { replayedOf } from './replayed.ts';
import { runInTurns } from './run-in-turns.ts';
import type { TaskTurns, Turns } from './turns.ts';

type Tell = (news: DrillTaskNews) => void;

/** Does one of them. */
export async function performDrillTask(task: DrillTask, turns: TaskTurns, tell: Tell): Promise<void> {
  switch (task.kind) {
    case 'drill-choices':
      tell({ kind: 'drill-choices', choices: await drillChoices(task.source) });
      break;
    case 'drill':
      await performDrill(task.order, task.past, turns, tell);
      break;
    case 'drill-replay':
      tell({ kind: 'drill-replayed', replayed: replay(readDrillText(task.text, task.name), tell) });
      break;
    case 'drill-run': {
      const outcome = await make(task.wanted, turns, tell);
      if (outcome !== undefined) tell({ kind: 'drill-outcome', outcome });
    }
  }
}

/** How far something is, told once for each hundredth. */
function progressOf(tell: Tell): (share: number) => void {
  let told = 0;
  return (share) => {
    if (share < told + 0.01) return;
    told = share;
    tell({ kind: 'drill-progress', share });
  };
}

/** Plays a saved session again. */
function replay(file: DrillFile, tell: Tell): Replayed {
  const scenario = parseScenario(file.setup.document, 'setup.document');
  checkLimits(scenario);
  const start = scenario.horizon.start / 1_000_000;
  const progress = progressOf(tell);
  const onProgress = (t: number): void => progress((t - start) / Math.max(1, file.untilSeconds - start));
  // Nobody aborts it, so that it comes to its end.
  return replayedOf(replayDrill(file, { onProgress })!.session, file);
}

/** Makes a run of a debrief; undefined when it was given up. */
async function make(wanted: DrillRun, turns: Turns, tell: Tell): Promise<DrillOutcome | undefined> {
  const { key, document, seed, crew, actions, spareApiServers, untilSeconds } = wanted;
  const options = { seed, crew, actions, spareApiServers, untilSeconds };
  const live = await runInTurns({ document, name: key, options }, turns, progressOf(tell));
  return live === undefined ? undefined : drillOutcomeOf(key, live.result());
}
