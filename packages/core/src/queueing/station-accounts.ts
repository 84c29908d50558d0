import type { Balance } from '../metrics/ledger.ts';
import type { Instant } from '../time.ts';
import type { StationBooks } from './station-options.ts';

/** The counters and areas of one station. The station says what happens; the account adds it up. */
export class StationAccounts {
  arrived = 0;
  served = 0;
  rejected = 0;
  balked = 0;
  waitedTooLong = 0;
  abandoned = 0;
  cancelled = 0;
  dropped = 0;
  preempted = 0;
  #settledAt = 0;
  #busyTime = 0;
  #serverTime = 0;
  #waitingTime = 0;

  /** Brings the areas up to `now` at the present levels; called before any of them changes. */
  settle(now: number, busy: number, servers: number, waiting: number): void {
    const elapsed = now - this.#settledAt;
    if (elapsed > 0) {
      this.#busyTime += elapsed * busy;
      this.#serverTime += elapsed * servers;
      this.#waitingTime += elapsed * waiting;
      this.#settledAt = now;
    }
  }

  /** The books up to the last `settle`. */
  books(inside: number): StationBooks {
    return {
      at: this.#settledAt as Instant,
      arrived: this.arrived,
      served: this.served,
      rejected: this.rejected,
      balked: this.balked,
      waitedTooLong: this.waitedTooLong,
      abandoned: this.abandoned,
      cancelled: this.cancelled,
      dropped: this.dropped,
      preempted: this.preempted,
      inside,
      busyTime: this.#busyTime,
      serverTime: this.#serverTime,
      waitingTime: this.#waitingTime,
    };
  }

  /** For the conservation ledger: cancelled counts as abandoned, dropped as lost. */
  balance(inside: number): Balance {
    return {
      arrived: this.arrived,
      served: this.served,
      rejected: [
        { reason: 'queue-full', count: this.rejected },
        { reason: 'balked', count: this.balked },
        { reason: 'waited-too-long', count: this.waitedTooLong },
      ],
      abandoned: this.abandoned + this.cancelled,
      timedOut: 0,
      lost: this.dropped,
      inside,
    };
  }
}
