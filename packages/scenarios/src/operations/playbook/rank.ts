/** Which cluster gets members of the crew first. */
import type { ClusterCase } from './cluster-case.ts';
import type { WorkOrder } from './playbook.ts';
import type { TrafficLevers } from './scene.ts';

/** Rank of work on a cluster, smaller is earlier, at the present instant; work for no cluster goes before all of it. */
export function rankOf(order: WorkOrder, target: ClusterCase | undefined, traffic: TrafficLevers): number {
  if (target === undefined) return -Infinity;
  switch (order) {
    case 'as-they-come':
      return 0;
    case 'largest-first':
      return -target.site.cluster.options.nodes;
    case 'smallest-first':
      return target.site.cluster.options.nodes;
    case 'worst-first':
      return -traffic.weight(target.index) * traffic.failureShare(target.index);
  }
}
