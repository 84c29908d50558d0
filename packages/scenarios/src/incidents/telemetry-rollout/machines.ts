/** Sizes of machines and parts that a template assumes for a cluster of which only the number of nodes is known. */
import { documented, derived, type Sourced } from '../../scenario/provenance.ts';

/** Cores of a control-plane machine by number of nodes, at most. Source: Kubernetes documentation, "Considerations for large clusters" (1.19). */
const CORES: readonly (readonly [nodes: number, cores: number])[] = [
  [5, 1],
  [10, 2],
  [100, 4],
  [250, 8],
  [500, 16],
  [Infinity, 32],
];
/** Memory a core of those machines has (n1-standard), GiB. */
const GIB_PER_CORE = 3.75;

const source = 'Kubernetes documentation, "Considerations for large clusters": control-plane machine by nodes';

/** One API-server machine of a cluster. */
export function apiServersFor(nodes: number): Readonly<Record<string, Sourced<number | string>>> {
  const cores = CORES.find(([most]) => nodes <= most)![1];
  return {
    replicas: documented(
      3,
      'an odd number of at least three for availability (kubeadm, "Creating Highly Available Clusters")',
    ),
    cores: documented(cores, source),
    memory: documented(`${cores * GIB_PER_CORE} GiB`, `${source}, 3.75 GB a core`),
  };
}

/** CoreDNS replicas by number of nodes, as the linear autoscaler of the add-on has them: one per 16 nodes, at least two. */
export function coreDnsReplicasFor(nodes: number): Sourced<number> {
  const replicas = Math.max(2, Math.ceil(nodes / 16));
  return derived(replicas, 'cluster/addons/dns-horizontal-autoscaler: one replica per 16 nodes, at least two');
}
