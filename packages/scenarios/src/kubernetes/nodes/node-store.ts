/**
 * What the API stores about nodes and the pods that ran on them before anything happened, in columns: leases and status as
 * kubelets wrote them, conditions and taints as the node lifecycle controller wrote them. One row a node.
 */

/** The Ready condition of a node. */
export const Ready = {
  true: 0,
  /** The node lifecycle controller has not heard of the kubelet for the grace period. */
  unknown: 1,
  /** The kubelet itself says that it is not ready, as it does while it starts. */
  false: 2,
  /** There is no such condition: the object is stored, and neither a kubelet nor the controller has written a status. */
  none: 3,
} as const;

/** The NoSchedule taints that stand for the Ready condition. */
export const Closed = {
  open: 0,
  /** node.kubernetes.io/unreachable. */
  unreachable: 1,
  /** node.kubernetes.io/not-ready, which every node is created with (admission plugin TaintNodesByCondition). */
  notReady: 2,
} as const;

/** The NoSchedule taint that belongs to a Ready condition; none to a condition that is not there. */
export function closedBy(ready: number): number {
  if (ready === Ready.unknown) return Closed.unreachable;
  return ready === Ready.false ? Closed.notReady : Closed.open;
}

/** Sizes and columns of a store. */
export interface NodeStoreOptions {
  readonly nodes: number;
  /** Ordinary pods on each node, all ready at first; these tolerate the NoExecute taints for a limited time. */
  readonly podsPerNode: number;
  /** Zones, filled evenly node by node; default 1. */
  readonly zones?: number;
  /** Rows after those of `nodes` for nodes that may join; they have no ordinary pods. Default none. */
  readonly joining?: number;
}

/** The nodes of a cluster as its API knows them. */
export class NodeStore {
  /** Rows: nodes that were there from the beginning, and those that may join. */
  readonly count: number;
  /** Nodes that were there from the beginning: the first rows. */
  readonly atStart: number;
  readonly zones: number;
  /** 1 while the node object exists. */
  readonly exists: Uint8Array;
  /** When the node object was created, in microseconds; 0 = long ago. */
  readonly createdAt: Float64Array;
  /** When each lease was renewed last, in microseconds, 0 = there is none yet; the kubelets write it. */
  readonly leaseRenewedAt: Float64Array;
  /** When the kubelet reported its status last (LastHeartbeatTime), in microseconds. */
  readonly statusAt: Float64Array;
  /** Number of the failure zone of each node. */
  readonly zone: Uint16Array;
  /** Ready condition of each node, one of the values of `Ready`. */
  readonly ready: Uint8Array;
  /** The NoSchedule taint that the node carries, one of the values of `Closed`. */
  readonly isClosed: Uint8Array;
  /** 1 while the node carries the taint unreachable:NoExecute. */
  readonly isTainted: Uint8Array;
  /** Pods on each node, and how many of them have their Ready condition true. */
  readonly pods: Uint16Array;
  readonly readyPods: Uint16Array;

  constructor({ nodes, podsPerNode, zones = 1, joining = 0 }: NodeStoreOptions) {
    if (!Number.isInteger(zones) || zones < 1) {
      throw new RangeError(`node store: zones must be a whole number >= 1, got ${zones}`);
    }
    this.count = nodes + joining;
    this.atStart = nodes;
    this.zones = zones;
    this.exists = new Uint8Array(this.count).fill(1, 0, nodes);
    this.createdAt = new Float64Array(this.count);
    this.leaseRenewedAt = new Float64Array(this.count);
    this.statusAt = new Float64Array(this.count);
    this.zone = Uint16Array.from({ length: this.count }, (_, node) => node % zones);
    this.ready = new Uint8Array(this.count);
    this.isClosed = new Uint8Array(this.count);
    this.isTainted = new Uint8Array(this.count);
    this.pods = new Uint16Array(this.count).fill(podsPerNode, 0, nodes);
    this.readyPods = new Uint16Array(this.count).fill(podsPerNode, 0, nodes);
  }

  /** A node object is stored at `now` in microseconds: with the status of its kubelet, or without any. */
  created(node: number, now: number, ready: typeof Ready.false | typeof Ready.none): void {
    this.exists[node] = 1;
    this.createdAt[node] = now;
    if (ready === Ready.false) this.statusAt[node] = now;
    this.ready[node] = ready;
    this.isClosed[node] = Closed.notReady;
  }

  /** The kubelet's status is stored, at `now` in microseconds: it says that the node is ready, or not yet. */
  reported(node: number, now: number, isReady = true): void {
    this.statusAt[node] = now;
    this.ready[node] = isReady ? Ready.true : Ready.false;
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
