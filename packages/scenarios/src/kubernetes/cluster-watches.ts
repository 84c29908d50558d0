/**
 * What the API servers of a whole cluster cache and who watches it: kubelets their pods, the controller manager and the
 * schedulers pods, nodes, Services and EndpointSlices, CoreDNS the types that names are made of.
 *
 * By default the watch of a kubelet for its pods stands for its seven and has their cost, and there is no kube-proxy; see
 * `NodeWatchKind`. Left out: the cached types that hardly change (secrets, config maps, leases for the controllers).
 */
import type { ReflectorOperations } from './client/reflector-options.ts';
import type { ControllerInformers } from './complete-controllers.ts';
import type { ReflectedType } from './controllers/reflector-informers.ts';
import { coreDnsWatches } from './dns/core-dns-operations.ts';
import type { ReflectedOperations } from './dns/reflected-informers.ts';
import type { WorkEstimateRules } from './flow-control/work-estimate.ts';
import type { NodeWatchKind } from './nodes/node-watch-kinds.ts';
import { nodeWatchesOf } from './nodes/node-watch-operations.ts';
import type { NodeWatchOptions } from './nodes/node-watches.ts';
import type { DeclaredOperation } from './requests/operation.ts';
import { measuredCachedType, measuredWatchedType } from './unit-costs/measured-watches.ts';
import { measuredUnitCosts, operationOf } from './unit-costs/unit-costs.ts';
import type { WatchCacheFeatures } from './watch-cache/features.ts';
import type { CachedRead, WatchCacheOptions } from './watch-cache/options.ts';
import type { WatchedTypeParts } from './watch-cache/watched-type.ts';

/** Pods, nodes, services, CSI drivers, runtime classes and one each for the secrets and config maps of its pods. */
const WATCHES_OF_KUBELET = 7;

/** Name of the operation that writes an EndpointSlice. */
export const SLICE_WRITE = 'endpointslice-update';

/** The watches of a cluster. */
export interface ClusterWatches {
  /** To be declared in the table of operations. */
  readonly declared: readonly DeclaredOperation[];
  readonly watchCache: WatchCacheOptions;
  readonly kubelets: ReflectorOperations;
  readonly informers: ControllerInformers;
  readonly coreDns: ReflectedOperations;
  /** Of agents that watch pods. */
  readonly agent?: ReflectorOperations;
  /** Further watches of every node; absent = that of a kubelet's pods stands for them. */
  readonly nodeWatches?: NodeWatchOptions;
}

/** The LISTs of agents that the caches serve, and those that etcd serves in their place while a cache is cold. */
const agentReads: readonly CachedRead[] = [
  ['list-pods-cache-json', 'list-pods-etcd-json'],
  ['list-pods-cache-protobuf', 'list-pods-etcd-protobuf'],
  ['list-own-pods-cache', 'list-own-pods-etcd'],
].map(([operation, fromEtcd]) => ({ operation: operation!, kind: 'list', version: 'any', fromEtcd: fromEtcd! }));

/** The pods that agents watch, and how they are encoded. */
interface AgentWatch {
  readonly isOfOwnNode: boolean;
  readonly encoding: 'json' | 'protobuf';
}

/** What the informers of agents send. */
function agentPods(features: WatchCacheFeatures, nodes: number, agent: AgentWatch): WatchedTypeParts {
  return measuredWatchedType({
    features,
    name: 'agent-pods',
    resource: 'pods',
    encoding: agent.encoding,
    ...(agent.isOfOwnNode ? { matching: 1 / Math.max(1, nodes) } : {}),
  });
}

/** Caches and watches of a cluster of so many nodes. */
export function clusterWatches(options: {
  readonly features: WatchCacheFeatures;
  readonly nodes: number;
  readonly writeEstimate?: WorkEstimateRules;
  readonly initializationTimeout?: WatchCacheOptions['initializationTimeout'];
  /** Agents that watch the pods of all nodes or of their own; default none. */
  readonly agent?: AgentWatch;
  /** Default `pods`. */
  readonly nodeWatches?: NodeWatchKind | undefined;
}): ClusterWatches {
  const { features, nodes, writeEstimate, initializationTimeout, agent, nodeWatches = 'pods' } = options;
  const onNodes = nodeWatchesOf(nodeWatches, features, nodes);
  const types = [measuredCachedType('pods', true), measuredCachedType('nodes', true)];
  const dns = coreDnsWatches(features);
  const kubelets = measuredWatchedType({
    features,
    name: 'kubelet-pods',
    resource: 'pods',
    matching: 1 / Math.max(1, nodes),
    watches: onNodes === undefined ? WATCHES_OF_KUBELET : 1,
  });
  const pods = measuredWatchedType({ features, name: 'informer-pods', resource: 'pods' });
  const nodeObjects = measuredWatchedType({ features, name: 'informer-nodes', resource: 'nodes' });
  const agents = agent && agentPods(features, nodes, agent);
  const watched = [kubelets, pods, nodeObjects, ...(agents === undefined ? [] : [agents])];
  const scheduler: readonly ReflectedType[] = [
    { resource: 'pods', operations: pods.operations },
    { resource: 'nodes', operations: nodeObjects.operations },
  ];
  return {
    declared: [
      ...[...types, ...watched].flatMap((parts) => parts.declared),
      ...dns.declared,
      ...(onNodes?.declared ?? []),
      operationOf(SLICE_WRITE, { verb: 'update', resource: 'endpointslices' }),
    ],
    watchCache: {
      features,
      types: [...types.map(({ type }) => type), ...dns.types, ...(onNodes?.types ?? [])],
      reads: [...agentReads, ...watched.flatMap(({ reads }) => reads), ...dns.reads, ...(onNodes?.reads ?? [])],
      bookmarkCpu: measuredUnitCosts.bareRequest,
      ...(writeEstimate === undefined ? {} : { writeEstimate }),
      ...(initializationTimeout === undefined ? {} : { initializationTimeout }),
    },
    kubelets: kubelets.operations,
    informers: {
      scheduler,
      manager: [
        ...scheduler,
        { resource: 'services', operations: dns.operations.services },
        { resource: 'endpointslices', operations: dns.operations.endpointslices },
      ],
    },
    coreDns: dns.operations,
    ...(agents === undefined ? {} : { agent: agents.operations }),
    ...(onNodes === undefined ? {} : { nodeWatches: onNodes.watches }),
  };
}
