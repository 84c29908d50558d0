/**
 * The lease loop of kubelets without rules of their own (lease-renewal.ts has those): it only ever renews. A tick has five
 * attempts back to back; the get-or-create loop after them sleeps 200 ms, doubling up to 7 s.
 */
import { type Duration, ms, noTime, seconds, type Simulation, type Stream } from '@brownout/core';
import { type DoublingBackoff, waitAfter } from '../client/backoff.ts';
import type { ClientGroup } from '../client/client-group.ts';
import type { ControlPlane } from '../control-plane.ts';
import { Status } from '../requests/api-request.ts';
import { operationNumber } from '../requests/operation.ts';
import type { LeaseTimer, LeaseTimerOptions } from './lease-timer.ts';
import { UnheardRenewals } from './unheard-renewals.ts';

const ATTEMPTS_PER_TICK = 5;
const CREATE_LOOP: DoublingBackoff = { first: ms(200), longest: seconds(7) };
const LEASE_UPDATE = operationNumber('lease-update');

/** The kubelets, as far as the loop looks at them. */
export interface PlainRenewalParts {
  readonly controlPlane: ControlPlane;
  readonly leases: ClientGroup;
  /** The number that `leases` sends with. */
  readonly leaseGroup: number;
  readonly jitter: Stream;
  readonly exists: Uint8Array;
  readonly renewedAt: Float64Array;
  readonly timer: LeaseTimer;
}

/** The loops of all nodes of one cluster. */
export class PlainRenewals {
  readonly #simulation: Simulation;
  readonly #options: LeaseTimerOptions;
  readonly #parts: PlainRenewalParts;
  /** Failed attempts in a row, up to 255. */
  readonly #attempts: Uint8Array;
  readonly #unheard: UnheardRenewals | undefined;

  constructor(simulation: Simulation, name: string, options: LeaseTimerOptions, parts: PlainRenewalParts) {
    this.#simulation = simulation;
    this.#options = options;
    this.#parts = parts;
    this.#attempts = new Uint8Array(parts.exists.length);
    const batch = options.aggregateLeases?.batch;
    // Where all renewals go one by one, so do those that nobody hears.
    if (batch !== undefined && CREATE_LOOP.longest < options.renewInterval) {
      this.#unheard = this.#createUnheard(simulation, name, batch);
    }
  }

  /** The next attempt of a node. */
  attempt(node: number): void {
    if (this.#unheard?.takes(node) === true) return;
    const { controlPlane, leaseGroup } = this.#parts;
    controlPlane.send(leaseGroup, node, LEASE_UPDATE, node, this.#attempts[node]! > 0);
  }

  /** The end of an attempt. */
  answered(node: number, status: number, retryAfterSeconds: number): void {
    const { leases, renewedAt, jitter, timer } = this.#parts;
    if (status === Status.ok) {
      renewedAt[node] = this.#simulation.now;
      this.#attempts[node] = 0;
      const { renewInterval, renewJitter } = this.#options;
      timer.after(Math.round(renewInterval * (1 + renewJitter * jitter.uniform())) as Duration, node);
      return;
    }
    const attempts = Math.min(this.#attempts[node]! + 1, 255);
    this.#attempts[node] = attempts;
    if (attempts >= 2) leases.disconnect(node);
    timer.after(retryAfterSeconds > 0 ? seconds(retryAfterSeconds) : retryWait(attempts), node);
  }

  /** Brings the books up to now. */
  settle(): void {
    this.#unheard?.settle();
  }

  #createUnheard(simulation: Simulation, name: string, batch: Duration): UnheardRenewals {
    const { controlPlane, leases, leaseGroup, exists, renewedAt, timer } = this.#parts;
    return new UnheardRenewals(
      simulation,
      name,
      { roundTrip: controlPlane.roundTrip, batch, waitAfter: retryWait },
      {
        outlook: controlPlane.outlook,
        leases,
        leaseGroup,
        exists,
        attempts: this.#attempts,
        renewedAt,
        isConnected: (node) => controlPlane.hasOpenConnection(leaseGroup, node),
        retryAt: (instant, node) => timer.retryAt?.(instant, node),
        ended: (node, status) => this.answered(node, status, 0),
        fails: (node) => timer.fails?.(node),
        disturbed: () => timer.disturb?.(),
      },
    );
  }
}

/** Wait after so many failed attempts in a row, at least one, where the server names none. */
function retryWait(failures: number): Duration {
  if (failures < ATTEMPTS_PER_TICK) return noTime;
  return waitAfter(failures - ATTEMPTS_PER_TICK, CREATE_LOOP);
}
