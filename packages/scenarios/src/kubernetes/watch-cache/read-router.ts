/**
 * Where a read of one API server is served from once it has its seat: its watch cache, etcd, or neither yet. The rules are
 * in read-source.ts; here they meet the state of the caches and the requests that wait for them.
 */
import { type RequestRouter, Route } from '../api-server/request-router.ts';
import { mutatingEstimate, type WorkEstimate } from '../flow-control/work-estimate.ts';
import { Phase, type RequestTable, Status } from '../requests/api-request.ts';
import { type OperationTable, PATH_QUORUM_READ } from '../requests/operation.ts';
import { TOO_LARGE_RETRY_AFTER, type WatchCacheOptions } from './options.ts';
import type { PlannedRead, ReadPlan } from './read-plan.ts';
import { type ColdAnswer, coldListAnswer, coldRetryAfter, coldWatchAnswer, getSource } from './read-source.ts';
import type { TypeCache } from './type-cache.ts';
import type { WatchSource } from './watch-source.ts';

/** What the caches know of all servers together. */
export interface WatchCacheWorld {
  readonly options: WatchCacheOptions;
  readonly plan: ReadPlan;
  readonly sources: readonly WatchSource[];
  /** Version of the last write that etcd has committed. */
  readonly revision: number;
  /** Version that the sender of a request asks for; 0 = none. */
  askedRevision(request: number): number;
  /** The sender of a request is served by a server from the state at a version. */
  served(request: number, server: number, revision: number, isFromEtcd: boolean): void;
  /** A read waits for the cache to catch up: etcd is asked how far it is. */
  askProgress(): void;
}

/** See above. */
export class ReadRouter implements RequestRouter {
  /** Seconds and status that the request refused last is told. */
  retryAfterSeconds = 1;
  refusalStatus: Status = Status.tooManyRequests;
  readonly #server: number;
  readonly #types: readonly TypeCache[];
  readonly #requests: RequestTable;
  readonly #operations: OperationTable;
  readonly #world: WatchCacheWorld;
  /** Requests that hold their seats and wait for a cold cache, by type. */
  readonly #hanging: number[][];

  /** `server` is the index of the API server. */
  constructor(
    server: number,
    parts: {
      readonly types: readonly TypeCache[];
      readonly requests: RequestTable;
      readonly operations: OperationTable;
      readonly world: WatchCacheWorld;
    },
  ) {
    this.#server = server;
    this.#types = parts.types;
    this.#requests = parts.requests;
    this.#operations = parts.operations;
    this.#world = parts.world;
    this.#hanging = parts.types.map(() => []);
  }

  /** Requests that hold a seat and wait for a cold cache. */
  get hanging(): number {
    return this.#hanging.reduce(
      (sum, requests) => sum + requests.filter((row) => this.#requests.phase[row] === Phase.awaitingCache).length,
      0,
    );
  }

  /** The cache of a type is warm: whoever waited for it is asked again. */
  takeHanging(type: number): readonly number[] {
    const taken = this.#hanging[type]!;
    this.#hanging[type] = [];
    return taken;
  }

  /** The process is gone. */
  clear(): void {
    for (const requests of this.#hanging) requests.length = 0;
  }

  /** Part of the contract with `RequestPipeline`. */
  route(request: number): Route {
    const operation = this.#requests.operation[request]!;
    const read = this.#world.plan.read(operation);
    if (read === undefined) return this.#declared(operation);
    const cache = this.#types[read.type]!;
    const wait = cache.waits.count > 0 ? cache.waits.take(request) : undefined;
    if (wait !== undefined) return this.#afterWait(request, read, wait.state === 'fresh', wait.isConfirmed);
    if (read.kind === 'get' || (read.kind === 'list' && read.source === 'etcd')) return this.#plain(request, read);
    if (!cache.isReady) return this.#cold(request, read);
    if (isConfirmed(read)) return Route.etcd;
    if (read.kind === 'watch' || read.version !== 'at-least') return this.#serve(request, cache);
    return this.#whenFresh(request, cache, this.#world.askedRevision(request), false);
  }

  /** Part of the contract with `RequestPipeline`. */
  writeEstimate(request: number, levelSeatLimit: number): WorkEstimate | undefined {
    const rules = this.#world.options.writeEstimate;
    const type = this.#world.plan.writtenType[this.#requests.operation[request]!]!;
    if (rules === undefined || type < 0) return undefined;
    return mutatingEstimate(rules, { watchers: this.#types[type]!.unselectiveWatchers, levelSeatLimit });
  }

  /** Part of the contract with `RequestPipeline`: etcd has answered; a confirmed read now needs a cache that is as far. */
  afterEtcd(request: number): Route {
    const read = this.#world.plan.read(this.#requests.operation[request]!);
    if (read === undefined || !isConfirmed(read)) return Route.compute;
    const cache = this.#types[read.type]!;
    if (!cache.isReady) return this.#cold(request, read);
    return this.#whenFresh(request, cache, this.#world.revision, true);
  }

  #declared(operation: number): Route {
    return this.#operations.path[operation] === PATH_QUORUM_READ ? Route.etcd : Route.compute;
  }

  /** GETs, and LISTs that are etcd's in this release. */
  #plain(request: number, read: PlannedRead): Route {
    if (read.kind === 'list') return this.#delegate(request, read);
    const source = getSource(read.version, this.#types[read.type]!.isReady, this.#world.options.features);
    return source === 'cache' ? this.#serve(request, this.#types[read.type]!) : this.#answerCold(request, read, source);
  }

  #cold(request: number, read: PlannedRead): Route {
    const { features } = this.#world.options;
    const isList = read.kind === 'list';
    return this.#answerCold(request, read, isList ? coldListAnswer(read.list, features) : coldWatchAnswer(features));
  }

  #answerCold(request: number, read: PlannedRead, answer: ColdAnswer): Route {
    if (answer === 'etcd') return this.#delegate(request, read);
    if (answer === 'hang') {
      this.#hanging[read.type]!.push(request);
      return Route.hang;
    }
    const { features } = this.#world.options;
    return this.#refuse(Status.tooManyRequests, coldRetryAfter(this.#types[read.type]!.secondsCold, features));
  }

  #whenFresh(request: number, cache: TypeCache, revision: number, isConfirmed: boolean): Route {
    if (revision <= cache.revision) {
      if (revision > 0) cache.waits.needless();
      return this.#serve(request, cache);
    }
    cache.waits.add(request, revision, isConfirmed);
    // Without consistent reads from the cache nobody asks etcd for progress: only an event of the type helps.
    if (this.#world.options.features.consistentListFromCache) this.#world.askProgress();
    return Route.hang;
  }

  #afterWait(request: number, read: PlannedRead, isFresh: boolean, isConfirmed: boolean): Route {
    if (isFresh) return this.#serve(request, this.#types[read.type]!);
    return isConfirmed ? this.#delegate(request, read) : this.#refuse(Status.serverError, TOO_LARGE_RETRY_AFTER);
  }

  #serve(request: number, cache: TypeCache): Route {
    this.#world.served(request, this.#server, cache.revision, false);
    return Route.compute;
  }

  /** etcd reads a little later, so the state is at least as new as this. */
  #delegate(request: number, read: PlannedRead): Route {
    this.#world.served(request, this.#server, this.#world.revision, true);
    this.#requests.operation[request] = read.fromEtcd;
    return Route.etcd;
  }

  #refuse(status: Status, retryAfterSeconds: number): Route {
    this.refusalStatus = status;
    this.retryAfterSeconds = retryAfterSeconds;
    return Route.refuse;
  }
}

/** Whether etcd is asked for its newest revision first. */
function isConfirmed({ kind, source }: PlannedRead): boolean {
  return source === 'confirmed-cache' && (kind === 'list' || kind === 'watch-list');
}
