/**
 * The path from a DaemonSet object to running agents and back. The DaemonSet controller creates and deletes pods at its
 * client's pace in batches that double, the scheduler binds them, and each kubelet acts when its watch shows the change.
 * Every step is an API request: while the API is down nothing starts, and nothing stops.
 *
 *   object -> controller --create, 20/s--> pod --bind, 50/s--> kubelet's watch -> agent
 */
import { type EventType, noTime, ms, seconds, type Simulation } from '@brownout/core';
import { Status } from '../requests/api-request.ts';
import { type DoublingBackoff, waitAfter } from '../client/backoff.ts';
import { Pace, type PaceOptions } from '../client/paced-client.ts';
import { ClientGroup, type ClientGroupOptions } from '../client/client-group.ts';
import type { ControlPlane } from '../control-plane.ts';
import { kubeScheduler, serviceAccountIdentity } from '../flow-control/identity.ts';
import { operationNumber } from '../requests/operation.ts';
import type { Leadership } from './leadership.ts';
import { NodeSelection } from './node-selection.ts';

/** Client limits of the two controllers on the path. */
export interface DaemonSetOptions {
  readonly controllerPace: PaceOptions;
  readonly schedulerPace: PaceOptions;
  /** Pods created or deleted in one sync, 250 upstream (BurstReplicas). */
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
const CLIENT_TIMEOUT = seconds(60);
/** Work queue: 5 ms, doubling to 1,000 s, per key. */
const WORK_QUEUE: DoublingBackoff = { first: ms(5), longest: seconds(1000) };
/** Scheduler: 1 s, doubling to 10 s, per pod. */
const SCHEDULER: DoublingBackoff = { first: seconds(1), longest: seconds(10) };

/** State of a node's pod. */
const Pod = { absent: 0, created: 1, bound: 2 } as const;

/** The DaemonSet controller and the scheduler, for one DaemonSet. */
export class DaemonSet {
  /** 1 on nodes that the DaemonSet selects. */
  readonly isSelected: Uint8Array;
  readonly #options: DaemonSetOptions;
  readonly #controlPlane: ControlPlane;
  readonly #leadership: Leadership;
  readonly #observer: PodObserver;
  readonly #selection: NodeSelection;
  readonly #order: Int32Array;
  readonly #pod: Uint8Array;
  readonly #isDeletion: Uint8Array;
  readonly #bindFailures: Uint8Array;
  readonly #controllerPace: Pace;
  readonly #schedulerPace: Pace;
  readonly #controllerGroup: number;
  readonly #schedulerGroup: number;
  readonly #write: EventType;
  readonly #bind: EventType;
  readonly #sync: EventType;
  #work: number[] = [];
  #next = 0;
  #batchSize = 1;
  #outstanding = 0;
  #hasFailed = false;
  #failures = 0;
  #isSyncing = false;
  #podCount = 0;

  constructor(
    simulation: Simulation,
    name: string,
    nodes: number,
    options: DaemonSetOptions & {
      /** Nodes that may join, beyond the first `nodes`; default none. */
      readonly joining?: number;
    },
    parts: { readonly controlPlane: ControlPlane; readonly leadership: Leadership; readonly observer: PodObserver },
  ) {
    this.#options = options;
    this.#controlPlane = parts.controlPlane;
    this.#leadership = parts.leadership;
    this.#observer = parts.observer;
    const rows = nodes + (options.joining ?? 0);
    this.#selection = new NodeSelection(nodes, simulation.streams.get(`${name}/daemon-set/order`), options.joining);
    this.isSelected = this.#selection.isSelected;
    this.#pod = new Uint8Array(rows);
    this.#isDeletion = new Uint8Array(rows);
    this.#bindFailures = new Uint8Array(rows);
    this.#order = this.#selection.order;
    this.#controllerPace = new Pace(simulation, options.controllerPace);
    this.#schedulerPace = new Pace(simulation, options.schedulerPace);
    const common = { isInside: true, countsForAvailability: true, timeout: CLIENT_TIMEOUT };
    this.#controllerGroup = this.#join({
      ...common,
      name: 'daemon-set-controller',
      describe: () => ({
        ...serviceAccountIdentity({ namespace: 'kube-system', name: 'daemon-set-controller' }),
        verb: 'create',
        resource: 'pods',
        namespace: 'default',
      }),
      clients: 1,
      onReply: (node, status) => this.#written(node, status),
    });
    this.#schedulerGroup = this.#join({
      ...common,
      name: 'scheduler',
      describe: () => ({
        ...kubeScheduler,
        verb: 'create',
        resource: 'pods',
        subresource: 'binding',
        namespace: 'default',
      }),
      clients: 1,
      onReply: (node, status) => this.#boundReply(node, status),
    });
    this.#write = simulation.event(`${name} daemon set write`, (node) => this.#sendWrite(node));
    this.#bind = simulation.event(`${name} bind`, (node) => this.#sendBind(node));
    this.#sync = simulation.event(`${name} daemon set sync`, () => this.#startSync());
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

  /** Looks for work; called when the object changed and when the controller starts to lead. */
  poke(): void {
    if (this.#isSyncing) return;
    this.#isSyncing = true;
    this.#sync.after(noTime);
  }

  #join(options: ClientGroupOptions): number {
    const group = new ClientGroup(options);
    group.pinnedServer = this.#controlPlane.breakGlassServer;
    return this.#controlPlane.join(group);
  }

  #startSync(): void {
    this.#isSyncing = false;
    if (!this.#leadership.isLeading || this.#outstanding > 0) return;
    this.#work = this.#findWork();
    this.#next = 0;
    this.#batchSize = 1;
    if (this.#work.length > 0) this.#sendBatch();
  }

  #findWork(): number[] {
    const work: number[] = [];
    for (let place = 0; place < this.#order.length && work.length < this.#options.burstReplicas; place++) {
      const node = this.#order[place]!;
      const exists = this.#pod[node] !== Pod.absent;
      if (exists !== (this.isSelected[node] === 1)) work.push(node);
    }
    return work;
  }

  #sendBatch(): void {
    const end = Math.min(this.#work.length, this.#next + this.#batchSize);
    this.#outstanding = end - this.#next;
    this.#hasFailed = false;
    while (this.#next < end) this.#write.at(this.#controllerPace.next(), this.#work[this.#next++]!);
    this.#batchSize *= 2;
  }

  /** A process that has lost its lease has exited, and with it the rest of its batch. */
  #sendWrite(node: number): void {
    if (!this.#leadership.isLeading) {
      this.#written(node, Status.refused);
      return;
    }
    const isDeletion = this.isSelected[node] === 0;
    this.#isDeletion[node] = isDeletion ? 1 : 0;
    this.#controlPlane.send(this.#controllerGroup, 0, isDeletion ? DELETE : CREATE, node);
  }

  #written(node: number, status: number): void {
    if (status !== Status.ok) this.#hasFailed = true;
    else if (this.#isDeletion[node] === 1) this.#deleted(node);
    else this.#created(node);
    if (--this.#outstanding > 0) return;
    if (this.#hasFailed) {
      this.#isSyncing = true;
      this.#sync.after(waitAfter(this.#failures++, WORK_QUEUE));
    } else if (this.#next < this.#work.length) {
      this.#sendBatch();
    } else {
      this.#failures = 0;
      this.poke();
    }
  }

  #created(node: number): void {
    if (this.#pod[node] !== Pod.absent) return;
    this.#pod[node] = Pod.created;
    this.#podCount++;
    this.#bindFailures[node] = 0;
    this.#bind.at(this.#schedulerPace.next(), node);
  }

  #deleted(node: number): void {
    if (this.#pod[node] === Pod.absent) return;
    this.#pod[node] = Pod.absent;
    this.#podCount--;
    this.#observer.podDeleted(node);
  }

  #sendBind(node: number): void {
    if (this.#pod[node] === Pod.created) this.#controlPlane.send(this.#schedulerGroup, 0, BIND, node);
  }

  #boundReply(node: number, status: number): void {
    if (this.#pod[node] !== Pod.created) return;
    if (status === Status.ok) {
      this.#pod[node] = Pod.bound;
      this.#observer.podBound(node);
      return;
    }
    const failures = this.#bindFailures[node]!;
    this.#bindFailures[node] = Math.min(failures + 1, 255);
    this.#bind.after(waitAfter(failures, SCHEDULER), node);
  }
}
