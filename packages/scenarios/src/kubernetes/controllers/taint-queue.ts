/**
 * The nodes of one zone that wait for their NoExecute taint, let through at the zone's rate with a burst of one. A change of
 * rate gives no token away: if the old limiter had none, the new one starts empty.
 * Source: kubernetes/kubernetes pkg/controller/nodelifecycle/scheduler/rate_limited_queue.go (EvictionRateLimiterBurst 1).
 */
import { Fifo } from '@brownout/core';

/** Nodes in the order in which they were added last. */
export class TaintQueue {
  readonly #order: Fifo = new Fifo();
  /** Place of each waiting node in the order of all additions; -1 when it does not wait. */
  readonly #place: Map<number, number> = new Map();
  #added = 0;
  #taken = 0;
  #rate: number;
  /** When the next token is there, in microseconds. */
  #tokenAt = 0;

  /** `rate` in nodes a second. */
  constructor(rate: number) {
    this.#rate = rate;
  }

  /** Nodes that wait. */
  get size(): number {
    return this.#place.size;
  }

  /** Nodes a second. */
  get rate(): number {
    return this.#rate;
  }

  /** Waits from now on, behind all others; a node that waited already moves to the end. */
  add(node: number): void {
    if (this.#order.size > 2 * this.#place.size + 64) this.#compact();
    this.#place.set(node, this.#added++);
    this.#order.push(node);
  }

  /** Waits no longer. */
  remove(node: number): void {
    this.#place.delete(node);
  }

  /** Takes the next node if a token is there at `now` (microseconds), and with it the token; -1 otherwise. */
  take(now: number): number {
    if (this.#place.size === 0 || !this.#takeToken(now)) return -1;
    for (;;) {
      const place = this.#taken++;
      const node = this.#order.shift();
      if (this.#place.get(node) !== place) continue;
      this.#place.delete(node);
      return node;
    }
  }

  /** Changes the rate; 0 = nobody. */
  setRate(rate: number, now: number): void {
    if (rate === this.#rate) return;
    const hadToken = this.#takeToken(now);
    this.#rate = rate;
    this.#tokenAt = hadToken || rate <= 0 ? now : now + Math.ceil(1_000_000 / rate);
  }

  /** When the next node can be taken, in microseconds; Infinity when none waits or none may pass. */
  get nextAt(): number {
    return this.#place.size === 0 || this.#rate <= 0 ? Infinity : this.#tokenAt;
  }

  #takeToken(now: number): boolean {
    if (this.#rate <= 0 || now < this.#tokenAt) return false;
    this.#tokenAt = now + Math.ceil(1_000_000 / this.#rate);
    return true;
  }

  #compact(): void {
    const waiting = [...this.#place.keys()].sort((a, b) => this.#place.get(a)! - this.#place.get(b)!);
    this.#order.clear();
    this.#added = 0;
    this.#taken = 0;
    for (const node of waiting) {
      this.#place.set(node, this.#added++);
      this.#order.push(node);
    }
  }
}
