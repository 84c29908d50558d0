/** What the watch cache of a release can do: the feature gates that decide where a read is served from. */

/** Defaults of the feature gates of kube-apiserver that concern its watch cache (apiserver, kube_features.go). */
export interface WatchCacheFeatures {
  /** `ConsistentListFromCache`: a LIST without resource version is served from the cache after one quorum read. */
  readonly consistentListFromCache: boolean;
  /** `ListFromCacheSnapshot`: further pages and exact resource versions are served from snapshots of the cache. */
  readonly listFromCacheSnapshot: boolean;
  /** `ResilientWatchCacheInitialization`: a cold cache answers 429 instead of letting requests hang. */
  readonly resilientInitialization: boolean;
  /** `WatchCacheInitializationPostStartHook`: the server is ready only when its caches are, or after 60 s. */
  readonly readinessWaitsForCaches: boolean;
  /** `WatchList` of the server: a WATCH may ask for the present state first. */
  readonly watchList: boolean;
  /** `WatchListClient` of client-go: reflectors ask for it. */
  readonly watchListClient: boolean;
  /**
   * How long a cold cache tells clients to wait: always 1 s when 429 was new (1.31 and 1.32), growing with the time it
   * has been cold since 1.33 (apiserver, storage/cacher/util.go).
   */
  readonly coldRetryAfter: 'one-second' | 'grows';
}

/** The features of a release of Kubernetes 1.x, by its minor number: 30 for 1.30. */
export function watchCacheFeatures(minor: number): WatchCacheFeatures {
  if (!Number.isInteger(minor) || minor < 27) {
    throw new RangeError(`watch cache: expected the minor number of a release from 1.27 on, got ${minor}`);
  }
  return {
    consistentListFromCache: minor >= 31,
    listFromCacheSnapshot: minor >= 34,
    resilientInitialization: minor >= 31,
    readinessWaitsForCaches: minor >= 36,
    watchList: minor === 32 || minor >= 34,
    watchListClient: minor >= 35,
    coldRetryAfter: minor >= 33 ? 'grows' : 'one-second',
  };
}
