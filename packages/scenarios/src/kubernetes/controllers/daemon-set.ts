/**
 * The path from a DaemonSet object to running agents and back. The DaemonSet controller creates pods in batches that double
 * and deletes them all at once, both at its client's pace; the scheduler binds them, and each kubelet acts when its watch
 * shows the change. Every step is an API request: while the API is down nothing starts, and nothing stops.
 *
 *   object -> controller --create, 20/s--> pod --bind, 50/s--> kubelet's watch -> agent
 *
 * A sync that failed is tried again after 5 ms, doubling to 1,000 s, but a change of the object or of one of its pods is
 * looked at at once, whatever failed before; and a process that begins to lead has no memory of failures.
 * Source: kubernetes/kubernetes pkg/controller/daemon/daemon_controller.go (syncNodes, updateDaemonset, addPod, deletePod).
 */
import { type EventType, seconds, type Simulation } from '@brownout/core';
import { Status } from '../requests/api-request.ts';
import { type DoublingBackoff, waitAfter } from '../client/backoff.ts';
import type { PaceOptions } from '../client/paced-client.ts';
import type { ControlPlane } from '../control-plane.ts';
import { kubeScheduler } from '../flow-control/identity.ts';
import { operationNumber } from '../requests/operation.ts';
import { ControllerClient } from './controller-client.ts';
import type { Controller } from './leader.ts';
import { NodeSelection } from './node-selection.ts';
import { SlowStart, type SyncPlan } from './slow-start.ts';
import { WorkQueue } from './work-queue.ts';

/** Client limits of the two controllers on the path. */
export interface DaemonSetOptions {
  readonly controllerPace: PaceOptions;
  readonly schedulerPace: PaceOptions;
  /** Pods created in one sync at most, and as many deleted; 250 upstream (BurstReplicas). */
  readonly burstReplicas: number;
}

/** What happens to the pod of a node. */
export interface PodObserver {
  podBound(node: number): void;
  podDeleted(node: number): void;
}

const CREATE = operationNumber('pod-create');
const BIND = operationNumber('pod-bind');
const DELETE = operationNumber('pod-delete');
/** Scheduler: 1 s, doubling to 10 s, per pod. */
const SCHEDULER: DoublingBackoff = { first: seconds(1), longest: seconds(10) };

/** State of a node's pod. */
const Pod = { absent: 0, created: 1, bound: 2 } as const;
const Purpose = { create: 0, delete: 1 } as const;

/** The work queue's only key: the DaemonSet. */
const KEY = 0;

/** The DaemonSet controller and the scheduler, for one DaemonSet; the controller's process is there from the beginning. */
export class DaemonSet implements Controller {
  /** 1 on nodes that the DaemonSet selects. */
  readonly isSelected: Uint8Array;
  readonly #burstReplicas: number;
  readonly #observer: PodObserver;
  readonly #selection: NodeSelection;
  readonly #order: Int32Array;
  readonly #pod: Uint8Array;
  readonly #bindFailures: Uint8Array;
  readonly #queue: WorkQueue;
  readonly #client: ControllerClient;
  readonly #writes: SlowStart;
  readonly #scheduler: ControllerClient;
  readonly #bind: EventType;
  #isRunning = true;
  #podCount = 0;

  constructor(
    simulation: Simulation,
    name: string,
    nodes: number,
    options: DaemonSetOptions & {
      /** Nodes that may join, beyond the first `nodes`; default none. */
      readonly joining?: number;
    },
    parts: { readonly controlPlane: ControlPlane; readonly observer: PodObserver },
  ) {
    const { controllerPace, schedulerPace, burstReplicas, joining } = options;
    const { controlPlane } = parts;
    this.#observer = parts.observer;
    this.#burstReplicas = burstReplicas;
    const rows = nodes + (joining ?? 0);
    this.#selection = new NodeSelection(nodes, simulation.streams.get(`${name}/daemon-set/order`), joining);
    this.isSelected = this.#selection.isSelected;
    this.#pod = new Uint8Array(rows);
    this.#bindFailures = new Uint8Array(rows);
    this.#order = this.#selection.order;
    this.#client = new ControllerClient(
      simulation,
      controlPlane,
      { name: 'daemon-set-controller', pace: controllerPace, onOrphan: (purpose, node) => this.#stored(purpose, node) },
      (purpose, node, status) => this.#ended(purpose, node, status),
    );
    this.#writes = new SlowStart(
      burstReplicas,
      {
        create: (node) => this.#client.write(CREATE, Purpose.create, node),
        delete: (node) => this.#client.write(DELETE, Purpose.delete, node),
      },
      (hasFailed) => this.#synced(hasFailed),
    );
    this.#scheduler = new ControllerClient(
      simulation,
      controlPlane,
      { name: 'scheduler', identity: kubeScheduler, pace: schedulerPace },
      (_purpose, node, status) => this.#boundReply(node, status),
    );
    this.#bind = simulation.event(`${name} bind`, (node) => this.#sendBind(node));
    this.#queue = new WorkQueue(simulation, { name: `${name} daemon set`, workers: 1 }, () => this.#sync());
  }

  /** Pods of the DaemonSet that exist in the API. */
  get podCount(): number {
    return this.#podCount;
  }

  /** Whether every selected node has its bound pod and no other node has one. */
  get isSettled(): boolean {
    for (let node = 0; node < this.#pod.length; node++) {
      if (this.#pod[node] !== (this.isSelected[node] === 1 ? Pod.bound : Pod.absent)) return false;
    }
    return true;
  }

  /** Whether the node's pod exists and is bound. */
  isBound(node: number): boolean {
    return this.#pod[node] === Pod.bound;
  }

  /** The object has changed: the DaemonSet now selects this share of the nodes; 0 when it was deleted. */
  select(share: number): void {
    this.#selection.selectShare(share);
    this.poke();
  }

  /** A node takes pods that had not been there before. */
  addNode(node: number): void {
    if (this.#selection.add(node)) this.poke();
  }

  /** The machine is gone; its pod with it. */
  removeNode(node: number): void {
    this.#selection.remove(node);
    if (this.#pod[node] !== Pod.absent) this.#podCount--;
    this.#pod[node] = Pod.absent;
  }

  /** Another process begins to lead: it knows what is stored, and nothing of what the one before it tried. */
  start(): void {
    this.stop();
    this.#isRunning = true;
    this.poke();
  }

  /** The process is gone, and with it what it had not sent. What it had sent may still be stored. */
  stop(): void {
    this.#isRunning = false;
    this.#client.stop();
    this.#queue.clear();
  }

  /** The object or one of its pods has changed: the controller looks for work, after the sync under way if there is one. */
  poke(): void {
    if (this.#isRunning) this.#queue.add(KEY);
  }

  #sync(): void {
    this.#writes.begin(this.#plan());
  }

  #plan(): SyncPlan {
    const creations: number[] = [];
    const deletions: number[] = [];
    for (let place = 0; place < this.#order.length; place++) {
      const node = this.#order[place]!;
      const exists = this.#pod[node] !== Pod.absent;
      if (exists === (this.isSelected[node] === 1)) continue;
      const list = exists ? deletions : creations;
      if (list.length < this.#burstReplicas) list.push(node);
    }
    return { creations, deletions };
  }

  #ended(purpose: number, node: number, status: Status): void {
    if (status === Status.ok) this.#stored(purpose, node);
    this.#writes.ended(status === Status.ok);
  }

  /** What was written is written, whoever hears of it; the informer shows it at once. */
  #stored(purpose: number, node: number): void {
    if (purpose === Purpose.create) this.#created(node);
    else this.#deleted(node);
    this.poke();
  }

  #synced(hasFailed: boolean): void {
    if (hasFailed) this.#queue.addRateLimited(KEY);
    else this.#queue.forget(KEY);
    this.#queue.done(KEY);
  }

  #created(node: number): void {
    if (this.#pod[node] !== Pod.absent) return;
    this.#pod[node] = Pod.created;
    this.#podCount++;
    this.#bindFailures[node] = 0;
    this.#sendBind(node);
  }

  #deleted(node: number): void {
    if (this.#pod[node] === Pod.absent) return;
    this.#pod[node] = Pod.absent;
    this.#podCount--;
    this.#observer.podDeleted(node);
  }

  #sendBind(node: number): void {
    if (this.#pod[node] === Pod.created) this.#scheduler.write(BIND, 0, node);
  }

  #boundReply(node: number, status: Status): void {
    if (this.#pod[node] !== Pod.created) return;
    if (status === Status.ok) {
      this.#pod[node] = Pod.bound;
      this.#observer.podBound(node);
      this.poke();
      return;
    }
    const failures = this.#bindFailures[node]!;
    this.#bindFailures[node] = Math.min(failures + 1, 255);
    this.#bind.after(waitAfter(failures, SCHEDULER), node);
  }
}
