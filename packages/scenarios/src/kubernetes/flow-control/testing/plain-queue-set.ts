/**
 * The rules of fair queuing written down as plainly as possible: objects and arrays, everything recomputed every time,
 * no shortcut for the uncontended case. It is what the queue set is compared with.
 */

/** A request as the plain queue set sees it. */
export interface PlainRequest {
  readonly id: number;
  readonly initialSeats: number;
  finalSeats: number;
  additionalLatency: number;
  readonly hand: readonly number[];
  work: number;
  arrivedAt: number;
  startedAt: number;
  queue: PlainQueue | undefined;
}

interface PlainQueue {
  readonly waiting: PlainRequest[];
  readonly executing: Set<PlainRequest>;
  /** Seats whose request is answered already. */
  heldSeats: number;
  start: number;
}

/** How the plain queue set is made. */
export interface PlainOptions {
  readonly queues: number;
  readonly queueLengthLimit: number;
  readonly limit: number;
  /** Microseconds. */
  readonly expectedServiceTime: number;
}

/** Fair queues of one level, in plain words. */
export class PlainQueueSet {
  readonly queues: readonly PlainQueue[];
  readonly #options: PlainOptions;
  limit: number;
  #progress = 0;
  #now = 0;
  #lastQueue = 0;
  #arrivals = 0;
  /** Ids in the order of dispatch. */
  readonly dispatched: number[] = [];

  constructor(options: PlainOptions) {
    this.#options = options;
    this.limit = options.limit;
    this.queues = Array.from({ length: options.queues }, () => ({
      waiting: [],
      executing: new Set(),
      heldSeats: 0,
      start: 0,
    }));
  }

  get seatsInUse(): number {
    return total(this.queues, (queue) => seatsInUse(queue));
  }

  get requestsWaiting(): number {
    return total(this.queues, (queue) => queue.waiting.length);
  }

  advance(now: number): void {
    const active = this.queues.filter((queue) => queue.waiting.length > 0 || queue.executing.size > 0).length;
    const wanted = total(this.queues, (queue) => seatsInUse(queue) + total(queue.waiting, seatsOf));
    if (active > 0) this.#progress += units(Math.min(wanted, this.limit) / active, now - this.#now);
    this.#now = now;
  }

  /** False when the request is rejected. */
  submit(request: PlainRequest): boolean {
    const hand = request.hand.map((_, i) => this.queues[request.hand[(i + this.#arrivals) % request.hand.length]!]!);
    this.#arrivals++;
    const least = Math.min(...hand.map(workWaiting));
    const queue = hand.find((one) => workWaiting(one) === least)!;
    if (this.seatsInUse >= this.limit && queue.waiting.length >= this.#options.queueLengthLimit) return false;
    if (queue.waiting.length === 0 && queue.executing.size === 0) queue.start = this.#progress;
    request.queue = queue;
    request.arrivedAt = this.#progress;
    request.work =
      units(request.initialSeats, this.#options.expectedServiceTime) +
      units(request.finalSeats, request.additionalLatency);
    queue.waiting.push(request);
    this.#settle(queue);
    this.dispatch();
    return true;
  }

  finish(request: PlainRequest): void {
    const queue = request.queue!;
    queue.executing.delete(request);
    const served = this.#now - request.startedAt;
    queue.start -= units(request.initialSeats, this.#options.expectedServiceTime - served);
    this.#settle(queue);
    if (request.additionalLatency > 0) queue.heldSeats += seatsOf(request);
    this.dispatch();
  }

  release(request: PlainRequest): void {
    request.queue!.heldSeats -= seatsOf(request);
    this.dispatch();
  }

  remove(request: PlainRequest): void {
    const queue = request.queue!;
    queue.waiting.splice(queue.waiting.indexOf(request), 1);
    this.#settle(queue);
  }

  dispatch(): void {
    while (this.requestsWaiting > 0 && this.seatsInUse < this.limit) {
      const count = this.queues.length;
      const order = this.queues.map((_, i) => (this.#lastQueue + 1 + i) % count);
      const waiting = order.filter((index) => this.queues[index]!.waiting.length > 0);
      const finishes = waiting.map((index) => this.queues[index]!.start + this.queues[index]!.waiting[0]!.work);
      const chosen = waiting[finishes.indexOf(Math.min(...finishes))]!;
      const request = this.queues[chosen]!.waiting[0]!;
      if (!this.#fits(seatsOf(request))) return;
      this.#lastQueue = chosen;
      this.#begin(request, this.queues[chosen]!);
    }
  }

  #begin(request: PlainRequest, queue: PlainQueue): void {
    queue.waiting.shift();
    if (request.finalSeats > this.limit) {
      const work = units(request.finalSeats, request.additionalLatency);
      request.finalSeats = this.limit;
      request.additionalLatency = Math.round(work / this.limit / 100);
    }
    queue.executing.add(request);
    queue.start += request.work;
    request.startedAt = this.#now;
    this.#settle(queue);
    this.dispatched.push(request.id);
  }

  #fits(seats: number): boolean {
    if (seats > this.limit) return this.queues.every((queue) => queue.executing.size === 0);
    return this.seatsInUse + seats <= this.limit;
  }

  #settle(queue: PlainQueue): void {
    const [oldest] = queue.waiting;
    if (oldest !== undefined) queue.start = Math.max(queue.start, oldest.arrivedAt);
  }
}

/** The larger of the seats while executing and the seats after the reply. */
export function seatsOf(request: PlainRequest): number {
  return Math.max(request.initialSeats, request.finalSeats);
}

function seatsInUse(queue: PlainQueue): number {
  return queue.heldSeats + total([...queue.executing], seatsOf);
}

function workWaiting(queue: PlainQueue): number {
  return total(queue.waiting, (request) => request.work);
}

/** Work in hundredths of a seat-microsecond. */
function units(seats: number, microseconds: number): number {
  return Math.round(seats * microseconds * 100);
}

function total<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((sum, item) => sum + value(item), 0);
}
