/** The balancer over all clusters: each gets traffic by its weight, and can be avoided. */
import { type Duration, noTime } from '@brownout/core';

/** Shares of all user traffic, by site. */
export class GlobalBalancer {
  readonly #normal: readonly number[];
  readonly #headroom: number;
  readonly #isAvoided: Uint8Array;
  /** Share of the way to the target that is left after one step. */
  readonly #left: number;
  #target: number[];
  #weights: number[];

  /**
   * `traffic` are the weights of the sites. Traffic follows a change with mean time `steeringTime`, looked at every `step`;
   * 0 = at once.
   */
  constructor(traffic: readonly number[], headroom: number, steeringTime: Duration, step: Duration) {
    const total = traffic.reduce((sum, weight) => sum + weight, 0);
    this.#normal = traffic.map((weight) => (total === 0 ? 0 : weight / total));
    this.#headroom = headroom;
    this.#isAvoided = new Uint8Array(traffic.length);
    this.#left = steeringTime === noTime ? 0 : Math.exp(-step / steeringTime);
    this.#target = [...this.#normal];
    this.#weights = [...this.#normal];
  }

  /** Share of all user traffic that a site gets now. */
  weight(site: number): number {
    return this.#weights[site]!;
  }

  /** The same on a normal day. */
  normal(site: number): number {
    return this.#normal[site]!;
  }

  /** Whether traffic is steered away from a site. */
  isAvoided(site: number): boolean {
    return this.#isAvoided[site] === 1;
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
    this.#target = this.#normal.map((normal, i) =>
      this.#isAvoided[i] === 1
        ? normal * (1 - (moved === 0 ? 0 : fits / moved))
        : normal + (room === 0 ? 0 : (fits * normal * this.#headroom) / room),
    );
    if (this.#left === 0) this.#weights = this.#target;
  }

  /** One step of time passes: clients whose answer from the balancer has run out follow. */
  pass(): void {
    if (this.#left === 0) return;
    for (let i = 0; i < this.#weights.length; i++) {
      const target = this.#target[i]!;
      this.#weights[i] = target + (this.#weights[i]! - target) * this.#left;
    }
  }
}
