/** What a watch cache is told: its release, the types it holds, the reads that go through it, and its costs. */
import { seconds } from '@brownout/core';
import type { Duration } from '@brownout/core';
import type { WorkEstimateRules } from '../flow-control/work-estimate.ts';
import type { FanOutCosts } from './fan-out.ts';
import type { WatchCacheFeatures } from './features.ts';
import type { AskedVersion } from './read-source.ts';

/** One type whose objects every API server holds in memory. */
export interface CachedType {
  /** Upstream plural name. */
  readonly resource: string;
  /**
   * Name of the operation that reads one page of it from etcd when the cache is filled: a `quorum-read` with a limit of
   * 10,000 objects, whose API server cost is decoding them.
   */
  readonly page: string;
  /**
   * Whether watchers may select by an index: pods by `spec.nodeName`; nodes, secrets and config maps by `metadata.name`
   * (pkg/registry/core). The subject of a write is the value of the index: the node, or the object itself.
   */
  readonly hasIndex: boolean;
  readonly fanOut: FanOutCosts;
  /**
   * Events that the client's side and the connection take before a client that does not read blocks its stream: with a
   * window of 4 MiB a stream (Go's HTTP/2 client) about 800 pods of 5 kB. Default 0.
   */
  readonly clientBufferEvents?: number;
}

/** Kinds of reads. */
export type ReadKind = 'list' | 'watch' | 'watch-list' | 'get';

/** An operation that is served through the watch cache. */
export interface CachedRead {
  /** Name of the operation, with the costs it has when the cache serves it. */
  readonly operation: string;
  /** A `watch-list` is a WATCH that sends the present state first: confirmed by etcd, and refused by a cold cache. */
  readonly kind: ReadKind;
  readonly version: AskedVersion;
  /**
   * LIST only: whether it names a limit; default as the operation. The first LIST of a reflector names one that the cache
   * ignores, but a cold cache looks at it.
   */
  readonly hasLimit?: boolean;
  /** Name of the operation with the costs it has when etcd serves it; absent = the same. */
  readonly fromEtcd?: string;
}

/** The watch caches of a control plane. */
export interface WatchCacheOptions {
  readonly features: WatchCacheFeatures;
  readonly types: readonly CachedType[];
  readonly reads: readonly CachedRead[];
  /**
   * Memory that one open watch holds at its server: goroutines, buffers, its stream. Default 0: the baseline formula of the
   * server has it.
   */
  readonly bytesPerWatch?: number;
  /**
   * Seat rule of the release for writes: those in which ten watchers or more take an interest keep seats after their answer
   * (apiserver, flowcontrol/request/mutating_work_estimator.go). Absent = they keep none.
   */
  readonly writeEstimate?: WorkEstimateRules;
  /** CPU of one bookmark, in core-microseconds. */
  readonly bookmarkCpu: number;
  /**
   * How often etcd tells an idle watch how far it has come (`--watch-progress-notify-interval`): 10 min by itself, 5 s
   * as kubeadm starts it (kubeadm, app/phases/etcd/local.go). Default 5 s.
   */
  readonly progressInterval?: Duration;
  /** From a commit until the caches have its event: about 10 ms when healthy (etcd, api_guarantees). Default 10 ms. */
  readonly deliveryDelay?: Duration;
  /** Readiness waits for cold caches no longer than this (`--storage-initialization-timeout`). Default 60 s. */
  readonly initializationTimeout?: Duration;
}

/** A filling that failed is tried again after this long, from the first page (apiserver, storage/cacher/cacher.go). */
export const FILL_RETRY: Duration = seconds(1);
/**
 * The caches watch etcd and repeat that while it has no leader, but not for longer than this: then every watcher is dropped
 * and the caches are filled anew (apiserver, storage/cacher/cacher.go, `MaxInternalErrorRetryDuration`).
 */
export const LEADERLESS_PATIENCE: Duration = seconds(30);
/** A read that asks for a version the cache does not have waits no longer than this (watch_cache.go, `blockTimeout`). */
export const FRESH_WAIT: Duration = seconds(3);
/** And is told to come back after so many seconds. */
export const TOO_LARGE_RETRY_AFTER = 1;
/** Bookmarks come this often, and so long before a watch times out (cacher.go, cache_watcher.go). */
export const BOOKMARK_INTERVAL: Duration = seconds(60);
export const LAST_BOOKMARK: Duration = seconds(2);
