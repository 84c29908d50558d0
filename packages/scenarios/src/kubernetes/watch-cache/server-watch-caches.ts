/**
 * The watch caches of one API server: one for each cached type, and the decision where a read is served from once it has
 * its seat. They are filled from etcd when the process starts; whether the server is ready before they are depends on the
 * release.
 */
import type { Duration, EventType, SharedProcessor, Simulation } from '@brownout/core';
import type { MemoryAccount } from '../api-server/memory-account.ts';
import type { StartUpWork } from '../api-server/process-life.ts';
import { type RequestRouter, Route } from '../api-server/request-router.ts';
import type { Etcd } from '../etcd/etcd.ts';
import { Phase, type RequestTable, Status } from '../requests/api-request.ts';
import { operationNumber, type OperationTable, PATH_QUORUM_READ } from '../requests/operation.ts';
import { mutatingEstimate, type WorkEstimate } from '../flow-control/work-estimate.ts';
import { CacheFilling } from './cache-filling.ts';
import { TOO_LARGE_RETRY_AFTER, type WatchCacheOptions } from './options.ts';
import type { PlannedRead, ReadPlan } from './read-plan.ts';
import { type ColdAnswer, coldListAnswer, coldRetryAfter, coldWatchAnswer, getSource } from './read-source.ts';
import { TypeCache } from './type-cache.ts';
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
  served(request: number, server: number, revision: number): void;
  /** A read waits for the cache to catch up: etcd is asked how far it is. */
  askProgress(): void;
}

/** The server that the caches belong to. */
export interface CachingServer {
  readonly index: number;
  readonly cpu: SharedProcessor;
  readonly memory: MemoryAccount;
  resume(request: number): void;
  /** Its start-up work is done. */
  becomeReady(): void;
}

/** Rows of the request table that are the server's own work; any operation would do, nobody looks at it. */
const OWN_WORK = operationNumber('cache-fill');

/** See above. */
export class ServerWatchCaches implements RequestRouter, StartUpWork {
  readonly types: readonly TypeCache[];
  /** Seconds and status that the request refused last is told. */
  retryAfterSeconds = 1;
  refusalStatus: Status = Status.tooManyRequests;
  readonly #server: CachingServer;
  readonly #requests: RequestTable;
  readonly #operations: OperationTable;
  readonly #world: WatchCacheWorld;
  readonly #fillings: readonly CacheFilling[];
  readonly #initializationOver: EventType;
  /** Seats held by requests that wait for a cold cache, by type. */
  readonly #hanging: number[][];
  #coldTypes = 0;
  #isAlive = true;
  #isWaitingToBeReady = false;
  /** Counts the processes. */
  #life = 0;

  constructor(
    simulation: Simulation,
    name: string,
    server: CachingServer,
    parts: {
      readonly requests: RequestTable;
      readonly operations: OperationTable;
      readonly etcd: Etcd;
      readonly world: WatchCacheWorld;
    },
  ) {
    this.#server = server;
    this.#requests = parts.requests;
    this.#operations = parts.operations;
    this.#world = parts.world;
    const { types, bytesPerWatch = 0 } = parts.world.options;
    this.#hanging = types.map(() => []);
    this.types = types.map(
      (type, number) =>
        new TypeCache(simulation, `${name}/watch-cache/${type.resource}`, type, {
          server: server.index,
          fanOutServer: {
            get cores(): number {
              return server.cpu.cores;
            },
            startWork: (cpu) => this.#startWork(number, cpu),
            attained: (work) => server.cpu.attained(work),
            finishWork: (work) => parts.requests.close(work),
          },
          sources: parts.world.sources,
          resume: (request) => server.resume(request),
          hold: (watches) => server.memory.hold(watches * bytesPerWatch, 'watches'),
        }),
    );
    this.#fillings = types.map(
      (type, number) =>
        new CacheFilling(simulation, `${name}/watch-cache/${type.resource}`, {
          ...parts,
          server,
          page: parts.operations.number(type.page),
          subject: number * 2,
          onListed: () => this.types[number]!.listed(parts.world.revision),
          onFilled: () => this.#filled(number),
        }),
    );
    this.#initializationOver = simulation.event(`${name} storage initialization timeout`, (life) => {
      if (life === this.#life) this.#becomeReady();
    });
    for (const cache of this.types) cache.beginFilled(parts.world.revision);
  }

  /** Types whose cache is cold. */
  get coldTypes(): number {
    return this.#coldTypes;
  }

  /** Requests that hold a seat and wait for a cold cache. */
  get hanging(): number {
    return this.#hanging.reduce(
      (sum, requests) => sum + requests.filter((row) => this.#requests.phase[row] === Phase.awaitingCache).length,
      0,
    );
  }

  /** Fillings that had to start over, of all types. */
  get fillFailures(): number {
    return this.#fillings.reduce((sum, filling) => sum + filling.failures, 0);
  }

  /** Part of the contract with `ProcessLife`: the process begins, with nothing in its caches. */
  begin(): void {
    const { features, initializationTimeout = 60_000_000 } = this.#world.options;
    this.#life++;
    this.#isAlive = true;
    this.#coldTypes = this.types.length;
    this.#isWaitingToBeReady = true;
    for (const [number, cache] of this.types.entries()) {
      cache.start();
      this.#fillings[number]!.begin();
    }
    if (features.readinessWaitsForCaches && this.#coldTypes > 0) {
      this.#initializationOver.after(initializationTimeout as Duration, this.#life);
    } else {
      this.#becomeReady();
    }
  }

  /** Part of the contract with `ProcessLife`: the process is gone. Clients notice when `breakStreams` says so. */
  giveUp(): void {
    this.#isWaitingToBeReady = false;
    this.#isAlive = false;
    this.#life++;
    for (const filling of this.#fillings) filling.giveUp();
    for (const requests of this.#hanging) requests.length = 0;
    for (const cache of this.types) cache.die();
  }

  /** The caches have lost etcd for too long: watchers are dropped, and everything is listed again. */
  fillAnew(): void {
    if (!this.#isAlive || this.#coldTypes === this.types.length) return;
    this.breakStreams();
    this.#coldTypes = this.types.length;
    for (const [number, cache] of this.types.entries()) {
      this.#fillings[number]!.giveUp();
      cache.die();
      cache.start();
      this.#fillings[number]!.begin();
    }
  }

  /** Clients see that the connections are gone, and every watch with them. */
  breakStreams(): void {
    for (const cache of this.types) cache.breakStreams();
  }

  /** Open watches of all types. */
  get watchers(): number {
    return this.types.reduce((sum, cache) => sum + cache.watchers, 0);
  }

  /** etcd has answered a read of the caches' own. */
  etcdAnswered(request: number, ok: boolean): void {
    this.#fillings[this.#requests.subject[request]! >> 1]!.etcdAnswered(ok);
  }

  /** The cores are done with work of the caches' own. */
  computed(request: number): void {
    const subject = this.#requests.subject[request]!;
    if (subject % 2 === 0) this.#fillings[subject >> 1]!.computed();
    else this.types[subject >> 1]!.workDone(request);
  }

  /** Part of the contract with `RequestPipeline`. */
  route(request: number): Route {
    const operation = this.#requests.operation[request]!;
    const read = this.#world.plan.read(operation);
    if (read === undefined) return this.#declared(operation);
    const cache = this.types[read.type]!;
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
    return mutatingEstimate(rules, { watchers: this.types[type]!.unselectiveWatchers, levelSeatLimit });
  }

  /** Part of the contract with `RequestPipeline`: etcd has answered; a confirmed read now needs a cache that is as far. */
  afterEtcd(request: number): Route {
    const read = this.#world.plan.read(this.#requests.operation[request]!);
    if (read === undefined || !isConfirmed(read)) return Route.compute;
    const cache = this.types[read.type]!;
    if (!cache.isReady) return this.#cold(request, read);
    return this.#whenFresh(request, cache, this.#world.revision, true);
  }

  #declared(operation: number): Route {
    return this.#operations.path[operation] === PATH_QUORUM_READ ? Route.etcd : Route.compute;
  }

  /** GETs, and LISTs that are etcd's in this release. */
  #plain(request: number, read: PlannedRead): Route {
    if (read.kind === 'list') return this.#delegate(request, read);
    const source = getSource(read.version, this.types[read.type]!.isReady, this.#world.options.features);
    return source === 'cache' ? this.#serve(request, this.types[read.type]!) : this.#answerCold(request, read, source);
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
    return this.#refuse(Status.tooManyRequests, coldRetryAfter(this.types[read.type]!.secondsCold, features));
  }

  #whenFresh(request: number, cache: TypeCache, revision: number, isConfirmed: boolean): Route {
    if (revision <= cache.revision) return this.#serve(request, cache);
    cache.waits.add(request, revision, isConfirmed);
    // Without consistent reads from the cache nobody asks etcd for progress: only an event of the type helps.
    if (this.#world.options.features.consistentListFromCache) this.#world.askProgress();
    return Route.hang;
  }

  #afterWait(request: number, read: PlannedRead, isFresh: boolean, isConfirmed: boolean): Route {
    if (isFresh) return this.#serve(request, this.types[read.type]!);
    return isConfirmed ? this.#delegate(request, read) : this.#refuse(Status.serverError, TOO_LARGE_RETRY_AFTER);
  }

  #serve(request: number, cache: TypeCache): Route {
    this.#world.served(request, this.#server.index, cache.revision);
    return Route.compute;
  }

  /** etcd reads a little later, so the state is at least as new as this. */
  #delegate(request: number, read: PlannedRead): Route {
    this.#world.served(request, this.#server.index, this.#world.revision);
    this.#requests.operation[request] = read.fromEtcd;
    return Route.etcd;
  }

  #refuse(status: Status, retryAfterSeconds: number): Route {
    this.refusalStatus = status;
    this.retryAfterSeconds = retryAfterSeconds;
    return Route.refuse;
  }

  #filled(number: number): void {
    this.types[number]!.filled();
    this.#coldTypes--;
    const resumed = this.#hanging[number]!;
    this.#hanging[number] = [];
    for (const request of resumed) this.#server.resume(request);
    if (this.#coldTypes === 0) this.#becomeReady();
  }

  #becomeReady(): void {
    if (!this.#isWaitingToBeReady) return;
    this.#isWaitingToBeReady = false;
    this.#server.becomeReady();
  }

  #startWork(type: number, cpu: Duration): number {
    const request = this.#requests.open(0, -1, OWN_WORK);
    this.#requests.subject[request] = type * 2 + 1;
    this.#requests.server[request] = this.#server.index;
    this.#requests.phase[request] = Phase.computing;
    this.#server.cpu.arrive(request, cpu);
    return request;
  }
}

/** Whether etcd is asked for its newest revision first. */
function isConfirmed({ kind, source }: PlannedRead): boolean {
  return source === 'confirmed-cache' && (kind === 'list' || kind === 'watch-list');
}
