/**
 * What faults do to user requests before any service is asked: a balancer turns them away, or they stand still while a name
 * cannot be looked up. A request that stands still is lost when its user's patience ends first, or when there is no stale
 * address to go on with.
 *
 *   request --refused?--> failed
 *      +--------stalls one after the other--> patience over? --> abandoned
 *                          +--no stale address--> failed
 *                          +--> served as on any day
 */
import { type Duration, forever, noTime, type Stream } from '@brownout/core';

/** A balancer turns requests away. */
export interface Refusal {
  readonly kind: 'refusal';
  /** Share of the requests, 0..1. */
  readonly share: number;
}

/** Requests wait for a lookup that nobody answers. */
export interface Stall {
  readonly kind: 'stall';
  /** Share of the requests that need such a name, 0..1. */
  readonly share: number;
  readonly wait: Duration;
  /** Whether there is an old address to go on with after the wait. */
  readonly hasStaleAddress: boolean;
}

/** What happens to requests of some products at some sites. */
export type RequestFault = (Refusal | Stall) & {
  /** By site and product, `site * products + product`: whether it applies there. */
  readonly appliesTo: (site: number, product: number) => boolean;
  /** Note of the fault, for what comes of it. */
  readonly note: number;
};

/** What becomes of one request. */
export interface RequestFate {
  readonly ending: 'served' | 'refused' | 'abandoned' | 'unresolved';
  /** Until then, from its start. */
  readonly after: Duration;
  /** Note of the fault that decided; -1 when it was served. */
  readonly note: number;
}

/** Users whose patience is drawn once for a run stand for all users of a product. */
const POPULATION = 4000;

/** The faults of the moment, and how patient users are. */
export class RequestFaults {
  readonly #products: number;
  /** By product, in ascending order; undefined = they wait for ever. */
  readonly #patience: readonly (Float64Array | undefined)[];
  readonly #active: RequestFault[] = [];
  readonly #shares: Float64Array;
  #isKnown = false;

  constructor(
    sites: number,
    patience: readonly ({ sample(stream: Stream): Duration } | undefined)[],
    streamOf: (product: number) => Stream,
  ) {
    this.#products = patience.length;
    this.#shares = new Float64Array(sites * patience.length);
    this.#patience = patience.map((distribution, product) => {
      if (distribution === undefined) return undefined;
      const stream = streamOf(product);
      return Float64Array.from({ length: POPULATION }, () => distribution.sample(stream)).sort();
    });
  }

  /** Whether any fault is there now. */
  get isAny(): boolean {
    return this.#active.length > 0;
  }

  begin(fault: RequestFault): void {
    this.#active.push(fault);
    this.#isKnown = false;
  }

  end(fault: RequestFault): void {
    this.#active.splice(this.#active.indexOf(fault), 1);
    this.#isKnown = false;
  }

  /** Share of a product's users that give up within a time, 0..1. */
  shareWithPatienceBelow(product: number, time: Duration): number {
    const patience = this.#patience[product];
    if (patience === undefined) return 0;
    let low = 0;
    let high = patience.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (patience[middle]! < time) low = middle + 1;
      else high = middle;
    }
    return low / patience.length;
  }

  /** Share of the requests that are lost to the faults of the moment, 0..1. */
  lostShare(site: number, product: number): number {
    if (this.#active.length === 0) return 0;
    if (!this.#isKnown) this.#learn();
    return this.#shares[site * this.#products + product]!;
  }

  /** The fate of one request, drawn. */
  draw(site: number, product: number, dice: Stream): RequestFate {
    const patience = this.#patience[product];
    const user = patience === undefined ? forever : patience[Math.floor(dice.uniform() * patience.length)]!;
    let waited = 0;
    for (const fault of this.#active) {
      if (!fault.appliesTo(site, product) || dice.uniform() >= fault.share) continue;
      if (fault.kind === 'refusal') return { ending: 'refused', after: waited as Duration, note: fault.note };
      if (user < waited + fault.wait) return { ending: 'abandoned', after: user as Duration, note: fault.note };
      waited += fault.wait;
      if (!fault.hasStaleAddress) return { ending: 'unresolved', after: waited as Duration, note: fault.note };
    }
    return { ending: 'served', after: waited as Duration, note: -1 };
  }

  #learn(): void {
    for (let cell = 0; cell < this.#shares.length; cell++) {
      const site = Math.floor(cell / this.#products);
      this.#shares[cell] = 1 - this.#passing(site, cell % this.#products, 0, noTime);
    }
    this.#isKnown = true;
  }

  /** Share that gets past the faults from the `index`th on, of those that have waited so long already. */
  #passing(site: number, product: number, index: number, waited: number): number {
    const fault = this.#active[index];
    if (fault === undefined) return 1 - this.shareWithPatienceBelow(product, waited as Duration);
    const spared = this.#passing(site, product, index + 1, waited);
    if (!fault.appliesTo(site, product) || fault.share === 0) return spared;
    const passesOn = fault.kind === 'stall' && fault.hasStaleAddress;
    const met = passesOn ? this.#passing(site, product, index + 1, waited + fault.wait) : 0;
    return (1 - fault.share) * spared + fault.share * met;
  }
}
