/** One replication of a scenario, from a document to a result. Synchronous: whoever wants it elsewhere wraps it. */
import {
  type Duration,
  noRecord,
  plus,
  type RunEnd,
  type RunOptions,
  Simulation,
  timeZero,
  Trace,
} from '@brownout/core';
import { Status, statusNames } from '../kubernetes/requests/api-request.ts';
import { engineVersion } from '../version.ts';
import { buildWorld, type World } from './build.ts';
import { documentHash } from './hash.ts';
import { measure } from './kpis.ts';
import type { AppliedMitigation } from './mitigation.ts';
import { clusterColumns, Observation, type ClusterColumn } from './observe.ts';
import { parseScenario } from './parse.ts';
import { sourcesOf } from './provenance.ts';
import type { BookRow, RunResult, Series } from './result.ts';
import type { Scenario, ScenarioDocument } from './document.ts';
import { tellStory } from './story.ts';
import { warningsFor } from './warnings.ts';
import { findLoops } from './why/find-loops.ts';

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
  const scenario = parseScenario(document, options.origin ?? String(document.id));
  const seed = String(options.seed ?? 1);
  const simulation = new Simulation({ seed });
  const trace = new Trace(simulation, { keep: 'none' });
  const world = buildWorld(simulation, trace, scenario);
  const observation = new Observation(simulation, world);
  const offset = -scenario.horizon.start;
  const after = (instant: number): number => (instant - offset) / 1_000_000;
  const end = options.untilSeconds === undefined ? scenario.horizon.end : options.untilSeconds * 1_000_000;
  watcher?.begin(simulation, world, scenario);
  const horizon = offset + Math.round(end);
  const outcome = runInSteps(simulation, horizon, watcher, after, {
    ...(options.abort === undefined ? {} : { abort: options.abort }),
    onProgress: (now) => options.onProgress?.(after(now), end / 1_000_000),
  });
  for (const site of world.sites) site.cluster.controlPlane.checkBooks();
  world.users.checkBooks();
  const kpis = measure(world, observation, after);
  const stopped = outcome === 'aborted' ? [`stopped at ${after(simulation.now).toFixed(0)} s after the trigger`] : [];
  return {
    schema: 'brownout/result@1',
    scenario: scenario.id,
    title: scenario.title,
    documentHash: documentHash(document),
    engineVersion,
    seed,
    replications: 1,
    digest: digestOf(trace, world, simulation),
    clock: scenario.clock,
    horizon: { startSeconds: after(0), endSeconds: after(simulation.now) },
    kpis,
    ...tellStory(scenario, world, observation, kpis, after),
    loops: findLoops(observation.loopHistories, after),
    series: seriesOf(observation, after),
    mitigations: options.applied ?? [],
    assumptions: sourcesOf(document),
    warnings: [...stopped, ...warningsFor(scenario)],
    conservation: world.sites.flatMap(({ id, cluster }) => booksOf(id, cluster.controlPlane.groups)),
    eventCount: simulation.eventCount,
  };
}

/** To the horizon, halting for every look of the watcher; without one in a single step. */
function runInSteps(
  simulation: Simulation,
  horizon: number,
  watcher: RunWatcher | undefined,
  after: (instant: number) => number,
  options: RunOptions,
): RunEnd {
  if (watcher !== undefined) {
    const step = Math.round(watcher.everySeconds * 1_000_000);
    if (!(step > 0)) throw new RangeError(`run: looks must be apart by more than 0 s, got ${watcher.everySeconds}`);
    for (let look = step; look < horizon; look += step) {
      const end = simulation.runUntil(plus(timeZero, look as Duration), options);
      if (end === 'aborted' || end === 'stopped') return end;
      watcher.look(after(look));
    }
  }
  const end = simulation.runUntil(plus(timeZero, horizon as Duration), options);
  if (end !== 'aborted' && end !== 'stopped') watcher?.look(after(horizon));
  return end;
}

/** The digest of the trace, closed with the final books so that runs that end differently never look alike. */
function digestOf(trace: Trace, world: World, simulation: Simulation): string {
  const kind = trace.kind('final book');
  world.sites.forEach((site, index) => {
    for (const group of site.cluster.controlPlane.groups) {
      trace.record(kind, index, group.sent, noRecord);
      group.ended.forEach((ended, status) => {
        // Statuses that came later leave the digests of runs alone in which they do not occur.
        if (ended > 0 || status <= Status.reset) trace.record(kind, index, ended, noRecord);
      });
    }
  });
  for (const failures of world.users.failures) trace.record(kind, -1, failures, noRecord);
  trace.record(kind, -1, simulation.eventCount, noRecord);
  return trace.digest();
}

function seriesOf(observation: Observation, after: (instant: number) => number): Series {
  const columns: Record<string, readonly number[]> = {};
  const units: Record<string, string> = {};
  const add = (name: string, values: readonly number[], unit: string): void => {
    columns[name] = values;
    units[name] = unit;
  };
  for (const [product, requests] of observation.userRequests) {
    const failures = observation.userFailures.get(product)!;
    const shares = failures.map((failed, i) =>
      requests[i] === 0 ? 0 : Number((failed / requests[i]!).toPrecision(6)),
    );
    add(product === '' ? 'userErrorShare' : `userErrorShare.${product}`, shares, 'share');
  }
  for (const watch of observation.sites) {
    for (const name of Object.keys(clusterColumns) as ClusterColumn[]) {
      const column = name === 'userErrorShare' ? 'clusterUserErrorShare' : name;
      add(`${column}.${watch.site.id}`, watch.columns[name], clusterColumns[name]);
    }
  }
  return { windowSeconds: 60, t: observation.windows.map(after), columns, units };
}

type Groups = World['sites'][number]['cluster']['controlPlane']['groups'];

function booksOf(cluster: string, groups: Groups): BookRow[] {
  const at = (name: string): number => statusNames.indexOf(name);
  return groups.map((group) => {
    const ended = (name: string): number => group.ended[at(name)]!;
    return {
      book: `${cluster}/${group.name}`,
      arrived: group.sent,
      served: ended('ok'),
      rejected: ended('too-many-requests') + ended('unauthorized') + ended('forbidden') + ended('refused'),
      abandoned: 0,
      timedOut: ended('timed-out'),
      lost: ended('reset') + ended('server-error') + ended('gateway-timeout'),
      inside: group.inside,
    };
  });
}
