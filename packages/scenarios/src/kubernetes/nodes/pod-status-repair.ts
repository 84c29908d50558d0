/**
 * What kubelets do about pods that the node lifecycle controller has written NotReady although they run: the status manager
 * compares what the API stores with what it knows every 10 s and writes the difference, a GET and a PATCH for each pod, one
 * after the other. This is how endpoints come back after a partial outage, and it is a second wave of writes.
 * Source: kubernetes/kubernetes pkg/kubelet/status/status_manager.go (needsReconcile, syncBatch, syncPeriod 10 s).
 */
import { type Duration, type EventType, seconds, type Simulation, type Stream } from '@brownout/core';
import { ClientGroup } from '../client/client-group.ts';
import type { ControlPlane } from '../control-plane.ts';
import { nodeIdentity } from '../flow-control/identity.ts';
import { Status } from '../requests/api-request.ts';
import { operationNumber } from '../requests/operation.ts';
import type { NodeStore } from './node-store.ts';

const SYNC_PERIOD = seconds(10);
const POD_GET = operationNumber('get');
const POD_PATCH = operationNumber('object-update');

/** The status managers of all kubelets, for the ordinary pods of a `NodeStore`. */
export class PodStatusRepair {
  readonly #controlPlane: ControlPlane;
  readonly #store: NodeStore;
  readonly #podRepaired: (node: number) => void;
  readonly #phase: Stream;
  readonly #reads: number;
  readonly #writes: number;
  readonly #sync: EventType;
  /** 1 from the moment a difference is noticed until the last pod is written. */
  readonly #isBusy: Uint8Array;

  /** `podRepaired` hears of each pod that is stored as ready again. */
  constructor(
    simulation: Simulation,
    name: string,
    parts: {
      readonly controlPlane: ControlPlane;
      readonly store: NodeStore;
      readonly podRepaired: (node: number) => void;
    },
  ) {
    this.#controlPlane = parts.controlPlane;
    this.#store = parts.store;
    this.#podRepaired = parts.podRepaired;
    this.#phase = simulation.streams.get(`${name}/kubelet/pod-status`);
    this.#isBusy = new Uint8Array(parts.store.count);
    this.#reads = this.#join('kubelet-pod-status-get', 'get', (node, status) => this.#read(node, status));
    this.#writes = this.#join('kubelet-pod-status', 'patch', (node, status) => this.#written(node, status));
    this.#sync = simulation.event(`${name} pod status repair`, (node) => this.#next(node));
  }

  /** The kubelet sees that pods of its own are stored as not ready; it writes them with its next sync. */
  notice(node: number): void {
    if (this.#isBusy[node] === 1 || !this.#differs(node)) return;
    this.#isBusy[node] = 1;
    this.#sync.after(Math.floor(SYNC_PERIOD * this.#phase.uniform()) as Duration, node);
  }

  #join(name: string, verb: string, onReply: (node: number, status: number) => void): number {
    return this.#controlPlane.join(
      new ClientGroup({
        name,
        describe: (node) => ({
          ...nodeIdentity(`${node}`),
          verb,
          resource: 'pods',
          subresource: 'status',
          namespace: 'default',
        }),
        timeout: seconds(60),
        clients: this.#store.count,
        isInside: false,
        countsForAvailability: true,
        onReply,
      }),
    );
  }

  #differs(node: number): boolean {
    return this.#store.exists[node] === 1 && this.#store.readyPods[node]! < this.#store.pods[node]!;
  }

  #next(node: number): void {
    if (this.#differs(node)) this.#controlPlane.send(this.#reads, node, POD_GET);
    else this.#isBusy[node] = 0;
  }

  #read(node: number, status: number): void {
    if (status === Status.ok) this.#controlPlane.send(this.#writes, node, POD_PATCH);
    else this.#sync.after(SYNC_PERIOD, node);
  }

  #written(node: number, status: number): void {
    if (status !== Status.ok) {
      this.#sync.after(SYNC_PERIOD, node);
      return;
    }
    if (this.#differs(node)) {
      this.#store.readyPods[node]!++;
      this.#podRepaired(node);
    }
    this.#next(node);
  }
}
