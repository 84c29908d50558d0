/** The kubelet's crash back-off: how long a container that died waits to be started again. */
import type { Duration } from '@brownout/core';

/** First wait, its cap, and the clean time after which it starts over; 10 s, 5 min and 10 min upstream. */
export interface CrashBackoffOptions {
  readonly backoffBase: Duration;
  readonly backoffCap: Duration;
  readonly backoffReset: Duration;
}

/** The back-off of one container. */
export class CrashBackoff {
  readonly #options: CrashBackoffOptions;
  #next: Duration;
  #startedAt = 0;

  constructor(options: CrashBackoffOptions) {
    this.#options = options;
    this.#next = options.backoffBase;
  }

  /** The container was started. */
  started(now: number): void {
    this.#startedAt = now;
  }

  /** The container died: the wait before its next start. Doubles from death to death, unless it had long been well. */
  died(now: number): Duration {
    const { backoffBase, backoffCap, backoffReset } = this.#options;
    if (now - this.#startedAt > backoffReset) this.#next = backoffBase;
    const wait = this.#next;
    this.#next = Math.min(wait * 2, backoffCap) as Duration;
    return wait;
  }

  /** Forgets earlier deaths, as a new machine does. */
  forget(): void {
    this.#next = this.#options.backoffBase;
  }
}
