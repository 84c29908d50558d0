/**
 * The kube-dns Service in front of the CoreDNS replicas: a virtual address behind which the proxies on the nodes pick one of
 * the endpoints that the EndpointSlices name. What they name is what counts, not what is true: an endpoint that is listed
 * and dead costs a try, one that is alive and not listed gets no queries, and no endpoint at all is a refusal.
 *
 *   EndpointSlices --watch--> proxies --any listed endpoint--> CoreDNS
 *
 * The proxies of all nodes are one here: they hear of a slice `propagation` after it was stored, or when their watches are
 * back. Source: kubernetes/kubernetes pkg/proxy/endpointslicecache.go; a Service without endpoints rejects (iptables mode).
 */
import type { Duration, EventType, Simulation } from '@brownout/core';
import type { ControlPlane } from '../control-plane.ts';

/** Timings of the proxies. */
export interface KubeDnsServiceOptions {
  readonly replicas: number;
  /** From a stored slice to the rules on the nodes. */
  readonly propagation: Duration;
  /** How often proxies that cannot reach the API try again. */
  readonly retry: Duration;
}

/** The Service as resolvers meet it. */
export class KubeDnsService {
  readonly #options: KubeDnsServiceOptions;
  readonly #controlPlane: ControlPlane;
  readonly #told: EventType;
  /** 1 for replicas that the stored slices name as ready. */
  readonly #isStored: Uint8Array;
  #endpoints: readonly number[];

  constructor(simulation: Simulation, name: string, options: KubeDnsServiceOptions, controlPlane: ControlPlane) {
    this.#options = options;
    this.#controlPlane = controlPlane;
    this.#isStored = new Uint8Array(options.replicas).fill(1);
    this.#endpoints = [...this.#isStored.keys()];
    this.#told = simulation.event(`${name} proxies`, () => this.#tell());
  }

  /** Replicas that a query to the virtual address may reach, in ascending order. */
  get endpoints(): readonly number[] {
    return this.#endpoints;
  }

  /** The stored slices name a replica from now on, or no longer. */
  endpointServed(replica: number, isServed: boolean): void {
    this.#isStored[replica] = isServed ? 1 : 0;
    this.#told.after(this.#options.propagation);
  }

  #tell(): void {
    if (this.#controlPlane.readyCount === 0 || this.#controlPlane.cutsSystem) {
      this.#told.after(this.#options.retry);
      return;
    }
    this.#endpoints = [...this.#isStored.keys()].filter((replica) => this.#isStored[replica] === 1);
  }
}
