/**
 * The nodes and leases as a controller's informers show them: the stored state itself while every watch is open, and a copy
 * of the moment at which one broke until they are filled again. (A watch delivers in about 10 ms when healthy, which is
 * left out: controllers look every five seconds.)
 */
import type { NodeStore } from '../nodes/node-store.ts';

/** A view of a `NodeStore` that can stand still. */
export class NodeView {
  readonly #store: NodeStore;
  #isCurrent = true;
  #leaseRenewedAt: Float64Array;
  #statusAt: Float64Array;
  #ready: Uint8Array;
  #isClosed: Uint8Array;
  #isTainted: Uint8Array;
  /** Node objects that the informer had when it stood still. */
  #exists: Uint8Array;

  constructor(store: NodeStore) {
    this.#store = store;
    this.#leaseRenewedAt = store.leaseRenewedAt;
    this.#statusAt = store.statusAt;
    this.#ready = store.ready;
    this.#isClosed = store.isClosed;
    this.#isTainted = store.isTainted;
    this.#exists = store.exists;
  }

  /** Whether changes are still seen. */
  get isCurrent(): boolean {
    return this.#isCurrent;
  }

  /** Whether the informer has seen that the node was created. */
  knows(node: number): boolean {
    return this.#exists[node] === 1;
  }

  /** When the nodes were created; those that are seen do not change it. */
  get createdAt(): Float64Array {
    return this.#store.createdAt;
  }

  /** Lease renewals as seen. */
  get leaseRenewedAt(): Float64Array {
    return this.#leaseRenewedAt;
  }

  /** Status reports as seen. */
  get statusAt(): Float64Array {
    return this.#statusAt;
  }

  /** Ready conditions as seen. */
  get ready(): Uint8Array {
    return this.#ready;
  }

  /** NoSchedule taints as seen. */
  get isClosed(): Uint8Array {
    return this.#isClosed;
  }

  /** NoExecute taints as seen. */
  get isTainted(): Uint8Array {
    return this.#isTainted;
  }

  /** A watch broke: what is seen from now on is what was stored at this moment. */
  freeze(): void {
    if (!this.#isCurrent) return;
    this.#isCurrent = false;
    this.#leaseRenewedAt = this.#store.leaseRenewedAt.slice();
    this.#statusAt = this.#store.statusAt.slice();
    this.#ready = this.#store.ready.slice();
    this.#isClosed = this.#store.isClosed.slice();
    this.#isTainted = this.#store.isTainted.slice();
    this.#exists = this.#store.exists.slice();
  }

  /** Every watch is open again. */
  thaw(): void {
    this.#isCurrent = true;
    this.#leaseRenewedAt = this.#store.leaseRenewedAt;
    this.#statusAt = this.#store.statusAt;
    this.#ready = this.#store.ready;
    this.#isClosed = this.#store.isClosed;
    this.#isTainted = this.#store.isTainted;
    this.#exists = this.#store.exists;
  }
}
