/**
 * Everything that controls a cluster's nodes and pods, each part with its own client: the controller manager, the scheduler,
 * and on the nodes pod workers and status managers.
 *
 *   object --> DaemonSet controller --pod--> scheduler --bound--> kubelet's watch --> pod worker --> agent
 *                      ^                                                                 |
 *                      +--------- ready, gone <------------- status, deletion -----------+
 *
 *   lease too old --> node lifecycle: NotReady, pods NotReady --> endpoint slices
 *   kubelet back  --> status --> pods ready again, one by one --> endpoint slices
 *
 * Left out: Deployments. An ordinary pod that is evicted, or whose machine is gone, is not made again elsewhere.
 */
import { noTime, type Simulation } from '@brownout/core';
import { SLICE_WRITE } from './cluster-watches.ts';
import { ControllerManager, type ControllerManagerOptions } from './controllers/controller-manager.ts';
import { PodState } from './controllers/daemon-set-pods.ts';
import type { LeaderElectionOptions } from './controllers/election-options.ts';
import type { InformerObserver, InformerSet } from './controllers/informers.ts';
import { type ReflectedType, ReflectorInformers } from './controllers/reflector-informers.ts';
import { SchedulerProcess } from './controllers/scheduler-process.ts';
import type { SchedulerOptions } from './controllers/scheduler.ts';
import type { TaintEvictionOptions } from './controllers/taint-eviction.ts';
import type { CoreDnsHosting } from './dns/core-dns-hosting.ts';
import { type Identity, kubeControllerManager, kubeScheduler } from './flow-control/identity.ts';
import type { DaemonOptions } from './nodes/daemon.ts';
import type { NodeStore } from './nodes/node-store.ts';
import { PodEndpoints } from './nodes/pod-endpoints.ts';
import { PodStatusRepair } from './nodes/pod-status-repair.ts';
import { PodWorkers, type PodWorkerObserver, type PodWorkerOptions } from './nodes/pod-workers.ts';
import { TemplateUpdates } from './template-updates.ts';
import type { NodesOfControllers, WorkloadControllers } from './workload-controllers.ts';

/** What the controllers are configured with. */
export interface CompleteControllersOptions {
  /** Without its endpoints, which follow from the services. */
  readonly manager: Omit<ControllerManagerOptions, 'endpointSlices'> & {
    readonly endpointSlices?: Omit<NonNullable<ControllerManagerOptions['endpointSlices']>, 'endpoints'>;
  };
  readonly scheduler: { readonly leaderElection: LeaderElectionOptions; readonly scheduler?: SchedulerOptions };
  readonly podWorkers: PodWorkerOptions;
  /** Services that the ordinary pods are spread over. */
  readonly services: number;
}

/** The types that informers of the two components watch, by reflectors on watch caches. */
export interface ControllerInformers {
  readonly manager: readonly ReflectedType[];
  readonly scheduler: readonly ReflectedType[];
}

/** The controllers of one cluster. */
export class CompleteControllers implements WorkloadControllers {
  readonly manager: ControllerManager;
  readonly scheduler: SchedulerProcess;
  /** What the API stores about nodes and their ordinary pods. */
  readonly store: NodeStore;
  readonly #parts: NodesOfControllers;
  readonly #daemonSet: NonNullable<ControllerManager['daemonSet']>;
  readonly #workers: PodWorkers;
  readonly #repair: PodStatusRepair;
  readonly #endpoints: PodEndpoints;
  /** CoreDNS, whose replicas are the endpoints of one Service more; absent = nobody asks where they are. */
  readonly #dns: CoreDnsHosting | undefined;
  readonly updates: TemplateUpdates;
  /** Per place: 1 from the order to stop until the pod is gone. */
  readonly #isStopping: Uint8Array;

  constructor(
    simulation: Simulation,
    name: string,
    options: CompleteControllersOptions,
    parts: NodesOfControllers & {
      readonly store: NodeStore;
      readonly informers: ControllerInformers;
      readonly dns?: CoreDnsHosting;
      readonly nodeOpened?: (node: number) => void;
    },
  ) {
    const { controlPlane, daemon, store } = parts;
    this.store = store;
    this.#parts = parts;
    this.#dns = parts.dns;
    this.#isStopping = new Uint8Array(2 * store.count);
    this.#endpoints = new PodEndpoints(store, options.services);
    this.#workers = new PodWorkers(simulation, name, store.count, options.podWorkers, {
      controlPlane,
      observer: this.#podObserver(daemon),
    });
    this.#repair = new PodStatusRepair(simulation, name, {
      controlPlane,
      store,
      podRepaired: (node) => this.#endpoint(node, store.pods[node]! - store.readyPods[node]!, true),
    });
    const informersOf = (component: string, identity: Identity, types: readonly ReflectedType[]) => {
      return (candidate: number, observer: InformerObserver): InformerSet =>
        new ReflectorInformers(simulation, `${name}/${component}-${candidate}`, types, {
          controlPlane,
          identity,
          observer,
        });
    };
    this.scheduler = new SchedulerProcess(simulation, name, options.scheduler, {
      controlPlane,
      bound: (place) => this.#daemonSet.podBound(place),
      informersOf: informersOf('scheduler', kubeScheduler, parts.informers.scheduler),
    });
    this.manager = this.#makeManager(simulation, name, options, {
      ...parts,
      informersOf: informersOf('controller-manager', kubeControllerManager, parts.informers.manager),
    });
    this.#daemonSet = this.manager.daemonSet!;
    this.updates = new TemplateUpdates(this.#daemonSet, this.#workers);
    parts.dns?.follow((replica, isListed) =>
      this.manager.endpointSlices?.endpointChanged(options.services, replica, isListed),
    );
  }

  #podObserver(daemon: NodesOfControllers['daemon']): PodWorkerObserver {
    return {
      podStarted: (place) => {
        if (this.updates.runsAgent(place)) daemon.start(place >> 1);
      },
      podReady: (place) => this.#daemonSet.podReady(place),
      podStopped: (place) => {
        if (this.updates.runsAgent(place)) daemon.stop(place >> 1);
      },
      podFailed: (place) => this.#daemonSet.podFailed(place),
      podGone: (place) => {
        this.#isStopping[place] = 0;
        this.manager.podGone(place);
      },
    };
  }

  get isSelected(): Uint8Array {
    return this.#daemonSet.isSelected;
  }

  get podCount(): number {
    const { state } = this.#daemonSet.pods;
    return state.reduce((count, each) => count + (each === PodState.terminating ? 0 : Math.sign(each)), 0);
  }

  get storedPodCount(): number {
    return this.#daemonSet.pods.count;
  }

  /** With surge a node may have two. */
  get readyCount(): number {
    const { state } = this.#daemonSet.pods;
    const isReady = (place: number): boolean => state[place] === PodState.ready;
    return this.isSelected.reduce(
      (count, selected, node) => count + (selected === 1 && placesOf(node).some(isReady) ? 1 : 0),
      0,
    );
  }

  get isSettled(): boolean {
    return this.#daemonSet.isSettled;
  }

  isBound(node: number): boolean {
    return placesOf(node).some((place) => isPlaced(this.#daemonSet.pods.state[place]!));
  }

  select(share: number): void {
    this.#daemonSet.select(share);
  }

  /** Its pods stay until the pod garbage collector has found them. */
  removeNode(node: number): void {
    this.#parts.daemon.stop(node);
    this.#daemonSet.removeNode(node);
    this.#dns?.nodeRemoved(node);
    this.#workers.removeNode(node);
    this.manager.nodeGone(node, this.store.pods[node]!);
  }

  nodeSynced(node: number): void {
    for (const place of placesOf(node)) this.#catchUp(place);
    this.#repair.notice(node);
  }

  nodeReported(node: number): void {
    this.manager.nodeUpdated(node);
    this.#repair.notice(node);
  }

  nodeCreated(node: number): void {
    this.manager.nodeUpdated(node);
  }

  addNode(node: number): void {
    this.#daemonSet.addNode(node);
  }

  #makeManager(
    simulation: Simulation,
    name: string,
    { manager, services }: CompleteControllersOptions,
    parts: NodesOfControllers & {
      readonly store: NodeStore;
      readonly informersOf: (candidate: number, observer: InformerObserver) => InformerSet;
      readonly nodeOpened?: (node: number) => void;
    },
  ): ControllerManager {
    const { controlPlane, daemon, store, informersOf } = parts;
    const { endpointSlices, taintEviction, ...others } = manager;
    const dns = this.#dns;
    const slices = endpointSlices && {
      ...endpointSlices,
      endpoints: [...this.#endpoints.counts, ...(dns === undefined ? [] : [dns.pods.options.replicas])],
      nodeOf: (service: number, place: number) => this.#endpoints.node(service, place),
      writeSlice: controlPlane.operations.number(SLICE_WRITE),
    };
    return new ControllerManager(
      simulation,
      name,
      {
        ...others,
        daemonSet: others.daemonSet ?? {},
        ...(slices && { endpointSlices: slices }),
        ...(taintEviction && { taintEviction: { ...taintEviction, ...toleranceOf(dns) } }),
      },
      {
        controlPlane,
        store,
        scheduler: this.scheduler.scheduler,
        informersOf,
        observer: {
          podBound: (place) => this.#whenSynced(place),
          podDeleted: (place) => {
            if (this.updates.runsAgent(place)) daemon.revokeToken(place >> 1);
            this.#whenSynced(place);
          },
          podMarked: (node) => {
            this.#endpoint(node, store.pods[node]! - store.readyPods[node]! - 1, false);
            if (parts.isSynced(node)) this.#repair.notice(node);
          },
          nodeOpened: (node) => parts.nodeOpened?.(node),
          podEvicted: (node) => dns?.podDeleted(node, store.pods[node]!),
          endpointServed: (service, endpoint, isServed) => {
            if (service === services) dns?.proxies.endpointServed(endpoint, isServed);
          },
          podCollected: (node) => {
            if (store.pods[node]! > 0) dns?.podDeleted(node, store.pods[node]! - 1);
            if (store.pods[node]! > 0) this.#endpoint(node, --store.pods[node]!, false);
          },
        },
      },
    );
  }

  /** A pod that was on its way to a machine when that went has no kubelet: its deletion is the end of it. */
  #whenSynced(place: number): void {
    const node = place >> 1;
    if (this.store.exists[node] === 0) this.manager.podGone(place);
    else if (this.#parts.isSynced(node)) this.#catchUp(place);
  }

  /** The kubelet sees what is stored at the place, perhaps not for the first time. */
  #catchUp(place: number): void {
    const state = this.#daemonSet.pods.state[place]!;
    if (isPlaced(state)) {
      this.#workers.start(place);
    } else if (state === PodState.terminating && this.#isStopping[place] === 0) {
      this.#isStopping[place] = 1;
      this.#workers.stop(place);
    }
  }

  #endpoint(node: number, pod: number, isReady: boolean): void {
    const { endpointSlices } = this.manager;
    if (endpointSlices === undefined) return;
    const replica = this.#dns?.pods.replicaAt(node, pod) ?? -1;
    if (replica >= 0) {
      this.#dns!.pods.marked(replica, !isReady);
      return;
    }
    endpointSlices.endpointChanged(this.#endpoints.service(node, pod), this.#endpoints.place(node, pod), isReady);
  }
}

/** Options of agents whose start is the pod workers' business. */
export function withoutStartDelay(options: DaemonOptions): DaemonOptions {
  return { ...options, startDelay: { sample: () => noTime } };
}

function placesOf(node: number): readonly [number, number] {
  return [2 * node, 2 * node + 1];
}

function isPlaced(state: number): boolean {
  return state === PodState.bound || state === PodState.ready;
}

function toleranceOf(dns: CoreDnsHosting | undefined): Pick<TaintEvictionOptions, 'tolerating'> {
  return dns === undefined ? {} : { tolerating: (node) => dns.pods.tolerating(node) };
}
