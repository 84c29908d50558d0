import type { Simulation } from '@brownout/core';
import { type RequestTable, requestState } from './request-table.ts';
import type { SeatDemand } from './seat-demand.ts';

/** Why a request was turned away. The first three are upstream's values of the metric label `reason`. */
export type RejectReason = 'queue-full' | 'time-out' | 'concurrency-limit' | 'max-inflight';

/** What one priority level shows of itself. Counters run on when the process is killed; the rest starts anew. */
export interface LevelReadings {
  readonly name: string;
  /** Seats that may be in use at once; Infinity for an exempt level. */
  readonly limit: number;
  /** Includes seats still held for watch events after the reply. */
  readonly seatsInUse: number;
  readonly seatsWaiting: number;
  readonly requestsExecuting: number;
  readonly requestsWaiting: number;
  /** 0 for a level that rejects instead of queueing. */
  readonly queueCount: number;
  /** Requests waiting in queue `queue`. */
  queueLength(queue: number): number;
  /** Requests submitted so far. */
  readonly submitted: number;
  /** Requests that began to execute. */
  readonly dispatched: number;
  /** Requests that finished executing. */
  readonly finished: number;
  /** Requests whose client left while they waited. Upstream's metric counts them as rejected with reason time-out. */
  readonly withdrawn: number;
  /** Requests that were waiting or executing when the process was killed. */
  readonly forgotten: number;
  /** Requests turned away for `reason`. */
  rejected(reason: RejectReason): number;
}

/** What the levels of one replica share. */
export interface PoolContext {
  readonly simulation: Simulation;
  readonly requests: RequestTable;
  /** Called when a request begins to execute. */
  readonly onExecute: (request: number) => void;
  /** Asks for `release(queue, seats)` on the level of `request` after its additional latency. */
  readonly holdSeats: (request: number) => void;
}

/** How a pool is made. */
export interface PoolOptions {
  readonly name: string;
  readonly limit: number;
  readonly demand: SeatDemand;
  /** What a request hears that finds no seat; default concurrency-limit. */
  readonly reason?: RejectReason;
}

/**
 * The seats of one level. This class is a level without queues - a request executes at once or is rejected at once, and
 * with an infinite limit it is the exempt level - and the base of the level with queues.
 */
export class SeatPool implements LevelReadings {
  readonly name: string;
  readonly demand: SeatDemand;
  limit: number;
  seatsInUse = 0;
  seatsWaiting = 0;
  requestsExecuting = 0;
  requestsWaiting = 0;
  submitted = 0;
  dispatched = 0;
  finished = 0;
  withdrawn = 0;
  forgotten = 0;
  protected readonly context: PoolContext;
  readonly #reason: RejectReason;
  readonly #rejections: Record<RejectReason, number>;

  constructor(context: PoolContext, options: PoolOptions) {
    this.context = context;
    this.name = options.name;
    this.limit = options.limit;
    this.demand = options.demand;
    this.#reason = options.reason ?? 'concurrency-limit';
    this.#rejections = { 'queue-full': 0, 'time-out': 0, 'concurrency-limit': 0, 'max-inflight': 0 };
  }

  get queueCount(): number {
    return 0;
  }

  queueLength(_queue: number): number {
    return 0;
  }

  rejected(reason: RejectReason): number {
    return this.#rejections[reason];
  }

  /** Executes or queues `request`, whose columns are filled; returns the reason when it is turned away instead. */
  submit(request: number, _flow: number): RejectReason | undefined {
    this.submitted++;
    if (!this.fits(this.context.requests.seats[request]!)) return this.reject(this.#reason);
    this.context.requests.queue[request] = -1;
    this.begin(request);
    return undefined;
  }

  /** The reply to an executing request is out. Its seats go at once or, with additional latency, later. */
  finish(request: number): void {
    const { requests } = this.context;
    requests.state[request] = requestState.unknown;
    this.requestsExecuting--;
    this.finished++;
    if (requests.additionalLatency[request]! > 0) this.context.holdSeats(request);
    else this.release(requests.queue[request]!, requests.seats[request]!);
  }

  /** Frees seats of a request that has finished. */
  release(_queue: number, seats: number): void {
    this.seatsInUse -= seats;
    this.noteDemand();
  }

  /** Takes a waiting request out of its queue. */
  remove(_request: number): void {}

  /** Puts a new limit in force and dispatches what now fits. */
  setLimit(limit: number): void {
    this.limit = limit;
  }

  /** Counts a rejection and returns its reason. */
  reject(reason: RejectReason): RejectReason {
    this.#rejections[reason]++;
    return reason;
  }

  /** The process was killed: requests and seats are forgotten, counters stay. */
  clear(): void {
    this.forgotten += this.requestsExecuting + this.requestsWaiting;
    this.seatsInUse = 0;
    this.seatsWaiting = 0;
    this.requestsExecuting = 0;
    this.requestsWaiting = 0;
    this.demand.reset(this.context.simulation.now);
  }

  /**
   * Whether that many seats are free. A request wider than the limit fits when nothing executes: it could never else.
   */
  protected fits(seats: number): boolean {
    return seats > this.limit ? this.requestsExecuting === 0 : this.seatsInUse + seats <= this.limit;
  }

  /** Gives `request` its seats and lets it execute. Everything else about the level is already up to date. */
  protected begin(request: number): void {
    const { requests, simulation } = this.context;
    this.seatsInUse += requests.seats[request]!;
    this.requestsExecuting++;
    this.dispatched++;
    requests.state[request] = requestState.executing;
    requests.startedAt[request] = simulation.now;
    this.noteDemand();
    this.context.onExecute(request);
  }

  protected noteDemand(): void {
    this.demand.set(this.seatsInUse + this.seatsWaiting, this.context.simulation.now);
  }
}
