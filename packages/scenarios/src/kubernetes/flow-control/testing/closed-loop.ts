/**
 * Clients that ask, hold their seats, think and ask again: the driver of kubernetes/apiserver's own queue-set tests
 * (tag kubernetes-1.36.3, pkg/util/flowcontrol/fairqueuing/queueset/queueset_test.go), with its staggered starts. Those
 * are tens of nanoseconds, so one tick of the clock stands for a nanosecond here: times are given in nanoseconds, the
 * expected service time is stretched likewise, and a seat-tick is a tenth of a unit of work instead of a hundred.
 */
import { type Duration, type EventType, type Instant, Simulation, us } from '@brownout/core';
import { FlowTable } from '../flow-table.ts';
import { HeldSeats } from '../held-seats.ts';
import type { Queuing } from '../priority-level.ts';
import { QueueSet } from '../queue-set.ts';
import { requestState, RequestTable } from '../request-table.ts';
import { SeatDemand } from '../seat-demand.ts';
import { type PoolContext, SeatPool } from '../seat-pool.ts';

/** Threads of one flow that all do the same. */
export interface ClosedLoopClient {
  readonly hash: number;
  readonly threads: number;
  /** Calls each thread makes before it stops. */
  readonly calls: number;
  /** Nanoseconds, like all times of a case. */
  readonly execution: number;
  /** Between the reply and the next call; negative = the next call comes before the reply. */
  readonly think: number;
  /** Seats while executing, default 1. */
  readonly seats?: number;
  /** Seats after the reply, default 1, and for how long, default not at all. */
  readonly finalSeats?: number;
  readonly pad?: number;
  /** Whether half of the threads start in the second half only, with half of the calls. */
  readonly isSplit?: boolean;
}

/** One level under closed-loop load. */
export interface ClosedLoopCase {
  /** Infinity for an exempt level. */
  readonly limit: number;
  /** Left out for a level without queues. */
  readonly queuing?: Queuing;
  readonly clients: readonly ClosedLoopClient[];
  readonly evaluation: number;
}

/** What came out, per client. */
export interface ClosedLoopResult {
  /** Time averages of seats in execution, over one period or, with split clients, over each half. */
  readonly averages: readonly (readonly number[])[];
  /** Seats each client could fill on its own in that period. */
  readonly demands: readonly (readonly number[])[];
  readonly executed: readonly number[];
  readonly rejected: readonly number[];
  readonly reasons: readonly string[];
  /** The level at the end, all calls done. */
  readonly pool: SeatPool;
  /** Most seats in use after any dispatch of a request no wider than the limit. */
  readonly maxSeatsInUse: number;
}

/** Expected service time of a request: 3 ms. */
const expectedServiceTime: Duration = us(3_000_000);

/** Runs the case through its evaluation, then until every call is done. */
export function runClosedLoop(given: ClosedLoopCase): ClosedLoopResult {
  return new ClosedLoop(given).run();
}

class ClosedLoop {
  readonly #case: ClosedLoopCase;
  readonly #simulation: Simulation = new Simulation();
  readonly #requests: RequestTable = new RequestTable('closed loop', 0.1);
  readonly #pool: SeatPool;
  readonly #flows: readonly number[];
  readonly #call: EventType;
  readonly #reply: EventType;
  /** By thread. */
  readonly #clientOf: number[] = [];
  readonly #callsLeft: number[] = [];
  /** By request. */
  readonly #threadOf: number[] = [];
  readonly #executingSeats: number[];
  readonly #area: number[];
  readonly #changedAt: number[];
  readonly #executed: number[];
  readonly #rejected: number[];
  readonly #reasons: Set<string> = new Set();
  #maxSeatsInUse = 0;

  constructor(given: ClosedLoopCase) {
    const zeros = given.clients.map(() => 0);
    this.#case = given;
    this.#executingSeats = [...zeros];
    this.#area = [...zeros];
    this.#changedAt = [...zeros];
    this.#executed = [...zeros];
    this.#rejected = [...zeros];
    const flows = new FlowTable(given.queuing?.queues ?? 0, given.queuing?.handSize ?? 1);
    this.#flows = given.clients.map((client) => flows.numberOfHash(digitsOf(client.hash)));
    this.#pool = this.#createPool(flows);
    this.#call = this.#simulation.event('call', (thread) => this.#submit(thread), 'arrival');
    this.#reply = this.#simulation.event('reply', (request) => this.#finish(request), 'release');
  }

  run(): ClosedLoopResult {
    const { clients, evaluation } = this.#case;
    const isSplit = clients.some((client) => client.isSplit === true);
    clients.forEach((client, index) => this.#startThreads(client, index));
    const ends = isSplit ? [evaluation / 2, evaluation] : [evaluation];
    const averages = ends.map((end, period) => this.#averagesUntil(end, ends[period - 1] ?? 0));
    this.#simulation.runUntil((evaluation * 100) as Instant);
    return {
      averages,
      demands: ends.map((_, period) => clients.map((client) => demandOf(client, isSplit && period === 0))),
      executed: this.#executed,
      rejected: this.#rejected,
      reasons: [...this.#reasons],
      pool: this.#pool,
      maxSeatsInUse: this.#maxSeatsInUse,
    };
  }

  #createPool(flows: FlowTable): SeatPool {
    const { limit, queuing } = this.#case;
    const held = new HeldSeats(this.#simulation, 'closed loop', (_level, queue, seats) =>
      this.#pool.release(queue, seats),
    );
    const context: PoolContext = {
      simulation: this.#simulation,
      requests: this.#requests,
      onExecute: (request) => this.#begin(request),
      holdSeats: (request) =>
        held.hold(
          0,
          this.#requests.queue[request]!,
          this.#requests.seats[request]!,
          this.#requests.additionalLatency[request]! as Duration,
        ),
    };
    const options = { name: 'subject', limit, demand: new SeatDemand(this.#simulation.now, 0.977) };
    if (queuing === undefined) return new SeatPool(context, options);
    const { queueLengthLimit } = queuing;
    return new QueueSet(context, { ...options, queueLengthLimit, expectedServiceTime, flows });
  }

  #startThreads(client: ClosedLoopClient, index: number): void {
    for (let number = 0; number < client.threads; number++) {
      const thread = this.#clientOf.push(index) - 1;
      const isLate = client.isSplit === true && number >= Math.floor(client.threads / 2);
      this.#callsLeft.push(isLate ? Math.floor(client.calls / 2) : client.calls);
      const stagger = 90 * number + 20 * index;
      this.#call.after(us(stagger + (isLate ? this.#case.evaluation / 2 : 0)), thread);
    }
  }

  #submit(thread: number): void {
    if (this.#callsLeft[thread]!-- <= 0) return;
    const client = this.#case.clients[this.#clientOf[thread]!]!;
    const { seats = 1, finalSeats = 1, pad = 0 } = client;
    const request = this.#threadOf.push(thread) - 1;
    const requests = this.#requests;
    requests.admit(request);
    requests.initialSeats[request] = seats;
    requests.finalSeats[request] = finalSeats;
    requests.seats[request] = Math.max(seats, finalSeats);
    requests.additionalLatency[request] = pad;
    requests.work[request] = requests.workOf(seats, expectedServiceTime) + requests.workOf(finalSeats, pad);
    const reason = this.#pool.submit(request, this.#flows[this.#clientOf[thread]!]!);
    if (reason === undefined) return;
    // As in the original, a thread whose call is rejected makes no further one.
    this.#rejected[this.#clientOf[thread]!]!++;
    this.#reasons.add(reason);
  }

  #begin(request: number): void {
    const thread = this.#threadOf[request]!;
    const index = this.#clientOf[thread]!;
    const client = this.#case.clients[index]!;
    this.#executed[index]!++;
    this.#addSeats(index, client.seats ?? 1);
    if (this.#requests.seats[request]! <= this.#case.limit) {
      this.#maxSeatsInUse = Math.max(this.#maxSeatsInUse, this.#pool.seatsInUse);
    }
    this.#reply.after(us(client.execution), request);
    this.#call.after(us(client.execution + client.think), thread);
  }

  #finish(request: number): void {
    const index = this.#clientOf[this.#threadOf[request]!]!;
    this.#addSeats(index, -(this.#case.clients[index]!.seats ?? 1));
    if (this.#requests.state[request] === requestState.executing) this.#pool.finish(request);
  }

  #addSeats(index: number, seats: number): void {
    this.#area[index]! += this.#executingSeats[index]! * (this.#simulation.now - this.#changedAt[index]!);
    this.#changedAt[index] = this.#simulation.now;
    this.#executingSeats[index]! += seats;
  }

  #averagesUntil(end: number, start: number): number[] {
    this.#simulation.runUntil(end as Instant);
    return this.#case.clients.map((_, index) => {
      this.#addSeats(index, 0);
      const average = this.#area[index]! / (end - start);
      this.#area[index] = 0;
      return average;
    });
  }
}

function demandOf(client: ClosedLoopClient, isFirstHalf: boolean): number {
  const threads = isFirstHalf && client.isSplit === true ? Math.floor(client.threads / 2) : client.threads;
  return (threads * (client.seats ?? 1) * client.execution) / (client.execution + client.think);
}

function digitsOf(hash: number): readonly [number, number, number, number] {
  const high = Math.floor(hash / 2 ** 32);
  const low = hash % 2 ** 32;
  return [Math.floor(high / 65_536), high % 65_536, Math.floor(low / 65_536), low % 65_536];
}
