/**
 * User traffic per product as rates, spread over clusters by weight, and the balancer that can steer it away from a
 * cluster. A request fails when a name it needs cannot be resolved, or when its cluster is given more than it can take.
 */
import { type Duration, type EventType, seconds, type Simulation } from '@brownout/core';
import type { Site } from './site.ts';

/** One product. */
export interface Product {
  readonly id: string;
  readonly title: string;
  /** Requests per second over all clusters. */
  readonly requestsPerSecond: number;
  /** Different names one request needs. */
  readonly lookups: number;
}

/** How much traffic there is, and how much of it a cluster can take. */
export interface UsersOptions {
  readonly products: readonly Product[];
  /** Share above its normal traffic that a cluster can take. */
  readonly headroom: number;
}

/** Failure shares change slowly (records expire over minutes): they are looked at once a second. */
const STEP: Duration = seconds(1);

/** The users of all products. */
export class Users {
  readonly products: readonly Product[];
  /** Requests and failed requests so far, by site and product: `site * products + product`. */
  readonly requests: Float64Array;
  readonly failures: Float64Array;
  readonly #sites: readonly Site[];
  readonly #normal: readonly number[];
  readonly #headroom: number;
  readonly #isAvoided: Uint8Array;
  readonly #step: EventType;
  readonly #onFirstFailure: (site: Site) => void;
  #weights: number[];

  constructor(
    simulation: Simulation,
    options: UsersOptions,
    sites: readonly Site[],
    onFirstFailure: (site: Site) => void,
  ) {
    this.products = options.products;
    this.#sites = sites;
    this.#headroom = options.headroom;
    this.#onFirstFailure = onFirstFailure;
    const total = sites.reduce((sum, site) => sum + site.traffic, 0);
    this.#normal = sites.map((site) => (total === 0 ? 0 : site.traffic / total));
    this.#weights = [...this.#normal];
    this.#isAvoided = new Uint8Array(sites.length);
    this.requests = new Float64Array(sites.length * options.products.length);
    this.failures = new Float64Array(sites.length * options.products.length);
    this.#step = simulation.event('user traffic', () => this.#pass());
    this.#step.after(STEP);
  }

  /** Share of all user traffic that a site gets now. */
  weight(site: number): number {
    return this.#weights[site]!;
  }

  /** Whether traffic is steered away from a site. */
  isAvoided(site: number): boolean {
    return this.#isAvoided[site] === 1;
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

  /** Steers traffic away from a site, or back to it. What the others cannot take within their headroom stays. */
  steer(site: number, isAvoided: boolean): void {
    this.#isAvoided[site] = isAvoided ? 1 : 0;
    let moved = 0;
    let room = 0;
    for (let i = 0; i < this.#normal.length; i++) {
      if (this.#isAvoided[i] === 1) moved += this.#normal[i]!;
      else room += this.#normal[i]! * this.#headroom;
    }
    const fits = Math.min(moved, room);
    this.#weights = this.#normal.map((normal, i) =>
      this.#isAvoided[i] === 1
        ? normal * (1 - (moved === 0 ? 0 : fits / moved))
        : normal + (room === 0 ? 0 : (fits * normal * this.#headroom) / room),
    );
  }

  #pass(): void {
    this.#step.after(STEP);
    const count = this.products.length;
    for (let site = 0; site < this.#sites.length; site++) {
      const weight = this.#weights[site]!;
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
