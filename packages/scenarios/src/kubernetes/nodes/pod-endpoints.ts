/** Which endpoint of which service an ordinary pod is: pods are dealt to the services in turn, node by node. */
import type { NodeStore } from './node-store.ts';

/** The endpoints of a cluster's pods as they were before anything happened. */
export class PodEndpoints {
  /** Endpoints of each service. */
  readonly counts: readonly number[];
  readonly #services: number;
  readonly #podsPerNode: number;

  constructor(store: NodeStore, services: number) {
    if (!(Number.isInteger(services) && services >= 1)) {
      throw new RangeError(`pod endpoints: services must be a whole number >= 1, got ${services}`);
    }
    this.#services = services;
    this.#podsPerNode = store.pods[0] ?? 0;
    const pods = store.atStart * this.#podsPerNode;
    this.counts = Array.from({ length: services }, (_, service) => Math.max(0, Math.ceil((pods - service) / services)));
  }

  /** Service of a pod, by its place on its node from 0. */
  service(node: number, pod: number): number {
    return this.#number(node, pod) % this.#services;
  }

  /** Number of its endpoint within the service. */
  place(node: number, pod: number): number {
    return Math.floor(this.#number(node, pod) / this.#services);
  }

  /** Node of an endpoint, by its service and its number within it. */
  node(service: number, place: number): number {
    return Math.floor((place * this.#services + service) / this.#podsPerNode);
  }

  #number(node: number, pod: number): number {
    return node * this.#podsPerNode + pod;
  }
}
