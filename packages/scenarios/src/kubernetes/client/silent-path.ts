/**
 * Streams of many clients while packets on their path are dropped: what a stream should have brought is held back, and a
 * stream that stays silent is found dead by the connection's health check.
 */
import { type EventHandle, type EventType, noEvent, type Simulation } from '@brownout/core';
import { silenceTimeout } from './client-group.ts';

/** See above. */
export class SilentPath {
  readonly #simulation: Simulation;
  readonly #isCut: () => boolean;
  readonly #onOpened: (client: number, events: number) => void;
  readonly #noticed: EventType;
  /** Events held back, by client. */
  readonly #heldBack: Float64Array;
  /** End of the silence that lasts now. */
  #end: EventHandle = noEvent;

  constructor(
    simulation: Simulation,
    name: string,
    clients: number,
    parts: {
      /** Whether packets are dropped now. */
      readonly isCut: () => boolean;
      /** The path has been silent for too long: every stream over it is dead. */
      readonly onDead: () => void;
      /** The path is open again, and a stream brings what was held back. */
      readonly onOpened: (client: number, events: number) => void;
    },
  ) {
    this.#simulation = simulation;
    this.#isCut = parts.isCut;
    this.#onOpened = parts.onOpened;
    this.#heldBack = new Float64Array(clients);
    this.#noticed = simulation.event(`${name} silent`, () => {
      if (!this.#isCut()) return;
      this.#heldBack.fill(0);
      parts.onDead();
    });
  }

  /** True when events do not get through: they are held back. */
  holds(client: number, events: number): boolean {
    if (!this.#isCut()) return false;
    this.#heldBack[client]! += events;
    return true;
  }

  /** Packets are dropped from now on. Does nothing while they are. */
  blocked(): void {
    if (!this.#simulation.isPending(this.#end)) this.#end = this.#noticed.after(silenceTimeout);
  }

  /** Packets pass again: a later silence is counted from its own beginning. */
  opened(): void {
    this.#simulation.cancel(this.#end);
    this.#heldBack.forEach((events, client) => {
      this.#heldBack[client] = 0;
      if (events > 0) this.#onOpened(client, events);
    });
  }
}
