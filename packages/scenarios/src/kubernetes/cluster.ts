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
import { createCoreDns, createDns, createStore, sizeOf, withStore, withWatches } from './complete-cluster.ts';
import { CompleteControllers, withoutStartDelay } from './complete-controllers.ts';
import { type ClusterOptions, declaredBy } from './cluster-options.ts';
import { ConfiguredAgents } from './configured-agents.ts';
import { type BlockedBy, type LetThrough, whoPasses } from './connections/network-block.ts';
import { ControlPlane, type ControlPlaneObserver } from './control-plane.ts';
import type { ClusterDns } from './dns/cluster-dns.ts';
import type { ClusterNameServers, NameService } from './dns/name-store.ts';
import { RegistryDns } from './dns/registry-dns.ts';
import { coreDnsObjects } from './dns/core-dns-operations.ts';
import { Daemon } from './nodes/daemon.ts';
import { Kubelets } from './nodes/kubelet.ts';
import { NodeJoins, withJoining } from './nodes/node-joins.ts';
import type { NodeStore } from './nodes/node-store.ts';
import { type ClusterSize, OperationTable } from './requests/operation.ts';
import { startProbes } from './api-server/probes.ts';
import { type NodesOfControllers, PlainControllers, type WorkloadControllers } from './workload-controllers.ts';

export type { ClusterOptions } from './cluster-options.ts';

/** What happens in a cluster, for trace and report. */
export interface ClusterObserver extends ControlPlaneObserver {
  /** What a tier remembers cannot be answered any more: a record of the registry-backed one, an entry of a node's cache. */
  nameFailed(record: number, tier: NameTier): void;
}

/** A tier of name resolution that tells of what it cannot answer. */
export type NameTier = 'registry' | 'node-local';

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
  /** The controllers on the way from the DaemonSet object to the agents. */
  readonly daemonSet: WorkloadControllers;
  readonly coreDns: ClusterNameServers;
  /** What stands around CoreDNS; undefined unless the complete parts ask for it. */
  readonly dns: ClusterDns | undefined;
  readonly registryDns: RegistryDns | undefined;
  /** Machines that may join; undefined where none may. */
  readonly joins: NodeJoins | undefined;
  /** What the API stores about nodes; undefined where nobody but the kubelets' leases tells. */
  readonly nodeStore: NodeStore | undefined;
  /** `daemonSet` for kubelets that may report before it is made; undefined until then. */
  readonly #controllers: WorkloadControllers | undefined;
  readonly #resizeEvent: EventType;
  #pods: number;
  /** Nodes that costs were worked out for. */
  #nodes: number;

  constructor(simulation: Simulation, options: ClusterOptions, observer: ClusterObserver) {
    this.id = options.id;
    this.options = options;
    this.#pods = options.nodes * options.podsPerNode;
    this.#nodes = options.nodes;
    const { id, nodes, coreDnsReplicas, complete, joining = 0 } = options;
    this.operations = new OperationTable(options.costs, options.listSeats, declaredBy(options));
    this.operations.resize(this.#size(nodes));
    const controlPlane = withWatches(options.controlPlane, complete);
    this.controlPlane = new ControlPlane(simulation, id, controlPlane, this.operations, {
      apiServerDied: (server, reason, culprit) => {
        observer.apiServerDied(server, reason, culprit);
        this.kubelets.connectionsBroke();
        this.daemon.connectionsBroke();
        this.coreDns.connectionsBroke();
      },
      apiServerReady: (server) => observer.apiServerReady(server),
      etcdMemberKilled: (member) => observer.etcdMemberKilled(member),
      etcdMemberBack: (member) => observer.etcdMemberBack(member),
    });
    startProbes(simulation, this.controlPlane, options.probes);
    const store = createStore(options, complete);
    this.nodeStore = store;
    const kubeletOptions = withStore(withJoining(options.kubelet, joining), store, complete);
    this.kubelets = new Kubelets(simulation, id, nodes, kubeletOptions, this.controlPlane, {
      // Watches that are open from the beginning have nothing to tell.
      nodeSynced: (node) => this.#controllers?.nodeSynced(node),
      nodeReported: (node) => this.#controllers?.nodeReported(node),
      nodeCreated: (node) => this.#controllers?.nodeCreated(node),
      nodeReady: (node) => this.#controllers?.addNode(node),
    });
    this.joins = joining === 0 ? undefined : new NodeJoins(simulation, id, nodes, this);
    const daemon = withJoining(options.daemon, joining);
    const daemonOptions = complete === undefined ? daemon : withoutStartDelay(daemon);
    this.daemon = new Daemon(simulation, id, nodes, daemonOptions, this.controlPlane, complete?.watches);
    this.dns = createDns(simulation, id, coreDnsReplicas, complete, {
      controlPlane: this.controlPlane,
      store,
      isSynced: (node) => this.kubelets.isSynced(node),
      isAgentRunning: (node) => this.daemon.isRunning[node] === 1,
      onFailed: (entry) => observer.nameFailed(entry, 'node-local'),
    });
    this.daemonSet = this.#createControllers(simulation, store);
    this.#controllers = this.daemonSet;
    this.coreDns = createCoreDns(simulation, id, coreDnsReplicas, this.controlPlane, complete, this.dns);
    this.registryDns = this.#createRegistryDns(simulation, observer);
    this.#resizeEvent = simulation.event(`${id} object count`, () => this.#resize());
    this.#resizeEvent.after(RESIZE_INTERVAL);
  }

  /** Pods stored now, the DaemonSet's included. */
  get pods(): number {
    return this.#pods;
  }

  /** Probability that a user request with so many lookups fails for want of a name. */
  nameFailureShare(lookups: number): number {
    return this.nameService.failureShare(lookups);
  }

  /** What applications ask: the outermost tier of the cluster. */
  get nameService(): NameService {
    return this.registryDns ?? this.dns?.nameService ?? this.coreDns;
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
      this.daemonSet.removeNode(node);
      removed++;
    }
    this.#resize(false);
    return removed;
  }

  /**
   * Ordinary pods that are stored, on whatever nodes: those of a machine that has gone stay until a controller deletes them
   * through the API, and then their owners have others written in their place. Nodes that come bring none, because nobody
   * has asked for more.
   */
  get ordinaryPods(): number {
    const { nodes, podsPerNode } = this.options;
    return nodes * podsPerNode;
  }

  /**
   * Cuts the network path to the API servers for everybody outside the control plane's own network, or for everybody but
   * the cluster's own parts. Over a block of the same, it changes who passes.
   */
  blockAdminApi(letThrough: LetThrough = whoPasses(undefined, this.options), by: BlockedBy = 'operators'): void {
    this.#changePath(() => this.controlPlane.block(letThrough, by));
  }

  /** Lets packets through again, unless somebody else drops them too. */
  unblockAdminApi(by: BlockedBy = 'operators'): void {
    this.#changePath(() => this.controlPlane.unblock(by));
  }

  /** What the block of the network means for watches that are open. */
  #changePath(change: () => void): void {
    const { isBlocked: wasBlocked, cutsSystem: wasCut } = this.controlPlane;
    change();
    // A silence is counted from its beginning, however often packets are dropped.
    if (this.controlPlane.isBlocked === wasBlocked && this.controlPlane.cutsSystem === wasCut) return;
    if (this.controlPlane.isBlocked) this.daemon.pathBlocked();
    else this.daemon.pathOpened();
    const isCut = this.controlPlane.cutsSystem;
    if (!isCut && !wasCut && this.controlPlane.isBlocked) return;
    for (const part of [this.kubelets, this.coreDns]) {
      if (isCut) part.pathBlocked();
      else part.pathOpened();
    }
  }

  #createRegistryDns(simulation: Simulation, observer: ClusterObserver): RegistryDns | undefined {
    const { id, registryDns } = this.options;
    if (registryDns === undefined) return undefined;
    const onFailed = (record: number): void => observer.nameFailed(record, 'registry');
    return new RegistryDns(simulation, `${id}/registry-dns`, registryDns, this.controlPlane, onFailed);
  }

  #createControllers(simulation: Simulation, store: NodeStore | undefined): WorkloadControllers {
    const { id, nodes, complete } = this.options;
    const parts: NodesOfControllers = {
      controlPlane: this.controlPlane,
      daemon: this.daemon,
      isSynced: (node) => this.kubelets.isSynced(node),
    };
    if (complete === undefined || store === undefined) {
      return this.#configured(simulation, new PlainControllers(simulation, id, nodes, this.options, parts), false);
    }
    const { controllers, watches } = complete;
    const full = new CompleteControllers(simulation, id, controllers, {
      ...parts,
      store,
      informers: watches.informers,
      nodeOpened: (node) => this.#controllers?.addNode(node),
      ...(this.dns && { dns: this.dns.hosting }),
    });
    return this.#configured(simulation, full, true);
  }

  /** The controllers themselves, or what stands in their place when agents are there already. */
  #configured(simulation: Simulation, others: WorkloadControllers, followsKubelets: boolean): WorkloadControllers {
    const { id, nodes, configuration, joining = 0 } = this.options;
    if (configuration === undefined) return others;
    const parts = { daemon: this.daemon, others, followsKubelets };
    return new ConfiguredAgents(simulation, id, nodes, withJoining(configuration, joining), parts);
  }

  #resize(repeat = true): void {
    if (repeat) this.#resizeEvent.after(RESIZE_INTERVAL);
    const nodes = this.kubelets.count;
    const pods = this.ordinaryPods + this.daemonSet.storedPodCount;
    if (pods === this.#pods && (this.joins === undefined || nodes === this.#nodes)) return;
    this.#pods = pods;
    this.#nodes = nodes;
    this.operations.resize(this.#size(nodes));
  }

  #size(nodes: number): ClusterSize {
    const { complete, registryDns, standsFor = 1 } = this.options;
    const pods = this.#pods * standsFor;
    const size = sizeOf(pods, nodes * standsFor, complete);
    if (complete !== undefined || registryDns === undefined) return size;
    return { ...size, stored: coreDnsObjects({ pods, services: registryDns.names, namespaces: 0 }) };
  }
}
