/**
 * Where a read is served from: watch cache, etcd, or neither yet. Pure functions of the request, the release and the
 * state of the cache, as the delegator in front of the cache decides (apiserver, storage/cacher/delegator.go; for
 * releases up to 1.32 storage/cacher/cacher.go).
 */
import type { WatchCacheFeatures } from './features.ts';

/** The resource version a read asks for. */
export type AskedVersion =
  /** None: the most recent state. */
  | 'unset'
  /** "0": any state will do. */
  | 'any'
  /** A version, or anything newer. */
  | 'at-least'
  /** This very version (`resourceVersionMatch=Exact`). */
  | 'exact'
  /** A further page: the version is in its continue token. */
  | 'continue';

/** A LIST as far as its source depends on it. */
export interface ListRequest {
  readonly version: AskedVersion;
  readonly hasLimit: boolean;
  readonly hasSelector: boolean;
}

/** `confirmed-cache` = from the cache, once it has caught up with a revision that etcd confirmed by a quorum. */
export type ListSource = 'cache' | 'confirmed-cache' | 'snapshot' | 'etcd';

/** What a cold cache does with a request that would have been served from it. */
export type ColdAnswer = 'etcd' | 'hang' | 'refuse';

/** Source of a LIST when the cache of its type is ready. A `snapshot` that is gone is read from etcd instead. */
export function listSource({ version, hasLimit }: ListRequest, features: WatchCacheFeatures): ListSource {
  // A limit with a version other than "0" counts as an exact match, which is older than `resourceVersionMatch` itself.
  const isExact = version === 'exact' || version === 'continue' || (version === 'at-least' && hasLimit);
  if (isExact) return features.listFromCacheSnapshot ? 'snapshot' : 'etcd';
  if (version === 'unset') return features.consistentListFromCache ? 'confirmed-cache' : 'etcd';
  return 'cache';
}

/** What becomes of a LIST that is not for etcd anyway, while the cache is cold (KEP-4568). */
export function coldListAnswer(request: ListRequest, features: WatchCacheFeatures): ColdAnswer {
  if (!features.resilientInitialization) return request.version === 'any' ? 'etcd' : 'hang';
  return request.hasLimit && !request.hasSelector ? 'etcd' : 'refuse';
}

/** What becomes of a WATCH while the cache is cold: up to 1.30 it hangs, and holds its seat. */
export function coldWatchAnswer(features: WatchCacheFeatures): ColdAnswer {
  return features.resilientInitialization ? 'refuse' : 'hang';
}

/** What becomes of a GET: without a version it is always etcd's; a cold cache leaves the others to etcd as well. */
export function getSource(version: AskedVersion, isReady: boolean, features: WatchCacheFeatures): 'cache' | ColdAnswer {
  if (version === 'unset') return 'etcd';
  if (isReady) return 'cache';
  return features.resilientInitialization || version === 'any' ? 'etcd' : 'hang';
}

/** Retry-After of a cold cache in seconds, by the seconds it has been cold (apiserver, storage/cacher/util.go). */
export function coldRetryAfter(secondsCold: number, features: WatchCacheFeatures): number {
  if (features.coldRetryAfter === 'one-second') return 1;
  return Math.floor(Math.min(30, Math.max(1, Math.exp(0.06 * secondsCold))));
}
