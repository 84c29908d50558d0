/** What the data plane of a cluster is made of; the document's section `dataPlane` sets it. */
import type { Duration, Stream } from '@brownout/core';
import type { DoublingBackoff } from '../kubernetes/client/backoff.ts';

/** A length of time that is drawn anew each time. */
export interface RandomTime {
  mean(): Duration;
  sample(stream: Stream): Duration;
}

/** Shape of the calls that one request makes on its way. */
export interface CallGraphOptions {
  /** Services that one service calls for a request at most, >= 1; 1 = a chain. */
  readonly fanOut: number;
  /** Exponent of the Zipf law by which names are drawn for products; 0 = all alike. */
  readonly popularity: number;
  /** How often a call that failed is repeated on an instance drawn anew. */
  readonly retries: number;
  /** Time that one call takes at its service, of sampled requests. */
  readonly callTime: Duration;
}

/** Connections that a caller holds open to one service. */
export interface PoolOptions {
  /** Connections for each caller and service, >= 1. */
  readonly connections: number;
  /** How long a connection lives; its name is looked up again when it ends. */
  readonly lifetime: RandomTime;
  /** How long a caller waits for an address where nobody answers any more. */
  readonly connectTimeout: Duration;
}

/** How callers look names up. */
export interface LookupOptions {
  /** How long one query waits, and how many are sent before the lookup fails. */
  readonly timeout: Duration;
  readonly attempts: number;
  /** Wait between a lookup that failed and the next, doubling with jitter. */
  readonly backoff: DoublingBackoff;
  /** How long the runtime of a caller remembers an address itself; 0 = not at all. */
  readonly cacheTtl: Duration;
  /** Share of services whose runtime does so. */
  readonly cacheShare: number;
}

/** How often pods go, each kind per pod and day. */
export interface ChurnOptions {
  /** Replaced through the API: does not happen while the API is down. */
  readonly deploymentsPerDay: number;
  /** Lost with their node or evicted by their kubelet, API or not; the replacement needs the API. */
  readonly lossesPerDay: number;
  /** Containers that die and are started again by their kubelet. */
  readonly crashesPerDay: number;
}

/** The limit that all downloads of a cluster share. */
export interface DownloadOptions {
  /** What each start needs. */
  readonly bytes: number;
  /** What all starting instances of the cluster get together, bytes per second. */
  readonly bytesPerSecond: number;
  /** What one gets at most, bytes per second. */
  readonly bytesPerSecondEach: number;
  /** A download that takes longer begins again, and what came is thrown away. */
  readonly timeout: Duration;
  /** Downloads at once; Infinity = no limit. */
  readonly concurrent: number;
  /** Share of the bytes that still comes through the limit when caches were warmed. */
  readonly warmShare: number;
}

/** What happens between the start of an instance and its first request. */
export interface StartUpOptions {
  /** An instance that cannot reach what it needs for this long exits; `forever` = it waits on. */
  readonly exitAfter: Duration;
  /** The kubelet's back-off from a container's second death in a row on, and the life after which it forgets. */
  readonly crashBackoff: DoublingBackoff;
  readonly crashBackoffReset: Duration;
  /** Absent: nothing is downloaded. */
  readonly download?: DownloadOptions;
}

/** The data plane of every cluster. */
export interface DataPlaneOptions {
  readonly callGraph: CallGraphOptions;
  readonly pools: PoolOptions;
  readonly resolver: LookupOptions;
  readonly churn: ChurnOptions;
  readonly startUp: StartUpOptions;
  /** Instances of each service; absent = the pods of the cluster over its services. */
  readonly replicas?: number;
  /** Requests of each product, over all clusters, that are carried through as individual events each second. */
  readonly samplesPerSecond: number;
  /** Mean time in which traffic follows a change of weights; 0 = at once. */
  readonly steeringTime: Duration;
}
