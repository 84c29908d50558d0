/** What the facilitator sees of clusters and products: a frame of ground truth, in a few numbers. */
import { ServerState, type Frame, type Scenario } from '@brownout/scenarios';
import type { ClusterTruth, ProductTruth } from './drill-messages.ts';

/** Each cluster of a frame. */
export function clusterTruths({ clusters }: Pick<Scenario, 'clusters'>, frame: Frame): ClusterTruth[] {
  return clusters.map(({ id }, index): ClusterTruth => {
    const { servers, dns, nodeCount, nodesNotReady, agentsRunning, weight, ...rest } = frame.clusters[index]!;
    const states = [...servers.state];
    return {
      id,
      serversUp: states.filter((state) => state === ServerState.up).length,
      servers: states.filter((state) => state !== ServerState.absent).length,
      cpu: rounded(Math.max(...servers.cpu)),
      memory: rounded(Math.max(...servers.memory)),
      nodes: nodeCount,
      nodesNotReady,
      nameFailureShare: rounded(dns.failureShare),
      agentsRunning,
      weight: rounded(weight),
      isRolledOut: rest.isRolledOut,
      isTakenBack: rest.isTakenBack,
      isBlocked: rest.isBlocked,
      isSeen: rest.isSeen,
    };
  });
}

/** Each product of a frame. */
export function productTruths({ users }: Pick<Scenario, 'users'>, { failureShare }: Frame): ProductTruth[] {
  return users.products.map(({ title }, index) => ({ title, failureShare: rounded(failureShare[index] ?? 0) }));
}

/** Three digits are enough to look at, and change less often. Nothing is 0. */
function rounded(share: number): number {
  return Number.isFinite(share) ? Number(share.toFixed(3)) : 0;
}
