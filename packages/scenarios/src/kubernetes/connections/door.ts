/**
 * What an operator can do to a group of clients in an emergency without touching the clients. At the proxy in front of
 * the API servers its requests can be let through at a chosen rate, and the rest is refused there with 429, which costs no
 * API server anything (the group stands for one user agent). Or its role is taken away: its requests still cost
 * authentication and a seat, but are answered 403 before they do anything.
 */
import { type Simulation, TokenBucket } from '@brownout/core';
import type { ClientGroup } from '../client/client-group.ts';

/** Seconds that a client refused at the proxy is told to wait. */
export const DOOR_RETRY_AFTER = 1;

/** The emergency measures of one control plane. */
export class Door {
  readonly #simulation: Simulation;
  readonly #onThrottled: (() => void) | undefined;
  readonly #buckets = new Map<ClientGroup, TokenBucket>();

  /** `onThrottled`: somebody is throttled from now on, or not any more; default nobody is told. */
  constructor(simulation: Simulation, onThrottled?: () => void) {
    this.#simulation = simulation;
    this.#onThrottled = onThrottled;
  }

  /**
   * Lets `perSecond` requests of these groups together through from now on, whichever come first; 0 = none, `Infinity` = all
   * again. Groups of one user agent belong in one call: they share one bucket.
   */
  throttle(groups: readonly ClientGroup[], perSecond: number): void {
    if (!(perSecond >= 0)) throw new RangeError(`door: perSecond must be >= 0, got ${perSecond}`);
    const isThrottled = perSecond < Infinity;
    const names = groups.map(({ name }) => name).join(', ');
    const bucket = isThrottled ? this.#bucket(names, perSecond) : undefined;
    for (const group of groups) {
      group.isThrottled = isThrottled;
      group.isUnhindered = !group.isForbidden && !isThrottled;
      if (bucket === undefined) this.#buckets.delete(group);
      else this.#buckets.set(group, bucket);
    }
    this.#onThrottled?.();
  }

  /** Takes the role of a group away, or gives it back. */
  forbid(group: ClientGroup, isForbidden = true): void {
    group.isForbidden = isForbidden;
    group.isUnhindered = !group.isForbidden && !group.isThrottled;
  }

  /** Whether a request of a throttled group gets through now. */
  lets(group: ClientGroup): boolean {
    return this.#buckets.get(group)?.take(this.#simulation.now) ?? true;
  }

  #bucket(name: string, rate: number): TokenBucket {
    return new TokenBucket({ name: `door for ${name}`, rate, burst: Math.max(1, rate), initial: 0 });
  }
}
