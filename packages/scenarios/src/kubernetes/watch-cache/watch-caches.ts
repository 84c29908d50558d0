/**
 * The watch caches of a control plane: the version that every committed write moves, the events on their way from etcd to
 * the servers, and the clients that watch. Writes of types that nobody caches cost one addition.
 *
 *   etcd commit -> revision + 1 -> [delivery delay, events of all types together] -> TypeCache of every living server
 */
import { type Duration, type EventType, ms, seconds, type Simulation, type TimeoutType } from '@brownout/core';
import type { Etcd } from '../etcd/etcd.ts';
import type { RequestTable } from '../requests/api-request.ts';
import type { OperationTable } from '../requests/operation.ts';
import { LEADERLESS_PATIENCE, type WatchCacheOptions } from './options.ts';
import { ReadPlan } from './read-plan.ts';
import type { WatchCacheWorld } from './read-router.ts';
import { type CachingServer, ServerWatchCaches } from './server-watch-caches.ts';
import type { WatchRequest, WatchSource } from './watch-source.ts';

/** While reads wait, etcd is asked for its progress this often (apiserver, storage/cacher/progress). */
const PROGRESS_REQUEST: Duration = ms(100);

/** See above. */
export class WatchCaches implements WatchCacheWorld {
  readonly options: WatchCacheOptions;
  readonly plan: ReadPlan;
  readonly sources: WatchSource[] = [];
  readonly #requests: RequestTable;
  readonly #operations: OperationTable;
  readonly #etcd: Etcd;
  readonly #servers: ServerWatchCaches[] = [];
  readonly #sourceOfGroup: Map<number, WatchSource> = new Map();
  readonly #deliver: TimeoutType;
  readonly #requestProgress: EventType;
  /** Events on their way: type, version, value of the index. */
  readonly #types: number[] = [];
  readonly #revisions: number[] = [];
  readonly #indices: number[] = [];
  #isProgressAsked = false;
  /** Since when etcd has no leader, -1 = it has one; and whether the consequences have been drawn. */
  #leaderlessSince = -1;
  #hasGivenUp = false;

  constructor(
    simulation: Simulation,
    name: string,
    options: WatchCacheOptions,
    parts: { readonly requests: RequestTable; readonly operations: OperationTable; readonly etcd: Etcd },
  ) {
    this.options = options;
    this.#requests = parts.requests;
    this.#operations = parts.operations;
    this.#etcd = parts.etcd;
    this.plan = new ReadPlan(options, parts.operations);
    parts.etcd.onCommitted(
      (_request, revision, operation, subject) => this.#committed(revision, operation, subject),
      (operation) => this.plan.writtenType[operation]! >= 0,
    );
    if (options.writeEstimate !== undefined) this.#barWritesFromShortWay();
    const { progressInterval = seconds(5), deliveryDelay = ms(10) } = options;
    this.#deliver = simulation.timeout(`${name} watch events`, deliveryDelay, () => this.#deliverAll(), 'release');
    this.#requestProgress = simulation.event(`${name} progress request`, () => {
      this.#isProgressAsked = false;
      this.#progress();
      if (this.#servers.some((server) => server.types.some((cache) => cache.waits.count > 0))) this.askProgress();
    });
    const progress = simulation.timeout(`${name} watch progress`, progressInterval, () => {
      this.#bookmarks(progressInterval);
      this.#progress();
      progress.start();
    });
    progress.start();
    const check = simulation.timeout(`${name} watch of etcd`, seconds(1), () => {
      this.#lookForLeader(simulation.now);
      check.start();
    });
    check.start();
  }

  /** Version of the last write that etcd has committed. */
  get revision(): number {
    return this.#etcd.revision;
  }

  /** The caches of an API server, by its index. */
  server(index: number): ServerWatchCaches {
    return this.#servers[index]!;
  }

  /** Makes the caches of the next API server. */
  factory(simulation: Simulation, name: string): (server: CachingServer) => ServerWatchCaches {
    return (server) => {
      const parts = { requests: this.#requests, operations: this.#operations, etcd: this.#etcd, world: this };
      const caches = new ServerWatchCaches(simulation, name, server, parts);
      this.#servers.push(caches);
      return caches;
    };
  }

  /** Clients that watch join; returns the number of the source. */
  join(source: WatchSource, groups: readonly number[]): number {
    for (const group of groups) this.#sourceOfGroup.set(group, source);
    return this.sources.push(source) - 1;
  }

  /** Opens a watch of a type at a server; its slot, or -1 when its version is too old (410). */
  open(server: number, type: number, watch: WatchRequest): number {
    return this.#servers[server]!.types[type]!.open(watch);
  }

  /** Number of a cached type. */
  typeNumber(resource: string): number {
    const number = this.options.types.findIndex((type) => type.resource === resource);
    if (number < 0) throw new RangeError(`watch cache: type "${resource}" is not cached`);
    return number;
  }

  /** etcd has committed a write at a revision. */
  #committed(revision: number, operation: number, subject: number): void {
    const type = this.plan.writtenType[operation]!;
    if (type < 0) return;
    if (this.#types.length === 0) this.#deliver.start();
    this.#types.push(type);
    this.#revisions.push(revision);
    this.#indices.push(subject);
  }

  askedRevision(request: number): number {
    const source = this.#sourceOfGroup.get(this.#requests.group[request]!);
    return source === undefined ? 0 : source.askedRevision(this.#requests.subject[request]!);
  }

  served(request: number, server: number, revision: number, isFromEtcd: boolean): void {
    const source = this.#sourceOfGroup.get(this.#requests.group[request]!);
    source?.served(this.#requests.subject[request]!, server, revision, isFromEtcd);
  }

  askProgress(): void {
    if (this.#isProgressAsked) return;
    this.#isProgressAsked = true;
    this.#requestProgress.after(PROGRESS_REQUEST);
  }

  #lookForLeader(now: number): void {
    if (this.#etcd.hasQuorum) {
      this.#leaderlessSince = -1;
      this.#hasGivenUp = false;
    } else if (this.#leaderlessSince < 0) {
      this.#leaderlessSince = now;
    } else if (!this.#hasGivenUp && now - this.#leaderlessSince >= LEADERLESS_PATIENCE) {
      this.#hasGivenUp = true;
      for (const server of this.#servers) server.fillAnew();
    }
  }

  /** The short way knows one seat and no more; leases are left on it, for hardly anybody watches them. */
  #barWritesFromShortWay(): void {
    this.plan.writtenType.forEach((type, operation) => {
      if (type >= 0 && this.options.types[type]!.resource !== 'leases') this.#operations.barFromShortWay(operation);
    });
  }

  #deliverAll(): void {
    for (const { types } of this.#servers) {
      for (let i = 0; i < this.#types.length; i++)
        types[this.#types[i]!]!.event(this.#revisions[i]!, this.#indices[i]!);
      for (const cache of types) cache.flush();
    }
    this.#types.length = 0;
    this.#revisions.length = 0;
    this.#indices.length = 0;
  }

  /** Everything up to the first event that is still on its way has been seen by every cache. */
  #progress(): void {
    const revision = this.#revisions.length === 0 ? this.revision : this.#revisions[0]! - 1;
    for (const { types } of this.#servers) for (const cache of types) cache.progress(revision);
  }

  /** Every watcher gets a bookmark a minute; their CPU is booked for the time that has passed. */
  #bookmarks(interval: Duration): void {
    const share = interval / seconds(60);
    for (const { types } of this.#servers) {
      for (const cache of types) {
        cache.addWork(cache.watchers * share * this.options.bookmarkCpu);
        cache.flush();
      }
    }
  }
}
