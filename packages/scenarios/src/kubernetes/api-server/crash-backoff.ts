/** The kubelet's crash back-off: how long a container that died waits to be started again. */
import { type Duration, realZero, type Stream } from '@brownout/core';
import { waitAfterDeath } from '../client/backoff.ts';

/** The kubelet looks at a pod that waits again after its period and up to half of it more (documented: pod_workers.go, `workerBackOffPeriodJitterFactor`). */
const SYNC_JITTER = 0.5;

/** Wait of the second death in a row, its cap, and the clean time after which all is forgotten; 10 s, 5 min and 10 min upstream. */
export interface CrashBackoffOptions {
  /** Wait of the first death, which upstream is no back-off; default one second, until the kubelet sees that it died. */
  readonly firstWait?: Duration;
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
  #deaths = 0;
  #startedAt = realZero;

  constructor(options: CrashBackoffOptions) {
    this.#options = options;
  }

  /** The container was started. */
  started(now: number): void {
    this.#startedAt = now;
  }

  /** The container died: the wait before its next start, which grows from death to death unless it had long been well. */
  died(now: number): Duration {
    const { firstWait, backoffBase, backoffCap, backoffReset } = this.#options;
    if (now - this.#startedAt > backoffReset) this.forget();
    return waitAfterDeath(this.#deaths++, { first: backoffBase, longest: backoffCap }, firstWait);
  }

  /** The same, as a kubelet that looks only now and then whether a back-off is over has it; its looks begin with the death. */
  diedUnnoticed(now: number, looks: Stream): Duration {
    const wait = this.died(now);
    const { syncPeriod } = this.#options;
    if (syncPeriod === undefined || this.#deaths === 1) return wait;
    let looked = 0;
    while (looked < wait) looked += Math.ceil(syncPeriod * (1 + SYNC_JITTER * looks.uniform()));
    return looked as Duration;
  }

  /** Forgets earlier deaths, as a new machine does. */
  forget(): void {
    this.#deaths = 0;
  }
}
