/**
 * The pods of the CoreDNS Deployment as the API knows them: on which nodes, and whether each is ready. A pod is ready when its
 * kubelet has written so and the node lifecycle controller has not written the contrary since; the kubelet learns of the
 * process at once, and writes with a GET and a PATCH that wait for the API. Endpoints follow the pods, so during an outage
 * they stay as they were.
 *
 *   process ready, gone --kubelet: GET, PATCH--> pod status --+
 *   node silent --node lifecycle: PATCH-----> pod NotReady ---+--> EndpointSlices --> kube-dns Service
 *   taint eviction, machine gone -----------> pod deleted ----+--> CoreDnsReplacement
 *
 * Each replica takes the place of the first ordinary pod of its node (assumed). Source of the status manager's rules:
 * kubernetes/kubernetes pkg/kubelet/status/status_manager.go, syncPeriod 10 s.
 */
import { type EventType, seconds, type Simulation } from '@brownout/core';
import { ClientGroup } from '../client/client-group.ts';
import type { ControlPlane } from '../control-plane.ts';
import { nodeIdentity } from '../flow-control/identity.ts';
import { operationNumber } from '../requests/operation.ts';
import { Status } from '../requests/api-request.ts';

/** How the pods and their Service are configured. */
export interface CoreDnsPodsOptions {
  readonly replicas: number;
  /**
   * `publishNotReadyAddresses` of the Service: endpoints stay listed as long as their pods exist. Default false, as in the
   * manifests. Mechanism D3 of an outage needs it to be false.
   */
  readonly publishesNotReady?: boolean;
  /**
   * The pods tolerate the taint unreachable:NoExecute without a limit of time. Default false: 300 s, as admission adds it.
   * Mechanism D4 needs it to be false.
   */
  readonly toleratesUnreachable?: boolean;
}

/** Whom the pods tell. */
export interface CoreDnsPodsObserver {
  /** The EndpointSlice controller sees a change of the pod: whether its address is to be listed. */
  endpointChanged(replica: number, isListed: boolean): void;
  /** The pod is deleted: its process ends and does not come back there. */
  deleted(replica: number): void;
}

const SYNC_PERIOD = seconds(10);
const POD_GET = operationNumber('get');
const POD_PATCH = operationNumber('object-update');

/** The pods of one Deployment, in columns. */
export class CoreDnsPods {
  readonly options: CoreDnsPodsOptions;
  /** Node of each replica; where it was, while it has no pod. */
  readonly node: Int32Array;
  /** 1 while the pod object exists. */
  readonly exists: Uint8Array;
  readonly #controlPlane: ControlPlane;
  readonly #isAlive: (node: number) => boolean;
  readonly #observer: CoreDnsPodsObserver;
  readonly #reads: number;
  readonly #writes: number;
  readonly #again: EventType;
  /** What the kubelet knows of the process, what it has written, and what it is writing (2 = nothing). */
  readonly #isReady: Uint8Array;
  readonly #isReported: Uint8Array;
  readonly #isSaying: Uint8Array;
  /** Pods that each replica has had before: what is said of one of them is not about the present one. */
  readonly #replaced: Uint32Array;
  /** 1 when the node lifecycle controller has written NotReady since. */
  readonly #isMarked: Uint8Array;

  /** `nodes` are those that the replicas run on. */
  constructor(
    simulation: Simulation,
    name: string,
    options: CoreDnsPodsOptions,
    nodes: readonly number[],
    parts: {
      readonly controlPlane: ControlPlane;
      /** Whether the machine of a node is there. */
      readonly isAlive: (node: number) => boolean;
      readonly observer: CoreDnsPodsObserver;
    },
  ) {
    const { replicas } = options;
    if (nodes.length !== replicas) {
      throw new RangeError(`CoreDNS pods: expected a node for each of ${replicas} replicas, got ${nodes.length}`);
    }
    this.options = options;
    this.#controlPlane = parts.controlPlane;
    this.#isAlive = parts.isAlive;
    this.#observer = parts.observer;
    this.node = Int32Array.from(nodes);
    this.exists = new Uint8Array(replicas).fill(1);
    this.#isReady = new Uint8Array(replicas).fill(1);
    this.#isReported = new Uint8Array(replicas).fill(1);
    this.#isSaying = new Uint8Array(replicas).fill(IDLE);
    this.#isMarked = new Uint8Array(replicas);
    this.#replaced = new Uint32Array(replicas);
    this.#reads = this.#join('coredns-pod-status-get', 'get', (pod, status) => this.#read(pod, status));
    this.#writes = this.#join('coredns-pod-status', 'patch', (pod, status) => this.#written(pod, status));
    this.#again = simulation.event(`${name} pod status`, (pod) => this.#askAgain(pod));
  }

  /** The replica whose pod is the given one of a node; -1 when it is an ordinary pod. */
  replicaAt(node: number, pod: number): number {
    if (pod !== 0) return -1;
    for (let replica = 0; replica < this.node.length; replica++) {
      if (this.node[replica] === node && this.exists[replica] === 1) return replica;
    }
    return -1;
  }

  /** Whether the API has the pod as ready: what kubelet and node lifecycle controller wrote last. */
  isReadyInApi(replica: number): boolean {
    return this.exists[replica] === 1 && this.#isReported[replica] === 1 && this.#isMarked[replica] === 0;
  }

  /** Pods of a node that taint eviction leaves alone. */
  tolerating(node: number): number {
    return this.options.toleratesUnreachable === true && this.replicaAt(node, 0) >= 0 ? 1 : 0;
  }

  /** The kubelet sees that the process is ready, or not ready or gone. */
  readinessChanged(replica: number, isReady: boolean): void {
    this.#isReady[replica] = isReady ? 1 : 0;
    if (this.#isSaying[replica] === IDLE) this.#report(replica);
  }

  /** The node lifecycle controller has written the pod's Ready condition as false; or the kubelet has written it back. */
  marked(replica: number, isMarked: boolean): void {
    this.#isMarked[replica] = isMarked ? 1 : 0;
    this.#update(replica);
  }

  /** The pod object is gone, by eviction or because its machine is. */
  deleted(replica: number): void {
    if (this.exists[replica] === 0) return;
    this.exists[replica] = 0;
    this.#update(replica);
    this.#observer.deleted(replica);
  }

  /** A new pod of the replica is bound to a node. It is not ready. */
  replaced(replica: number, node: number): void {
    this.node[replica] = node;
    this.exists[replica] = 1;
    this.#isReady[replica] = 0;
    this.#isReported[replica] = 0;
    this.#isMarked[replica] = 0;
    this.#replaced[replica]!++;
    this.#isSaying[replica] = IDLE;
    this.#update(replica);
  }

  #join(name: string, verb: string, onReply: (pod: number, status: number) => void): number {
    return this.#controlPlane.join(
      new ClientGroup({
        name,
        describe: (replica) => ({
          ...nodeIdentity(`${this.node[replica]}`),
          verb,
          resource: 'pods',
          subresource: 'status',
          namespace: 'kube-system',
        }),
        timeout: seconds(60),
        clients: this.node.length,
        isInside: false,
        countsForAvailability: true,
        onReply,
      }),
    );
  }

  #report(replica: number): void {
    const isAlive = this.#isAlive(this.node[replica]!);
    if (!isAlive || this.exists[replica] === 0 || this.#isReported[replica] === this.#isReady[replica]) {
      this.#isSaying[replica] = IDLE;
      return;
    }
    this.#isSaying[replica] = this.#isReady[replica]!;
    this.#ask(replica);
  }

  /** The present pod of a replica, as requests and timers name it. */
  #podOf(replica: number): number {
    return this.#replaced[replica]! * this.node.length + replica;
  }

  /** The replica that a request or timer is about; -1 when its pod has been replaced. */
  #replicaOf(pod: number): number {
    const replica = pod % this.node.length;
    return pod === this.#podOf(replica) ? replica : -1;
  }

  #askAgain(pod: number): void {
    const replica = this.#replicaOf(pod);
    if (replica >= 0) this.#ask(replica);
  }

  #ask(replica: number): void {
    this.#controlPlane.send(this.#reads, replica, POD_GET, this.#podOf(replica));
  }

  #read(pod: number, status: number): void {
    const replica = this.#replicaOf(pod);
    if (replica < 0) return;
    if (status !== Status.ok) this.#again.after(SYNC_PERIOD, pod);
    else this.#controlPlane.send(this.#writes, replica, POD_PATCH, pod);
  }

  #written(pod: number, status: number): void {
    const replica = this.#replicaOf(pod);
    if (replica < 0) return;
    if (status !== Status.ok) {
      this.#again.after(SYNC_PERIOD, pod);
      return;
    }
    this.#isReported[replica] = this.#isSaying[replica]!;
    this.#isMarked[replica] = 0;
    this.#update(replica);
    this.#report(replica);
  }

  #update(replica: number): void {
    const publishes = this.options.publishesNotReady === true;
    const isListed = publishes ? this.exists[replica] === 1 : this.isReadyInApi(replica);
    this.#observer.endpointChanged(replica, isListed);
  }
}

/** The kubelet has nothing under way. */
const IDLE = 2;
