/**
 * How long the dispatcher of a type waits for watchers whose buffers are full before it closes them: a budget shared by
 * all watchers of the type, refilled by 50 ms a second up to 100 ms (apiserver, storage/cacher/time_budget.go).
 */
import { type Duration, ms, noTime, type Simulation } from '@brownout/core';

const LARGEST: Duration = ms(100);
/** 50 ms for each second that passes. */
const REFILL = 0.05;

/** See above; empty when made. */
export class TimeBudget {
  readonly #simulation: Simulation;
  #budget: Duration = noTime;
  #takenAt: number;

  constructor(simulation: Simulation) {
    this.#simulation = simulation;
    this.#takenAt = simulation.now;
  }

  /** Takes all there is. */
  take(): Duration {
    const { now } = this.#simulation;
    const refill = Math.floor((now - this.#takenAt) * REFILL);
    const taken = Math.min(this.#budget + refill, LARGEST) as Duration;
    this.#budget = noTime;
    this.#takenAt = now;
    return taken;
  }

  /** Gives back what was taken and not needed. */
  giveBack(unused: Duration): void {
    if (unused > 0) this.#budget = Math.min(this.#budget + unused, LARGEST) as Duration;
  }
}
