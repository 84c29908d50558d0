/** What the watches of every node ask for, as declared operations with costs, and the types that must be cached for them. */
import type { DeclaredOperation } from '../requests/operation.ts';
import { measuredCachedType, measuredWatchedType } from '../unit-costs/measured-watches.ts';
import type { WatchCacheFeatures } from '../watch-cache/features.ts';
import type { CachedRead, CachedType } from '../watch-cache/options.ts';
import type { NodeWatchKind } from './node-watch-kinds.ts';
import type { NodeWatch, NodeWatchOptions } from './node-watches.ts';

type Asked = Omit<NodeWatch, 'operations'>;

/**
 * Beside its pods: its own Node, all Services, CSIDrivers and RuntimeClasses, and by name the secrets and config maps of its
 * pods, of which one each stands here (assumed: pods that share them share the watch). Source: kubernetes/kubernetes
 * pkg/kubelet/kubelet.go, pkg/kubelet/util/manager/watch_based_manager.go.
 */
const ofKubelet: readonly Asked[] = [
  { name: 'kubelet-nodes', resource: 'nodes', isOfOwn: true },
  { name: 'kubelet-services', resource: 'services' },
  { name: 'kubelet-csidrivers', resource: 'csidrivers' },
  { name: 'kubelet-runtimeclasses', resource: 'runtimeclasses' },
  { name: 'kubelet-secrets', resource: 'secrets', isOfOwn: true },
  { name: 'kubelet-configmaps', resource: 'configmaps', isOfOwn: true },
];

/**
 * Services and EndpointSlices but for headless ones, and its own Node (kubernetes/kubernetes cmd/kube-proxy/app/server.go);
 * since 1.33 ServiceCIDRs too, which hardly exist and are left out.
 */
const ofProxy: readonly Asked[] = [
  { name: 'kube-proxy-services', resource: 'services' },
  { name: 'kube-proxy-endpointslices', resource: 'endpointslices' },
  { name: 'kube-proxy-nodes', resource: 'nodes', isOfOwn: true },
];

/** Small types that nobody else here watches; those by name have an index. What is stored of them is taken for nothing. */
const ownTypes: readonly (readonly [resource: string, hasIndex: boolean])[] = [
  ['csidrivers', false],
  ['runtimeclasses', false],
  ['secrets', true],
  ['configmaps', true],
];

/** Watches of nodes that stand for themselves, and what a watch cache needs for them. */
export interface NodeWatchParts {
  readonly declared: readonly DeclaredOperation[];
  /** Beside pods, nodes, Services and EndpointSlices, which are cached anyway. */
  readonly types: readonly CachedType[];
  readonly reads: readonly CachedRead[];
  readonly watches: NodeWatchOptions;
}

/** The parts for a cluster of so many nodes; undefined when one watch of a kubelet stands for all. */
export function nodeWatchesOf(
  kind: NodeWatchKind,
  features: WatchCacheFeatures,
  nodes: number,
): NodeWatchParts | undefined {
  if (kind === 'pods') return undefined;
  const cached = ownTypes.map(([resource, hasIndex]) => measuredCachedType(resource, hasIndex));
  const declared = cached.flatMap((type) => type.declared);
  const reads: CachedRead[] = [];
  const watchOf = (asked: Asked): NodeWatch => {
    const { name, resource, isOfOwn } = asked;
    const matching = isOfOwn === true ? { matching: 1 / Math.max(1, nodes) } : {};
    const parts = measuredWatchedType({ features, name, resource, ...matching });
    declared.push(...parts.declared);
    reads.push(...parts.reads);
    return { ...asked, operations: parts.operations };
  };
  const watches = {
    kubelet: ofKubelet.map(watchOf),
    proxy: kind === 'kubelet-and-proxy' ? ofProxy.map(watchOf) : [],
  };
  return { declared, types: cached.map(({ type }) => type), reads, watches };
}
