/**
 * The path from a DaemonSet object to running agents and back. The DaemonSet controller creates and deletes pods at its
 * client's pace in batches that double, the scheduler binds them, and each kubelet acts when its watch shows the change.
 * Every step is an API request: while the API is down nothing starts, and nothing stops.
 *
 *   object -> controller --create, 20/s--> pod --bind, 50/s--> kubelet's watch -> agent
 *
 * A sync that failed is tried again after 5 ms, doubling to 1,000 s, but a change of the object or of one of its pods is
 * looked at at once, whatever failed before; and a process that begins to lead has no memory of failures.
 * Source: kubernetes/kubernetes pkg/controller/daemon/daemon_controller.go (updateDaemonset, addPod, updatePod, deletePod).
 */
import { type EventType, seconds, type Simulation } from '@brownout/core';
import { Status } from '../requests/api-request.ts';
import { type DoublingBackoff, waitAfter } from '../client/backoff.ts';
import { Pace, type PaceOptions } from '../client/paced-client.ts';
import { ClientGroup, type ClientGroupOptions } from '../client/client-group.ts';
import type { ControlPlane } from '../control-plane.ts';
import { kubeScheduler, serviceAccountIdentity } from '../flow-control/identity.ts';
import { operationNumber } from '../requests/operation.ts';
import type { Leadership } from './leadership.ts';
import { NodeSelection } from './node-selection.ts';
import { WorkQueue } from './work-queue.ts';

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
/** Scheduler: 1 s, doubling to 10 s, per pod. */
const SCHEDULER: DoublingBackoff = { first: seconds(1), longest: seconds(10) };

/** State of a node's pod. */
const Pod = { absent: 0, created: 1, bound: 2 } as const;

/** The work queue's only key: the DaemonSet. */
const KEY = 0;

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
  readonly #bindFailures: Uint8Array;
  readonly #simulation: Simulation;
  readonly #queue: WorkQueue;
  readonly #schedulerPace: Pace;
  readonly #controllerGroup: number;
  readonly #schedulerGroup: number;
  readonly #write: EventType;
  readonly #bind: EventType;
  #controllerPace: Pace;
  /** The present process; a write says whose it is, so that one of a process that has exited counts for nobody. */
  #process = 0;
  #work: number[] = [];
  #next = 0;
  #batchSize = 1;
  #outstanding = 0;
  #hasFailed = false;
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
    this.#simulation = simulation;
    this.#options = options;
    this.#controlPlane = parts.controlPlane;
    this.#leadership = parts.leadership;
    this.#observer = parts.observer;
    const rows = nodes + (options.joining ?? 0);
    this.#selection = new NodeSelection(nodes, simulation.streams.get(`${name}/daemon-set/order`), options.joining);
    this.isSelected = this.#selection.isSelected;
    this.#pod = new Uint8Array(rows);
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
      onReply: (write, status) => this.#written(write, status),
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
    this.#write = simulation.event(`${name} daemon set write`, (write) => this.#sendWrite(write));
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
  startProcess(): void {
    this.#queue.clear();
    this.#controllerPace = new Pace(this.#simulation, this.#options.controllerPace);
    this.#process++;
    this.#outstanding = 0;
    this.poke();
  }

  /** The object or one of its pods has changed: the controller looks for work, after the sync under way if there is one. */
  poke(): void {
    if (this.#leadership.isLeading) this.#queue.add(KEY);
  }

  #join(options: ClientGroupOptions): number {
    const group = new ClientGroup(options);
    group.pinnedServer = this.#controlPlane.breakGlassServer;
    return this.#controlPlane.join(group);
  }

  #sync(): void {
    this.#work = this.#findWork();
    this.#next = 0;
    this.#batchSize = 1;
    if (this.#work.length > 0) this.#sendBatch();
    else this.#finish();
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
    while (this.#next < end) {
      const write = 2 * (this.#process * this.#pod.length + this.#work[this.#next++]!);
      this.#write.at(this.#controllerPace.next(), write);
    }
    this.#batchSize *= 2;
  }

  /** A process that has lost its lease has exited, and with it the rest of its batch. */
  #sendWrite(write: number): void {
    if (this.#isOfOther(write) || !this.#leadership.isLeading) return;
    const isDeletion = this.isSelected[this.#nodeOf(write)] === 0;
    this.#controlPlane.send(this.#controllerGroup, 0, isDeletion ? DELETE : CREATE, isDeletion ? write + 1 : write);
  }

  #nodeOf(write: number): number {
    return Math.floor(write / 2) % this.#pod.length;
  }

  #isOfOther(write: number): boolean {
    return Math.floor(write / 2 / this.#pod.length) !== this.#process;
  }

  /** What was written is written, whoever hears of it; only the process that asked goes on with its batch. */
  #written(write: number, status: number): void {
    const node = this.#nodeOf(write);
    if (status === Status.ok && write % 2 === 1) this.#deleted(node);
    else if (status === Status.ok) this.#created(node);
    if (this.#isOfOther(write)) return;
    if (status !== Status.ok) this.#hasFailed = true;
    if (--this.#outstanding > 0 || !this.#leadership.isLeading) return;
    if (this.#hasFailed) this.#fail();
    else if (this.#next < this.#work.length) this.#sendBatch();
    else this.#finish();
  }

  #finish(): void {
    if (this.#work.length === this.#options.burstReplicas) this.poke();
    this.#queue.forget(KEY);
    this.#queue.done(KEY);
  }

  #fail(): void {
    this.#queue.addRateLimited(KEY);
    this.#queue.done(KEY);
  }

  #created(node: number): void {
    if (this.#pod[node] !== Pod.absent) return;
    this.#pod[node] = Pod.created;
    this.#podCount++;
    this.#bindFailures[node] = 0;
    this.#bind.at(this.#schedulerPace.next(), node);
    this.poke();
  }

  #deleted(node: number): void {
    if (this.#pod[node] === Pod.absent) return;
    this.#pod[node] = Pod.absent;
    this.#podCount--;
    this.#observer.podDeleted(node);
    this.poke();
  }

  #sendBind(node: number): void {
    if (this.#pod[node] === Pod.created) this.#controlPlane.send(this.#schedulerGroup, 0, BIND, node);
  }

  #boundReply(node: number, status: number): void {
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
