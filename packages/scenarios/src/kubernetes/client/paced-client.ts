/**
 * A client-side rate limit as in client-go (`--kube-api-qps`, `--kube-api-burst`; flowcontrol's token bucket): requests
 * wait for a token in the order they are made. One token a request, refilled evenly, kept exactly without a timer.
 */
import { type Duration, type Instant, realZero, type Simulation } from '@brownout/core';

/** Rate and burst of a client-side limit. */
export interface PaceOptions {
  /** Requests per second in the long run. */
  readonly qps: number;
  /** Requests that may go at once after a pause. */
  readonly burst: number;
}

/** Says when the next request may go. */
export class Pace {
  readonly #simulation: Simulation;
  readonly #interval: number;
  readonly #slack: number;
  /** When the bucket would be full again: the generic cell rate algorithm's theoretical arrival time. */
  #fullAt = realZero;

  constructor(simulation: Simulation, options: PaceOptions) {
    checkPace(options);
    this.#simulation = simulation;
    this.#interval = 1_000_000 / options.qps;
    this.#slack = this.#interval * (options.burst - 1);
  }

  /** Takes one token and returns the instant at which its request may go: now, or when the token will be there. */
  next(): Instant {
    const now = this.#simulation.now;
    const base = Math.max(this.#fullAt, now);
    const go = Math.max(now, Math.ceil(base - this.#slack));
    this.#fullAt = base + this.#interval;
    return go as Instant;
  }

  /** Time until `next()` would let a request go. */
  wait(): Duration {
    const now = this.#simulation.now;
    return Math.max(0, Math.ceil(Math.max(this.#fullAt, now) - this.#slack) - now) as Duration;
  }
}

/** The same limit for each of many clients, in a column: 50 a second with a burst of 100 for each kubelet, say. */
export class Paces {
  readonly #simulation: Simulation;
  readonly #interval: number;
  readonly #slack: number;
  /** When each client's bucket would be full again. */
  readonly #fullAt: Float64Array;

  constructor(simulation: Simulation, clients: number, options: PaceOptions) {
    checkPace(options);
    this.#simulation = simulation;
    this.#interval = 1_000_000 / options.qps;
    this.#slack = this.#interval * (options.burst - 1);
    this.#fullAt = new Float64Array(clients);
  }

  /** Takes one token of a client and returns how long its request has to wait for it. */
  take(client: number): Duration {
    const now = this.#simulation.now;
    const base = Math.max(this.#fullAt[client]!, now);
    this.#fullAt[client] = base + this.#interval;
    return Math.max(0, Math.ceil(base - this.#slack) - now) as Duration;
  }

  /** How long a request of a client would have to wait; takes nothing. */
  wait(client: number): Duration {
    const now = this.#simulation.now;
    return Math.max(0, Math.ceil(Math.max(this.#fullAt[client]!, now) - this.#slack) - now) as Duration;
  }
}

function checkPace({ qps, burst }: PaceOptions): void {
  if (!(qps > 0)) throw new RangeError(`pace: qps must be > 0, got ${qps}`);
  if (!(burst >= 1)) throw new RangeError(`pace: burst must be >= 1, got ${burst}`);
}
