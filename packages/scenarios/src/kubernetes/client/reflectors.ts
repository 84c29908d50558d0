/**
 * The reflectors of many alike clients for one type, in columns: the kubelets of a cluster watching their pods, the
 * proxies watching all services, a controller's informer. Each keeps a store current by LIST and WATCH as client-go does
 * (see reflector-machine.ts); attempts that fail are repeated within the request first (see request-retry.ts).
 *
 *   start -> LIST "0" -> WATCH from its version -> stream ... ends -> WATCH again ... 410 -> back-off -> LIST
 */
import { type EventHandle, type EventType, seconds, type Simulation, type Stream } from '@brownout/core';
import type { ControlPlane } from '../control-plane.ts';
import { storedVersions } from '../etcd/stored-versions.ts';
import { Status } from '../requests/api-request.ts';
import type { TypeCache } from '../watch-cache/type-cache.ts';
import type { WatchCaches } from '../watch-cache/watch-caches.ts';
import type { WatchSource } from '../watch-cache/watch-source.ts';
import type { ClientGroup } from './client-group.ts';
import { ForgettingBackoffs, reflectorBackoff } from './backoff.ts';
import { ListPages } from './list-pages.ts';
import { isWaiting, nextReflectorStep, Outcome, ReflectorState, turn } from './reflector-machine.ts';
import { nextOperation, type OperationNumbers, operationNumbers, outcomeOf } from './reflector-outcome.ts';
import type { ReflectorCounts, ReflectorsObserver, ReflectorsOptions } from './reflector-options.ts';
import { ReflectorRequests, SHORTEST_WATCH, watchTimeout } from './reflector-requests.ts';
import { ReflectorTable } from './reflector-table.ts';
import { SilentPath } from './silent-path.ts';

/** A stream that ends sooner and has brought nothing counts as an error (`VeryShortWatchError`). */
const VERY_SHORT = seconds(1);
const FEW = 16;

/** See above. */
export class Reflectors implements WatchSource {
  readonly hearsEach: boolean;
  readonly counts: ReflectorCounts = { lists: 0, listsNewest: 0, watches: 0, ended: 0, expired: 0 };
  readonly #simulation: Simulation;
  readonly #controlPlane: ControlPlane;
  readonly #caches: WatchCaches;
  readonly #options: ReflectorsOptions;
  readonly #observer: ReflectorsObserver;
  readonly #requests: ReflectorRequests;
  readonly #source: number;
  readonly #type: number;
  readonly #operation: OperationNumbers;
  readonly #backoffs: ForgettingBackoffs;
  readonly #timeoutStream: Stream;
  readonly #goOn: EventType;
  readonly #path: SilentPath;
  readonly #rows: ReflectorTable;
  /** Of LISTs that etcd serves. */
  readonly pages: ListPages;

  constructor(
    simulation: Simulation,
    name: string,
    options: ReflectorsOptions,
    controlPlane: ControlPlane,
    observer: ReflectorsObserver,
  ) {
    const { watchCaches } = controlPlane;
    if (watchCaches === undefined)
      throw new RangeError(`reflectors "${options.name}": the control plane has no watch cache`);
    const { clients } = options;
    this.#simulation = simulation;
    this.#controlPlane = controlPlane;
    this.#caches = watchCaches;
    this.#options = options;
    this.#observer = observer;
    this.hearsEach = options.hearsEach ?? clients <= FEW;
    this.#type = watchCaches.typeNumber(options.resource);
    this.#operation = operationNumbers(options.operations, (operation) => controlPlane.operations.number(operation));
    const stream = (purpose: string): Stream => simulation.streams.get(`${name}/${options.name}/${purpose}`);
    this.#backoffs = new ForgettingBackoffs(clients, reflectorBackoff, stream('backoff'));
    this.#timeoutStream = stream('watch-timeout');
    this.#rows = new ReflectorTable(clients);
    const { operations, etcd } = controlPlane;
    this.pages = new ListPages(clients, operations, this.#operation.pages, storedVersions(etcd));
    const connected = { connections: { lastStreamAt: (client: number) => this.lastStreamAt(client) }, ...options };
    this.#requests = new ReflectorRequests(simulation, name, connected, controlPlane, {
      asks: (client, operation) => this.pages.asks(client, operation, this.#rows.isVersionUnavailable(client)),
      ended: (client, isList, status, wait) => {
        if (isList) this.#listed(client, status, wait);
        else this.#watched(client, status, wait);
      },
    });
    this.#source = watchCaches.join(this, this.#requests.groups);
    const label = `${name} ${options.name}`;
    this.#goOn = simulation.event(`${label} back-off over`, (client) => this.#step(client, Outcome.waited));
    this.#path = new SilentPath(simulation, label, clients, {
      isCut: () => controlPlane.isCut(this.connections),
      onDead: () => this.#loseStreams(),
      onOpened: (client, events) => this.received(client, this.#cache(client).revision, events),
    });
  }

  /** Connections of the clients. */
  get connections(): ClientGroup {
    return this.#requests.connections;
  }

  /** Their LISTs. */
  get lists(): ClientGroup {
    return this.#controlPlane.groups[this.#requests.groups[0]]!;
  }

  /** Clients whose store has been filled once. */
  get syncedCount(): number {
    return this.#rows.syncedCount;
  }

  /** Clients whose stream is open. */
  get streamingCount(): number {
    return this.#rows.state.reduce((count, state) => count + (state === ReflectorState.streaming ? 1 : 0), 0);
  }

  state(client: number): ReflectorState {
    return this.#rows.stateOf(client);
  }

  /** When the client had a stream last, which keeps its connection open: see `ClientGroupOptions`. */
  lastStreamAt(client: number): number {
    return this.#rows.lastStreamAt(client, this.#simulation.now);
  }

  hasSynced(client: number): boolean {
    return this.#rows.hasSynced[client] === 1;
  }

  /** Version of a client's store; 0 before its first LIST. */
  revision(client: number): number {
    return this.#rows.revision[client]!;
  }

  /** The client's process starts: first LIST. Does nothing to one that runs. */
  start(client: number): void {
    if (this.#rows.state[client] !== ReflectorState.idle) return;
    this.#enter(client, turn({ usesWatchList: this.#usesWatchList }).state);
  }

  /** The client has been running for long: its store is full and its stream open, without a request. */
  startSynced(client: number, server: number): void {
    this.#rows.markSynced(client, this.#caches.server(server).types[this.#type]!.revision);
    this.connections.connect(client, server, this.#controlPlane.servers[server]!.life);
    this.#rows.server[client] = server;
    const age = Math.floor(this.#timeoutStream.uniform() * SHORTEST_WATCH);
    this.#open(client, watchTimeout(this.#timeoutStream) - age, age);
  }

  /** The client's process is gone, with its store. Answers on their way meet nobody. */
  stop(client: number): void {
    if (this.#rows.state[client] === ReflectorState.streaming) {
      this.#cache(client).close(this.#rows.slot[client]!, this.#source, client);
    }
    this.#simulation.cancel(this.#rows.pending[client]! as EventHandle);
    this.#requests.cancel(client);
    this.pages.drop(client);
    this.#rows.reset(client);
  }

  /** The client closes its connection itself: its stream ends as if the server had ended it. */
  closeConnection(client: number): void {
    this.connections.disconnect(client);
    if (this.#rows.state[client] !== ReflectorState.streaming) return;
    this.#cache(client).breakStream(this.#rows.slot[client]!, this.#source, client);
  }

  /** Packets are dropped from now on: streams are silent, and found to be dead unless it is over by then. */
  pathBlocked(): void {
    this.#path.blocked();
  }

  /** Packets pass again: streams that are still alive bring what they held back. */
  pathOpened(): void {
    this.#path.opened();
  }

  /** Part of the contract with `WatchCaches`. */
  askedRevision(client: number): number {
    return this.#rows.revision[client]!;
  }

  /** Part of the contract with `WatchCaches`. */
  served(client: number, server: number, revision: number, isFromEtcd: boolean): void {
    if (this.pages.served(client, isFromEtcd)) this.#rows.served(client, server, revision);
  }

  /** Part of the contract with `WatchCaches`. */
  received(client: number, revision: number, events: number): void {
    if (this.#rows.state[client] !== ReflectorState.streaming || this.#path.holds(client, events)) return;
    this.#rows.revision[client] = Math.max(this.#rows.revision[client]!, revision);
    this.#observer.onChange?.(client, events, revision);
  }

  /** Part of the contract with `WatchCaches`: their versions are worked out when their streams end. */
  receivedByAll(): void {}

  /** Part of the contract with `WatchCaches`. */
  ended(client: number, revision: number, hasReceived: boolean): void {
    if (this.#rows.state[client] !== ReflectorState.streaming) return;
    this.#rows.ended(client, this.#simulation.now, revision);
    this.counts.ended++;
    const isVeryShort = !hasReceived && this.#simulation.now - this.#rows.openedAt[client]! < VERY_SHORT;
    this.#step(client, isVeryShort ? Outcome.endedAtOnce : Outcome.ended);
    this.#observer.onLost?.(client);
  }

  /** Cache that serves the client's stream. */
  #cache(client: number): TypeCache {
    return this.#caches.server(this.#rows.server[client]!).types[this.#type]!;
  }

  /** A connection that is lost without a word is an error of the stream, not its end: the loop starts over with a LIST. */
  #loseStreams(): void {
    for (let client = 0; client < this.#rows.state.length; client++) {
      if (this.#rows.state[client] !== ReflectorState.streaming) continue;
      this.#cache(client).close(this.#rows.slot[client]!, this.#source, client);
      this.connections.disconnect(client);
      this.#rows.ended(client, this.#simulation.now);
      this.#step(client, Outcome.failed);
      this.#observer.onLost?.(client);
    }
  }

  get #usesWatchList(): boolean {
    return this.#options.operations.watchList !== undefined;
  }

  #step(client: number, outcome: Outcome): void {
    const memory = this.#rows.memory(client, this.#usesWatchList);
    const step = nextReflectorStep(this.#rows.stateOf(client), outcome, memory);
    if (step === undefined) return;
    if (outcome === Outcome.expired) this.counts.expired++;
    this.#rows.note(client, step);
    this.#enter(client, step.state);
  }

  #enter(client: number, state: ReflectorState): void {
    this.#rows.state[client] = state;
    if (isWaiting(state)) {
      this.#rows.pending[client] = this.#goOn.after(this.#backoffs.next(client, this.#simulation.now), client);
    } else if (state !== ReflectorState.streaming) {
      if (state === ReflectorState.watching) this.counts.watches++;
      else this.counts.lists++;
      const isUnavailable = this.#rows.isVersionUnavailable(client);
      const next = nextOperation(state, this.#operation, isUnavailable, this.revision(client));
      if (next === this.#operation.listNewest) this.counts.listsNewest++;
      this.#requests.begin(client, state === ReflectorState.listing, next);
    }
  }

  #listed(client: number, status: number, retryAfterSeconds: number): void {
    if (this.#rows.state[client] !== ReflectorState.listing) return;
    if (status !== Status.ok) this.pages.drop(client);
    else if (this.pages.turn(client, this.#rows.servedRevision[client]!))
      return this.#requests.begin(client, true, this.#operation.pages!.further);
    else this.#sync(client);
    this.#step(client, outcomeOf(status, retryAfterSeconds));
  }

  #watched(client: number, status: number, retryAfterSeconds: number): void {
    const state = this.#rows.state[client];
    if (state !== ReflectorState.watching && state !== ReflectorState.streamingList) return;
    if (status !== Status.ok) {
      this.#step(client, outcomeOf(status, retryAfterSeconds));
      return;
    }
    if (state === ReflectorState.streamingList) this.#sync(client);
    this.#open(client, watchTimeout(this.#timeoutStream));
  }

  /** The store is filled with the state that the answer was made from. */
  #sync(client: number): void {
    this.#rows.markSynced(client, Math.max(this.#rows.servedRevision[client]!, this.#rows.revision[client]!));
    this.#observer.onSynced(client);
  }

  /** The server has accepted a WATCH; a version that is too old comes as the first event of the stream. */
  #open(client: number, timeout: number, age = 0): void {
    const { index, encoding = 'protobuf', eventsPerSecond } = this.#options;
    const slot = this.#caches.open(this.#rows.server[client]!, this.#type, {
      source: this.#source,
      subject: client,
      revision: this.#rows.revision[client]!,
      index: index?.(client) ?? -1,
      encoding: encoding === 'json' ? 0 : 1,
      timeout,
      age,
      eventsPerSecond: eventsPerSecond?.(client) ?? Infinity,
    });
    this.#rows.opened(client, slot, this.#simulation.now);
    if (slot < 0) this.#step(client, Outcome.expired);
    else this.#observer.onStreaming?.(client);
  }
}
