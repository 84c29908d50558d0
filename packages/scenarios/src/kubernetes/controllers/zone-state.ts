/**
 * How healthy a zone is, and what the node lifecycle controller makes of it.
 * Source: kubernetes/kubernetes pkg/controller/nodelifecycle/node_lifecycle_controller.go (ComputeZoneState,
 * setLimiterInZone, ReducedQPSFunc).
 */

/** State of a zone; `initial` until the first pass that counted its nodes. */
export type ZoneState = 'initial' | 'normal' | 'partial-disruption' | 'full-disruption';

/** Flags of kube-controller-manager that decide how fast nodes of a zone are tainted. */
export interface TaintRates {
  /** `--node-eviction-rate`, nodes a second and zone; default 0.1. */
  readonly nodeEvictionRate: number;
  /** `--secondary-node-eviction-rate`, in a partly disrupted large zone; default 0.01. */
  readonly secondaryNodeEvictionRate: number;
  /** `--large-cluster-size-threshold`: a partly disrupted zone of at most so many nodes is not tainted; default 50. */
  readonly largeClusterSizeThreshold: number;
  /** `--unhealthy-zone-threshold`: share of nodes not ready from which a zone is partly disrupted; default 0.55. */
  readonly unhealthyZoneThreshold: number;
}

/** The defaults of the flags. */
export const upstreamTaintRates: TaintRates = {
  nodeEvictionRate: 0.1,
  secondaryNodeEvictionRate: 0.01,
  largeClusterSizeThreshold: 50,
  unhealthyZoneThreshold: 0.55,
};

/** State of a zone with so many nodes ready and not ready. A zone needs more than two bad nodes to be partly disrupted. */
export function zoneState(ready: number, notReady: number, unhealthyZoneThreshold: number): ZoneState {
  if (ready === 0 && notReady > 0) return 'full-disruption';
  if (notReady > 2 && notReady / (notReady + ready) >= unhealthyZoneThreshold) return 'partial-disruption';
  return 'normal';
}

/** Nodes a second that may be tainted in a zone. A fully disrupted zone goes at the usual rate while another is not. */
export function taintRate(state: ZoneState, nodes: number, rates: TaintRates): number {
  if (state !== 'partial-disruption') return rates.nodeEvictionRate;
  return nodes > rates.largeClusterSizeThreshold ? rates.secondaryNodeEvictionRate : 0;
}
