/** Writes that wait for their answer: when each came and the event that refuses it, in columns by request row. */
import { type EventHandle, noEvent, type Simulation } from '@brownout/core';

/** Columns of the writes inside etcd. A row is used again by later requests; its ticket tells them apart. */
export class PendingWrites {
  submittedAt: Float64Array<ArrayBuffer> = new Float64Array(INITIAL);
  /** When its handler will have made a proposal of it. */
  readyAt: Float64Array<ArrayBuffer> = new Float64Array(INITIAL);
  /** 0 = not inside. */
  ticket: Int32Array<ArrayBuffer> = new Int32Array(INITIAL);
  /** 1 once it is in a batch, or lost on its way to one. */
  isProposed: Uint8Array<ArrayBuffer> = new Uint8Array(INITIAL);
  /** Answer of a request that is refused. */
  refusal: Uint8Array<ArrayBuffer> = new Uint8Array(INITIAL);
  #event: Float64Array<ArrayBuffer> = new Float64Array(INITIAL);
  readonly #simulation: Simulation;
  #lastTicket = 0;
  #count = 0;

  constructor(simulation: Simulation) {
    this.#simulation = simulation;
  }

  /** Writes inside. */
  get count(): number {
    return this.#count;
  }

  isInside(request: number): boolean {
    return request < this.ticket.length && this.ticket[request] !== 0;
  }

  /** A write comes in, with the event that refuses it, or `noEvent`. */
  add(request: number, now: number, refusal: EventHandle): void {
    if (request >= this.ticket.length) this.#grow(request);
    this.submittedAt[request] = now;
    this.readyAt[request] = now;
    this.#lastTicket = (this.#lastTicket + 1) & TICKETS || 1;
    this.ticket[request] = this.#lastTicket;
    this.isProposed[request] = 0;
    this.#event[request] = refusal;
    this.#count++;
  }

  /** A write leaves. */
  remove(request: number): void {
    const event = this.#event[request]! as EventHandle;
    if (event !== noEvent) this.#simulation.cancel(event);
    this.#event[request] = noEvent;
    this.ticket[request] = 0;
    this.#count--;
  }

  #grow(request: number): void {
    let capacity = this.ticket.length;
    while (capacity <= request) capacity *= 2;
    this.submittedAt = larger(this.submittedAt, new Float64Array(capacity));
    this.readyAt = larger(this.readyAt, new Float64Array(capacity));
    this.ticket = larger(this.ticket, new Int32Array(capacity));
    this.isProposed = larger(this.isProposed, new Uint8Array(capacity));
    this.refusal = larger(this.refusal, new Uint8Array(capacity));
    this.#event = larger(this.#event, new Float64Array(capacity));
  }
}

const INITIAL = 1024;
const TICKETS = 0x7fffffff;

function larger<T extends Float64Array | Int32Array | Uint8Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
