/**
 * The taint eviction controller: a pod on a node with the NoExecute taint is deleted when its toleration runs out, 300 s
 * after the taint for pods that ask for nothing else (admission adds that toleration; DaemonSet pods tolerate the taint for
 * ever). Each deletion is a GET, a PATCH of the pod's status and a DELETE, tried five times 10 ms apart. When the taint goes
 * before, nothing is deleted. A pod counts as gone when its deletion is stored; upstream the object of a pod whose kubelet is
 * away stays, terminating, until the kubelet is back.
 * Source: kubernetes/kubernetes pkg/controller/tainteviction/taint_eviction.go; a controller of its own since 1.29, with its
 * own client.
 */
import { type Duration, type EventHandle, type EventType, ms, noEvent, seconds, type Simulation } from '@brownout/core';
import type { PaceOptions } from '../client/paced-client.ts';
import type { ControlPlane } from '../control-plane.ts';
import type { NodeStore } from '../nodes/node-store.ts';
import { Status } from '../requests/api-request.ts';
import { operationNumber } from '../requests/operation.ts';
import { ControllerClient } from './controller-client.ts';
import type { Controller } from './leader.ts';

/** Settings of taint eviction. */
export interface TaintEvictionOptions {
  /** `--default-unreachable-toleration-seconds` of the API server; default 300 s. */
  readonly toleration?: Duration;
  /** Default 20 a second, burst 30. */
  readonly pace?: PaceOptions;
  /** Pods of a node that tolerate the taint for ever, besides those of DaemonSets; default none. */
  readonly tolerating?: (node: number) => number;
  /** Operation numbers; default built-in ones. */
  readonly operations?: { readonly readPod: number; readonly patchPod: number; readonly deletePod: number };
}

const Purpose = { get: 0, patch: 1, delete: 2 } as const;
const TRIES = 5;
const BETWEEN_TRIES = ms(10);

const usualOperations = {
  readPod: operationNumber('get'),
  patchPod: operationNumber('object-update'),
  deletePod: operationNumber('pod-delete'),
};

/** Evicts ordinary pods from tainted nodes. */
export class TaintEviction implements Controller {
  readonly #simulation: Simulation;
  readonly #store: NodeStore;
  readonly #client: ControllerClient;
  readonly #operations: NonNullable<TaintEvictionOptions['operations']>;
  readonly #toleration: Duration;
  readonly #tolerating: (node: number) => number;
  readonly #podEvicted: (node: number) => void;
  readonly #due: EventType;
  readonly #again: EventType;
  readonly #dueEvent: Float64Array;
  /** A pod in work is a row: its node, and its failed tries. Rows of a process that is gone are not used again. */
  readonly #tries: number[] = [];
  readonly #nodeOf: number[] = [];
  #free: number[] = [];
  #firstRow = 0;

  /** `podEvicted` hears of each pod whose deletion is stored. */
  constructor(
    simulation: Simulation,
    name: string,
    options: TaintEvictionOptions,
    parts: {
      readonly controlPlane: ControlPlane;
      readonly store: NodeStore;
      readonly podEvicted: (node: number) => void;
    },
  ) {
    this.#simulation = simulation;
    this.#store = parts.store;
    this.#podEvicted = parts.podEvicted;
    this.#tolerating = options.tolerating ?? (() => 0);
    this.#toleration = options.toleration ?? seconds(300);
    this.#operations = options.operations ?? usualOperations;
    const { pace } = options;
    const clientOptions = { name: 'taint-eviction-controller', ...(pace === undefined ? {} : { pace }) };
    this.#client = new ControllerClient(simulation, parts.controlPlane, clientOptions, (purpose, pod, status) =>
      this.#ended(purpose, pod, status),
    );
    this.#due = simulation.event(`${name} toleration ends`, (node) => this.#evict(node));
    this.#again = simulation.event(`${name} eviction again`, (pod) => this.#retry(pod));
    this.#dueEvent = new Float64Array(parts.store.count).fill(noEvent);
  }

  /** Nodes whose pods are to be evicted later. */
  get pending(): number {
    return this.#dueEvent.reduce((count, event) => count + (event === noEvent ? 0 : 1), 0);
  }

  /** A new process knows no start of a toleration: for taints that were there already, it begins now. */
  start(): void {
    this.stop();
    for (let node = 0; node < this.#store.count; node++) {
      if (this.#store.exists[node] === 1 && this.#store.isTainted[node] === 1) this.nodeTainted(node);
    }
  }

  stop(): void {
    this.#firstRow = this.#nodeOf.length;
    this.#free = [];
    this.#client.stop();
    for (let node = 0; node < this.#store.count; node++) this.nodeUntainted(node);
  }

  /** The NoExecute taint of the node is seen. */
  nodeTainted(node: number): void {
    if (this.#dueEvent[node] === noEvent) this.#dueEvent[node] = this.#due.after(this.#toleration, node);
  }

  /** The taint is gone: what has not been deleted by now stays. */
  nodeUntainted(node: number): void {
    this.#simulation.cancel(this.#dueEvent[node]! as EventHandle);
    this.#dueEvent[node] = noEvent;
  }

  /** All pods of the node at once, as far as the client lets them. */
  #evict(node: number): void {
    this.#dueEvent[node] = noEvent;
    for (let i = this.#store.pods[node]! - this.#tolerating(node); i > 0; i--) {
      const pod = this.#free.pop() ?? this.#nodeOf.length;
      this.#nodeOf[pod] = node;
      this.#tries[pod] = 0;
      this.#client.read(this.#operations.readPod, Purpose.get, pod);
    }
  }

  #retry(pod: number): void {
    if (pod >= this.#firstRow) this.#client.read(this.#operations.readPod, Purpose.get, pod);
  }

  #ended(purpose: number, pod: number, status: Status): void {
    if (status !== Status.ok) {
      this.#tries[pod]!++;
      if (this.#tries[pod]! < TRIES) this.#again.after(BETWEEN_TRIES, pod);
      else this.#free.push(pod);
    } else if (purpose === Purpose.get) {
      this.#client.write(this.#operations.patchPod, Purpose.patch, pod);
    } else if (purpose === Purpose.patch) {
      this.#client.write(this.#operations.deletePod, Purpose.delete, pod);
    } else {
      this.#deleted(this.#nodeOf[pod]!);
      this.#free.push(pod);
    }
  }

  #deleted(node: number): void {
    if (this.#store.pods[node] === 0) return;
    if (this.#store.readyPods[node] === this.#store.pods[node]) this.#store.readyPods[node]!--;
    this.#store.pods[node]!--;
    this.#podEvicted(node);
  }
}
