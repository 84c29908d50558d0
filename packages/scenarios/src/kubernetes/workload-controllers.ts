/** The controllers of a cluster as its other parts and its operators see them, and the plain form of them. */
import type { Simulation } from '@brownout/core';
import type { ControlPlane } from './control-plane.ts';
import { DaemonSet, type DaemonSetOptions } from './controllers/daemon-set.ts';
import { Leadership, type LeadershipOptions } from './controllers/leadership.ts';
import type { Daemon } from './nodes/daemon.ts';
import type { TemplateUpdates } from './template-updates.ts';

/** The way from a DaemonSet object to the agents that run on the nodes, and back. */
export interface WorkloadControllers {
  /** 1 on nodes that the DaemonSet selects. */
  readonly isSelected: Uint8Array;
  /** Pods of the DaemonSet in the API whose deletion is not stored: what somebody who deletes them has still to do. */
  readonly podCount: number;
  /** All of them, those included that wait for their kubelet to stop them. */
  readonly storedPodCount: number;
  /** Nodes that the DaemonSet selects and that have a ready pod of it. */
  readonly readyCount: number;
  /** Updates of a DaemonSet that was there before; undefined where its controller is not modelled in full. */
  readonly updates: TemplateUpdates | undefined;
  /** Whether every selected node has its pod and no other node has one. */
  readonly isSettled: boolean;
  /** Whether the node's pod exists and is bound. */
  isBound(node: number): boolean;
  /** The object has changed: the DaemonSet now selects this share of the nodes; 0 when it was deleted. */
  select(share: number): void;
  /** The machine is gone. */
  removeNode(node: number): void;
  /** The object of a node that joins is stored; it is not open to pods yet. */
  nodeCreated(node: number): void;
  /** A node that has joined takes pods. */
  addNode(node: number): void;
  /** The node's kubelet sees what is stored for it (again). */
  nodeSynced(node: number): void;
  /** The kubelet's status is stored: the node is ready. */
  nodeReported(node: number): void;
}

/** What controllers reach on the nodes. */
export interface NodesOfControllers {
  readonly controlPlane: ControlPlane;
  readonly daemon: Daemon;
  /** Whether the node's kubelet sees changes to its pods. */
  isSynced(node: number): boolean;
}

/** A DaemonSet controller and a scheduler at the pace of their clients, which work while one process leads. */
export class PlainControllers implements WorkloadControllers {
  readonly #daemonSet: DaemonSet;
  readonly #daemon: Daemon;

  constructor(
    simulation: Simulation,
    name: string,
    nodes: number,
    options: {
      readonly leadership: LeadershipOptions;
      readonly daemonSet: DaemonSetOptions;
      readonly joining?: number;
    },
    parts: NodesOfControllers,
  ) {
    const { controlPlane, daemon } = parts;
    this.#daemon = daemon;
    const whenSynced = (node: number): void => {
      if (parts.isSynced(node)) this.nodeSynced(node);
    };
    const { daemonSet, joining = 0 } = options;
    this.#daemonSet = new DaemonSet(simulation, name, nodes, joining > 0 ? { ...daemonSet, joining } : daemonSet, {
      controlPlane,
      observer: {
        podBound: whenSynced,
        podDeleted: (node) => {
          daemon.revokeToken(node);
          whenSynced(node);
        },
      },
    });
    new Leadership(simulation, `${name}/controllers`, options.leadership, controlPlane, this.#daemonSet);
  }

  get isSelected(): Uint8Array {
    return this.#daemonSet.isSelected;
  }

  get podCount(): number {
    return this.#daemonSet.podCount;
  }

  /** A deleted pod is gone. */
  get storedPodCount(): number {
    return this.#daemonSet.podCount;
  }

  /** A pod is ready when its agent runs. */
  get readyCount(): number {
    let count = 0;
    this.isSelected.forEach((selected, node) => {
      if (selected === 1 && this.isBound(node) && this.#daemon.isRunning[node] === 1) count++;
    });
    return count;
  }

  get updates(): undefined {
    return undefined;
  }

  get isSettled(): boolean {
    return this.#daemonSet.isSettled;
  }

  isBound(node: number): boolean {
    return this.#daemonSet.isBound(node);
  }

  select(share: number): void {
    this.#daemonSet.select(share);
  }

  removeNode(node: number): void {
    this.#daemon.stop(node);
    this.#daemonSet.removeNode(node);
  }

  nodeSynced(node: number): void {
    if (this.#daemonSet.isBound(node)) this.#daemon.start(node);
    else this.#daemon.stop(node);
  }

  /** Nobody here looks at the state of nodes. */
  nodeReported(): void {}

  nodeCreated(): void {}

  addNode(node: number): void {
    this.#daemonSet.addNode(node);
  }
}
