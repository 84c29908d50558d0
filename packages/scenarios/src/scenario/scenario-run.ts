/**
 * A scenario while it runs: made from a document, moved on in steps of any size, asked for its result at any time. The steps
 * are no part of the run: cut into one or a thousand, it is the same run.
 */
import {
  type Duration,
  noRecord,
  plus,
  type RunEnd,
  Simulation,
  timeZero,
  Trace,
  type TraceKind,
} from '@brownout/core';
import { Status, statusNames } from '../kubernetes/requests/api-request.ts';
import { engineVersion } from '../version.ts';
import { buildWorld, type World, type WorldOptions } from './build.ts';
import type { Scenario, ScenarioDocument } from './document.ts';
import { documentHash } from './hash.ts';
import { measure } from './kpis.ts';
import type { AppliedMitigation } from './mitigation.ts';
import { type ClusterColumn, clusterColumns, Observation } from './observe.ts';
import { type SeatColumn, seatColumns } from './seat-watch.ts';
import { parseScenario } from './parse.ts';
import { sourcesOf } from './provenance.ts';
import type { BookRow, Kpis, RunResult, Series } from './result.ts';
import { tellStory } from './story.ts';
import { warningsFor } from './warnings.ts';
import { findLoops } from './why/find-loops.ts';

/** Which run it is. */
export interface ScenarioRunOptions extends WorldOptions {
  /** Default 1. */
  readonly seed?: number | string;
  /** Ends the run this many seconds after the trigger instead of at the end of the horizon. */
  readonly untilSeconds?: number;
  /** Mitigations that were applied to the document, for the report. */
  readonly applied?: readonly AppliedMitigation[];
  /** What messages call the document; default its id. */
  readonly origin?: string;
}

/** How a step is watched and ended early. */
export interface StepOptions {
  /** Called now and then with how far the run is, in seconds after the trigger. */
  readonly onProgress?: (simulatedSeconds: number, endSeconds: number) => void;
  /** An AbortSignal or anything shaped like one. */
  readonly abort?: { readonly aborted: boolean };
}

/** See the head of this file. */
export class ScenarioRun {
  readonly scenario: Scenario;
  readonly simulation: Simulation;
  readonly world: World;
  /** What has been observed so far: windows that have closed. */
  readonly observation: Observation;
  /** Ends of the run, in seconds after the trigger. */
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly #document: ScenarioDocument;
  readonly #options: ScenarioRunOptions;
  readonly #trace: Trace;
  readonly #finalBook: TraceKind;
  /** Instant of the trigger, in microseconds of the run. */
  readonly #trigger: number;
  #end: RunEnd | undefined;

  /** Throws `DocumentError` when the document is not valid. */
  constructor(document: ScenarioDocument, options: ScenarioRunOptions = {}) {
    this.#document = document;
    this.#options = options;
    const scenario = parseScenario(document, options.origin ?? String(document.id));
    this.scenario = scenario;
    this.simulation = new Simulation({ seed: String(options.seed ?? 1) });
    this.#trace = new Trace(this.simulation, { keep: 'none' });
    this.world = buildWorld(this.simulation, this.#trace, scenario, options);
    this.observation = new Observation(this.simulation, this.world);
    this.#finalBook = this.#trace.kind('final book');
    this.#trigger = -scenario.horizon.start;
    this.startSeconds = this.after(0);
    this.endSeconds = (options.untilSeconds ?? scenario.horizon.end / 1_000_000) as number;
  }

  /** The present, in seconds after the trigger. */
  get now(): number {
    return this.after(this.simulation.now);
  }

  /** Whether nothing is left to run. */
  get isOver(): boolean {
    return this.simulation.now >= this.#instantOf(this.endSeconds);
  }

  /** Seconds after the trigger of an instant of the run. */
  after(instant: number): number {
    return (instant - this.#trigger) / 1_000_000;
  }

  /**
   * Runs everything up to and including an instant, in seconds after the trigger, but not past the end. An instant that has
   * passed changes nothing. False when the run was stopped on the way.
   */
  advanceTo(seconds: number, options: StepOptions = {}): boolean {
    const { abort, onProgress } = options;
    const target = this.#instantOf(Math.min(seconds, this.endSeconds));
    if (!(target > this.simulation.now)) return this.#end !== 'aborted';
    this.#end = this.simulation.runUntil(plus(timeZero, target as Duration), {
      ...(abort === undefined ? {} : { abort }),
      onProgress: (instant) => onProgress?.(this.after(instant), this.endSeconds),
    });
    return this.#end !== 'aborted' && this.#end !== 'stopped';
  }

  /** The measures of the result as it stands; cheap beside it. */
  measures(): Kpis {
    return measure(this.world, this.observation, (instant) => this.after(instant));
  }

  /** The result as it stands: of the whole run at its end, up to now before that. The run may go on afterwards. */
  finish(): RunResult {
    const { world, observation, scenario, simulation } = this;
    for (const site of world.sites) site.cluster.controlPlane.checkBooks();
    world.users.checkBooks();
    const after = (instant: number): number => this.after(instant);
    const kpis = this.measures();
    const stopped = this.#end === 'aborted' ? [`stopped at ${this.now.toFixed(0)} s after the trigger`] : [];
    return {
      schema: 'brownout/result@1',
      scenario: scenario.id,
      title: scenario.title,
      documentHash: documentHash(this.#document),
      engineVersion,
      seed: simulation.seed,
      replications: 1,
      digest: this.digest(),
      clock: scenario.clock,
      horizon: { startSeconds: this.startSeconds, endSeconds: this.now },
      kpis,
      ...tellStory(scenario, world, observation, kpis, after),
      loops: findLoops(observation.loopHistories, after),
      series: seriesOf(observation, after),
      mitigations: this.#options.applied ?? [],
      assumptions: sourcesOf(this.#document),
      warnings: [...stopped, ...warningsFor(scenario)],
      conservation: world.sites.flatMap(({ id, cluster }) => booksOf(id, cluster.controlPlane.settledGroups())),
      eventCount: simulation.eventCount,
    };
  }

  /** The digest of the trace, closed with the books as they stand so that runs that end differently never look alike. */
  digest(): string {
    return this.#trace.digestAfter(this.#finalBook, closingBooks(this.world, this.simulation));
  }

  #instantOf(seconds: number): number {
    return this.#trigger + Math.round(seconds * 1_000_000);
  }
}

function* closingBooks(world: World, simulation: Simulation): Generator<readonly [number, number]> {
  for (const [index, site] of world.sites.entries()) {
    for (const group of site.cluster.controlPlane.settledGroups()) {
      yield [index, group.sent];
      // Statuses that came later leave the digests of runs alone in which they do not occur.
      for (const [status, ended] of group.ended.entries()) {
        if (ended > 0 || status <= Status.reset) yield [index, ended];
      }
    }
  }
  for (const failures of world.users.failures) yield [noRecord, failures];
  yield [noRecord, simulation.eventCount];
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
    for (const { level, columns: seats } of watch.seats.levels) {
      for (const name of Object.keys(seatColumns) as SeatColumn[]) {
        // Levels without a limit, or where nobody ever waits, say so by having no such column.
        const isShown = name === 'seatsInUse' || seats[name].some((value) => value > 0);
        if (isShown) add(`${name}.${watch.site.id}/${level}`, seats[name], seatColumns[name]);
      }
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
