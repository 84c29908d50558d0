/**
 * A DaemonSet rollout over clusters in waves, by a pipeline that writes the object through each cluster's API. With a
 * gate it watches the control planes it has touched, stops when one is in trouble, and takes the change back - through
 * the same API.
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
  waitFor,
} from '@brownout/core';
import { Status } from '../kubernetes/requests/api-request.ts';
import { serviceAccountIdentity } from '../kubernetes/flow-control/identity.ts';
import { errorShare } from './alerting.ts';
import { ApiCaller } from './api-caller.ts';
import { type Chronicle } from './chronicle.ts';
import type { ApiCounts, Site } from './site.ts';

/** One wave: clusters that get the change at the same time. */
export interface Wave {
  readonly sites: readonly Site[];
  /** Share of the nodes selected from then on. */
  readonly nodesShare: number;
  /** Instant of its start; absent: `bake` (default none) after the wave before has settled. */
  readonly at?: number;
  readonly bake?: Duration;
}

/** When a rollout stops by itself. */
export interface Gate {
  readonly apiServerCpuAbove: number;
  readonly apiErrorShareAbove: number;
  readonly window: Duration;
}

/** A rollout. */
export interface RolloutOptions {
  readonly agent: string;
  readonly waves: readonly Wave[];
  readonly gate: Gate | undefined;
}

/** The pipeline's client gives a request 30 s and repeats after 10 s. */
const PIPELINE_TIMEOUT = seconds(30);
const PIPELINE_PAUSE = seconds(10);
/** How often the pipeline looks whether a wave has settled. */
const LOOK_INTERVAL = seconds(5);

/** A rollout in progress. */
export class Rollout {
  /** Fires when the gate or a person has stopped the rollout. */
  readonly halted: Signal = new OneShot('rollout halted');
  readonly #simulation: Simulation;
  readonly #chronicle: Chronicle;
  readonly #options: RolloutOptions;
  readonly #callers: Map<Site, ApiCaller> = new Map();
  readonly #touched: Site[] = [];
  /** Share of the nodes that the pipeline wants in each cluster, and the clusters it is writing to. */
  readonly #wanted: Map<Site, number> = new Map();
  readonly #isWriting: Set<Site> = new Set();
  #hasBegunAll = false;

  constructor(simulation: Simulation, chronicle: Chronicle, options: RolloutOptions) {
    this.#simulation = simulation;
    this.#chronicle = chronicle;
    this.#options = options;
    const identity = serviceAccountIdentity({ namespace: 'deploy', name: 'pipeline' });
    for (const site of new Set(options.waves.flatMap((wave) => wave.sites))) {
      const caller = { name: 'pipeline', identity, timeout: PIPELINE_TIMEOUT, isInside: false, usesBreakGlass: false };
      this.#callers.set(site, new ApiCaller(site.cluster, caller));
    }
    spawn(simulation, 'rollout', this.#run());
    if (options.gate !== undefined) spawn(simulation, 'rollout gate', this.#watch(options.gate));
  }

  /** People stop the pipeline: nothing more is written. False when everything had been written already. */
  stop(): boolean {
    const isWritten = this.#hasBegunAll && this.#isWriting.size === 0;
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
      if (this.halted.isFired) return;
      for (const site of wave.sites) this.#ask(site, wave.nodesShare);
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
    const isOpen = (site: Site): boolean => this.#isWriting.has(site) || !site.cluster.daemonSet.isSettled;
    do yield* waitFor(this.halted, LOOK_INTERVAL);
    while (!this.halted.isFired && wave.sites.some(isOpen));
  }

  /** From now on the pipeline wants this share in the cluster; whatever it wanted before is dropped. */
  #ask(site: Site, nodesShare: number): void {
    this.#wanted.set(site, nodesShare);
    if (this.#isWriting.has(site)) return;
    this.#isWriting.add(site);
    spawn(this.#simulation, `rollout to ${site.id}`, this.#write(site));
  }

  /** Writes the object, one request at a time, until the API has taken what is wanted now. */
  *#write(site: Site): Process {
    const caller = this.#callers.get(site)!;
    for (;;) {
      const nodesShare = this.#wanted.get(site)!;
      if (this.halted.isFired && nodesShare > 0) break;
      const answered = caller.call('object-update');
      yield* waitFor(answered);
      if (answered.value === Status.ok) this.#written(site, nodesShare);
      if (answered.value === Status.ok && this.#wanted.get(site) === nodesShare) break;
      yield delay(PIPELINE_PAUSE);
    }
    this.#isWriting.delete(site);
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
    }
    site.cluster.daemonSet.select(nodesShare);
  }

  *#watch(gate: Gate): Process {
    const before = new Map<Site, Reading>();
    for (;;) {
      yield delay(gate.window);
      for (const site of this.#touched) {
        const now = read(site);
        const trouble = exceeded(gate, before.get(site), now);
        before.set(site, now);
        if (trouble === undefined) continue;
        const text = `gate stops the rollout: ${trouble}`;
        site.lastCause = this.#chronicle.note('action', text, site.lastCause, site.id);
        this.halted.fire();
        for (const touched of this.#touched) this.#ask(touched, 0);
        return;
      }
    }
  }
}

interface Reading {
  readonly busy: readonly number[];
  readonly capacity: readonly number[];
  readonly api: ApiCounts;
}

function read(site: Site): Reading {
  const servers = site.cluster.controlPlane.balanced;
  return {
    busy: servers.map((server) => server.busyTime),
    capacity: servers.map((server) => server.cpu.books().coreTime),
    api: site.apiCounts(),
  };
}

function exceeded(gate: Gate, before: Reading | undefined, now: Reading): string | undefined {
  if (before === undefined) return undefined;
  const shares = now.busy.map((busy, i) => (busy - before.busy[i]!) / (now.capacity[i]! - before.capacity[i]!));
  const cpu = Math.max(...shares);
  if (cpu > gate.apiServerCpuAbove) return `API server CPU at ${(cpu * 100).toFixed(0)} %`;
  const errors = errorShare(before.api, now.api);
  if (errors > gate.apiErrorShareAbove) return `${(errors * 100).toFixed(0)} % of API requests fail`;
  return undefined;
}
