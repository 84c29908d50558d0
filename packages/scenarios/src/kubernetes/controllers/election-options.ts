/** Options of leader election, with client-go's rules for them. */
import { type Duration, seconds } from '@brownout/core';
import type { CrashBackoffOptions } from '../api-server/crash-backoff.ts';

/** Timings of leader election and of the process; component-base's defaults are 15 s, 10 s and 2 s. */
export interface LeaderElectionOptions {
  /** `--leader-elect-lease-duration`. */
  readonly leaseDuration: Duration;
  /** `--leader-elect-renew-deadline`. */
  readonly renewDeadline: Duration;
  /** `--leader-elect-retry-period`. */
  readonly retryPeriod: Duration;
  /** Replicas of the component; default 1. */
  readonly candidates?: number;
  /** Whether the holder writes without reading first: true since 1.30 (default), false before. */
  readonly renewsOptimistically?: boolean;
  /**
   * Whether a process fills its informers before it takes part, as kube-scheduler does, and works as soon as it has won;
   * default false: it fills them when it has won, as kube-controller-manager does.
   */
  readonly informersFirst?: boolean;
  /** How its kubelet starts a dead process again; default after 1 s, then 10 s, doubling to 300 s, forgotten after 600 s. */
  readonly restart?: CrashBackoffOptions;
  /** From exec to the first attempt; default 2 s (assumed). */
  readonly startTime?: Duration;
  /** API server that candidate i is bound to (kubeadm: the one on its own machine); default through the balancer. */
  readonly pinnedServers?: readonly number[];
}

/** Added to the wait of a candidate, as a share of the retry period (JitterFactor). */
export const ACQUIRE_JITTER = 1.2;
const usualRestart: CrashBackoffOptions = {
  backoffBase: seconds(10),
  backoffCap: seconds(300),
  backoffReset: seconds(600),
};

/** The options with their defaults. Throws RangeError where client-go refuses them (NewLeaderElector). */
export function checkedElection(name: string, options: LeaderElectionOptions): Required<LeaderElectionOptions> {
  const { leaseDuration, renewDeadline, retryPeriod, candidates = 1 } = options;
  if (!(leaseDuration > renewDeadline)) {
    throw new RangeError(
      `leader election "${name}": leaseDuration must be > renewDeadline, got ${leaseDuration} us and ${renewDeadline} us`,
    );
  }
  if (!(renewDeadline > retryPeriod * ACQUIRE_JITTER)) {
    throw new RangeError(
      `leader election "${name}": renewDeadline must be > retryPeriod x ${ACQUIRE_JITTER}, ` +
        `got ${renewDeadline} us and ${retryPeriod} us`,
    );
  }
  if (!Number.isInteger(candidates) || candidates < 1) {
    throw new RangeError(`leader election "${name}": candidates must be a whole number >= 1, got ${candidates}`);
  }
  return {
    renewsOptimistically: true,
    informersFirst: false,
    startTime: seconds(2),
    restart: usualRestart,
    pinnedServers: [],
    ...options,
    candidates,
  };
}
