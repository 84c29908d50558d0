/** Watched types with costs from the measured unit costs: filling a cache, telling its watchers, what reflectors send. */
import { PAGE_LIMIT } from '../client/list-pages.ts';
import type { OperationCosts } from '../requests/operation.ts';
import type { WatchCacheFeatures } from '../watch-cache/features.ts';
import { cachedType, type CachedTypeParts, watchedType, type WatchedTypeParts } from '../watch-cache/watched-type.ts';
import { measuredUnitCosts, operationOf, type RequestForm } from './unit-costs.ts';

/** Handing an event to one watcher costs half a bare request (assumed), in core-microseconds. */
export const SEND_CPU: number = 0.5 * measuredUnitCosts.bareRequest;

/** A type that the API servers cache. */
export function measuredCachedType(resource: string, hasIndex: boolean): CachedTypeParts {
  const { decode: decodeCpu, encodeProtobuf: encodeCpu } = measuredUnitCosts;
  return cachedType({
    resource,
    hasIndex,
    page: pageCosts(resource),
    fanOut: { decodeCpu, encodeCpu, sendCpu: SEND_CPU },
  });
}

/** What one kind of reflector sends for a type. */
export function measuredWatchedType(options: {
  readonly features: WatchCacheFeatures;
  /** Prefix of the operations' names. */
  readonly name: string;
  readonly resource: string;
  /** Selects the objects of one value of the index, this share of them; absent = all objects. */
  readonly matching?: number;
  /** Default protobuf. */
  readonly encoding?: 'json' | 'protobuf';
  /** Watches that one WATCH stands for; default 1. */
  readonly watches?: number;
}): WatchedTypeParts {
  const { features, name, resource, matching, encoding = 'protobuf', watches = 1 } = options;
  const selected = matching === undefined ? {} : ({ selector: 'indexed', matching } as const);
  const list: RequestForm = { verb: 'list', encoding, resource, ...selected };
  const listFromCache = operationOf(name, { ...list, resourceVersion: '0' }).costs;
  const { costs: get } = operationOf(name, { verb: 'get', resource, resourceVersion: '0' });
  return watchedType({
    features,
    name,
    resource,
    encoding,
    ...selected,
    pageLimit: PAGE_LIMIT,
    costs: {
      listFromCache,
      listFromEtcd: operationOf(name, list).costs,
      // Setting a watch up costs what a GET from the cache does (assumed).
      watch: { ...get, apiServerCpu: { evaluate: (values) => watches * get.apiServerCpu.evaluate(values) } },
      confirmCpu: { evaluate: () => measuredUnitCosts.getInEtcd },
      ...(features.watchListClient ? { watchList: listFromCache } : {}),
    },
  });
}

/** Reading and decoding a page without encoding it: a LIST that returns nothing. */
function pageCosts(resource: string): OperationCosts {
  const { costs } = operationOf('page', { verb: 'list', encoding: 'protobuf', resource });
  const unanswered = (cost: OperationCosts['apiServerCpu']): OperationCosts['apiServerCpu'] => ({
    evaluate: (values) => cost.evaluate({ ...values, returned: 0 }),
  });
  return {
    ...costs,
    apiServerCpu: unanswered(costs.apiServerCpu),
    apiServerMemory: unanswered(costs.apiServerMemory),
  };
}
