/**
 * The kubelets of a cluster, in columns: lease renewals with the real retry rules, node status reports, and the watch
 * through which a kubelet learns that a pod is to be started or stopped. A kubelet runs its pods on without the API.
 */
import {
  type Duration,
  type EventType,
  ms,
  noTime,
  seconds,
  type Simulation,
  type Stream,
  type TimeoutType,
} from '@brownout/core';
import { Status } from '../requests/api-request.ts';
import { type DoublingBackoff, jitteredWaitAfter, waitAfter } from '../client/backoff.ts';
import { ClientGroup } from '../client/client-group.ts';
import type { ControlPlane } from '../control-plane.ts';
import { nodeIdentity } from '../flow-control/identity.ts';
import { operationNumber } from '../requests/operation.ts';

/** Timings of a kubelet; upstream defaults in the profile. */
export interface KubeletOptions {
  /** Time between renewals, before jitter. */
  readonly renewInterval: Duration;
  /** Share of the interval added at random, at most. */
  readonly renewJitter: number;
  /** Client timeout of lease requests. */
  readonly requestTimeout: Duration;
  /** A lease older than this makes the node NotReady. */
  readonly leaseDuration: Duration;
  /** Time between reports of an unchanged node status. */
  readonly statusInterval: Duration;
}

/** Renew attempts of one tick, back to back, before the client falls back to its get-or-create loop (component-helpers). */
const ATTEMPTS_PER_TICK = 5;
/** The get-or-create loop sleeps 200 ms, doubling up to 7 s. */
const CREATE_LOOP: DoublingBackoff = { first: ms(200), longest: seconds(7) };
/** A reflector whose watch broke waits 0.8 s, doubling up to 30 s, plus as much again at random (client-go). */
const REFLECTOR: DoublingBackoff = { first: ms(800), longest: seconds(30) };

const leaseUpdate = {
  verb: 'update',
  apiGroup: 'coordination.k8s.io',
  resource: 'leases',
  namespace: 'kube-node-lease',
} as const;

const LEASE_UPDATE = operationNumber('lease-update');
const STATUS_PATCH = operationNumber('node-status-patch');
const SYNC = operationNumber('kubelet-sync');

/** HTTP/2 in client-go: silence for 30 s, then a ping without an answer for 15 s, ends a connection. */
const SILENCE = seconds(45);

/** Told when a node's watch works again after a break, so that it can catch up. */
export interface NodeObserver {
  nodeSynced(node: number): void;
}

/** The kubelets of one cluster. */
export class Kubelets {
  /** Instant of the last successful renewal of each node's lease. */
  readonly renewedAt: Float64Array;
  /** 1 while the node exists. */
  readonly exists: Uint8Array;
  readonly #simulation: Simulation;
  readonly #controlPlane: ControlPlane;
  readonly #options: KubeletOptions;
  readonly #observer: NodeObserver;
  readonly #jitter: Stream;
  readonly #backoffStream: Stream;
  readonly #attempts: Uint8Array;
  readonly #syncAttempts: Uint8Array;
  readonly #isSynced: Uint8Array;
  readonly #isSyncing: Uint8Array;
  readonly #leases: ClientGroup;
  readonly #watches: ClientGroup;
  readonly #leaseGroup: number;
  readonly #statusGroup: number;
  readonly #watchGroup: number;
  readonly #renew: EventType;
  /** First report of a node at its own phase; the interval is the same for all from then on. */
  readonly #report: TimeoutType;
  readonly #sync: EventType;
  readonly #silence: EventType;
  #count: number;

  constructor(
    simulation: Simulation,
    name: string,
    nodes: number,
    options: KubeletOptions,
    controlPlane: ControlPlane,
    observer: NodeObserver,
  ) {
    this.#simulation = simulation;
    this.#controlPlane = controlPlane;
    this.#options = options;
    this.#observer = observer;
    this.#count = nodes;
    this.#jitter = simulation.streams.get(`${name}/kubelet/jitter`);
    this.#backoffStream = simulation.streams.get(`${name}/kubelet/backoff`);
    this.renewedAt = new Float64Array(nodes);
    this.exists = new Uint8Array(nodes).fill(1);
    this.#attempts = new Uint8Array(nodes);
    this.#syncAttempts = new Uint8Array(nodes);
    this.#isSynced = new Uint8Array(nodes).fill(1);
    this.#isSyncing = new Uint8Array(nodes);
    const timeout = options.requestTimeout;
    const common = { clients: nodes, isInside: false, countsForAvailability: true, timeout };
    this.#leases = new ClientGroup({
      ...common,
      name: 'kubelet-lease',
      describe: (node) => ({ ...nodeIdentity(`${node}`), ...leaseUpdate }),
      onReply: (node, status, retryAfter) => this.#renewed(node, status, retryAfter),
    });
    const statuses = new ClientGroup({
      ...common,
      name: 'kubelet-status',
      describe: (node) => ({ ...nodeIdentity(`${node}`), verb: 'patch', resource: 'nodes', subresource: 'status' }),
      onReply: () => {},
    });
    this.#watches = new ClientGroup({
      ...common,
      name: 'kubelet-watch',
      describe: (node) => ({ ...nodeIdentity(`${node}`), verb: 'list', resource: 'pods' }),
      timeout: seconds(60),
      onReply: (node, status) => this.#synced(node, status),
    });
    this.#leaseGroup = controlPlane.join(this.#leases);
    this.#statusGroup = controlPlane.join(statuses);
    this.#watchGroup = controlPlane.join(this.#watches);
    this.#renew = simulation.event(`${name} lease renewal`, (node) => this.#attempt(node), 'arrival');
    this.#report = simulation.timeout(
      `${name} node status`,
      options.statusInterval,
      (node) => this.#reportStatus(node),
      'arrival',
    );
    this.#sync = simulation.event(`${name} watch restart`, (node) => this.#startSync(node), 'arrival');
    this.#silence = simulation.event(`${name} connections silent`, () => this.connectionsBroke());
    this.#startAll(nodes, statuses, name);
  }

  /** Nodes that exist. */
  get count(): number {
    return this.#count;
  }

  /** Whether the node's watch is open: it sees changes to its pods. */
  isSynced(node: number): boolean {
    return this.#isSynced[node] === 1 && this.#controlPlane.isConnected(this.#watches, node);
  }

  /** Nodes whose lease is older than the lease duration. */
  countNotReady(): number {
    const oldest = this.#simulation.now - this.#options.leaseDuration;
    let count = 0;
    for (let node = 0; node < this.exists.length; node++) {
      if (this.exists[node] === 1 && this.renewedAt[node]! < oldest) count++;
    }
    return count;
  }

  /** The machine is gone: nothing is sent any more. */
  remove(node: number): void {
    if (this.exists[node] === 0) return;
    this.exists[node] = 0;
    this.#count--;
  }

  /** Connections are gone: every kubelet whose watch went over one notices and starts over after a back-off. */
  connectionsBroke(): void {
    for (let node = 0; node < this.exists.length; node++) {
      if (this.#isSynced[node] === 0 || this.#controlPlane.isConnected(this.#watches, node)) continue;
      this.#isSynced[node] = 0;
      this.#watches.disconnect(node);
      this.#syncLater(node);
    }
  }

  /** Packets are dropped from now on: health checks of the watch connections find out, unless it is over by then. */
  pathBlocked(): void {
    this.#silence.after(SILENCE);
  }

  /** Packets pass again: watches whose connection is still alive get what they missed. */
  pathOpened(): void {
    for (let node = 0; node < this.exists.length; node++) {
      if (this.exists[node] === 1 && this.isSynced(node)) this.#observer.nodeSynced(node);
    }
  }

  /** Nodes start at random phases, connected evenly: the cluster has been running for long. */
  #startAll(nodes: number, statuses: ClientGroup, name: string): void {
    const phase = this.#simulation.streams.get(`${name}/kubelet/phase`);
    const servers = this.#controlPlane.balanced.length;
    const firstReport = this.#simulation.event(`${name} first status`, (node) => this.#reportStatus(node), 'arrival');
    for (let node = 0; node < nodes; node++) {
      const server = node % servers;
      for (const group of [this.#leases, statuses, this.#watches]) {
        group.server[node] = server;
        group.life[node] = this.#controlPlane.servers[server]!.life;
      }
      this.#renew.after(Math.floor(phase.uniform() * this.#options.renewInterval) as Duration, node);
      firstReport.after(Math.floor(phase.uniform() * this.#options.statusInterval) as Duration, node);
    }
  }

  #attempt(node: number): void {
    if (this.exists[node] === 1) {
      this.#controlPlane.send(this.#leaseGroup, node, LEASE_UPDATE, node, this.#attempts[node]! > 0);
    }
  }

  #renewed(node: number, status: number, retryAfterSeconds: number): void {
    if (status === Status.ok) {
      this.renewedAt[node] = this.#simulation.now;
      this.#attempts[node] = 0;
      const { renewInterval, renewJitter } = this.#options;
      this.#renew.after(Math.round(renewInterval * (1 + renewJitter * this.#jitter.uniform())) as Duration, node);
      return;
    }
    const attempts = Math.min(this.#attempts[node]! + 1, 255);
    this.#attempts[node] = attempts;
    if (attempts >= 2) this.#leases.disconnect(node);
    if (retryAfterSeconds > 0) this.#renew.after(seconds(retryAfterSeconds), node);
    else if (attempts < ATTEMPTS_PER_TICK) this.#renew.after(noTime, node);
    else this.#renew.after(waitAfter(attempts - ATTEMPTS_PER_TICK, CREATE_LOOP), node);
  }

  #reportStatus(node: number): void {
    if (this.exists[node] === 0) return;
    this.#controlPlane.send(this.#statusGroup, node, STATUS_PATCH);
    this.#report.start(node);
  }

  #syncLater(node: number): void {
    if (this.#isSyncing[node] === 1 || this.exists[node] === 0) return;
    this.#isSyncing[node] = 1;
    this.#sync.after(jitteredWaitAfter(this.#syncAttempts[node]!, REFLECTOR, this.#backoffStream), node);
  }

  #startSync(node: number): void {
    if (this.exists[node] === 1) {
      this.#controlPlane.send(this.#watchGroup, node, SYNC, node, this.#syncAttempts[node]! > 0);
    }
  }

  #synced(node: number, status: number): void {
    this.#isSyncing[node] = 0;
    if (status === Status.ok) {
      this.#isSynced[node] = 1;
      this.#syncAttempts[node] = 0;
      this.#observer.nodeSynced(node);
      return;
    }
    this.#syncAttempts[node] = Math.min(this.#syncAttempts[node]! + 1, 20);
    this.#syncLater(node);
  }
}
