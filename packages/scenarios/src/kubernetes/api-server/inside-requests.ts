/**
 * The requests inside one API server process, with the timers that run for them: who comes in, who leaves, what becomes
 * of all of them when the process dies or its machine cannot be reached any more.
 */
import { type EventHandle, noEvent, type Simulation } from '@brownout/core';
import { Phase, type RequestTable, Status } from '../requests/api-request.ts';
import { RequestList } from '../requests/request-list.ts';
import type { RequestObserver } from '../requests/request-observer.ts';

/** Told when a request leaves the server. */
export interface PipelineObserver {
  /** The end of a request; its row is free, unless etcd still works on it. */
  requestAnswered(request: number, status: Status, retryAfterSeconds: number): void;
  /** The client is told, but the server goes on with the request: its row stays until `requestAnswered`. */
  requestGivenUp(request: number, status: Status): void;
  /** Whoever counts and times requests; absent = nobody. */
  readonly requestObserver?: RequestObserver | undefined;
}

/** Requests inside one process; those of the express lane are not among them. */
export class InsideRequests {
  readonly #simulation: Simulation;
  readonly #server: number;
  readonly #requests: RequestTable;
  readonly #observer: PipelineObserver;
  readonly #list: RequestList;
  #count = 0;
  #onEmpty: (() => void) | undefined;

  constructor(simulation: Simulation, server: number, requests: RequestTable, observer: PipelineObserver) {
    this.#simulation = simulation;
    this.#server = server;
    this.#requests = requests;
    this.#observer = observer;
    this.#list = new RequestList(requests);
  }

  get count(): number {
    return this.#count;
  }

  enter(request: number): void {
    this.#requests.server[request] = this.#server;
    this.#list.add(request);
    this.#count++;
  }

  leave(request: number): void {
    this.#stopTimers(request);
    this.#list.remove(request);
    this.#count--;
    if (this.#count === 0 && this.#onEmpty !== undefined) this.#emptied();
  }

  forEach(visit: (request: number) => void): void {
    this.#list.forEach(visit);
  }

  /** Calls `then` once, as soon as nothing is inside, unless the process dies first. */
  whenEmpty(then: () => void): void {
    this.#onEmpty = then;
    if (this.#count === 0) this.#emptied();
  }

  /** The process is gone: nothing that was planned for its requests happens any more. */
  stopAllTimers(): void {
    this.#onEmpty = undefined;
    this.#list.forEach((request) => this.#stopTimers(request));
  }

  /** Everybody inside is told that the connection broke. Rows that etcd still works on stay open without a server. */
  dropAll(): void {
    this.#count = 0;
    this.#list.drain((request) => this.#observer.requestAnswered(request, Status.reset, 0));
  }

  /**
   * The machine cannot be reached: clients hear nothing. Rows that etcd works on keep their phase until it is done. Timers
   * have been stopped.
   */
  fallSilent(): void {
    this.#list.forEach((request) => {
      const phase = this.#requests.phase[request]!;
      if (phase !== Phase.reading && phase !== Phase.writing) this.lose(request);
    });
  }

  /** Takes in a request that nobody will answer. */
  swallow(request: number): void {
    this.enter(request);
    this.#requests.phase[request] = Phase.hanging;
  }

  /** The answer to a request gets nowhere: whoever waits for it goes on waiting. */
  lose(request: number): void {
    this.#requests.phase[request] = Phase.hanging;
    if (this.#requests.isGone[request] === 0) return;
    this.leave(request);
    this.#observer.requestAnswered(request, Status.reset, 0);
  }

  #emptied(): void {
    const then = this.#onEmpty;
    this.#onEmpty = undefined;
    then?.();
  }

  #stopTimers(request: number): void {
    const { serverDeadline, stage } = this.#requests;
    if (serverDeadline[request] !== noEvent) this.#simulation.cancel(serverDeadline[request] as EventHandle);
    if (stage[request] !== noEvent) this.#simulation.cancel(stage[request] as EventHandle);
    serverDeadline[request] = noEvent;
    stage[request] = noEvent;
  }
}
