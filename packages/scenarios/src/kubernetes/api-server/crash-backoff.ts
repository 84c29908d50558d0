/** The kubelet's crash back-off: how long a container that died waits to be started again. */
import { type Duration, realZero, type Stream } from '@brownout/core';

/** The kubelet looks at a pod that waits again after its period and up to half of it more (documented: pod_workers.go, `workerBackOffPeriodJitterFactor`). */
const SYNC_JITTER = 0.5;

/** First wait, its cap, and the clean time after which it starts over; 10 s, 5 min and 10 min upstream. */
export interface CrashBackoffOptions {
  readonly backoffBase: Duration;
  readonly backoffCap: Duration;
  readonly backoffReset: Duration;
  /**
   * How often the kubelet looks whether the back-off is over, at least (10 s upstream: kubelet.go, `backOffPeriod`), so that
   * containers that died together are not started together. Default: it starts the container the moment it is over.
   */
  readonly syncPeriod?: Duration | undefined;
}

/** The back-off of one container. */
export class CrashBackoff {
  readonly #options: CrashBackoffOptions;
  #next: Duration;
  #startedAt = realZero;

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

  /** The same, as a kubelet that looks only now and then has it; its looks begin with the death. */
  diedUnnoticed(now: number, looks: Stream): Duration {
    const wait = this.died(now);
    const { syncPeriod } = this.#options;
    if (syncPeriod === undefined) return wait;
    let looked = 0;
    while (looked < wait) looked += Math.ceil(syncPeriod * (1 + SYNC_JITTER * looks.uniform()));
    return looked as Duration;
  }

  /** Forgets earlier deaths, as a new machine does. */
  forget(): void {
    this.#next = this.#options.backoffBase;
  }
}
