/** What the informers of CoreDNS ask the API for, as declared operations with costs, and the objects they ask for. */
import type { DeclaredOperation, OperationTable, StoredType } from '../requests/operation.ts';
import { measuredCachedType, measuredWatchedType } from '../unit-costs/measured-watches.ts';
import { operationOf } from '../unit-costs/unit-costs.ts';
import type { WatchCacheFeatures } from '../watch-cache/features.ts';
import type { CachedRead, CachedType } from '../watch-cache/options.ts';
import { informedResources, type InformedResource, type InformerOperations } from './informer-set.ts';
import type { ReflectedOperations } from './reflected-informers.ts';

/** Setting a watch up costs what a GET from the cache does (assumed). */
const WATCH = { verb: 'get', resourceVersion: '0' } as const;
/** CoreDNS asks for protobuf (plugin/kubernetes, kubernetes.go). */
const LIST = { verb: 'list', encoding: 'protobuf' } as const;

/** The operations to declare where API servers have no watch caches. */
export const coreDnsOperations: readonly DeclaredOperation[] = [
  ...informedResources.map((resource) => operationOf(listName(resource), { ...LIST, resource, resourceVersion: '0' })),
  operationOf('coredns-watch', { ...WATCH, resource: 'services' }),
];

/** Their numbers in a table that declares them. */
export function coreDnsOperationNumbers(table: OperationTable): InformerOperations {
  return {
    list: {
      services: table.number(listName('services')),
      endpointslices: table.number(listName('endpointslices')),
      namespaces: table.number(listName('namespaces')),
    },
    watch: table.number('coredns-watch'),
  };
}

/** What control planes with watch caches need so that CoreDNS can watch. */
export interface CoreDnsWatches {
  /** To be declared in the table of operations. */
  readonly declared: readonly DeclaredOperation[];
  /** To be added to the types and reads of the watch cache. */
  readonly types: readonly CachedType[];
  readonly reads: readonly CachedRead[];
  /** What the informers send. */
  readonly operations: ReflectedOperations;
}

/** Caches, reads and operations of the three types under a release's feature gates. */
export function coreDnsWatches(features: WatchCacheFeatures): CoreDnsWatches {
  const cached = informedResources.map((resource) => measuredCachedType(resource, false));
  const watched = informedResources.map((resource) =>
    measuredWatchedType({ features, name: `coredns-${resource}`, resource }),
  );
  const [services, endpointslices, namespaces] = watched.map(({ operations }) => operations);
  return {
    declared: [...cached, ...watched].flatMap(({ declared }) => declared),
    types: cached.map(({ type }) => type),
    reads: watched.flatMap(({ reads }) => reads),
    operations: { services: services!, endpointslices: endpointslices!, namespaces: namespaces! },
  };
}

/**
 * The stored objects behind the names, for `ClusterSize.stored`: at least one EndpointSlice a Service and one for every 100
 * pods behind it (upstream's slice size). Sizes are assumed: 1 kB a Service and a Namespace, 150 B an endpoint in protobuf.
 */
export function coreDnsObjects(size: {
  readonly pods: number;
  readonly services: number;
  readonly namespaces: number;
}): Readonly<Record<InformedResource, StoredType>> {
  const slices = size.services + Math.floor(size.pods / 100);
  const sliceBytes = slices === 0 ? 0 : 500 + (150 * size.pods) / slices;
  return {
    services: { count: size.services, jsonBytes: 1_500, storedBytes: 1_000 },
    endpointslices: { count: slices, jsonBytes: 2 * sliceBytes, storedBytes: sliceBytes },
    namespaces: { count: size.namespaces, jsonBytes: 1_000, storedBytes: 700 },
  };
}

function listName(resource: InformedResource): string {
  return `coredns-list-${resource}`;
}
