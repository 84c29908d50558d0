/**
 * The plain data plane: no services, no connections. A request fails when a name it needs cannot be resolved at the moment
 * it is made, and all names are equally popular.
 */
import { type Duration, type EventType, noTime, seconds, type Simulation } from '@brownout/core';
import { GlobalBalancer } from './global-balancer.ts';
import type { Product, UsersOptions, UserTraffic } from './user-traffic.ts';

/** A cluster as the plain data plane sees it. */
export interface PlainSite {
  /** Weight of the user traffic it normally serves. */
  readonly traffic: number;
  readonly cluster: {
    /** Probability that a user request with so many lookups fails for want of a name. */
    nameFailureShare(lookups: number): number;
  };
}

/** Failure shares change slowly (records expire over minutes): they are looked at once a second. */
const STEP: Duration = seconds(1);

/** The users of all products. */
export class PlainUsers<Site extends PlainSite = PlainSite> implements UserTraffic {
  readonly products: readonly Product[];
  /** Requests and failed requests so far, by site and product: `site * products + product`. */
  readonly requests: Float64Array;
  readonly failures: Float64Array;
  readonly #sites: readonly Site[];
  readonly #balancer: GlobalBalancer;
  readonly #step: EventType;
  readonly #onFirstFailure: (site: Site) => void;

  constructor(
    simulation: Simulation,
    options: UsersOptions,
    sites: readonly Site[],
    onFirstFailure: (site: Site) => void,
  ) {
    this.products = options.products;
    this.#sites = sites;
    this.#onFirstFailure = onFirstFailure;
    const traffic = sites.map((site) => site.traffic);
    this.#balancer = new GlobalBalancer(traffic, options.headroom, noTime, STEP);
    this.requests = new Float64Array(sites.length * options.products.length);
    this.failures = new Float64Array(sites.length * options.products.length);
    this.#step = simulation.event('user traffic', () => this.#pass());
    this.#step.after(STEP);
  }

  weight(site: number): number {
    return this.#balancer.weight(site);
  }

  isAvoided(site: number): boolean {
    return this.#balancer.isAvoided(site);
  }

  /** Share of a site's user requests that fail now, over all products. */
  failureShare(site: number): number {
    let failed = 0;
    let all = 0;
    for (const product of this.products) {
      failed += product.requestsPerSecond * this.#sites[site]!.cluster.nameFailureShare(product.lookups);
      all += product.requestsPerSecond;
    }
    return all === 0 ? 0 : failed / all;
  }

  steer(site: number, isAvoided: boolean): void {
    this.#balancer.steer(site, isAvoided);
  }

  /** Nothing is under way between two steps. */
  checkBooks(): void {}

  #pass(): void {
    this.#step.after(STEP);
    const count = this.products.length;
    for (let site = 0; site < this.#sites.length; site++) {
      const weight = this.#balancer.weight(site);
      if (weight === 0) continue;
      for (let product = 0; product < count; product++) {
        const { requestsPerSecond, lookups } = this.products[product]!;
        const requests = requestsPerSecond * weight;
        const share = this.#sites[site]!.cluster.nameFailureShare(lookups);
        this.requests[site * count + product]! += requests;
        if (share === 0) continue;
        this.failures[site * count + product]! += requests * share;
        this.#onFirstFailure(this.#sites[site]!);
      }
    }
  }
}
