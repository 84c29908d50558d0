/** One replication of a scenario, from a document to a result. Synchronous: whoever wants it elsewhere wraps it. */
import type { Simulation } from '@brownout/core';
import type { World } from './build.ts';
import type { Scenario, ScenarioDocument } from './document.ts';
import type { AppliedMitigation } from './mitigation.ts';
import type { RunResult } from './result.ts';
import { ScenarioRun, type StepOptions } from './scenario-run.ts';

/** How a run is made and watched. */
export interface RunScenarioOptions {
  /** Default 1. */
  readonly seed?: number | string;
  /** Ends the run this many seconds after the trigger instead of at the end of the horizon. */
  readonly untilSeconds?: number;
  /** Mitigations that were applied to the document, for the report. */
  readonly applied?: readonly AppliedMitigation[];
  /** Called now and then with how far the run is, in seconds after the trigger. */
  readonly onProgress?: (simulatedSeconds: number, endSeconds: number) => void;
  /** An AbortSignal or anything shaped like one. An aborted run gives the result up to then, with a warning. */
  readonly abort?: { readonly aborted: boolean };
  /** What messages call the document; default its id. */
  readonly origin?: string;
}

/** Looks at a run at equal intervals without taking part in it: the run is the same as without. */
export interface RunWatcher {
  /** Before the first event. */
  begin(simulation: Simulation, world: World, scenario: Scenario): void;
  /** Seconds between two looks; whole microseconds. */
  readonly everySeconds: number;
  /** A look at `t` seconds after the trigger. */
  look(t: number): void;
}

/** Runs a scenario. Throws `DocumentError` when the document is not valid. */
export function runScenario(document: ScenarioDocument, options: RunScenarioOptions = {}): RunResult {
  return runWatched(document, options, undefined);
}

/** The same with somebody who looks at what runs. */
export function runWatched(
  document: ScenarioDocument,
  options: RunScenarioOptions,
  watcher: RunWatcher | undefined,
): RunResult {
  const run = new ScenarioRun(document, options);
  watcher?.begin(run.simulation, run.world, run.scenario);
  runInSteps(run, watcher, options);
  return run.finish();
}

/** To the end, halting for every look of the watcher; without one in a single step. */
function runInSteps(run: ScenarioRun, watcher: RunWatcher | undefined, options: StepOptions): void {
  const { startSeconds, endSeconds } = run;
  if (watcher !== undefined) {
    const step = Math.round(watcher.everySeconds * 1_000_000);
    if (!(step > 0)) throw new RangeError(`run: looks must be apart by more than 0 s, got ${watcher.everySeconds}`);
    const horizon = Math.round((endSeconds - startSeconds) * 1_000_000);
    for (let look = step; look < horizon; look += step) {
      if (!run.advanceTo(startSeconds + look / 1_000_000, options)) return;
      watcher.look(run.now);
    }
  }
  if (run.advanceTo(endSeconds, options)) watcher?.look(run.now);
}
