/**
 * What a CoreDNS Deployment is configured with, and the values of its manifest: kubernetes/kubernetes,
 * cmd/kubeadm/app/phases/addons/dns/manifests.go and cluster/addons/dns/coredns/coredns.yaml.base; plugin defaults from
 * coredns/coredns, plugin/cache, plugin/kubernetes and plugin/health.
 */
import { type Duration, ms, type Prefetch, seconds, type ServeStale, us } from '@brownout/core';
import type { CrashBackoffOptions } from '../api-server/crash-backoff.ts';

/** The cache plugin of a server block. */
export interface DnsCacheOptions {
  /** Entries of successful answers and of denials; 256 shards of 39 each by default. 0 = that kind is not cached. */
  readonly successCapacity: number;
  readonly denialCapacity: number;
  /** TTLs are brought into this range: 5 s to 3,600 s (successes), 5 s to 1,800 s (denials); `cache 30` lowers both caps. */
  readonly minimumTtl: Duration;
  readonly successTtlCap: Duration;
  readonly denialTtlCap: Duration;
  /** How long a SERVFAIL is remembered, at most 5 min; 0 = not at all. */
  readonly servfailTtl: Duration;
  /** Absent: expired is gone. */
  readonly serveStale?: ServeStale;
  /** Absent: nothing is fetched ahead. */
  readonly prefetch?: Prefetch;
}

/** Memory of a CoreDNS process, and what its container may take. */
export interface CoreDnsMemoryOptions {
  readonly limitBytes: number;
  /** Pods and Services whose names are kept; they decide the memory. */
  readonly pods: number;
  readonly services: number;
  /**
   * Memory of a LIST until it is stored and collected, as a multiple of what is stored of it; drawn evenly from this range
   * for each LIST. `{ lowest: 0, highest: 0 }` = a relist costs nothing.
   */
  readonly listFactor: { readonly lowest: number; readonly highest: number };
  /** How long that memory is held. */
  readonly listHold: Duration;
}

/** The kubelet's liveness probe of /health. */
export interface CoreDnsLivenessOptions {
  readonly initialDelay: Duration;
  readonly period: Duration;
  readonly timeout: Duration;
  readonly failureThreshold: number;
}

/** A CoreDNS Deployment. */
export interface CoreDnsOptions {
  readonly replicas: number;
  /** TTL of the records it makes. */
  readonly recordTtl: Duration;
  /** How long a starting process waits for its informers before it serves without them. */
  readonly startupTimeout: Duration;
  /** How often it looks while it waits. */
  readonly startupCheck: Duration;
  /** Cores of one process, CPU of answering one query. */
  readonly cores: number;
  readonly queryCpu: Duration;
  /** Absent: every lookup is answered from the informers' memory (what recent kubeadm configures for cluster names). */
  readonly cache?: DnsCacheOptions;
  /** Absent: memory is no object, mechanisms D1 (by memory) and D2 are off. */
  readonly memory?: CoreDnsMemoryOptions;
  /** Absent: nobody probes, D1 by a failed probe is off. */
  readonly liveness?: CoreDnsLivenessOptions;
  readonly crashBackoff: CrashBackoffOptions;
  /** From a change of readiness to the proxies of all nodes, while the API takes it; and how often it is tried again. */
  readonly readinessDelay: Duration;
  readonly readinessRetry: Duration;
  /** How long a process that is told to stop goes on answering (health's `lameduck`, 5 s in the manifests); absent = not at all. */
  readonly lameduck?: Duration;
  /** Tries of a resolver before a lookup fails, each at any replica. */
  readonly attempts: number;
}

/** `cache 30` as the manifests have it. */
export const manifestCache: DnsCacheOptions = {
  successCapacity: 9_984,
  denialCapacity: 9_984,
  minimumTtl: seconds(5),
  successTtlCap: seconds(30),
  denialTtlCap: seconds(30),
  servfailTtl: seconds(5),
};

/** NodeLocal DNSCache for the cluster zone (kubernetes/dns): success 9984 30, denial 9984 5; no serve_stale by default. */
export const nodeLocalCache: DnsCacheOptions = { ...manifestCache, denialTtlCap: seconds(5) };

/** The probe of the manifests. The period is the kubelet's default. */
export const manifestLiveness: CoreDnsLivenessOptions = {
  initialDelay: seconds(60),
  period: seconds(10),
  timeout: seconds(5),
  failureThreshold: 5,
};

/** Limit of the manifests: 170 Mi. */
export const manifestMemoryLimit: number = 170 * 2 ** 20;

/**
 * Calibrated on one public observation (kubernetes/kubernetes issue 139117): a steady state of 82 MB under a limit of
 * 170 Mi, and 233 of 313 processes killed for memory by the relist after an API server restart, nearly all of them once.
 * 82 MB are 24 MB of process and 58 MB of objects, so the limit is reached by a LIST of 1.66 times its objects beside what
 * is stored, which 74 % of an even spread from 1.3 to 2.7 exceed; a process that starts empty survives in 97 %.
 */
export const observedListFactor: CoreDnsMemoryOptions['listFactor'] = { lowest: 1.3, highest: 2.7 };

/**
 * The Deployment of the manifests without its memory, which needs the size of the cluster: TTL 30 s, 5 s of waiting,
 * `cache 30`; 59 us a query are 33,669 internal queries per second on two cores (coredns/deployment, Scaling_CoreDNS.md).
 * `readinessDelay` is assumed: a status write, the endpoint slice, the proxies. Two attempts are glibc's (resolv.conf(5)).
 */
export const manifestCoreDns: Omit<CoreDnsOptions, 'replicas'> = {
  recordTtl: seconds(30),
  startupTimeout: seconds(5),
  startupCheck: ms(100),
  cores: 2,
  queryCpu: us(59),
  cache: manifestCache,
  liveness: manifestLiveness,
  crashBackoff: { backoffBase: seconds(10), backoffCap: seconds(300), backoffReset: seconds(600) },
  readinessDelay: seconds(2),
  readinessRetry: seconds(10),
  attempts: 2,
};

/** Throws when options make no sense. */
export function checkCoreDnsOptions({ replicas, attempts, memory, queryCpu }: CoreDnsOptions): void {
  if (!(Number.isInteger(replicas) && replicas >= 1)) {
    throw new RangeError(`CoreDNS: replicas must be >= 1, got ${replicas}`);
  }
  if (!(Number.isInteger(attempts) && attempts >= 1)) {
    throw new RangeError(`CoreDNS: attempts must be >= 1, got ${attempts}`);
  }
  if (!(queryCpu > 0)) throw new RangeError(`CoreDNS: queryCpu must be > 0, got ${queryCpu} us`);
  if (memory === undefined) return;
  const { lowest, highest } = memory.listFactor;
  if (!(lowest >= 0 && highest >= lowest)) {
    throw new RangeError(`CoreDNS: expected 0 <= listFactor.lowest <= highest, got ${lowest} and ${highest}`);
  }
}
