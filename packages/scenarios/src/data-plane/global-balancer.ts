/** The balancer over all clusters: each gets traffic by its weight, and can be avoided. */
import { type Duration, noTime } from '@brownout/core';

/** Shares of all user traffic, by site. */
export class GlobalBalancer {
  readonly #normal: readonly number[];
  readonly #headroom: number;
  readonly #isAvoided: Uint8Array;
  /** Share of its machines that a site still has. */
  readonly #sizes: Float64Array;
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
    this.#sizes = new Float64Array(traffic.length).fill(1);
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

  /** The same with the machines that the site still has, and without anything that others lose. */
  own(site: number): number {
    return this.#normal[site]! * this.#sizes[site]!;
  }

  /** Whether traffic is steered away from a site. */
  isAvoided(site: number): boolean {
    return this.#isAvoided[site] === 1;
  }

  /** Steers traffic away from a site, or back to it. What the others cannot take within their headroom stays. */
  steer(site: number, isAvoided: boolean): void {
    this.#isAvoided[site] = isAvoided ? 1 : 0;
    this.#share();
  }

  /**
   * A site has this share of its machines from now on: whoever takes machines away takes their weight out of the balancer,
   * as balancers do that weigh places by the machines they have there (Envoy's locality-weighted balancing).
   */
  resize(site: number, share: number): void {
    this.#sizes[site] = share;
    this.#share();
  }

  /** Shares the traffic out anew: what sites lose goes to the others, as far as those have room. */
  #share(): void {
    const displaced = this.#normal.map((normal, i) =>
      this.#isAvoided[i] === 1 ? normal : normal * (1 - this.#sizes[i]!),
    );
    const rooms = this.#normal.map((normal, i) =>
      this.#isAvoided[i] === 1 ? 0 : normal * this.#headroom * this.#sizes[i]!,
    );
    const moved = displaced.reduce((sum, share) => sum + share, 0);
    const room = rooms.reduce((sum, share) => sum + share, 0);
    const fits = Math.min(moved, room);
    const stays = 1 - (moved === 0 ? 0 : fits / moved);
    this.#target = this.#normal.map(
      (normal, i) => normal - displaced[i]! + displaced[i]! * stays + (room === 0 ? 0 : (fits * rooms[i]!) / room),
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
