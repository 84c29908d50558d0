/**
 * Leader election of a controller by a lease: renewed every retry period, lost when no renewal succeeded within the renew
 * deadline. A process that lost it exits; another one may take the lease when its duration has passed since the last
 * renewal, and must fill its informers before it works. This is why a control plane that answers for two seconds a minute gets no controller work done.
 */
import { type Duration, type EventType, realZero, seconds, type Simulation } from '@brownout/core';
import { Status } from '../requests/api-request.ts';
import { ClientGroup } from '../client/client-group.ts';
import type { ControlPlane } from '../control-plane.ts';
import { kubeControllerManager } from '../flow-control/identity.ts';
import { operationNumber } from '../requests/operation.ts';
import type { Controller } from './leader.ts';

/** Timings of leader election; component-base's defaults are 15 s, 10 s and 2 s. */
export interface LeadershipOptions {
  readonly leaseDuration: Duration;
  readonly renewDeadline: Duration;
  readonly retryPeriod: Duration;
}

const leaseUpdate = {
  verb: 'update',
  apiGroup: 'coordination.k8s.io',
  resource: 'leases',
  namespace: 'kube-system',
} as const;

const LEASE_UPDATE = operationNumber('lease-update');
const INFORMER_LIST = operationNumber('list-pods-cache-protobuf');
/** Informer start: a LIST has no timeout of its own; the API server's request timeout ends it. */
const INFORMER_TIMEOUT = seconds(60);

/** Half the renew deadline, and this at least, so that one request that hangs does not cost the lease (resourcelock.NewFromKubeconfig). */
const SHORTEST_TIMEOUT = seconds(1);

/** One controller process and its claim to lead. */
export class Leadership {
  readonly #simulation: Simulation;
  readonly #controlPlane: ControlPlane;
  readonly #options: LeadershipOptions;
  readonly #controller: Controller;
  readonly #leaseGroup: number;
  readonly #informerGroup: number;
  readonly #lease: ClientGroup;
  readonly #informer: ClientGroup;
  readonly #renew: EventType;
  #renewedAt = realZero;
  /** The present process: replies to one that has exited reach nobody. */
  #process = 0;
  #holds = true;
  #isLeading = true;
  #isRenewing = false;
  #isListing = false;

  constructor(
    simulation: Simulation,
    name: string,
    options: LeadershipOptions,
    controlPlane: ControlPlane,
    controller: Controller,
  ) {
    this.#simulation = simulation;
    this.#controlPlane = controlPlane;
    this.#options = options;
    this.#controller = controller;
    const common = { clients: 1, isInside: true, countsForAvailability: true };
    this.#lease = new ClientGroup({
      ...common,
      name: `${name}-lease`,
      describe: () => ({ ...kubeControllerManager, ...leaseUpdate }),
      timeout: Math.max(SHORTEST_TIMEOUT, Math.floor(options.renewDeadline / 2)) as Duration,
      onReply: (process, status) => this.#renewed(process, status),
    });
    this.#informer = new ClientGroup({
      ...common,
      name: `${name}-informer`,
      describe: () => ({ ...kubeControllerManager, verb: 'list', resource: 'pods' }),
      timeout: INFORMER_TIMEOUT,
      onReply: (process, status) => this.#listed(process, status),
    });
    this.#lease.pinnedServer = controlPlane.breakGlassServer;
    this.#informer.pinnedServer = controlPlane.breakGlassServer;
    this.#leaseGroup = controlPlane.join(this.#lease);
    this.#informerGroup = controlPlane.join(this.#informer);
    this.#renew = simulation.event(`${name} lease renewal`, () => this.#tick());
    this.#renew.after(options.retryPeriod);
  }

  /** Whether the controller may work. */
  get isLeading(): boolean {
    return this.#isLeading;
  }

  #tick(): void {
    this.#renew.after(this.#options.retryPeriod);
    const age = this.#simulation.now - this.#renewedAt;
    if (this.#holds && age > this.#options.renewDeadline) this.#exit();
    if (this.#isRenewing || (!this.#holds && age < this.#options.leaseDuration)) return;
    this.#isRenewing = true;
    this.#controlPlane.send(this.#leaseGroup, 0, LEASE_UPDATE, this.#process);
  }

  #exit(): void {
    this.#process++;
    this.#holds = false;
    this.#isLeading = false;
    this.#isRenewing = false;
    this.#isListing = false;
    this.#lease.disconnect(0);
    this.#informer.disconnect(0);
    this.#controller.stop();
  }

  /** A renewal that was written late prolongs the lease of a process that is gone. */
  #renewed(process: number, status: number): void {
    if (status === Status.ok) this.#renewedAt = this.#simulation.now;
    if (process !== this.#process) return;
    this.#isRenewing = false;
    if (status !== Status.ok) {
      this.#lease.disconnect(0);
      return;
    }
    this.#holds = true;
    if (!this.#isLeading) this.#fillInformers();
  }

  #fillInformers(): void {
    if (this.#isListing) return;
    this.#isListing = true;
    this.#controlPlane.send(this.#informerGroup, 0, INFORMER_LIST, this.#process);
  }

  #listed(process: number, status: number): void {
    if (process !== this.#process) return;
    this.#isListing = false;
    if (status !== Status.ok) return;
    this.#isLeading = true;
    this.#controller.start();
  }
}
