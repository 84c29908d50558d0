/** What the facilitator sees: a frame of ground truth in a few numbers, what has happened, and what everybody does. */
import { ServerState, type DrillSession, type Frame, type Scenario } from '@brownout/scenarios';
import type { ClusterTruth, FacilitatorView, ProductTruth, Seat } from './drill-messages.ts';

/** Notes and entries that the facilitator is sent, the latest. */
const mostRows = 300;

/** The whole of it. */
export function facilitatorView(session: DrillSession, seats: readonly Seat[]): FacilitatorView {
  const { scenario, log } = session;
  const { frame, notes, ownNotes } = session.truth();
  return {
    seats,
    clusters: frame === undefined ? [] : clusterTruths(scenario, frame),
    products: frame === undefined ? [] : productTruths(scenario, frame),
    webhooks: (scenario.kubernetes.webhooks ?? []).map(({ name }) => name),
    notes: notes.slice(-mostRows).reverse(),
    ownNotes,
    log: log.slice(-mostRows).reverse(),
  };
}

/** Each cluster of a frame. */
function clusterTruths({ clusters }: Pick<Scenario, 'clusters'>, frame: Frame): ClusterTruth[] {
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
function productTruths({ users }: Pick<Scenario, 'users'>, { failureShare }: Frame): ProductTruth[] {
  return users.products.map(({ title }, index) => ({ title, failureShare: rounded(failureShare[index] ?? 0) }));
}

/** Three digits are enough to look at, and change less often. Nothing is 0. */
function rounded(share: number): number {
  return Number.isFinite(share) ? Number(share.toFixed(3)) : 0;
}
