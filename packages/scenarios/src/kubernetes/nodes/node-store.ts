/**
 * What the API stores about nodes and the pods that ran on them before anything happened, in columns: leases and status as
 * kubelets wrote them, conditions and taints as the node lifecycle controller wrote them. One row a node.
 */

/** The Ready condition of a node. */
export const Ready = {
  true: 0,
  /** The node lifecycle controller has not heard of the kubelet for the grace period. */
  unknown: 1,
} as const;

/** Sizes and columns of a store. */
export interface NodeStoreOptions {
  readonly nodes: number;
  /** Ordinary pods on each node, all ready at first; these tolerate the NoExecute taints for a limited time. */
  readonly podsPerNode: number;
  /** Zones, filled evenly node by node; default 1. */
  readonly zones?: number;
}

/** The nodes of a cluster as its API knows them. */
export class NodeStore {
  readonly count: number;
  readonly zones: number;
  /** 1 while the node object exists. */
  readonly exists: Uint8Array;
  /** When each lease was renewed last, in microseconds; the kubelets write it. */
  readonly leaseRenewedAt: Float64Array;
  /** When the kubelet reported its status last (LastHeartbeatTime), in microseconds. */
  readonly statusAt: Float64Array;
  /** Number of the failure zone of each node. */
  readonly zone: Uint16Array;
  /** Ready condition of each node, one of the values of `Ready`. */
  readonly ready: Uint8Array;
  /** 1 while the node carries the taint unreachable:NoSchedule. */
  readonly isClosed: Uint8Array;
  /** 1 while the node carries the taint unreachable:NoExecute. */
  readonly isTainted: Uint8Array;
  /** Pods on each node, and how many of them have their Ready condition true. */
  readonly pods: Uint16Array;
  readonly readyPods: Uint16Array;

  constructor({ nodes, podsPerNode, zones = 1 }: NodeStoreOptions) {
    if (!Number.isInteger(zones) || zones < 1) {
      throw new RangeError(`node store: zones must be a whole number >= 1, got ${zones}`);
    }
    this.count = nodes;
    this.zones = zones;
    this.exists = new Uint8Array(nodes).fill(1);
    this.leaseRenewedAt = new Float64Array(nodes);
    this.statusAt = new Float64Array(this.count);
    this.zone = Uint16Array.from({ length: this.count }, (_, node) => node % zones);
    this.ready = new Uint8Array(this.count);
    this.isClosed = new Uint8Array(this.count);
    this.isTainted = new Uint8Array(this.count);
    this.pods = new Uint16Array(this.count).fill(podsPerNode);
    this.readyPods = new Uint16Array(this.count).fill(podsPerNode);
  }

  /** The kubelet's status is stored, at `now` in microseconds: it says that the node is ready. */
  reported(node: number, now: number): void {
    this.statusAt[node] = now;
    this.ready[node] = Ready.true;
  }

  /** Nodes that exist and whose Ready condition is not true. Walks all nodes. */
  countNotReady(): number {
    let count = 0;
    for (let node = 0; node < this.count; node++) {
      if (this.exists[node] === 1 && this.ready[node] !== Ready.true) count++;
    }
    return count;
  }

  /** Pods whose Ready condition is false, on nodes that exist. Walks all nodes. */
  countNotReadyPods(): number {
    let count = 0;
    for (let node = 0; node < this.count; node++) {
      if (this.exists[node] === 1) count += this.pods[node]! - this.readyPods[node]!;
    }
    return count;
  }

  /** Nodes that carry the NoExecute taint. Walks all nodes. */
  countTainted(): number {
    let count = 0;
    for (let node = 0; node < this.count; node++) if (this.exists[node] === 1) count += this.isTainted[node]!;
    return count;
  }
}
