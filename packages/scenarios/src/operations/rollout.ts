/**
 * A DaemonSet rollout over clusters in waves, by a pipeline that writes the object through each cluster's API. With a
 * gate it watches the control planes it has touched, stops when one is in trouble, and takes the change back - through
 * the same API.
 *
 *   wave --settled, baked, approved, gate not holding--> next wave
 *     gate fails: halt, and the change is taken back from every cluster that has it, as far as their APIs answer
 *     people stop it: halt
 */
import {
  delay,
  type Duration,
  type Process,
  seconds,
  type Signal,
  Signal as OneShot,
  type Simulation,
  spawn,
  type Stream,
  waitFor,
} from '@brownout/core';
import { type Chronicle } from './chronicle.ts';
import { exceeded, type Gate, type GateReading, readForGate } from './control-plane-gate.ts';
import { HealthGate, type HealthGateOptions } from './health-gate.ts';
import type { Monitoring } from './monitoring/monitoring.ts';
import { newDaemonSet, type RolloutChange } from './rollout-change.ts';
import { type PipelineOptions, RolloutPipeline } from './rollout-pipeline.ts';
import type { Site } from './site.ts';

/** One wave: clusters that get the change at the same time. */
export interface Wave {
  readonly sites: readonly Site[];
  /** Share of the nodes selected from then on. */
  readonly nodesShare: number;
  /** Instant of its start; absent: `bake` (default none) after the wave before has settled. */
  readonly at?: number;
  readonly bake?: Duration;
  /** How long somebody takes to let it begin once it could; default nobody is asked. */
  readonly approval?: { sample(stream: Stream): Duration };
}

/** A rollout. */
export interface RolloutOptions {
  readonly agent: string;
  readonly waves: readonly Wave[];
  /** The short form of a health gate; default none. */
  readonly gate: Gate | undefined;
  /** A health gate on any metrics; default none. */
  readonly health?: { readonly options: HealthGateOptions; readonly monitoring: Monitoring };
  readonly pipeline?: PipelineOptions;
  /** Default a new DaemonSet. */
  readonly change?: RolloutChange;
}

/** How often the pipeline looks whether a wave has settled, and whether its gate lets the next one begin. */
const LOOK_INTERVAL = seconds(5);

/** A rollout in progress. */
export class Rollout {
  /** Fires when the gate or a person has stopped the rollout. */
  readonly halted: Signal = new OneShot('rollout halted');
  readonly #simulation: Simulation;
  readonly #chronicle: Chronicle;
  readonly #options: RolloutOptions;
  readonly #pipeline: RolloutPipeline;
  readonly #change: RolloutChange;
  readonly #health: HealthGate | undefined;
  readonly #touched: Site[] = [];
  #hasBegunAll = false;
  #isTakenBack = false;

  constructor(simulation: Simulation, chronicle: Chronicle, options: RolloutOptions) {
    this.#simulation = simulation;
    this.#chronicle = chronicle;
    this.#options = options;
    this.#change = options.change ?? newDaemonSet;
    this.#pipeline = new RolloutPipeline(simulation, options.pipeline ?? {}, {
      sites: new Set(options.waves.flatMap((wave) => wave.sites)),
      observer: {
        isHalted: () => this.halted.isFired,
        written: (site, nodesShare) => this.#written(site, nodesShare),
        gaveUp: (site, nodesShare) => this.#gaveUp(site, nodesShare),
      },
    });
    const { gate, health } = options;
    this.#health = health === undefined ? undefined : new HealthGate(health.options, health.monitoring);
    spawn(simulation, 'rollout', this.#run());
    if (gate !== undefined) spawn(simulation, 'rollout gate', this.#watch(gate));
    if (this.#health !== undefined) spawn(simulation, 'rollout health gate', this.#watchHealth(this.#health));
  }

  /** People stop the pipeline: nothing more is written. False when everything had been written already. */
  stop(): boolean {
    const isWritten = this.#hasBegunAll && this.#pipeline.isIdle;
    if (isWritten || this.halted.isFired) return false;
    this.halted.fire();
    return true;
  }

  *#run(): Process {
    let before: Wave | undefined;
    for (const wave of this.#options.waves) {
      if (wave.at !== undefined) yield* this.#pauseUntil(wave.at);
      else if (before !== undefined) yield* this.#settle(before);
      if (wave.at === undefined && wave.bake !== undefined) yield* waitFor(this.halted, wave.bake);
      yield* this.#approve(wave);
      if (before !== undefined) yield* this.#awaitHealth();
      if (this.halted.isFired) return;
      this.#health?.begin(wave.sites);
      for (const site of wave.sites) this.#pipeline.ask(site, wave.nodesShare);
      before = wave;
    }
    this.#hasBegunAll = true;
  }

  *#pauseUntil(instant: number): Process {
    const wait = instant - this.#simulation.now;
    if (wait > 0) yield* waitFor(this.halted, wait as Duration);
  }

  /** A wave has settled when its objects are written and every node that they select has its pod. */
  *#settle(wave: Wave): Process {
    const isOpen = (site: Site): boolean => this.#pipeline.isWritingTo(site) || !this.#change.isSettled(site);
    do yield* waitFor(this.halted, LOOK_INTERVAL);
    while (!this.halted.isFired && wave.sites.some(isOpen));
  }

  *#approve({ approval }: Wave): Process {
    if (approval === undefined || this.halted.isFired) return;
    yield* waitFor(this.halted, approval.sample(this.#simulation.streams.get('rollout/approval')));
  }

  *#awaitHealth(): Process {
    while (this.#health?.isHolding === true && !this.halted.isFired) yield* waitFor(this.halted, LOOK_INTERVAL);
  }

  #written(site: Site, nodesShare: number): void {
    if (nodesShare > 0) {
      if (!this.#touched.includes(site)) this.#touched.push(site);
      const share = nodesShare < 1 ? ` on ${(nodesShare * 100).toFixed(0)} % of the nodes` : '';
      const text = `${this.#options.agent} rolled out${share}, ${site.cluster.kubelets.count} nodes`;
      site.rolloutNote = this.#chronicle.note('rollout', text, site.rolloutNote, site.id);
      site.lastCause = site.rolloutNote;
    } else {
      this.#chronicle.note('action', `${this.#options.agent} taken back by the pipeline`, site.lastCause, site.id);
      // The API has taken an administrator's write: nobody is locked out any more, and nobody need try again.
      if (site.lockOut.firstFailure >= 0) site.lockOut.succeeded(this.#simulation.now);
      if (!site.takenBack.isFired) site.takenBack.fire();
    }
    this.#change.apply(site, nodesShare);
    // A write that was under way when the gate closed.
    if (this.#isTakenBack && nodesShare > 0) this.#pipeline.ask(site, 0);
  }

  /** A pipeline that cannot write goes no further; what is out stays out, and is for people to take back. */
  #gaveUp(site: Site, nodesShare: number): void {
    const what = nodesShare > 0 ? 'rolling out' : 'taking back';
    this.#chronicle.note('action', `pipeline gives ${what} up: the API does not take it`, site.lastCause, site.id);
    if (!this.halted.isFired) this.halted.fire();
  }

  *#watch(gate: Gate): Process {
    const before = new Map<Site, GateReading>();
    for (;;) {
      yield delay(gate.window);
      if (this.halted.isFired) return;
      for (const site of this.#touched) {
        const now = readForGate(site);
        const trouble = exceeded(gate, before.get(site), now);
        before.set(site, now);
        if (trouble === undefined) continue;
        this.#fail(site, trouble, true);
        return;
      }
    }
  }

  *#watchHealth(health: HealthGate): Process {
    for (;;) {
      yield* waitFor(this.halted, health.options.window);
      if (this.halted.isFired) return;
      const failure = health.check(this.#touched);
      if (failure === undefined) continue;
      this.#fail(failure.site, failure.text, health.options.action !== 'halt');
      return;
    }
  }

  /** A rollout that people, the pipeline or another gate have stopped already stays as they left it. */
  #fail(site: Site, trouble: string, takesBack: boolean): void {
    if (this.halted.isFired) return;
    const text = `gate stops the rollout: ${trouble}`;
    site.lastCause = this.#chronicle.note('action', text, site.lastCause, site.id);
    this.halted.fire();
    this.#isTakenBack = takesBack;
    if (takesBack) for (const touched of this.#touched) this.#pipeline.ask(touched, 0);
  }
}
