/**
 * kube-controller-manager: replicas that elect one of them, and the controllers that run in the one that leads, each with a
 * client of its own. One instance of each controller stands for whichever process leads: it begins with an empty memory
 * when a process has won the lease and filled its informers, and what it had under way dies with the process.
 *
 *   LeaderElection --leads--> informers filled --> node lifecycle, taint eviction, endpoint slices,
 *         |                                        DaemonSet, garbage collector, pod garbage collector
 *         +--lost--> all of them stop
 *
 * Every controller is absent unless it has options.
 */
import type { Simulation } from '@brownout/core';
import type { ControlPlane } from '../control-plane.ts';
import { kubeControllerManager } from '../flow-control/identity.ts';
import type { NodeStore } from '../nodes/node-store.ts';
import { DaemonSetController } from './daemon-set-controller.ts';
import type { DaemonSetControllerOptions } from './daemon-set-options.ts';
import type { LeaderElectionOptions } from './election-options.ts';
import { EndpointSlices, type EndpointSliceOptions } from './endpoint-slices.ts';
import { GarbageCollector, type GarbageCollectorOptions } from './garbage-collector.ts';
import type { InformerObserver, InformerSet } from './informers.ts';
import type { Controller } from './leader.ts';
import { LeaderElection } from './leader-election.ts';
import { NodeLifecycle } from './node-lifecycle.ts';
import type { NodeLifecycleOptions } from './node-lifecycle-options.ts';
import { NodeView } from './node-view.ts';
import { PodGarbageCollector, type PodGarbageCollectorOptions } from './pod-garbage-collector.ts';
import type { Scheduler } from './scheduler.ts';
import { TaintEviction, type TaintEvictionOptions } from './taint-eviction.ts';

/** Which controllers run, and how. */
export interface ControllerManagerOptions {
  readonly leaderElection: LeaderElectionOptions;
  readonly nodeLifecycle?: NodeLifecycleOptions;
  readonly taintEviction?: TaintEvictionOptions;
  readonly endpointSlices?: EndpointSliceOptions;
  readonly daemonSet?: DaemonSetControllerOptions;
  readonly garbageCollector?: GarbageCollectorOptions;
  readonly podGarbageCollector?: PodGarbageCollectorOptions;
}

/** What the controllers have written; everything is optional for whoever listens. */
export interface ControllerManagerObserver {
  /** Ready=Unknown is stored. */
  nodeMarked?(node: number): void;
  /** One more pod of the node is stored as not ready: endpoints on it change. */
  podMarked?(node: number): void;
  /** The node has lost its last NoSchedule taint: it takes pods. */
  nodeOpened?(node: number): void;
  /** An ordinary pod of a tainted node is deleted. */
  podEvicted?(node: number): void;
  /** A pod of a machine that is gone is deleted. */
  podCollected?(node: number): void;
  /** A pod of the DaemonSet is bound, or its deletion is stored; a place is `2 * node` or `2 * node + 1`. */
  podBound?(place: number): void;
  podDeleted?(place: number): void;
  /** The DaemonSet was deleted in the foreground, and its object is gone. */
  daemonSetGone?(): void;
  /** A slice is stored that says whether the endpoint is ready. */
  endpointServed?(service: number, endpoint: number, isServed: boolean): void;
  leaderStarted?(): void;
  leaderStopped?(): void;
}

/** What the controllers talk to. */
export interface ControllerManagerParts {
  readonly controlPlane: ControlPlane;
  readonly store: NodeStore;
  readonly scheduler: Scheduler;
  readonly observer: ControllerManagerObserver;
  /** Makes the informers of a replica; absent = they are always filled and current. */
  readonly informersOf?: (candidate: number, observer: InformerObserver) => InformerSet;
}

/** The controllers of a cluster. */
export class ControllerManager {
  readonly election: LeaderElection;
  readonly nodeLifecycle: NodeLifecycle | undefined;
  readonly taintEviction: TaintEviction | undefined;
  readonly endpointSlices: EndpointSlices | undefined;
  readonly daemonSet: DaemonSetController | undefined;
  readonly garbageCollector: GarbageCollector | undefined;
  readonly podGarbageCollector: PodGarbageCollector | undefined;
  readonly #observer: ControllerManagerObserver;
  readonly #informers: InformerSet[] = [];
  readonly #controllers: readonly Controller[];

  constructor(simulation: Simulation, name: string, options: ControllerManagerOptions, parts: ControllerManagerParts) {
    const { controlPlane, store, observer } = parts;
    const manager = `${name}/controller-manager`;
    this.#observer = observer;
    this.election = this.#elect(simulation, manager, options.leaderElection, parts);
    const shared = { controlPlane, store };
    const { nodeLifecycle, taintEviction, endpointSlices, garbageCollector, podGarbageCollector } = options;
    this.nodeLifecycle =
      nodeLifecycle &&
      new NodeLifecycle(simulation, manager, nodeLifecycle, {
        ...shared,
        view: new NodeView(store),
        observer: {
          nodeMarked: (node) => this.#nodeMarked(node),
          podMarked: (node) => observer.podMarked?.(node),
          nodeTainted: (node) => this.taintEviction?.nodeTainted(node),
          nodeUntainted: (node) => this.taintEviction?.nodeUntainted(node),
          nodeOpened: (node) => observer.nodeOpened?.(node),
        },
      });
    this.taintEviction =
      taintEviction &&
      new TaintEviction(simulation, manager, taintEviction, {
        ...shared,
        podEvicted: (node) => observer.podEvicted?.(node),
      });
    this.endpointSlices =
      endpointSlices &&
      new EndpointSlices(simulation, manager, endpointSlices, {
        ...shared,
        observer: (service, endpoint, isServed) => observer.endpointServed?.(service, endpoint, isServed),
      });
    this.daemonSet = options.daemonSet && this.#makeDaemonSet(simulation, manager, options.daemonSet, parts);
    this.garbageCollector =
      garbageCollector &&
      new GarbageCollector(simulation, manager, garbageCollector, {
        controlPlane,
        observer: {
          dependentDeleted: (place) => this.daemonSet?.podWasDeleted(place),
          ownerDeleted: () => observer.daemonSetGone?.(),
        },
      });
    this.podGarbageCollector =
      podGarbageCollector &&
      new PodGarbageCollector(simulation, manager, podGarbageCollector, {
        controlPlane,
        podCollected: (node) => observer.podCollected?.(node),
      });
    this.#controllers = [
      this.nodeLifecycle,
      this.taintEviction,
      this.endpointSlices,
      this.daemonSet,
      this.garbageCollector,
      this.podGarbageCollector,
    ].filter((controller) => controller !== undefined);
    for (const controller of this.#controllers) controller.start();
  }

  /** Whether a process leads and works. */
  get isLeading(): boolean {
    return this.election.isLeading;
  }

  /** Some server died or some path was cut. */
  connectionsBroke(): void {
    for (const informers of this.#informers) informers.connectionsBroke?.();
  }

  /** The node object was created, or its kubelet has written its status. */
  nodeUpdated(node: number): void {
    this.nodeLifecycle?.nodeUpdated(node);
    this.endpointSlices?.hints?.nodes.changed(node);
  }

  /** The machine is gone with `pods` ordinary pods on it. */
  nodeGone(node: number, pods: number): void {
    this.podGarbageCollector?.nodeGone(node, pods);
    this.endpointSlices?.hints?.nodes.changed(node);
  }

  /** The DaemonSet object is deleted, as by `kubectl delete` (background) or with `--cascade=foreground`. */
  deleteDaemonSet(propagation: 'background' | 'foreground'): void {
    const { daemonSet } = this;
    if (daemonSet === undefined) return;
    daemonSet.objectDeleted();
    const places = daemonSet.pods.state.keys();
    this.garbageCollector?.ownerWasDeleted(
      [...places].filter((place) => daemonSet.pods.state[place] !== 0),
      propagation,
    );
  }

  /** The kubelet has stopped a pod of the DaemonSet and deleted it for good. */
  podGone(place: number): void {
    this.daemonSet?.podGone(place);
    this.garbageCollector?.dependentGone(place);
  }

  #nodeMarked(node: number): void {
    this.#observer.nodeMarked?.(node);
    this.endpointSlices?.hints?.nodes.changed(node);
  }

  #elect(
    simulation: Simulation,
    manager: string,
    options: LeaderElectionOptions,
    { controlPlane, informersOf }: ControllerManagerParts,
  ): LeaderElection {
    const makeInformers = (candidate: number, synced: () => void): InformerSet => {
      const informers = informersOf!(candidate, {
        informersSynced: () => {
          synced();
          if (this.election.leader === candidate) this.#informersSynced();
        },
        informersBroke: () => {
          if (this.election.leader !== candidate) return;
          this.nodeLifecycle?.informersBroke();
          this.endpointSlices?.hints?.nodes.informersBroke();
        },
      });
      this.#informers[candidate] = informers;
      return informers;
    };
    return new LeaderElection(simulation, manager, options, {
      controlPlane,
      identity: kubeControllerManager,
      observer: {
        leaderStarted: () => this.#start(),
        leaderStopped: () => this.#stop(),
      },
      ...(informersOf === undefined ? {} : { informersOf: makeInformers }),
    });
  }

  #makeDaemonSet(
    simulation: Simulation,
    manager: string,
    options: DaemonSetControllerOptions,
    { controlPlane, store, scheduler, observer }: ControllerManagerParts,
  ): DaemonSetController {
    const joining = store.count - store.atStart;
    return new DaemonSetController(
      simulation,
      manager,
      store.atStart,
      joining > 0 ? { ...options, joining } : options,
      {
        controlPlane,
        scheduler,
        observer: {
          podBound: (place) => observer.podBound?.(place),
          podDeleted: (place) => observer.podDeleted?.(place),
        },
        isCurrent: () => this.#informers[this.election.leader]?.isCurrent ?? true,
      },
    );
  }

  #informersSynced(): void {
    this.nodeLifecycle?.informersSynced();
    this.endpointSlices?.hints?.nodes.informersSynced();
    this.daemonSet?.informersSynced();
  }

  #start(): void {
    this.nodeLifecycle?.informersSynced();
    for (const controller of this.#controllers) controller.start();
    this.#observer.leaderStarted?.();
  }

  #stop(): void {
    for (const controller of this.#controllers) controller.stop();
    this.#observer.leaderStopped?.();
  }
}
