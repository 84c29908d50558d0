import {
  assert,
  type Duration,
  type EventHandle,
  type EventType,
  noEvent,
  noTime,
  seconds,
  type Simulation,
} from '@brownout/core';
import { adjustLimits, type Borrower } from './borrowing.ts';
import { type FlowControlConfiguration, noLevel } from './configuration.ts';
import type { FlowControl, FlowControlHandlers, FlowControlOptions } from './flow-control.ts';
import { HeldSeats } from './held-seats.ts';
import { Patience } from './patience.ts';
import type { PriorityLevel } from './priority-level.ts';
import { QueueSet } from './queue-set.ts';
import { requestState, RequestTable } from './request-table.ts';
import { RetryAfter } from './retry-after.ts';
import { SeatDemand } from './seat-demand.ts';
import { type PoolContext, type RejectReason, SeatPool } from './seat-pool.ts';
import { checkedTiming, type FlowControlTiming } from './timing.ts';

/**
 * API Priority & Fairness at one replica: the levels, what they lend each other, and what rejected clients are told.
 */
export class PriorityAndFairness implements FlowControl {
  readonly #simulation: Simulation;
  readonly #name: string;
  readonly #handlers: FlowControlHandlers;
  readonly #timing: FlowControlTiming;
  readonly #requests: RequestTable;
  readonly #patience: Patience;
  readonly #heldSeats: HeldSeats;
  readonly #context: PoolContext;
  readonly #pools: SeatPool[] = [];
  readonly #retryAfter: RetryAfter[] = [];
  readonly #borrow: EventType;
  #nextBorrowing: EventHandle = noEvent;
  #configuration: FlowControlConfiguration;
  /** Counts the processes, so that work begun for one is not carried on in the next. */
  #life = 0;

  /** What the limits in force were computed from, by level; the limits must be computed anew when set. */
  readonly #floors: number[] = [];
  readonly #claims: number[] = [];
  #mustAdjust = true;

  constructor(simulation: Simulation, options: FlowControlOptions) {
    const name = `flow control "${options.name}"`;
    this.#simulation = simulation;
    this.#name = name;
    this.#handlers = options.handlers;
    this.#timing = checkedTiming(name, options.timing ?? {});
    this.#requests = new RequestTable(name);
    const requestTimeout = options.requestTimeout ?? seconds(60);
    const patience = { name, timing: this.#timing, requestTimeout };
    this.#patience = new Patience(simulation, patience, (request) => this.#timeOut(request));
    this.#heldSeats = new HeldSeats(simulation, name, (level, queue, seats) =>
      this.#pools[level]!.release(queue, seats),
    );
    this.#context = {
      simulation,
      requests: this.#requests,
      onExecute: (request) => this.#execute(request),
      holdSeats: (request) => this.#holdSeats(request),
    };
    this.#borrow = simulation.event(`${name}: borrowing`, () => this.#adjust());
    this.#configuration = options.configuration;
    this.reconfigure(options.configuration);
    this.#nextBorrowing = this.#borrow.after(this.#timing.borrowingPeriod);
  }

  get configuration(): FlowControlConfiguration {
    return this.#configuration;
  }

  get levels(): readonly SeatPool[] {
    return this.#pools;
  }

  patience(timeout: Duration): number {
    return this.#patience.of(timeout);
  }

  submit(
    request: number,
    level: number,
    flow: number,
    seats: number,
    finalSeats = 0,
    additionalLatency: Duration = noTime,
    patience = 0,
  ): void {
    const requests = this.#requests;
    requests.admit(request);
    assert(requests.state[request] === requestState.unknown, `${this.#name}: request ${request} is already inside`);
    requests.level[request] = level;
    if (level === noLevel) {
      requests.state[request] = requestState.executing;
      this.#handlers.onExecute(request);
      return;
    }
    requests.initialSeats[request] = seats;
    requests.finalSeats[request] = finalSeats;
    requests.seats[request] = seats > finalSeats ? seats : finalSeats;
    requests.additionalLatency[request] = additionalLatency;
    requests.work[request] =
      requests.workOf(seats, this.#timing.expectedServiceTime) + requests.workOf(finalSeats, additionalLatency);
    const reason = this.#pools[level]!.submit(request, flow);
    if (reason !== undefined) this.#reject(request, level, reason);
    else if (this.#isWaiting(request) && requests.deadline[request] === noEvent) {
      requests.deadline[request] = this.#patience.start(patience, request);
    }
  }

  finish(request: number): void {
    const requests = this.#requests;
    assert(requests.state[request] === requestState.executing, `${this.#name}: request ${request} is not executing`);
    const level = requests.level[request]!;
    if (level === noLevel) requests.state[request] = requestState.unknown;
    else this.#pools[level]!.finish(request);
  }

  withdraw(request: number): boolean {
    if (!this.#isWaiting(request)) return false;
    this.#endWait(request);
    const level = this.#requests.level[request]!;
    const pool = this.#pools[level]!;
    pool.withdrawn++;
    pool.remove(request);
    // Upstream takes a client that left for one that was rejected, as far as the advice to others goes.
    this.#drop(level);
    return true;
  }

  clear(): void {
    this.#life++;
    for (let request = 0; request < this.#requests.places; request++) {
      if (this.#isWaiting(request)) this.#endWait(request);
    }
    this.#requests.clear();
    this.#heldSeats.clear();
    for (const pool of this.#pools) pool.clear();
    for (const tracker of this.#retryAfter) tracker.reset();
    this.#simulation.cancel(this.#nextBorrowing);
    this.#startLimits();
    this.#nextBorrowing = this.#borrow.after(this.#timing.borrowingPeriod);
  }

  reconfigure(configuration: FlowControlConfiguration): void {
    assert(configuration.usesPriorityAndFairness, `${this.#name}: the mode of a running API server cannot change`);
    this.#configuration = configuration;
    configuration.priorityLevels.forEach((level, number) => {
      const pool = this.#pools[number];
      if (pool === undefined) this.#addLevel(level, number);
      else if (pool instanceof QueueSet && level.type === 'Limited' && level.limitResponse.type === 'Queue') {
        const { queueLengthLimit } = level.limitResponse.queuing;
        pool.configure({ queueLengthLimit, flows: configuration.flows[number]! });
      }
    });
    this.#mustAdjust = true;
    this.#adjustLimits();
  }

  #addLevel(level: PriorityLevel, number: number): void {
    const limit = level.type === 'Exempt' ? Infinity : this.#configuration.seats[number]!.initial;
    const demand = new SeatDemand(this.#simulation.now, this.#timing.demandDecay);
    const options = { name: level.name, limit, demand };
    this.#retryAfter[number] = new RetryAfter();
    if (level.type === 'Exempt' || level.limitResponse.type === 'Reject') {
      this.#pools[number] = new SeatPool(this.#context, options);
      return;
    }
    this.#pools[number] = new QueueSet(this.#context, {
      ...options,
      queueLengthLimit: level.limitResponse.queuing.queueLengthLimit,
      expectedServiceTime: this.#timing.expectedServiceTime,
      flows: this.#configuration.flows[number]!,
    });
  }

  #startLimits(): void {
    this.#mustAdjust = true;
    this.#pools.forEach((pool, number) => {
      if (pool.limit !== Infinity) pool.limit = this.#configuration.seats[number]!.initial;
    });
    this.#adjustLimits();
  }

  #adjust(): void {
    this.#nextBorrowing = this.#borrow.after(this.#timing.borrowingPeriod);
    this.#adjustLimits();
  }

  /** One borrowing step over the demand since the last one. */
  #adjustLimits(): void {
    if (!this.#closePeriods()) return;
    const { seats } = this.#configuration;
    const borrowers = this.#pools.map((pool, number): Borrower => {
      const { demand, limit } = pool;
      const { nominal, min, max } = seats[number]!;
      const { highWatermark, smoothed } = demand;
      return { isExempt: limit === Infinity, nominal, min, max, highWatermark, smoothedDemand: smoothed, limit };
    });
    const limits = adjustLimits(borrowers);
    const life = this.#life;
    this.#pools.forEach((pool, number) => {
      // What a higher limit lets in may kill the process, by its memory for one; the new process has its own limits.
      if (pool.limit !== Infinity && life === this.#life) pool.setLimit(limits[number]!);
    });
  }

  /**
   * Ends the period of every level. False when no level's claim differs from the one the limits in force were computed
   * from: the same claims give the same limits, and on quiet servers that is so nearly always.
   */
  #closePeriods(): boolean {
    const { seats } = this.#configuration;
    const { now } = this.#simulation;
    let hasChanged = this.#mustAdjust;
    this.#mustAdjust = false;
    for (let number = 0; number < this.#pools.length; number++) {
      const { demand } = this.#pools[number]!;
      demand.closePeriod(now);
      const { min, nominal } = seats[number]!;
      const floor = Math.max(min, Math.min(nominal, demand.highWatermark));
      const isExempt = this.#pools[number]!.limit === Infinity;
      const claim = isExempt ? demand.highWatermark : Math.max(floor, demand.smoothed);
      if (floor === this.#floors[number] && claim === this.#claims[number]) continue;
      this.#floors[number] = floor;
      this.#claims[number] = claim;
      hasChanged = true;
    }
    return hasChanged;
  }

  #isWaiting(request: number): boolean {
    return this.#requests.state[request] === requestState.waiting;
  }

  #execute(request: number): void {
    if (this.#requests.deadline[request] !== noEvent) this.#endWait(request);
    this.#handlers.onExecute(request);
  }

  #holdSeats(request: number): void {
    const requests = this.#requests;
    const duration = requests.additionalLatency[request]! as Duration;
    this.#heldSeats.hold(requests.level[request]!, requests.queue[request]!, requests.seats[request]!, duration);
  }

  #timeOut(request: number): void {
    this.#requests.deadline[request] = noEvent;
    const level = this.#requests.level[request]!;
    this.#pools[level]!.remove(request);
    this.#reject(request, level, this.#pools[level]!.reject('time-out'));
  }

  #endWait(request: number): void {
    this.#simulation.cancel(this.#requests.deadline[request]! as EventHandle);
    this.#requests.deadline[request] = noEvent;
  }

  #reject(request: number, level: number, reason: RejectReason): void {
    this.#handlers.onReject(request, reason, this.#drop(level));
  }

  #drop(level: number): number {
    return this.#retryAfter[level]!.drop(Math.floor(this.#simulation.now / seconds(1)));
  }
}
