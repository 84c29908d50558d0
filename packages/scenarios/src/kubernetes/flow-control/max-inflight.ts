import { assert, type Duration, type Simulation } from '@brownout/core';
import { type FlowControlConfiguration, inflightLevels, noLevel } from './configuration.ts';
import type { FlowControl, FlowControlHandlers, FlowControlOptions } from './flow-control.ts';
import { requestState, RequestTable } from './request-table.ts';
import { SeatDemand } from './seat-demand.ts';
import { SeatPool } from './seat-pool.ts';

/** What a rejected client is told to wait, always. Source: kubernetes/apiserver pkg/server/filters/maxinflight.go. */
const retryAfterSeconds = 1;

/** Level of a request of system:masters that came in when its level was full: it executes without a place. */
const uncounted = -2;

/**
 * The API server without priority and fairness: at most so many read-only and so many mutating requests in flight, the
 * rest rejected at once. Only system:masters is always let in. Source: kubernetes/apiserver, tag kubernetes-1.36.3,
 * pkg/server/filters/maxinflight.go.
 */
export class MaxInflight implements FlowControl {
  readonly #name: string;
  readonly #handlers: FlowControlHandlers;
  readonly #requests: RequestTable;
  readonly #pools: readonly SeatPool[];
  #configuration: FlowControlConfiguration;

  constructor(simulation: Simulation, options: FlowControlOptions) {
    this.#name = `flow control "${options.name}"`;
    this.#handlers = options.handlers;
    this.#requests = new RequestTable(this.#name);
    this.#configuration = options.configuration;
    const context = {
      simulation,
      requests: this.#requests,
      onExecute: options.handlers.onExecute,
      holdSeats: (): void => {},
    };
    this.#pools = inflightLevels.map((name) => {
      const demand = new SeatDemand(simulation.now, 0);
      return new SeatPool(context, { name, limit: Infinity, demand, reason: 'max-inflight' });
    });
    this.reconfigure(options.configuration);
  }

  get configuration(): FlowControlConfiguration {
    return this.#configuration;
  }

  get levels(): readonly SeatPool[] {
    return this.#pools;
  }

  /** Nothing waits in this mode. */
  patience(_timeout: Duration): number {
    return 0;
  }

  submit(request: number, level: number, flow: number, _seats: number): void {
    const requests = this.#requests;
    requests.admit(request);
    assert(requests.state[request] === requestState.unknown, `${this.#name}: request ${request} is already inside`);
    const isLetIn = level === noLevel || (flow === 1 && this.#pools[level]!.seatsInUse >= this.#pools[level]!.limit);
    if (isLetIn) {
      requests.level[request] = level === noLevel ? noLevel : uncounted;
      requests.state[request] = requestState.executing;
      this.#handlers.onExecute(request);
      return;
    }
    requests.level[request] = level;
    requests.seats[request] = 1;
    requests.additionalLatency[request] = 0;
    const reason = this.#pools[level]!.submit(request, flow);
    if (reason !== undefined) this.#handlers.onReject(request, reason, retryAfterSeconds);
  }

  finish(request: number): void {
    const requests = this.#requests;
    assert(requests.state[request] === requestState.executing, `${this.#name}: request ${request} is not executing`);
    const level = requests.level[request]!;
    if (level < 0) requests.state[request] = requestState.unknown;
    else this.#pools[level]!.finish(request);
  }

  /** Nothing waits in this mode, so there is nothing to take out. */
  withdraw(_request: number): boolean {
    return false;
  }

  clear(): void {
    this.#requests.clear();
    for (const pool of this.#pools) pool.clear();
  }

  reconfigure(configuration: FlowControlConfiguration): void {
    assert(!configuration.usesPriorityAndFairness, `${this.#name}: the mode of a running API server cannot change`);
    this.#configuration = configuration;
    const limits = [configuration.maxRequestsInflight, configuration.maxMutatingRequestsInflight];
    this.#pools.forEach((pool, number) => pool.setLimit(limits[number] === 0 ? Infinity : limits[number]!));
  }
}
