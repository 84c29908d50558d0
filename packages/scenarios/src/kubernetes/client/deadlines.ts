/**
 * Deadlines of clients. They come with few different times, and each time is one kind of event with one delay, which is
 * cheap to start and to cancel.
 */
import type { Duration, Simulation, TimeoutType } from '@brownout/core';

/** All deadlines of the clients of one control plane. */
export class Deadlines {
  readonly #simulation: Simulation;
  readonly #onPassed: (request: number) => void;
  readonly #timeouts: TimeoutType[] = [];

  constructor(simulation: Simulation, onPassed: (request: number) => void) {
    this.#simulation = simulation;
    this.#onPassed = onPassed;
  }

  /** The deadline that passes so long after it is started. */
  of(delay: Duration): TimeoutType {
    const known = this.#timeouts.find((timeout) => timeout.delay === delay);
    if (known !== undefined) return known;
    const timeout = this.#simulation.timeout('client deadline', delay, this.#onPassed);
    this.#timeouts.push(timeout);
    return timeout;
  }
}
