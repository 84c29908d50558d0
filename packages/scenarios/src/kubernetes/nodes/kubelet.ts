/** The kubelets of a cluster, in columns: leases, status reports, watches. A kubelet runs its pods on without the API. */
import { type Duration, noTime, type Simulation, type Stream, type TimeoutType } from '@brownout/core';
import { Status } from '../requests/api-request.ts';
import { ClientGroup, type ClientGroupOptions } from '../client/client-group.ts';
import type { ControlPlane } from '../control-plane.ts';
import { nodeIdentity } from '../flow-control/identity.ts';
import { operationNumber } from '../requests/operation.ts';
import { JoiningKubelets } from './joining-kubelets.ts';
import type { LeaseAggregateOptions } from './lease-aggregate-options.ts';
import { LeaseRenewals } from './lease-renewal.ts';
import { createLeaseTimer, type LeaseTimer } from './lease-timer.ts';
import { type NodeStore, Ready } from './node-store.ts';
import { PlainRenewals } from './plain-renewals.ts';
import { createPodWatches, type PodWatches, type PodWatchOptions, type WatchObserver } from './pod-watches.ts';
import { type StatusReportRules, StatusReports } from './status-reports.ts';

/** Timings of a kubelet; upstream defaults in the profile. */
export interface KubeletOptions extends PodWatchOptions {
  /** Time between renewals, before jitter. */
  readonly renewInterval: Duration;
  /** Share of the interval added at random, at most. */
  readonly renewJitter: number;
  /** First renewal of a node; absent = at a random phase of the interval, as when the nodes came one by one. */
  readonly firstRenewal?: { sample(stream: Stream): Duration };
  /** Client timeout of lease requests. */
  readonly requestTimeout: Duration;
  /** A lease older than this makes the node NotReady. */
  readonly leaseDuration: Duration;
  /** Time between reports of an unchanged node status. */
  readonly statusInterval: Duration;
  /** The kubelet's own rules for what follows a failure; absent = a simpler loop that only ever renews. */
  readonly rules?: KubeletRules;
  /** Renewals of quiet control planes in batches; absent = one by one. */
  readonly aggregateLeases?: LeaseAggregateOptions;
  /** Nodes that may join, beyond those that are there from the beginning; default none. */
  readonly joining?: number;
}

/** Rules that `lease-renewal.ts` and `status-reports.ts` describe. */
export interface KubeletRules extends StatusReportRules {
  /** What the API stores: renewals and reports are written there, and a node stored as not ready reports soon. */
  readonly store?: NodeStore;
}

const leaseUpdate = {
  verb: 'update',
  apiGroup: 'coordination.k8s.io',
  resource: 'leases',
  namespace: 'kube-node-lease',
} as const;

const LEASE_UPDATE = operationNumber('lease-update');
const LEASE_GET = operationNumber('get');
const STATUS_PATCH = operationNumber('node-status-patch');

/** Told what happens to nodes. */
export interface NodeObserver extends WatchObserver {
  /** With rules: the status that the kubelet wrote is stored, and with it that the node is ready. */
  nodeReported?(node: number): void;
  /** The object of a node that joins is stored. */
  nodeCreated?(node: number): void;
  /** Without rules: it is stored for the first time that a node which has joined is ready. */
  nodeReady?(node: number): void;
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
  readonly #leases: ClientGroup;
  readonly #watches: PodWatches;
  readonly #statuses: ClientGroup;
  readonly #leaseGroup: number;
  readonly #leaseGetGroup: number;
  readonly #statusGroup: number;
  readonly #renewals: LeaseRenewals | undefined;
  readonly #reports: StatusReports | undefined;
  readonly #renew: LeaseTimer;
  readonly #plain: PlainRenewals | undefined;
  readonly #joins: JoiningKubelets | undefined;
  /** First report of a node at its own phase; the interval is the same for all from then on. */
  readonly #report: TimeoutType;
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
    const { rules, requestTimeout: timeout, joining = 0 } = options;
    const rows = nodes + joining;
    this.renewedAt = rules?.store?.leaseRenewedAt ?? new Float64Array(rows);
    this.exists = rules?.store?.exists ?? new Uint8Array(rows).fill(1, 0, nodes);
    const common = { clients: rows, isInside: false, countsForAvailability: true, timeout };
    this.#leases = new ClientGroup({
      ...common,
      name: 'kubelet-lease',
      describe: (node) => ({ ...nodeIdentity(`${node}`), ...leaseUpdate }),
      onReply: (node, status, retryAfter) => this.#renewed(node, status, retryAfter),
    });
    this.#renewals = rules === undefined ? undefined : new LeaseRenewals(rows, options, this.#jitter);
    this.#reports = rules === undefined ? undefined : this.#makeReports(name, rows, rules);
    this.#statuses =
      this.#reports?.clients ??
      new ClientGroup({
        ...common,
        name: 'kubelet-status',
        describe: (node) => ({ ...nodeIdentity(`${node}`), verb: 'patch', resource: 'nodes', subresource: 'status' }),
        onReply: (node, status) => this.#joins?.reported(node, status),
      });
    this.#leaseGroup = controlPlane.join(this.#leases);
    this.#statusGroup = this.#reports === undefined ? controlPlane.join(this.#statuses) : -1;
    this.#watches = createPodWatches(simulation, name, options, { controlPlane, exists: this.exists, observer });
    this.#leaseGetGroup = rules === undefined ? -1 : this.#joinLeaseReads(common);
    const store = rules?.store;
    this.#renew = createLeaseTimer(simulation, name, options, {
      controlPlane,
      leases: this.#leases,
      leaseGroup: this.#leaseGroup,
      jitter: this.#jitter,
      exists: this.exists,
      renewedAt: this.renewedAt,
      attempt: (node) => this.#attempt(node),
      batchEnds: () => this.#plain?.settle(),
      hasMoreToDo: store && ((node) => store.ready[node] !== Ready.true),
    });
    this.#plain = rules === undefined ? this.#makePlain(name) : undefined;
    const report = (node: number): void => this.#reportStatus(node);
    this.#report = simulation.timeout(`${name} node status`, options.statusInterval, report, 'arrival');
    this.#joins = joining > 0 ? this.#makeJoins(name) : undefined;
    this.#startAll(nodes, name);
  }

  /** Nodes that exist. */
  get count(): number {
    return this.#count;
  }

  /** Whether the node's watch is open: it sees changes to its pods. */
  isSynced(node: number): boolean {
    return this.#watches.isSynced(node);
  }

  /**
   * Nodes whose lease is older than the lease duration. Renewals that batches stand for are booked first, which is a part of
   * the run like any event; with `onlyLooks` they are not, and times may be a batch old: no node is counted for that.
   */
  countNotReady(onlyLooks = false): number {
    if (!onlyLooks) this.#renew.settle?.();
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
    this.#plain?.settle();
    this.exists[node] = 0;
    this.#joins?.gone(node);
    this.#watches.stop(node);
    this.#count--;
  }

  /** The kubelet of a node that joins starts on its machine; `readyAfter` its registration it finds the node ready. */
  start(node: number, readyAfter: Duration): void {
    this.#joins?.begin(node, readyAfter);
  }

  /** The object of a node is stored that had none: by its kubelet, or by somebody else, without a status. */
  created(node: number, by: 'kubelet' | 'others'): void {
    if (this.exists[node] === 1 || this.#joins?.isGone(node) === true) return;
    this.exists[node] = 1;
    this.#count++;
    const ready = by === 'kubelet' ? Ready.false : Ready.none;
    this.#options.rules?.store?.created(node, this.#simulation.now, ready);
    this.#observer.nodeCreated?.(node);
  }

  /** Connections are gone: every kubelet whose watch went over one notices and starts over after a back-off. */
  connectionsBroke(): void {
    this.#watches.connectionsBroke();
  }

  /** Packets are dropped from now on: health checks of the watch connections find out, unless it is over by then. */
  pathBlocked(): void {
    this.#watches.pathBlocked();
  }

  /** Packets pass again: watches whose connection is still alive get what they missed. */
  pathOpened(): void {
    this.#watches.pathOpened();
  }

  /** Nodes start at random phases, connected evenly: the cluster has been running for long. */
  #startAll(nodes: number, name: string): void {
    const phase = this.#simulation.streams.get(`${name}/kubelet/phase`);
    const servers = this.#controlPlane.balanced.length;
    const firstReport = this.#simulation.event(`${name} first status`, (node) => this.#reportStatus(node), 'arrival');
    for (let node = 0; node < nodes; node++) {
      const server = node % servers;
      for (const group of [this.#leases, this.#statuses, this.#watches.clients]) {
        group.connect(node, server, this.#controlPlane.servers[server]!.life);
      }
      this.#watches.begin(node, server);
      const { firstRenewal, renewInterval } = this.#options;
      const first = firstRenewal?.sample(phase) ?? (Math.floor(phase.uniform() * renewInterval) as Duration);
      this.#renew.after(first, node);
      const report = Math.floor(phase.uniform() * this.#options.statusInterval) as Duration;
      if (this.#reports === undefined) firstReport.after(report, node);
      else this.#reports.start(node, report);
    }
  }

  #makeReports(name: string, nodes: number, rules: KubeletRules): StatusReports {
    const { requestTimeout, statusInterval } = this.#options;
    const { store, ...timings } = rules;
    return new StatusReports(
      this.#simulation,
      name,
      nodes,
      { requestTimeout, statusInterval, ...timings },
      {
        controlPlane: this.#controlPlane,
        exists: this.exists,
        closeConnections: (node) => this.#closeConnections(node),
        reported: (node) => {
          store?.reported(node, this.#simulation.now, this.#joins?.isReady(node) ?? true);
          this.#observer.nodeReported?.(node);
        },
      },
    );
  }

  #makeJoins(name: string): JoiningKubelets {
    const { requestTimeout, renewInterval } = this.#options;
    return new JoiningKubelets(this.#simulation, name, {
      controlPlane: this.#controlPlane,
      exists: this.exists,
      connections: this.#leases,
      requestTimeout,
      renewInterval,
      known: (node) => this.created(node, 'kubelet'),
      leased: (node) => this.#leased(node),
      watches: (node) => this.#watches.join(node),
      reports: (node, isFirst) => this.#reportJoined(node, isFirst),
      ready: (node) => this.#observer.nodeReady?.(node),
    });
  }

  #leased(node: number): void {
    const { renewInterval, renewJitter } = this.#options;
    this.renewedAt[node] = this.#simulation.now;
    this.#renew.after(Math.round(renewInterval * (1 + renewJitter * this.#jitter.uniform())) as Duration, node);
  }

  #reportJoined(node: number, isFirst: boolean): void {
    if (this.#reports !== undefined) this.#reports.start(node, noTime);
    else if (isFirst) this.#reportStatus(node);
    else this.#controlPlane.send(this.#statusGroup, node, STATUS_PATCH);
  }

  #makePlain(name: string): PlainRenewals {
    return new PlainRenewals(this.#simulation, name, this.#options, {
      controlPlane: this.#controlPlane,
      leases: this.#leases,
      leaseGroup: this.#leaseGroup,
      jitter: this.#jitter,
      exists: this.exists,
      renewedAt: this.renewedAt,
      timer: this.#renew,
    });
  }

  #joinLeaseReads(common: Omit<ClientGroupOptions, 'name' | 'describe' | 'onReply'>): number {
    return this.#controlPlane.join(
      new ClientGroup({
        ...common,
        name: 'kubelet-lease-get',
        describe: (node) => ({ ...nodeIdentity(`${node}`), ...leaseUpdate, verb: 'get' }),
        onReply: (node, status, retryAfter) => this.#renewed(node, status, retryAfter),
      }),
    );
  }

  #attempt(node: number): void {
    if (this.exists[node] === 0) return;
    const renewals = this.#renewals;
    if (renewals === undefined) {
      this.#plain?.attempt(node);
      return;
    }
    renewals.sent(node, this.#simulation.now);
    const [group, operation] = renewals.isReading(node)
      ? [this.#leaseGetGroup, LEASE_GET]
      : [this.#leaseGroup, LEASE_UPDATE];
    this.#controlPlane.send(group, node, operation, node, renewals.isRepetition(node));
  }

  /** All clients of a kubelet dial through one dialer, which it can tell to close everything. */
  #closeConnections(node: number): void {
    this.#leases.disconnect(node);
    this.#statuses.disconnect(node);
    this.#watches.broke(node);
  }

  #renewedByRules(node: number, status: number, retryAfterSeconds: number, renewals: LeaseRenewals): void {
    const { now } = this.#simulation;
    const wasReading = renewals.isReading(node);
    const wait = renewals.answered(node, status, retryAfterSeconds, now);
    if (status === Status.ok && !wasReading) {
      this.renewedAt[node] = now;
      const { store } = this.#options.rules!;
      const isReady = this.#joins?.isReady(node) ?? true;
      if (store !== undefined && isReady && store.ready[node] !== Ready.true) this.#reports!.changed(node);
    }
    if (renewals.closesConnections) this.#closeConnections(node);
    this.#renew.after(wait, node);
  }

  #renewed(node: number, status: number, retryAfterSeconds: number): void {
    if (this.#renewals !== undefined) {
      this.#renewedByRules(node, status, retryAfterSeconds, this.#renewals);
      return;
    }
    this.#plain?.answered(node, status, retryAfterSeconds);
  }

  #reportStatus(node: number): void {
    if (this.exists[node] === 0) return;
    this.#controlPlane.send(this.#statusGroup, node, STATUS_PATCH);
    this.#report.start(node);
  }
}
