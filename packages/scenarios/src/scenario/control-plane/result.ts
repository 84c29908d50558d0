/** What a control plane under declared load did: plain data, phase by phase, one row per kind of client. */

/** Latencies of the attempts that ended well in a phase, in milliseconds; null when there were none. */
export interface Latency {
  readonly p50: number | null;
  readonly p90: number | null;
  readonly p99: number | null;
  readonly max: number | null;
}

/** One kind of client in one phase. Everything counts in the phase in which it happens. */
export interface ClientResult {
  readonly name: string;
  /** Requests that clients wanted to make, without repetitions. */
  readonly offered: number;
  /** Attempts sent. */
  readonly sent: number;
  /** Attempts that ended well. */
  readonly completed: number;
  /** Completed per second. */
  readonly goodput: number;
  /** Attempts refused by the server, by status; only those that occurred. */
  readonly rejected: Readonly<Record<string, number>>;
  /**
   * Attempts that flow control turned away, by why: `queue-full`, `time-out` (in the queue), `concurrency-limit` (no queue) or
   * `max-inflight`; only those that occurred. Their clients hear of it as `too-many-requests`.
   */
  readonly turnedAway: Readonly<Record<string, number>>;
  /** Attempts whose client gave up. */
  readonly timedOut: number;
  /** Attempts that still wait at the end of the phase. */
  readonly waiting: number;
  readonly latency: Latency;
  /** How often each Retry-After was named, by seconds. */
  readonly retryAfter: Readonly<Record<string, number>>;
}

/** The leases of the nodes in one phase. */
export interface LeaseResult {
  /** Oldest that any lease became, in seconds. */
  readonly oldestAgeSeconds: number;
  /** Nodes whose lease was older than 20 s, and than 40 s, at some time. */
  readonly staleFor20Seconds: number;
  readonly staleFor40Seconds: number;
}

/** Clients that watch, in one phase. */
export interface WatchersResult {
  readonly name: string;
  readonly lists: number;
  /** Requests for a watch. */
  readonly watches: number;
  /** Streams that ended. */
  readonly ended: number;
  /** Versions found too old: 410. */
  readonly expired: number;
  /** Clients whose stream is open at the end of the phase. */
  readonly streaming: number;
}

/** One phase of one run. */
export interface PhaseResult {
  readonly name: string;
  readonly seconds: number;
  readonly clients: readonly ClientResult[];
  /** Null when the document has no leases. */
  readonly leases: LeaseResult | null;
  readonly watchers: readonly WatchersResult[];
  /** Cores used on average, background included. */
  readonly apiServerCores: number;
  readonly etcdCores: number;
  /** Highest resident memory of one process up to the end of the phase, in bytes: it is not given back. */
  readonly apiServerPeakBytes: number;
  readonly etcdPeakBytes: number;
  readonly apiServerKills: number;
}

/** One replication. */
export interface ControlPlaneRun {
  /** Factor by which measured CPU costs were multiplied. */
  readonly costFactor: number;
  readonly phases: readonly PhaseResult[];
  readonly eventCount: number;
}

/** All replications of a document. */
export interface ControlPlaneResult {
  readonly schema: 'brownout/control-plane-result@1';
  readonly scenario: string;
  readonly title: string;
  readonly documentHash: string;
  readonly engineVersion: string;
  readonly seed: string;
  readonly replications: number;
  readonly runs: readonly ControlPlaneRun[];
}

/** One measure over all replications; `lo` to `hi` is a 95 % interval of the mean, null below two values. */
export interface Spread {
  readonly median: number;
  readonly mean: number;
  readonly lo: number | null;
  readonly hi: number | null;
  readonly q05: number;
  readonly q95: number;
  /** Replications in which the measure has a value. */
  readonly n: number;
}
