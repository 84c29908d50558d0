/**
 * How many seats the API server believes a request takes. Everything takes one, except lists, which take more with what
 * they read, and writes, which keep seats after the reply while their watch events go out. Source:
 * kubernetes/apiserver, pkg/util/flowcontrol/request, tags kubernetes-1.30.3, 1.33.3 and 1.36.3.
 */
import { type Duration, ms, noTime } from '@brownout/core';
import type { ListShape } from '../requests/operation.ts';

/** How a release estimates. */
export interface WorkEstimateRules {
  /**
   * By `count`: a seat per 100 objects read. By `size`: a seat per 100 kB in memory (gate SizeBasedListCostEstimate).
   */
  readonly listsBy: 'count' | 'size';
  /** Seats of a list at most. */
  readonly listSeatCap: number;
  /** Seats of a write at most. */
  readonly mutatingSeatCap: number;
  /** Whether a list with RV "" and no limit is expected to come from the watch cache (gate ConsistentListFromCache). */
  readonly hasConsistentListFromCache: boolean;
  /** Whether a list that names one object takes one seat whatever the object's size is. */
  readonly namedListTakesOneSeat: boolean;
  /** Whether a watch with RV "" or "0", which begins with all objects, is charged like a list. No client of the models opens one. */
  readonly chargesLegacyWatch: boolean;
}

/** 1.29 to 1.30. In 1.31 to 1.33 only `hasConsistentListFromCache` differs: it is true. */
export const workEstimate2024: WorkEstimateRules = {
  listsBy: 'count',
  listSeatCap: 10,
  mutatingSeatCap: 10,
  hasConsistentListFromCache: false,
  namedListTakesOneSeat: true,
  chargesLegacyWatch: false,
};

/** 1.35 and 1.36. In 1.34 only `chargesLegacyWatch` differs: it is false. */
export const workEstimateCurrent: WorkEstimateRules = {
  listsBy: 'size',
  listSeatCap: 100,
  mutatingSeatCap: 10,
  hasConsistentListFromCache: true,
  namedListTakesOneSeat: false,
  chargesLegacyWatch: true,
};

/** Seats and how long those after the reply are held. */
export interface WorkEstimate {
  readonly seats: number;
  readonly finalSeats: number;
  readonly additionalLatency: Duration;
}

/** The estimate of a GET and of everything else that is neither a list nor a write. */
export const oneSeat: WorkEstimate = { seats: 1, finalSeats: 0, additionalLatency: noTime };

/** Where the estimator believes a list is served from. */
export type ListSource = 'cache' | 'etcd';

/** The query of a list, as far as it decides where the objects come from. */
export interface ListQuery {
  /** '' = the newest state, '0' = any, else a version. */
  readonly resourceVersion: string;
  readonly resourceVersionMatch?: 'Exact' | 'NotOlderThan';
  /** 0 = no limit. */
  readonly limit?: number;
  /** Whether the query continues an earlier page. */
  readonly isContinued?: boolean;
}

/** What a list reads. */
export interface ListWork {
  readonly source: ListSource;
  /** Objects of the type stored, polled from etcd once a minute. `unknown` = the type has none on record. */
  readonly storedObjects: number | 'unknown';
  /** Whether the last poll is more than three minutes old, which it is when etcd does not answer. */
  readonly isStale?: boolean;
  /** 0 = not known, which counts as the largest object etcd takes. */
  readonly averageObjectBytes?: number;
  readonly limit?: number;
  /** Label or field selector, other than the name of one object. */
  readonly hasSelector?: boolean;
  readonly namesOneObject?: boolean;
  /** `requestSeatLimit` of the priority level, default Infinity. */
  readonly levelSeatLimit?: number;
}

const objectsPerSeat = 100;
const bytesPerSeat = 100_000;
/** A list from the cache is written to the client as it is encoded, so it holds no more than this at once. */
const cachedListBytes = 1_000_000;
const largestObjectBytes = 1_500_000;
/** Objects of a type whose count is stale: as many as it takes to reach any cap. */
const staleObjects = 1_000_000_000;
const watchersPerSeat = 10;
const eventTime: Duration = ms(5);

/** Where the estimator believes the list is served from. It does not know of cache snapshots. */
export function listSource(rules: WorkEstimateRules, query: ListQuery): ListSource {
  const { resourceVersion, resourceVersionMatch, limit = 0, isContinued = false } = query;
  if (resourceVersionMatch === 'Exact') return 'etcd';
  if (rules.hasConsistentListFromCache) {
    if (resourceVersionMatch === 'NotOlderThan') return 'cache';
    const isExact = limit > 0 && resourceVersion !== '' && resourceVersion !== '0';
    return isContinued || isExact ? 'etcd' : 'cache';
  }
  return resourceVersion === '' || isContinued || (limit > 0 && resourceVersion !== '0') ? 'etcd' : 'cache';
}

/** Seats of a list, or of a watch that begins with all objects (its `source` is the cache). */
export function listSeats(rules: WorkEstimateRules, work: ListWork): number {
  const cap = Math.min(rules.listSeatCap, work.levelSeatLimit ?? Infinity);
  if (work.storedObjects === 'unknown' && work.isStale !== true) return 1;
  if (work.namesOneObject === true && rules.namedListTakesOneSeat) return 1;
  const seats = rules.listsBy === 'count' ? seatsByCount(work, cap) : seatsBySize(work);
  return Math.max(1, Math.min(cap, seats));
}

/** Seats of a watch. `beginsWithObjects` = it asks for initial events. */
export function watchSeats(
  rules: WorkEstimateRules,
  watch: { readonly beginsWithObjects: boolean; readonly resourceVersion: string },
  work: Omit<ListWork, 'source'>,
): number {
  const isLegacy = watch.resourceVersion === '' || watch.resourceVersion === '0';
  const isCharged = watch.beginsWithObjects || (isLegacy && rules.chargesLegacyWatch);
  return isCharged ? listSeats(rules, { ...work, source: 'cache' }) : 1;
}

/**
 * The estimate of a create, update, patch or delete in whose object `watchers` watches take an interest. Below ten it
 * keeps nothing after the reply. Requests for service-account tokens raise no event: give them `oneSeat`.
 */
export function mutatingEstimate(
  rules: WorkEstimateRules,
  work: { readonly watchers: number; readonly levelSeatLimit?: number },
): WorkEstimate {
  if (work.watchers < watchersPerSeat) return oneSeat;
  const wanted = Math.ceil(work.watchers / watchersPerSeat);
  const finalSeats = Math.min(wanted, rules.mutatingSeatCap, work.levelSeatLimit ?? Infinity);
  return { seats: 1, finalSeats, additionalLatency: Math.round((wanted * eventTime) / finalSeats) as Duration };
}

/** The work estimate of a release, for a table of operations; before the cap of the priority level. */
export function listSeatsBy(rules: WorkEstimateRules): (shape: ListShape) => number {
  return (shape) => listSeats(rules, shape);
}

function seatsByCount(work: ListWork, cap: number): number {
  if (work.isStale === true) return cap;
  const stored = work.storedObjects as number;
  const returned = limited(stored, work.limit);
  if (work.namesOneObject === true) return 1;
  // Even a list that an index makes cheap is charged for all objects of the type.
  if (work.source === 'cache') return Math.ceil(stored / objectsPerSeat);
  return Math.ceil((work.hasSelector === true ? stored + returned : 2 * returned) / objectsPerSeat);
}

function seatsBySize(work: ListWork): number {
  const isStale = work.isStale === true;
  const stored = isStale ? staleObjects : (work.storedObjects as number);
  const known = isStale ? largestObjectBytes : (work.averageObjectBytes ?? 0);
  const objectBytes = known > 0 ? known : largestObjectBytes;
  const bytes = objectsInMemory(work, stored) * objectBytes;
  return Math.ceil((work.source === 'cache' ? Math.min(bytes, cachedListBytes) : bytes) / bytesPerSeat);
}

function objectsInMemory(work: ListWork, stored: number): number {
  if (work.namesOneObject === true) return 1;
  const returned = limited(stored, work.limit);
  if (work.source === 'cache' || work.hasSelector !== true) return returned;
  return Math.max(returned, Math.floor(stored / 2));
}

function limited(stored: number, limit = 0): number {
  return limit > 0 ? Math.min(limit, stored) : stored;
}
