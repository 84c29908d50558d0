/**
 * One Kubernetes cluster: the only place where its parts are wired.
 *
 *   kubelets --lease, status, watch--+
 *   agents ----LIST------------------+--> ControlPlane (balancer -> API servers -> etcd)
 *   controllers, scheduler ----------+          ^
 *   registry DNS --GET on expiry-----+          |
 *   operators ---------------------- object writes
 *   users --lookups--> registry DNS (if any) -> CoreDNS
 */
import { type EventType, seconds, type Simulation } from '@brownout/core';
import type { ClientGroup } from './client/client-group.ts';
import { ControlPlane, type ControlPlaneObserver, type ControlPlaneOptions } from './control-plane.ts';
import { DaemonSet, type DaemonSetOptions } from './controllers/daemon-set.ts';
import { Leadership, type LeadershipOptions } from './controllers/leadership.ts';
import { CoreDns } from './dns/core-dns.ts';
import { RegistryDns, type RegistryDnsOptions } from './dns/registry-dns.ts';
import { Daemon, type DaemonOptions } from './nodes/daemon.ts';
import { Kubelets, type KubeletOptions } from './nodes/kubelet.ts';
import { type ClusterCosts, OperationTable, type ListShape } from './requests/operation.ts';
import { startProbes, type ProbeOptions } from './api-server/probes.ts';

/** Everything a cluster is made of. */
export interface ClusterOptions {
  readonly id: string;
  readonly nodes: number;
  /** Pods per node that were there before anything happens. */
  readonly podsPerNode: number;
  readonly costs: ClusterCosts;
  /** Seats a LIST of so many objects takes (the work estimate of the profile). */
  readonly listSeats: (shape: ListShape) => number;
  readonly controlPlane: ControlPlaneOptions;
  readonly probes: ProbeOptions;
  readonly kubelet: KubeletOptions;
  readonly leadership: LeadershipOptions;
  readonly daemonSet: DaemonSetOptions;
  readonly daemon: DaemonOptions;
  readonly coreDnsReplicas: number;
  /** Absent: applications ask CoreDNS directly. */
  readonly registryDns?: RegistryDnsOptions;
}

/** What happens in a cluster, for trace and report. */
export interface ClusterObserver extends ControlPlaneObserver {
  /** A record of the registry-backed DNS tier cannot be answered any more. */
  nameFailed(record: number): void;
}

/** How often costs follow the number of stored objects; the API server's own object count is polled each minute. */
const RESIZE_INTERVAL = seconds(5);

/** A running cluster. */
export class Cluster {
  readonly id: string;
  readonly options: ClusterOptions;
  readonly operations: OperationTable;
  readonly controlPlane: ControlPlane;
  readonly kubelets: Kubelets;
  readonly daemon: Daemon;
  readonly daemonSet: DaemonSet;
  readonly coreDns: CoreDns;
  readonly registryDns: RegistryDns | undefined;
  readonly #resizeEvent: EventType;
  #pods: number;

  constructor(simulation: Simulation, options: ClusterOptions, observer: ClusterObserver) {
    this.id = options.id;
    this.options = options;
    this.#pods = options.nodes * options.podsPerNode;
    this.operations = new OperationTable(options.costs, options.listSeats);
    this.operations.resize({ pods: this.#pods, nodes: options.nodes });
    this.controlPlane = new ControlPlane(simulation, options.id, options.controlPlane, this.operations, {
      apiServerDied: (server, reason, culprit) => {
        observer.apiServerDied(server, reason, culprit);
        this.kubelets.connectionsBroke();
      },
      apiServerReady: (server) => observer.apiServerReady(server),
      etcdMemberKilled: (member) => observer.etcdMemberKilled(member),
      etcdMemberBack: (member) => observer.etcdMemberBack(member),
    });
    startProbes(simulation, this.controlPlane, options.probes);
    this.kubelets = new Kubelets(simulation, options.id, options.nodes, options.kubelet, this.controlPlane, {
      nodeSynced: (node) => this.#catchUp(node),
    });
    this.daemon = new Daemon(simulation, options.id, options.nodes, options.daemon, this.controlPlane);
    const leadership = new Leadership(
      simulation,
      `${options.id}/controllers`,
      options.leadership,
      this.controlPlane,
      () => this.daemonSet.poke(),
    );
    this.daemonSet = new DaemonSet(simulation, options.id, options.nodes, options.daemonSet, {
      controlPlane: this.controlPlane,
      leadership,
      observer: {
        podBound: (node) => this.#whenSynced(node),
        podDeleted: (node) => {
          this.daemon.revokeToken(node);
          this.#whenSynced(node);
        },
      },
    });
    this.coreDns = new CoreDns(options.coreDnsReplicas);
    this.registryDns =
      options.registryDns === undefined
        ? undefined
        : new RegistryDns(simulation, `${options.id}/registry-dns`, options.registryDns, this.controlPlane, (record) =>
            observer.nameFailed(record),
          );
    this.#resizeEvent = simulation.event(`${options.id} object count`, () => this.#resize());
    this.#resizeEvent.after(RESIZE_INTERVAL);
  }

  /** Pods stored now, the DaemonSet's included. */
  get pods(): number {
    return this.#pods;
  }

  /** Probability that a user request with so many lookups fails for want of a name. */
  nameFailureShare(lookups: number): number {
    const behind = this.coreDns.failureShare();
    return this.registryDns === undefined ? behind : this.registryDns.failureShare(lookups);
  }

  /** A group of clients from outside the model of the cluster, such as an operator, joins. */
  join(group: ClientGroup): number {
    return this.controlPlane.join(group);
  }

  /** The cloud takes `count` machines away, those with the highest numbers first. Returns how many went. */
  removeNodes(count: number): number {
    let removed = 0;
    for (let node = this.kubelets.exists.length - 1; node >= 0 && removed < count; node--) {
      if (this.kubelets.exists[node] === 0) continue;
      this.kubelets.remove(node);
      this.daemon.stop(node);
      this.daemonSet.removeNode(node);
      removed++;
    }
    this.#resize(false);
    return removed;
  }

  /** Cuts the network path to the API servers for everybody outside the control plane's own network. */
  blockAdminApi(): void {
    this.controlPlane.block();
    this.kubelets.pathBlocked();
  }

  /** Lets packets through again. */
  unblockAdminApi(): void {
    this.controlPlane.unblock();
    this.kubelets.pathOpened();
  }

  #whenSynced(node: number): void {
    if (this.kubelets.isSynced(node)) this.#catchUp(node);
  }

  #catchUp(node: number): void {
    if (this.daemonSet.isBound(node)) this.daemon.start(node);
    else this.daemon.stop(node);
  }

  #resize(repeat = true): void {
    if (repeat) this.#resizeEvent.after(RESIZE_INTERVAL);
    const nodes = this.kubelets.count;
    const pods = nodes * this.options.podsPerNode + this.daemonSet.podCount;
    if (pods === this.#pods) return;
    this.#pods = pods;
    this.operations.resize({ pods, nodes });
  }
}
