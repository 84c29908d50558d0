/** What the informers of CoreDNS ask the API for, as declared operations with costs, and the objects they ask for. */
import type { DeclaredOperation, OperationTable, StoredType } from '../requests/operation.ts';
import { informedResources, type InformedResource, type InformerOperations } from './name-informer.ts';

/** CPU of a watch being opened: what a GET costs, as measured (0.70 ms); assumed to be alike. */
const WATCH_CPU = 700;
/** A LIST in protobuf from the watch cache: 0.3 ms, and 18 to 22 us a pod of 3.6 kB as measured; by size for other types. */
const LIST_CPU = 300;
const LIST_CPU_PER_BYTE = 20 / 3_600;
/** Memory held per byte returned from the cache, as measured in bursts of LISTs. */
const LIST_MEMORY_PER_BYTE = 2.4;

const free = { evaluate: (): number => 0 };

/** The operations to declare in a cluster's table. CoreDNS asks for protobuf (plugin/kubernetes, kubernetes.go). */
export const coreDnsOperations: readonly DeclaredOperation[] = [
  ...informedResources.map(
    (resource): DeclaredOperation => ({
      name: listName(resource),
      path: 'cache',
      isList: true,
      resource,
      costs: {
        apiServerCpu: {
          evaluate: ({ returned = 0, storedBytes = 0 }) => LIST_CPU + LIST_CPU_PER_BYTE * returned * storedBytes,
        },
        etcdCpu: free,
        apiServerMemory: {
          evaluate: ({ returned = 0, storedBytes = 0 }) => LIST_MEMORY_PER_BYTE * returned * storedBytes,
        },
        etcdMemory: free,
      },
    }),
  ),
  {
    name: 'coredns-watch',
    path: 'cache',
    isList: false,
    costs: { apiServerCpu: { evaluate: () => WATCH_CPU }, etcdCpu: free, apiServerMemory: free, etcdMemory: free },
  },
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
