/**
 * The informers of CoreDNS: LIST, then WATCH, by the rules of client-go's reflector (tools/cache/reflector.go). All processes
 * of a Deployment are kept in columns; a process and a resource together are one informer.
 *
 *   start -> LIST --ok--> WATCH ------------ open -----------+
 *             ^  |failed     ^ |refused, 429   | connection broke, or its time was over
 *             |  v           | v               v
 *            back-off       back-off         WATCH from the last revision --too old--> back-off -> LIST
 *
 * Whatever the watch missed is replayed when a server that has been up all along takes it again; a server that started
 * later does not know that history and says "too old" (410), which means a whole LIST.
 */
import {
  type Duration,
  type EventHandle,
  type EventType,
  minutes,
  noEvent,
  seconds,
  type Simulation,
  type Stream,
  type TimeoutType,
} from '@brownout/core';
import { jitteredWaitAfter, reflectorBackoff } from '../client/backoff.ts';
import { ClientGroup, silenceTimeout } from '../client/client-group.ts';
import type { ControlPlane } from '../control-plane.ts';
import { serviceAccountIdentity } from '../flow-control/identity.ts';
import { Status } from '../requests/api-request.ts';
import {
  informedResources,
  type InformedResource,
  type InformerObserver,
  type InformerOperations,
  type InformerSet,
} from './informer-set.ts';

const KINDS = informedResources.length;
/** Request-level retries of one request when the server names a Retry-After (client-go, rest/request.go). */
const RETRIES_WITH_RETRY_AFTER = 10;
/** A watch asks to end after 5 to 10 minutes. */
const WATCH = minutes(5);

/** Incarnations that can be told apart; far more than can have requests on their way at once. */
const LIVES = 1024;
/** `cut`: packets are dropped, and nobody has noticed yet. */
const State = { stopped: 0, listing: 1, opening: 2, watching: 3, cut: 4 } as const;

/** The informers of all processes of one Deployment, on a control plane without watch caches. */
export class PlainInformers implements InformerSet {
  readonly #simulation: Simulation;
  readonly #controlPlane: ControlPlane;
  readonly #operations: InformerOperations;
  readonly #observer: InformerObserver;
  readonly #jitter: Stream;
  readonly #group: ClientGroup;
  readonly #groupNumber: number;
  readonly #again: EventType;
  readonly #watchEnds: EventType;
  readonly #silence: TimeoutType;
  readonly #state: Uint8Array;
  readonly #hasSynced: Uint8Array;
  readonly #failures: Uint8Array;
  readonly #retries: Uint8Array;
  readonly #backedOffAt: Float64Array;
  readonly #timer: Float64Array;
  /** Incarnation of a process, part of what a request is about: answers to a dead one meet nobody. */
  readonly #life: Int32Array;
  /** Revision an informer knew when it last heard of changes. */
  readonly #known: Float64Array;
  /** Lives of all servers when the informer last saw changes, -1 = was not up: such a server lacks that history. */
  readonly #livesSeen: Int32Array;

  constructor(
    simulation: Simulation,
    name: string,
    processes: number,
    operations: InformerOperations,
    controlPlane: ControlPlane,
    observer: InformerObserver,
  ) {
    this.#simulation = simulation;
    this.#controlPlane = controlPlane;
    this.#operations = operations;
    this.#observer = observer;
    this.#jitter = simulation.streams.get(`${name}/informer`);
    const informers = processes * KINDS;
    this.#state = new Uint8Array(informers);
    this.#hasSynced = new Uint8Array(informers);
    this.#failures = new Uint8Array(informers);
    this.#retries = new Uint8Array(informers);
    this.#backedOffAt = new Float64Array(informers);
    this.#timer = new Float64Array(informers).fill(noEvent);
    this.#life = new Int32Array(processes);
    this.#known = new Float64Array(informers);
    this.#livesSeen = new Int32Array(informers * controlPlane.servers.length).fill(-1);
    this.#group = new ClientGroup({
      name: 'coredns',
      describe: () => ({
        ...serviceAccountIdentity({ namespace: 'kube-system', name: 'coredns' }),
        verb: 'list',
        resource: 'services',
      }),
      // Clients set none: the API server's request timeout ends a LIST.
      timeout: seconds(60),
      clients: processes,
      isInside: false,
      countsForAvailability: true,
      onReply: (subject, status, retryAfter) => this.#answered(subject, status, retryAfter),
    });
    this.#groupNumber = controlPlane.join(this.#group);
    this.#again = simulation.event(`${name} informer again`, (informer) => this.#ask(informer), 'arrival');
    this.#watchEnds = simulation.event(`${name} watch ends`, (informer) => this.#rewatch(informer), 'arrival');
    this.#silence = simulation.timeout(`${name} connections silent`, silenceTimeout, () => this.connectionsBroke());
  }

  /** Whether an informer has stored a LIST since its process started; never revoked while it lives. */
  hasSynced(process: number, resource: InformedResource): boolean {
    return this.#hasSynced[numberOf(process, resource)] === 1;
  }

  /** Whether it sees changes now. */
  isWatching(process: number, resource: InformedResource): boolean {
    return this.#state[numberOf(process, resource)] === State.watching;
  }

  /** The last revision it knows of. */
  knownRevision(process: number, resource: InformedResource): number {
    const informer = numberOf(process, resource);
    return this.#state[informer] === State.watching ? this.#observer.revision() : this.#known[informer]!;
  }

  /** The process starts and knows nothing: every informer LISTs at once. */
  start(process: number): void {
    this.#life[process]!++;
    for (const resource of informedResources) {
      const informer = numberOf(process, resource);
      this.#state[informer] = State.listing;
      this.#failures[informer] = 0;
      this.#retries[informer] = 0;
      this.#ask(informer);
    }
  }

  /** The process has been running for long: synced, watching, connected to `server`. */
  startSynced(process: number, server: number): void {
    this.#group.connect(process, server, this.#controlPlane.servers[server]!.life);
    for (const resource of informedResources) {
      const informer = numberOf(process, resource);
      this.#hasSynced[informer] = 1;
      this.#watch(informer, WATCH * this.#jitter.uniform());
    }
  }

  /** The process dies, and with it what it knew. */
  stop(process: number): void {
    this.#life[process]!++;
    this.#group.disconnect(process);
    for (const resource of informedResources) {
      const informer = numberOf(process, resource);
      this.#state[informer] = State.stopped;
      this.#hasSynced[informer] = 0;
      this.#simulation.cancel(this.#timer[informer]! as EventHandle);
    }
  }

  /** Connections are gone: watches that went over one of them notice and are opened again, at once at first. */
  connectionsBroke(): void {
    for (let informer = 0; informer < this.#state.length; informer++) {
      const hasWatch = this.#state[informer] === State.watching || this.#state[informer] === State.cut;
      if (hasWatch && !this.#controlPlane.isConnected(this.#group, processOf(informer))) this.#rewatch(informer);
    }
  }

  /** Packets are dropped from now on: health checks of the connections find out, unless it is over by then. */
  pathBlocked(): void {
    for (let informer = 0; informer < this.#state.length; informer++) {
      if (this.#state[informer] !== State.watching) continue;
      this.#known[informer] = this.#observer.revision();
      this.#noteLives(informer);
      this.#state[informer] = State.cut;
    }
    this.#silence.start();
  }

  /** Packets pass again: watches whose connection nobody gave up get what they missed. */
  pathOpened(): void {
    for (let informer = 0; informer < this.#state.length; informer++) {
      if (this.#state[informer] !== State.cut) continue;
      if (this.#controlPlane.isConnected(this.#group, processOf(informer))) this.#state[informer] = State.watching;
    }
  }

  #ask(informer: number): void {
    const process = processOf(informer);
    const resource = informedResources[informer % KINDS]!;
    const operation =
      this.#state[informer] === State.listing ? this.#operations.list[resource] : this.#operations.watch;
    const isRepetition = this.#failures[informer]! + this.#retries[informer]! > 0;
    const subject = (this.#life[process]! % LIVES) * this.#state.length + informer;
    this.#controlPlane.send(this.#groupNumber, process, operation, subject, isRepetition);
  }

  #answered(subject: number, status: number, retryAfterSeconds: number): void {
    const informer = subject % this.#state.length;
    if (Math.floor(subject / this.#state.length) !== this.#life[processOf(informer)]! % LIVES) return;
    if (status !== Status.ok) {
      this.#failed(informer, status, retryAfterSeconds);
    } else if (this.#state[informer] === State.listing) {
      this.#listed(informer);
    } else if (this.#isTooOld(informer)) {
      this.#state[informer] = State.listing;
      this.#backOff(informer);
    } else {
      this.#watch(informer, WATCH * (1 + this.#jitter.uniform()));
    }
  }

  #failed(informer: number, status: number, retryAfterSeconds: number): void {
    if (retryAfterSeconds > 0 && this.#retries[informer]! < RETRIES_WITH_RETRY_AFTER) {
      this.#retries[informer]!++;
      this.#timer[informer] = this.#again.after(seconds(retryAfterSeconds), informer);
      return;
    }
    if (status !== Status.refused && status !== Status.tooManyRequests) this.#state[informer] = State.listing;
    this.#backOff(informer);
  }

  #listed(informer: number): void {
    const process = processOf(informer);
    const resource = informedResources[informer % KINDS]!;
    if (!this.#observer.listed(process, resource)) return;
    const isFirst = this.#hasSynced[informer] === 0;
    this.#hasSynced[informer] = 1;
    this.#known[informer] = this.#observer.revision();
    this.#noteLives(informer);
    this.#state[informer] = State.opening;
    this.#retries[informer] = 0;
    if (isFirst) this.#observer.synced(process, resource);
    this.#ask(informer);
  }

  #watch(informer: number, duration: number): void {
    this.#state[informer] = State.watching;
    this.#retries[informer] = 0;
    this.#timer[informer] = this.#watchEnds.after(Math.round(duration) as Duration, informer);
  }

  /** A watch that is over is opened again from its last revision, at once. */
  #rewatch(informer: number): void {
    const process = processOf(informer);
    this.#simulation.cancel(this.#timer[informer]! as EventHandle);
    if (this.#state[informer] === State.watching) {
      this.#known[informer] = this.#observer.revision();
      this.#noteLives(informer);
    }
    if (!this.#controlPlane.isConnected(this.#group, process)) this.#group.disconnect(process);
    this.#state[informer] = State.opening;
    this.#ask(informer);
  }

  #backOff(informer: number): void {
    const { now } = this.#simulation;
    if (now - this.#backedOffAt[informer]! > reflectorBackoff.forgetAfter) this.#failures[informer] = 0;
    this.#backedOffAt[informer] = now;
    this.#retries[informer] = 0;
    const wait = jitteredWaitAfter(this.#failures[informer]!, reflectorBackoff, this.#jitter);
    this.#failures[informer] = Math.min(this.#failures[informer]! + 1, 20);
    this.#timer[informer] = this.#again.after(wait, informer);
  }

  #isTooOld(informer: number): boolean {
    const server = this.#group.server[processOf(informer)]!;
    const { servers } = this.#controlPlane;
    return server >= 0 && this.#livesSeen[informer * servers.length + server] !== servers[server]!.life;
  }

  #noteLives(informer: number): void {
    const { servers } = this.#controlPlane;
    for (let server = 0; server < servers.length; server++) {
      const { isReady, life } = servers[server]!;
      this.#livesSeen[informer * servers.length + server] = isReady ? life : -1;
    }
  }
}

function numberOf(process: number, resource: InformedResource): number {
  return process * KINDS + informedResources.indexOf(resource);
}

function processOf(informer: number): number {
  return Math.floor(informer / KINDS);
}
