/**
 * The operations of a type that is watched, made from its costs: filling a cache with it, and what the reflectors of one
 * kind of client send. A control plane needs them declared in its table of operations, and named to its watch cache.
 */
import type { ReflectorOperations } from '../client/reflector-options.ts';
import { expiredPage } from '../requests/expired-page.ts';
import type { Cost, DeclaredOperation, ListSelector, OperationCosts } from '../requests/operation.ts';
import type { FanOutCosts } from './fan-out.ts';
import type { WatchCacheFeatures } from './features.ts';
import type { CachedRead, CachedType } from './options.ts';

/** Objects in one page of a filling (apiserver, storage/cacher/cacher.go). */
const PAGE = 10_000;

/** A cached type and the operation that fills it. */
export interface CachedTypeParts {
  readonly type: CachedType;
  readonly declared: readonly DeclaredOperation[];
}

/** Declares a type that the API servers cache; `page` are the costs of reading and decoding one page of it. */
export function cachedType(options: {
  readonly resource: string;
  readonly hasIndex: boolean;
  readonly page: OperationCosts;
  readonly fanOut: FanOutCosts;
  readonly clientBufferEvents?: number;
}): CachedTypeParts {
  const { page: costs, ...type } = options;
  const page = `watch-cache-page-${options.resource}`;
  const definition = { path: 'quorum-read', isList: true, resource: options.resource, limit: PAGE } as const;
  return { type: { ...type, page }, declared: [{ name: page, ...definition, costs }] };
}

/** What the reflectors of one kind of client send, and how it is served. */
export interface WatchedTypeParts {
  readonly operations: ReflectorOperations;
  readonly declared: readonly DeclaredOperation[];
  readonly reads: readonly CachedRead[];
}

/** Costs of a reflector's requests. */
export interface ReflectorCosts {
  readonly listFromCache: OperationCosts;
  /** The same LIST when etcd serves it: one page of it, or all of it. */
  readonly listFromEtcd: OperationCosts;
  /** Setting up a WATCH. */
  readonly watch: OperationCosts;
  /** etcd's CPU for saying which revision is the newest. */
  readonly confirmCpu: Cost;
  /** A WATCH that sends the present state first, of clients that use it. */
  readonly watchList?: OperationCosts;
}

/** One kind of reflector. */
export interface WatchedTypeOptions {
  readonly features: WatchCacheFeatures;
  /** Prefix of the operations' names, such as `kubelet-pods`. */
  readonly name: string;
  readonly resource: string;
  readonly selector?: ListSelector;
  readonly matching?: number;
  readonly encoding?: 'json' | 'protobuf';
  /** Objects of a page where etcd serves a LIST; absent = it reads everything at once, for one answer. */
  readonly pageLimit?: number;
  readonly costs: ReflectorCosts;
}

/** Declares its operations. */
export function watchedType(options: WatchedTypeOptions): WatchedTypeParts {
  const {
    features,
    name,
    resource,
    selector = 'none',
    matching = 1,
    encoding = 'protobuf',
    costs,
    pageLimit,
  } = options;
  const shape = { resource, selector, matching, encoding };
  const confirmed = { ...costs.listFromCache, etcdCpu: costs.confirmCpu };
  const list = (suffix: string, path: 'cache' | 'quorum-read', listCosts: OperationCosts): DeclaredOperation => ({
    name: `${name}-${suffix}`,
    path,
    isList: true,
    ...shape,
    costs: listCosts,
  });
  const watchOf = (suffix: string, path: 'cache' | 'quorum-read', watchCosts: OperationCosts): DeclaredOperation => ({
    ...list(suffix, path, watchCosts),
    isList: suffix !== 'watch',
    estimatedAs: 'cache',
  });
  const turnsPages = pageLimit !== undefined && selector === 'none';
  const paging = pageLimit === undefined ? {} : { limit: pageLimit, ...(turnsPages ? {} : { page: 0 }) };
  const newest = (suffix: string): DeclaredOperation => ({
    ...list(suffix, 'quorum-read', confirmed),
    estimatedAs: features.consistentListFromCache ? 'cache' : 'etcd',
  });
  const fromEtcd = { ...list('list-etcd', 'quorum-read', costs.listFromEtcd), ...paging };
  const declared: DeclaredOperation[] = [
    list('list-any', 'cache', costs.listFromCache),
    list('list-seen', 'cache', costs.listFromCache),
    newest('list-newest'),
    fromEtcd,
    ...(turnsPages
      ? [{ ...list('list-page', 'cache', costs.listFromCache), ...paging, estimatedAs: 'etcd' as const }]
      : []),
    ...(turnsPages ? ifGone(list, newest, fromEtcd, options) : []),
    watchOf('watch', 'cache', costs.watch),
  ];
  const reads = readsOf(name, turnsPages);
  const operations = {
    listAny: `${name}-list-any`,
    listSeen: `${name}-list-seen`,
    listNewest: `${name}-list-newest`,
    watch: `${name}-watch`,
    ...(turnsPages ? { pages: pagesOf(name) } : {}),
  };
  if (costs.watchList === undefined) return { operations, declared, reads };
  const watchList = watchOf('watch-list', 'quorum-read', { ...costs.watchList, etcdCpu: costs.confirmCpu });
  return {
    operations: { ...operations, watchList: watchList.name },
    declared: [...declared, watchList],
    reads: [...reads, { operation: watchList.name, kind: 'watch-list', version: 'unset' }],
  };
}

/** What is asked for when the version of a page is gone. */
function ifGone(
  list: (suffix: string, path: 'cache' | 'quorum-read', costs: OperationCosts) => DeclaredOperation,
  newest: (suffix: string) => DeclaredOperation,
  page: DeclaredOperation,
  { name, costs }: WatchedTypeOptions,
): readonly DeclaredOperation[] {
  return [
    expiredPage(page, pagesOf(name).expired),
    list('list-whole-any', 'cache', costs.listFromCache),
    newest('list-whole-newest'),
    list('list-whole-etcd', 'quorum-read', costs.listFromEtcd),
  ];
}

function pagesOf(name: string): NonNullable<ReflectorOperations['pages']> {
  return {
    further: `${name}-list-page`,
    expired: `${name}-list-expired`,
    wholeAny: `${name}-list-whole-any`,
    wholeNewest: `${name}-list-whole-newest`,
  };
}

/** Where its requests are served from; that a version is gone is for etcd to say. */
function readsOf(name: string, turnsPages: boolean): readonly CachedRead[] {
  const fromEtcd = `${name}-list-etcd`;
  const { further, wholeAny, wholeNewest } = pagesOf(name);
  const whole = { kind: 'list', hasLimit: false, fromEtcd: `${name}-list-whole-etcd` } as const;
  const inPages: readonly CachedRead[] = [
    { operation: further, kind: 'list', version: 'continue', fromEtcd },
    { operation: wholeAny, version: 'any', ...whole },
    { operation: wholeNewest, version: 'unset', ...whole },
  ];
  return [
    { operation: `${name}-list-any`, kind: 'list', version: 'any', hasLimit: true, fromEtcd },
    { operation: `${name}-list-seen`, kind: 'list', version: 'at-least', hasLimit: false, fromEtcd },
    { operation: `${name}-list-newest`, kind: 'list', version: 'unset', hasLimit: true, fromEtcd },
    { operation: `${name}-watch`, kind: 'watch', version: 'at-least' },
    ...(turnsPages ? inPages : []),
  ];
}
