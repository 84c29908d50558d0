/**
 * The time limit of writes. All have the same, so they reach it in the order they came, and hardly any does: a list and
 * one event for its head do, where a timer each would be started and cancelled for every write.
 */
import { type Duration, type EventType, Fifo, type Instant } from '@brownout/core';
import type { PendingWrites } from './pending-writes.ts';
import type { RaftParts } from './raft-parts.ts';

/** Watches over the writes of one cluster. */
export class Patience {
  readonly #parts: RaftParts;
  readonly #pending: PendingWrites;
  readonly #limit: Duration;
  readonly #onGaveUp: (request: number) => void;
  readonly #due: EventType;
  /** Writes in the order they came, each with its ticket: those that are done stay until their turn. */
  readonly #requests: Fifo = new Fifo();
  readonly #tickets: Fifo = new Fifo();
  #isArmed = false;

  constructor(parts: RaftParts, pending: PendingWrites, onGaveUp: (request: number) => void) {
    this.#parts = parts;
    this.#pending = pending;
    this.#limit = parts.options.requestTimeout;
    this.#onGaveUp = onGaveUp;
    this.#due = parts.simulation.event(`${parts.name} gave up`, () => this.#look());
  }

  /** A write has just come in. */
  watch(request: number): void {
    this.#requests.push(request);
    this.#tickets.push(this.#pending.ticket[request]!);
    if (this.#isArmed) return;
    this.#isArmed = true;
    this.#due.after(this.#limit);
  }

  /** Gives up what has reached its limit, and waits for the next that is still inside. */
  #look(): void {
    const { now } = this.#parts.simulation;
    while (this.#requests.size > 0) {
      const request = this.#requests.at(0);
      const isInside = this.#pending.ticket[request] === this.#tickets.at(0);
      const limitAt = this.#pending.submittedAt[request]! + this.#limit;
      if (isInside && limitAt > now) {
        this.#due.at(limitAt as Instant);
        return;
      }
      this.#requests.shift();
      this.#tickets.shift();
      if (isInside) this.#onGaveUp(request);
    }
    this.#isArmed = false;
  }
}
