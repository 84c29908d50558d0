/**
 * Users whose requests are served by services that call each other: traffic as rates, once a second and exact for the state of
 * every edge at that moment, and a few sampled requests beside them. Asked = served + failed, for rates and for samples.
 */
import { type Duration, type EventType, seconds, type Simulation, type Stream } from '@brownout/core';
import { ClusterDataPlane, type ClusterSurroundings } from './cluster-data-plane.ts';
import { GlobalBalancer } from './global-balancer.ts';
import type { DataPlaneOptions } from './options.ts';
import type { SampledFailure } from './sampled-requests.ts';
import type { Product, UserDownloads, UsersOptions, UserTraffic } from './user-traffic.ts';

/** A cluster that serves users. */
export interface ServingSite {
  /** Weight of the user traffic it normally serves; a site without gets no data plane. */
  readonly traffic: number;
  readonly surroundings: ClusterSurroundings;
  /** Of a small model of a cluster: instances of each service, and how many each of them stands for. Default the whole. */
  readonly model?: { readonly replicas: number; readonly standsFor: number };
}

/** Whom the users tell. */
export interface UserObserver {
  /** Some requests to a site fail now, for want of room in it or for what is behind; told every second while they do. */
  requestsFail(site: number, isFull: boolean): void;
  /** A sampled request failed. */
  sampledRequestFailed(site: number, failure: SampledFailure): void;
}

const STEP: Duration = seconds(1);

/** The users of all products. */
export class ServiceUsers implements UserTraffic {
  readonly products: readonly Product[];
  /** Requests, failed requests, and those of them that found their cluster full, so far; `site * products + product`. */
  readonly requests: Float64Array;
  readonly failures: Float64Array;
  readonly shed: Float64Array;
  /** By site; undefined where nobody is served. */
  readonly dataPlanes: readonly (ClusterDataPlane | undefined)[];
  readonly limitStartUps?: (site: number, count: number) => void;
  readonly warmCaches?: (site: number) => void;
  readonly readDownloads?: (site: number) => UserDownloads | undefined;
  readonly #headroom: number;
  readonly #samplesPerSecond: number;
  readonly #balancer: GlobalBalancer;
  readonly #step: EventType;
  readonly #dice: Stream;
  readonly #observer: UserObserver;

  constructor(
    simulation: Simulation,
    options: UsersOptions & DataPlaneOptions,
    sites: readonly ServingSite[],
    observer: UserObserver,
  ) {
    this.products = options.products;
    this.#headroom = options.headroom;
    this.#samplesPerSecond = options.samplesPerSecond;
    this.#observer = observer;
    this.#dice = simulation.streams.get('users/samples');
    const cells = sites.length * options.products.length;
    this.requests = new Float64Array(cells);
    this.failures = new Float64Array(cells);
    this.shed = new Float64Array(cells);
    const traffic = sites.map((site) => site.traffic);
    this.#balancer = new GlobalBalancer(traffic, options.headroom, options.steeringTime, STEP);
    const calls = options.products.map((product) => product.lookups);
    this.dataPlanes = sites.map((site, index) =>
      site.traffic === 0
        ? undefined
        : new ClusterDataPlane(simulation, optionsOf(options, site), calls, site.surroundings, (failure) =>
            observer.sampledRequestFailed(index, failure),
          ),
    );
    if (options.startUp.download !== undefined) {
      this.limitStartUps = (site, count) =>
        this.dataPlanes[site]?.startUps?.setLimit(fewer(count, sites[site]!.model?.standsFor));
      this.warmCaches = (site) => this.dataPlanes[site]?.startUps?.warm();
      this.readDownloads = (site) => this.dataPlanes[site]?.startUps?.books();
    }
    this.#step = simulation.event('user traffic', () => this.#pass());
    this.#step.after(STEP);
  }

  weight(site: number): number {
    return this.#balancer.weight(site);
  }

  isAvoided(site: number): boolean {
    return this.#balancer.isAvoided(site);
  }

  steer(site: number, isAvoided: boolean): void {
    this.#balancer.steer(site, isAvoided);
  }

  resize(site: number, share: number): void {
    this.#balancer.resize(site, share);
  }

  /** Share of a site's user requests that fail now, or would if there were any, over all products. */
  failureShare(site: number): number {
    return this.#failureShareAt(site, this.#balancer.weight(site));
  }

  /** The same of its own traffic: without what it is given because others cannot take it. */
  ownFailureShare(site: number): number {
    return this.#failureShareAt(site, Math.min(this.#balancer.weight(site), this.#balancer.own(site)));
  }

  /** Throws unless all books add up. */
  checkBooks(): void {
    for (const dataPlane of this.dataPlanes) dataPlane?.checkBooks();
  }

  #success(site: number, product: number): number {
    return this.dataPlanes[site]?.success.share(product) ?? 1;
  }

  #failureShareAt(site: number, weight: number): number {
    let failed = 0;
    let all = 0;
    this.products.forEach(({ requestsPerSecond }, product) => {
      failed += requestsPerSecond * (1 - (1 - this.#shedShare(site, product, weight)) * this.#success(site, product));
      all += requestsPerSecond;
    });
    return all === 0 ? 0 : failed / all;
  }

  /** What a site with a share of all traffic is given beyond what its ready instances can take, as a share of what it is given. */
  #shedShare(site: number, product: number, weight: number): number {
    const dataPlane = this.dataPlanes[site];
    if (dataPlane === undefined) return 0;
    const load = weight / this.#balancer.normal(site);
    // Instances that are ready have the nodes that are there, or fewer nodes carry all of them: one of the two is the limit.
    const capacity = (1 + this.#headroom) * Math.min(dataPlane.success.readyShare(product), dataPlane.nodeShare);
    // Steering fills the headroom to the brim: what is above it by rounding only is not turned away.
    return load <= capacity * (1 + 1e-9) ? 0 : 1 - capacity / load;
  }

  #pass(): void {
    this.#step.after(STEP);
    this.#balancer.pass();
    for (let site = 0; site < this.dataPlanes.length; site++) {
      this.dataPlanes[site]?.followNodes();
      const weight = this.#balancer.weight(site);
      if (weight > 0)
        for (let product = 0; product < this.products.length; product++) this.#serve(site, product, weight);
    }
  }

  #serve(site: number, product: number, weight: number): void {
    const cell = site * this.products.length + product;
    const requests = this.products[product]!.requestsPerSecond * weight;
    const shed = this.#shedShare(site, product, weight);
    const success = this.#success(site, product);
    this.requests[cell]! += requests;
    this.#sample(site, product, weight, shed);
    if (shed === 0 && success === 1) return;
    this.shed[cell]! += requests * shed;
    this.failures[cell]! += requests * (1 - (1 - shed) * success);
    this.#observer.requestsFail(site, shed > 0);
  }

  /** On average `samplesPerSecond` of each product over all sites, spread over the second that begins. */
  #sample(site: number, product: number, weight: number, shed: number): void {
    const sampled = this.dataPlanes[site]?.sampled;
    if (sampled === undefined || this.#samplesPerSecond === 0) return;
    let count = Math.floor(this.#samplesPerSecond * weight + this.#dice.uniform());
    for (; count > 0; count--) {
      if (shed > 0 && this.#dice.uniform() < shed) sampled.refuse(product);
      else sampled.ask(product, Math.floor(this.#dice.uniform() * STEP) as Duration);
    }
  }
}

/** What a small model shares is smaller by as much as it has fewer instances. */
function optionsOf(options: DataPlaneOptions, { model }: ServingSite): DataPlaneOptions {
  if (model === undefined) return options;
  const { startUp } = options;
  const { download } = startUp;
  const { replicas, standsFor } = model;
  if (download === undefined) return { ...options, replicas };
  const shared = {
    ...download,
    bytesPerSecond: download.bytesPerSecond / standsFor,
    concurrent: fewer(download.concurrent, standsFor),
  };
  return { ...options, replicas, startUp: { ...startUp, download: shared } };
}

function fewer(count: number, standsFor = 1): number {
  return standsFor === 1 ? count : Math.max(1, Math.round(count / standsFor));
}
