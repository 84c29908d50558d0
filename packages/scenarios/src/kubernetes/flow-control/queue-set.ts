/**
 * The queues of one priority level and the order in which their requests get seats: fair queuing in virtual time, with
 * requests that take several seats for a time nobody knows beforehand.
 *
 * Every queue that has requests is entitled to the same number of seats. The progress meter R says how much work, in
 * seat-time, an always busy queue could have been given so far. A queue carries the reading of R at which its next
 * request would start if it got exactly its entitlement; that request's finish is the start plus its work, and the
 * queue with the earliest finish goes next. Work is guessed at dispatch and corrected when the request finishes. A
 * start is never before the arrival of the request it is for, so a queue cannot save up seats while it has no use for
 * them.
 *
 * Rules and constants are those of kubernetes/apiserver, tag kubernetes-1.36.3,
 * pkg/util/flowcontrol/fairqueuing/queueset (see its doc.go); docs/validation/flow-control.md says where this one
 * differs.
 */
import { assert, type Duration, realZero } from '@brownout/core';
import type { FlowTable } from './flow-table.ts';
import { requestState } from './request-table.ts';
import { type PoolContext, type PoolOptions, type RejectReason, SeatPool } from './seat-pool.ts';
import { WaitingQueues } from './waiting-queues.ts';

/** How a queue set is made. */
export interface QueueSetOptions extends PoolOptions {
  readonly queueLengthLimit: number;
  /** Service time assumed until the real one is known. */
  readonly expectedServiceTime: Duration;
  /** Hands of the flows; it also says how many queues there are. */
  readonly flows: FlowTable;
}

/** A level whose requests wait in shuffle-sharded queues. */
export class QueueSet extends SeatPool {
  readonly #expectedServiceTime: Duration;
  #flows: FlowTable;
  #queueLengthLimit: number;
  readonly #line: WaitingQueues;
  /** Requests executing, not counting those whose reply is out. */
  #executing: Int32Array = new Int32Array(0);
  /** Virtual start of the next request. */
  #start: Float64Array = new Float64Array(0);
  /** Virtual finish of the oldest waiting request; means something only where one waits. */
  #finish: Float64Array = new Float64Array(0);
  /** Queues with requests waiting or executing. */
  #activeCount = 0;
  /** The progress meter R, in units of work, and when it was last read. */
  #progress = realZero;
  #readAt: number;
  /** Queue dispatched from last: the search for the next begins behind it. */
  #lastQueue = 0;
  /** Card of the hand that wins ties; moves on with every arrival. */
  #firstCard = 0;
  #isDispatching = false;

  constructor(context: PoolContext, options: QueueSetOptions) {
    super(context, options);
    this.#expectedServiceTime = options.expectedServiceTime;
    this.#queueLengthLimit = options.queueLengthLimit;
    this.#flows = options.flows;
    this.#readAt = context.simulation.now;
    this.#line = new WaitingQueues(context.requests);
    this.#makeQueues(options.flows.queues);
  }

  override get queueCount(): number {
    return this.#flows.queues;
  }

  override queueLength(queue: number): number {
    return this.#line.lengths[queue] ?? 0;
  }

  /** Work the level's busiest entitlement has been given so far, in units: the progress meter, read now. */
  get progress(): number {
    this.#readMeter();
    return this.#progress;
  }

  override submit(request: number, flow: number): RejectReason | undefined {
    this.submitted++;
    this.#readMeter();
    const queue = this.#chooseQueue(flow);
    if (this.seatsInUse >= this.limit && this.#line.lengths[queue]! >= this.#queueLengthLimit)
      return this.reject('queue-full');
    const { requests } = this.context;
    requests.queue[request] = queue;
    requests.arrivedAt[request] = this.#progress;
    const seats = requests.seats[request]!;
    if (this.requestsWaiting === 0 && this.seatsInUse < this.limit && this.fits(seats)) {
      // The only request there is goes at once: no need to put it into its queue first.
      if (this.#executing[queue] === 0) this.#activeCount++;
      if (this.#executing[queue] === 0 || this.#start[queue]! < this.#progress) this.#start[queue] = this.#progress;
      this.#dispatch(request, queue);
      return undefined;
    }
    this.#enqueue(request, queue, seats);
    this.#dispatchAll();
    return undefined;
  }

  override finish(request: number): void {
    this.#readMeter();
    const { requests, simulation } = this.context;
    const queue = requests.queue[request]!;
    const served = simulation.now - requests.startedAt[request]!;
    this.#start[queue]! -= requests.workOf(requests.initialSeats[request]!, this.#expectedServiceTime - served);
    this.#settle(queue);
    if (--this.#executing[queue]! === 0 && this.#line.lengths[queue] === 0) this.#activeCount--;
    super.finish(request);
    this.#dispatchAll();
  }

  override release(queue: number, seats: number): void {
    this.#readMeter();
    super.release(queue, seats);
    this.#dispatchAll();
  }

  /**
   * Takes a waiting request out. Nothing is dispatched, even if it was the one that blocked: upstream does not either.
   */
  override remove(request: number): void {
    this.#readMeter();
    const { requests } = this.context;
    const queue = requests.queue[request]!;
    this.#unlink(request, queue);
    requests.state[request] = requestState.unknown;
    if (this.#line.lengths[queue] === 0 && this.#executing[queue] === 0) this.#activeCount--;
    this.#settle(queue);
    this.noteDemand();
  }

  override setLimit(limit: number): void {
    this.#readMeter();
    this.limit = limit;
    this.#dispatchAll();
  }

  /** Takes over other queue settings at run time. Queues in excess drain; new requests are not dealt to them. */
  configure(settings: { readonly queueLengthLimit: number; readonly flows: FlowTable }): void {
    this.#queueLengthLimit = settings.queueLengthLimit;
    if (settings.flows.handSize !== this.#flows.handSize) this.#firstCard = 0;
    this.#flows = settings.flows;
    if (settings.flows.queues > this.#line.count) this.#makeQueues(settings.flows.queues);
  }

  override clear(): void {
    super.clear();
    this.#line.clear();
    for (const column of [this.#executing, this.#start, this.#finish]) column.fill(0);
    this.#activeCount = 0;
    this.#progress = 0;
    this.#readAt = this.context.simulation.now;
    this.#lastQueue = 0;
    this.#firstCard = 0;
    this.#isDispatching = false;
  }

  /** Advances R: seats wanted, but at most the limit, divided among the queues that have requests. */
  #readMeter(): void {
    const now = this.context.simulation.now;
    const elapsed = now - this.#readAt;
    if (elapsed === 0) return;
    this.#readAt = now;
    if (this.#activeCount === 0) return;
    const seats = Math.min(this.seatsInUse + this.seatsWaiting, this.limit);
    this.#progress += this.context.requests.workOf(seats / this.#activeCount, elapsed);
  }

  /** The queue of the flow's hand with the least work waiting. */
  #chooseQueue(flow: number): number {
    const { handSize } = this.#flows;
    const hands = this.#flows.handsWith(flow);
    const first = flow * handSize;
    const offset = this.#firstCard;
    this.#firstCard = offset + 1 === handSize ? 0 : offset + 1;
    let best = hands[first + offset]!;
    if (this.requestsWaiting === 0) return best;
    const workWaiting = this.#line.work;
    let least = workWaiting[best]!;
    for (let step = 1; step < handSize; step++) {
      const card = offset + step;
      const queue = hands[first + (card < handSize ? card : card - handSize)]!;
      if (workWaiting[queue]! < least) {
        least = workWaiting[queue]!;
        best = queue;
      }
    }
    return best;
  }

  #enqueue(request: number, queue: number, seats: number): void {
    const { requests } = this.context;
    if (this.#line.lengths[queue] === 0 && this.#executing[queue] === 0) {
      this.#activeCount++;
      this.#start[queue] = this.#progress;
    }
    this.#line.push(request, queue);
    requests.state[request] = requestState.waiting;
    this.requestsWaiting++;
    this.seatsWaiting += seats;
    this.noteDemand();
    this.#settle(queue);
  }

  #unlink(request: number, queue: number): void {
    this.#line.remove(request, queue);
    this.requestsWaiting--;
    this.seatsWaiting -= this.context.requests.seats[request]!;
  }

  /** After any change to a queue: its oldest request starts, in virtual time, no earlier than it arrived. */
  #settle(queue: number): void {
    const oldest = this.#line.oldest[queue]!;
    if (oldest < 0) return;
    const { arrivedAt, work } = this.context.requests;
    if (this.#start[queue]! < arrivedAt[oldest]!) this.#start[queue] = arrivedAt[oldest]!;
    this.#finish[queue] = this.#start[queue]! + work[oldest]!;
  }

  /** Dispatches until nothing waits, no seat is free, or the request whose turn it is does not fit. */
  #dispatchAll(): void {
    // A handler may finish or submit requests: the loop that called it goes on with what that changed.
    if (this.#isDispatching) return;
    this.#isDispatching = true;
    while (this.requestsWaiting > 0 && this.seatsInUse < this.limit) {
      const queue = this.#nextQueue();
      const request = this.#line.oldest[queue]!;
      if (!this.fits(this.context.requests.seats[request]!)) break;
      this.#unlink(request, queue);
      this.#dispatch(request, queue);
    }
    this.#isDispatching = false;
  }

  /** The queue whose oldest request finishes first; of equals, the first one behind the queue dispatched from last. */
  #nextQueue(): number {
    const { count, crowded, crowdedCount } = this.#line;
    let best = -1;
    let earliest = Infinity;
    let nearest = Infinity;
    for (let place = 0; place < crowdedCount; place++) {
      const queue = crowded[place]!;
      const finish = this.#finish[queue]!;
      if (finish > earliest) continue;
      const ahead = queue - this.#lastQueue - 1;
      const distance = ahead < 0 ? ahead + count : ahead;
      if (finish === earliest && distance > nearest) continue;
      best = queue;
      earliest = finish;
      nearest = distance;
    }
    assert(best >= 0, `queue set "${this.name}": requests wait but no queue has any`);
    return best;
  }

  /** Lets a request execute that is out of its queue. */
  #dispatch(request: number, queue: number): void {
    this.#narrowFinalSeats(request);
    this.#lastQueue = queue;
    this.#executing[queue]!++;
    this.#start[queue]! += this.context.requests.work[request]!;
    this.#settle(queue);
    this.begin(request);
  }

  /** Seats after the reply are cut to the limit and held longer instead, for the same work. */
  #narrowFinalSeats(request: number): void {
    const { requests } = this.context;
    const finalSeats = requests.finalSeats[request]!;
    if (finalSeats <= this.limit || this.limit < 1) return;
    const finalWork = requests.workOf(finalSeats, requests.additionalLatency[request]!);
    requests.finalSeats[request] = this.limit;
    requests.additionalLatency[request] = requests.ticksOf(finalWork, this.limit);
    requests.seats[request] = Math.max(requests.initialSeats[request]!, this.limit);
  }

  #makeQueues(count: number): void {
    const executing = new Int32Array(count);
    executing.set(this.#executing);
    const numbers = (column: Float64Array): Float64Array => {
      const grown = new Float64Array(count);
      grown.set(column);
      return grown;
    };
    this.#executing = executing;
    this.#start = numbers(this.#start);
    this.#finish = numbers(this.#finish);
    this.#line.grow(count);
  }
}
