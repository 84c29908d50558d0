/**
 * When kubelets renew: one event a renewal, or with `aggregateLeases` the batches of lease-aggregate.ts, seen from the lease
 * loop as the same timer. A wait of a whole interval follows a renewal that succeeded, or one given up; anything shorter is
 * a retry and goes its own way.
 */
import type { Duration, EventHandle, EventType, Instant, Simulation, Stream } from '@brownout/core';
import type { ClientGroup } from '../client/client-group.ts';
import type { ControlPlane } from '../control-plane.ts';
import { operationNumber } from '../requests/operation.ts';
import { LeaseAggregate, type LeaseAggregateHost } from './lease-aggregate.ts';
import type { LeaseAggregateOptions } from './lease-aggregate-options.ts';
import type { LeaseBooking } from './lease-booking.ts';

/** What the lease loop needs of a timer. */
export interface LeaseTimer {
  /** The node's next request goes after `delay`. */
  after(delay: Duration, node: number): unknown;
  /** Attempts of a node fail from now on, until one succeeds. */
  fails?(node: number): void;
  /** A node that had renewed before has failed, and will try again before its next interval. */
  disturb?(): void;
  /** The next attempt of a node that has failed goes at an instant. */
  retryAt?(instant: Instant, node: number): void;
  /** Brings renewal times up to now, where that is not so anyway. */
  settle?(): void;
}

/** The kubelets, as far as a timer looks at them. */
export interface LeaseTimerParts {
  readonly controlPlane: ControlPlane;
  readonly leases: ClientGroup;
  /** The number that `leases` sends with. */
  readonly leaseGroup: number;
  readonly jitter: Stream;
  readonly exists: Uint8Array;
  readonly renewedAt: Float64Array;
  /** Sends the next request of a node's lease loop. */
  readonly attempt: (node: number) => void;
  /** Called at the end of each batch, before anything is decided. Absent: nobody is told. */
  readonly batchEnds?: () => void;
  /** Whether a renewal would change more than the lease; such nodes are not batched. Absent: never. */
  readonly hasMoreToDo?: ((node: number) => boolean) | undefined;
}

/** Timings of the loop that a timer needs to know. */
export interface LeaseTimerOptions {
  readonly renewInterval: Duration;
  readonly renewJitter: number;
  /** Absent: every renewal is an event of its own. */
  readonly aggregateLeases?: LeaseAggregateOptions;
}

const LEASE_UPDATE = operationNumber('lease-update');

/** The timer that the options ask for. */
export function createLeaseTimer(
  simulation: Simulation,
  name: string,
  options: LeaseTimerOptions,
  parts: LeaseTimerParts,
): LeaseTimer {
  if (options.aggregateLeases !== undefined) {
    return new BatchedLeaseTimer(simulation, name, options, options.aggregateLeases, parts);
  }
  return simulation.event(`${name} lease renewal`, parts.attempt, 'arrival');
}

class BatchedLeaseTimer implements LeaseTimer, LeaseAggregateHost {
  readonly exists: Uint8Array;
  readonly aggregate: LeaseAggregate;
  readonly #simulation: Simulation;
  readonly #options: LeaseTimerOptions;
  readonly #parts: LeaseTimerParts;
  readonly #event: EventType;
  readonly #onRenewed: ((latency: number) => void) | undefined;
  readonly #booking: TimerBooking;
  /** 1 from a failed attempt to the next success. */
  readonly #isFailing: Uint8Array;

  constructor(
    simulation: Simulation,
    name: string,
    options: LeaseTimerOptions,
    aggregate: LeaseAggregateOptions,
    parts: LeaseTimerParts,
  ) {
    this.exists = parts.exists;
    this.#simulation = simulation;
    this.#options = options;
    this.#parts = parts;
    this.#onRenewed = aggregate.onRenewed;
    this.#isFailing = new Uint8Array(parts.exists.length).fill(1);
    this.#event = simulation.event(`${name} lease renewal`, parts.attempt, 'arrival');
    const longest = (options.renewInterval * (1 + options.renewJitter) + aggregate.calmLatency) as Duration;
    this.#booking = new TimerBooking(parts);
    this.aggregate = new LeaseAggregate(simulation, name, parts.exists.length, longest, aggregate, this);
  }

  after(delay: Duration, node: number): EventHandle | undefined {
    // The first wait of a node is its phase, however long, and no sign of trouble.
    if (this.#parts.renewedAt[node] === 0 || delay < this.#options.renewInterval) {
      if (this.#parts.renewedAt[node] !== 0) this.disturb();
      this.fails(node);
      return this.#event.after(delay, node);
    }
    const { now } = this.#simulation;
    if (this.#isFailing[node] === 0) {
      const latency = this.aggregate.answered(node);
      this.#onRenewed?.(latency);
    }
    this.#isFailing[node] = 0;
    this.aggregate.add(node, now + delay);
    return undefined;
  }

  fails(node: number): void {
    this.#isFailing[node] = 1;
  }

  disturb(): void {
    this.aggregate.disturb();
  }

  retryAt(instant: Instant, node: number): void {
    this.#event.at(instant, node);
  }

  batchEnds(): void {
    this.#parts.batchEnds?.();
  }

  settle(): void {
    this.aggregate.settle();
  }

  isQuiet(): boolean {
    const { controlPlane, leases } = this.#parts;
    if (controlPlane.isBlocked || !controlPlane.etcd.isCalmFor(LEASE_UPDATE)) return false;
    for (const { express } of controlPlane.balanced) {
      if (!express.isOpen(leases.level, LEASE_UPDATE)) return false;
    }
    return true;
  }

  isConnected(node: number): boolean {
    const { controlPlane, leaseGroup, hasMoreToDo } = this.#parts;
    return controlPlane.hasOpenConnection(leaseGroup, node) && hasMoreToDo?.(node) !== true;
  }

  renew(node: number): void {
    this.#parts.attempt(node);
  }

  renewedInBatch(node: number, due: number, latency: number): void {
    const { leaseGroup, renewedAt, controlPlane } = this.#parts;
    renewedAt[node] = due + latency;
    controlPlane.lightBooks.bookOne(leaseGroup, node, LEASE_UPDATE);
    this.#onRenewed?.(latency);
  }

  booking(): LeaseBooking | undefined {
    const { controlPlane, leases } = this.#parts;
    const mayDiffer = this.#onRenewed !== undefined || controlPlane.isCut(leases);
    return mayDiffer || !controlPlane.lightBooks.areSums(LEASE_UPDATE) ? undefined : this.#booking;
  }

  drawInterval(): Duration {
    const { renewInterval, renewJitter } = this.#options;
    return Math.round(renewInterval * (1 + renewJitter * this.#parts.jitter.uniform())) as Duration;
  }
}

class TimerBooking implements LeaseBooking {
  readonly renewedAt: Float64Array;
  readonly #parts: LeaseTimerParts;
  readonly #counts: Int32Array;

  constructor(parts: LeaseTimerParts) {
    this.#parts = parts;
    this.renewedAt = parts.renewedAt;
    this.#counts = new Int32Array(parts.controlPlane.servers.length);
  }

  serverOf(node: number): number {
    return this.#parts.controlPlane.lightBooks.serverOf(this.#parts.leases, node);
  }

  hasMoreToDo(node: number): boolean {
    return this.#parts.hasMoreToDo?.(node) === true;
  }

  renewed(node: number, server: number): void {
    this.#counts[server]!++;
    this.#parts.controlPlane.lightBooks.used(this.#parts.leases, node);
  }

  book(): void {
    const { controlPlane, leaseGroup } = this.#parts;
    for (let server = 0; server < this.#counts.length; server++) {
      const count = this.#counts[server]!;
      if (count > 0) controlPlane.lightBooks.bookMany(leaseGroup, server, LEASE_UPDATE, count);
      this.#counts[server] = 0;
    }
  }
}
