/**
 * The watch caches of one API server: one for each cached type, and the decision where a read is served from once it has
 * its seat. They are filled from etcd when the process starts; whether the server is ready before they are depends on the
 * release.
 */
import type { Duration, EventType, SharedProcessor, Simulation } from '@brownout/core';
import type { MemoryAccount } from '../api-server/memory-account.ts';
import type { StartUpWork } from '../api-server/process-life.ts';
import type { Etcd } from '../etcd/etcd.ts';
import { Phase, type RequestTable } from '../requests/api-request.ts';
import { operationNumber, type OperationTable } from '../requests/operation.ts';
import { CacheFilling } from './cache-filling.ts';
import { ReadRouter, type WatchCacheWorld } from './read-router.ts';
import { TypeCache } from './type-cache.ts';

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
export class ServerWatchCaches implements StartUpWork {
  readonly types: readonly TypeCache[];
  /** Where the server's requests are served from. */
  readonly router: ReadRouter;
  readonly #server: CachingServer;
  readonly #requests: RequestTable;
  readonly #world: WatchCacheWorld;
  readonly #fillings: readonly CacheFilling[];
  readonly #initializationOver: EventType;
  #coldTypes = 0;
  #isAlive = true;
  #isWaitingToBeReady = false;
  #nextToEnd = -1;
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
    this.#world = parts.world;
    const { types, bytesPerWatch = 0 } = parts.world.options;
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
    this.router = new ReadRouter(server.index, { ...parts, types: this.types });
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
    return this.router.hanging;
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
    this.router.clear();
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

  /** Ends one open watch, of the types in turn; false when none is open. Its client has seen what events and bookmarks told. */
  endOne(): boolean {
    for (let tried = 0; tried < this.types.length; tried++) {
      this.#nextToEnd = (this.#nextToEnd + 1) % this.types.length;
      if (this.types[this.#nextToEnd]!.endOne()) return true;
    }
    return false;
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

  #filled(number: number): void {
    this.types[number]!.filled();
    this.#coldTypes--;
    for (const request of this.router.takeHanging(number)) this.#server.resume(request);
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
