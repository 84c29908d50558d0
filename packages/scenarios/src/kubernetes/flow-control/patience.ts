import { type Duration, type EventHandle, noTime, type Simulation, type TimeoutType } from '@brownout/core';
import type { FlowControlTiming } from './timing.ts';

/**
 * How long requests wait before they are rejected. Clients come with few different timeouts, and each timeout is one
 * kind of event with one delay, named by a small integer; 0 is the server's own timeout.
 */
export class Patience {
  readonly #simulation: Simulation;
  readonly #name: string;
  readonly #timing: FlowControlTiming;
  readonly #requestTimeout: Duration;
  readonly #onTimeout: (request: number) => void;
  readonly #waits: Duration[] = [];
  readonly #timeouts: TimeoutType[] = [];

  constructor(
    simulation: Simulation,
    options: { readonly name: string; readonly timing: FlowControlTiming; readonly requestTimeout: Duration },
    onTimeout: (request: number) => void,
  ) {
    if (!(options.requestTimeout > 0)) {
      throw new RangeError(`${options.name}: requestTimeout must be > 0, got ${options.requestTimeout}`);
    }
    this.#simulation = simulation;
    this.#name = options.name;
    this.#timing = options.timing;
    this.#requestTimeout = options.requestTimeout;
    this.#onTimeout = onTimeout;
    this.of(options.requestTimeout);
  }

  /** The integer that stands for a client's `timeout`; 0 or more than the server's means the server's. */
  of(timeout: Duration): number {
    if (!(timeout >= 0)) throw new RangeError(`${this.#name}: a client's timeout must be >= 0, got ${timeout}`);
    const allowed = timeout === noTime ? this.#requestTimeout : Math.min(timeout, this.#requestTimeout);
    const wait = Math.round(Math.min(allowed * this.#timing.waitShare, this.#timing.longestWait)) as Duration;
    const known = this.#waits.indexOf(wait);
    if (known >= 0) return known;
    const number = this.#waits.push(wait) - 1;
    this.#timeouts.push(this.#simulation.timeout(`${this.#name}: queue wait over`, wait, this.#onTimeout));
    return number;
  }

  /** Starts the wait of `request`. */
  start(patience: number, request: number): EventHandle {
    return this.#timeouts[patience]!.start(request);
  }
}
