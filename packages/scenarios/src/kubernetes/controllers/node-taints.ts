/**
 * The taints that the node lifecycle controller writes. NoSchedule follows the node's condition at once, by eight workers;
 * NoExecute waits for the zone's rate, one node after the other. A taint costs two requests, a GET from the API server's
 * cache and a PATCH, and all of them go through the controller's one client, where they wait with everything else it
 * writes.
 * Source: kubernetes/kubernetes pkg/controller/nodelifecycle/node_lifecycle_controller.go (doNoScheduleTaintingPass,
 * doNoExecuteTaintingPass every 100 ms) and pkg/controller/controller_utils.go (AddOrUpdateTaintOnNode).
 */
import { type EventHandle, type EventType, type Instant, ms, noEvent, type Simulation } from '@brownout/core';
import { Closed, closedBy, type NodeStore, Ready } from '../nodes/node-store.ts';
import { Status } from '../requests/api-request.ts';
import type { ControllerClient } from './controller-client.ts';
import type { NodeView } from './node-view.ts';
import { TaintQueue } from './taint-queue.ts';
import { WorkQueue } from './work-queue.ts';

/** Operation numbers of the two requests. */
export interface TaintOperations {
  readonly readNode: number;
  readonly patchNode: number;
}

/** Told when NoExecute taints come and go. */
export interface TaintObserver {
  nodeTainted(node: number): void;
  nodeUntainted(node: number): void;
  /** Its last NoSchedule taint is gone: the node takes pods. */
  nodeOpened?(node: number): void;
}

/** What the calls of this part are for; other parts of the controller use lower numbers. */
const Purpose = { closeGet: 100, closePatch: 101, taintGet: 102, taintPatch: 103 } as const;
const FIRST_PURPOSE = 100;
const NO_SCHEDULE_WORKERS = 8;
const TAINTING_PERIOD = ms(100);

/** The taint writers of one controller process. */
export class NodeTaints {
  /** Nodes whose NoSchedule taint may have to follow. */
  readonly updated: WorkQueue;
  /** NoExecute taints that this process has written, by zone. */
  readonly evictions: Uint32Array;
  readonly #simulation: Simulation;
  readonly #store: NodeStore;
  readonly #view: NodeView;
  readonly #client: ControllerClient;
  readonly #operations: TaintOperations;
  readonly #observer: TaintObserver;
  readonly #pass: EventType;
  #queues: readonly TaintQueue[] = [];
  #passEvent: EventHandle = noEvent;
  /** Node whose NoExecute taint is being written, -1 = none. */
  #inWork = -1;

  constructor(
    simulation: Simulation,
    name: string,
    parts: {
      readonly store: NodeStore;
      readonly view: NodeView;
      readonly client: ControllerClient;
      readonly operations: TaintOperations;
      readonly observer: TaintObserver;
    },
  ) {
    this.#simulation = simulation;
    this.#store = parts.store;
    this.#view = parts.view;
    this.#client = parts.client;
    this.#operations = parts.operations;
    this.#observer = parts.observer;
    this.evictions = new Uint32Array(parts.store.zones);
    this.updated = new WorkQueue(simulation, { name: `${name} node updates`, workers: NO_SCHEDULE_WORKERS }, (node) =>
      this.#close(node),
    );
    this.#pass = simulation.event(`${name} tainting pass`, () => this.#taintNext());
    this.reset();
  }

  /** Nodes that wait for their NoExecute taint. */
  get waiting(): number {
    return this.#queues.reduce((sum, queue) => sum + queue.size, 0);
  }

  /** A new process begins. */
  reset(): void {
    this.updated.clear();
    this.#queues = Array.from({ length: this.#store.zones }, () => new TaintQueue(0));
    this.#simulation.cancel(this.#passEvent);
    this.#passEvent = noEvent;
    this.#inWork = -1;
    this.evictions.fill(0);
  }

  /** Changes how many nodes a second of a zone get their NoExecute taint. */
  setRate(zone: number, nodesPerSecond: number): void {
    this.#queues[zone]!.setRate(nodesPerSecond, this.#simulation.now);
    this.#schedule();
  }

  /** The node is to get the NoExecute taint. */
  want(node: number): void {
    this.#queues[this.#store.zone[node]!]!.add(node);
    this.#schedule();
  }

  /** It is not. */
  forgo(node: number): void {
    const queue = this.#queues[this.#store.zone[node]!]!;
    if (queue.size > 0) queue.remove(node);
  }

  /** The informer saw a change of the node: its NoSchedule taint may have to follow. */
  nodeUpdated(node: number): void {
    if (this.#needsClosing(node)) this.updated.add(node);
  }

  /** Whether the end of a call belongs to this part. */
  owns(purpose: number): boolean {
    return purpose >= FIRST_PURPOSE;
  }

  /** A call of this part has ended. */
  ended(purpose: number, node: number, status: Status): void {
    if (purpose === Purpose.closeGet && status === Status.ok) {
      this.#client.write(this.#operations.patchNode, Purpose.closePatch, node);
    } else if (purpose === Purpose.taintGet && status === Status.ok) {
      this.#client.write(this.#operations.patchNode, Purpose.taintPatch, node);
    } else if (purpose === Purpose.closeGet || purpose === Purpose.closePatch) {
      if (status === Status.ok) this.#closed(node);
      this.updated.done(node);
    } else {
      this.#tainted(node, status);
    }
  }

  #needsClosing(node: number): boolean {
    if (this.#store.exists[node] === 0) return false;
    return closedBy(this.#view.ready[node]!) !== this.#view.isClosed[node];
  }

  #closed(node: number): void {
    const taint = closedBy(this.#view.ready[node]!);
    this.#store.isClosed[node] = taint;
    if (taint === Closed.open && this.#store.exists[node] === 1) this.#observer.nodeOpened?.(node);
  }

  /** A taint that could not be written is not tried again before the next change of the node. */
  #close(node: number): void {
    if (this.#needsClosing(node)) this.#client.read(this.#operations.readNode, Purpose.closeGet, node);
    else this.updated.done(node);
  }

  #schedule(): void {
    if (this.#inWork >= 0) return;
    const at = this.#queues.reduce((soonest, queue) => Math.min(soonest, queue.nextAt), Infinity);
    this.#simulation.cancel(this.#passEvent);
    this.#passEvent = noEvent;
    if (at === Infinity) return;
    const due = Math.max(at, this.#simulation.now + 1);
    this.#passEvent = this.#pass.at((Math.ceil(due / TAINTING_PERIOD) * TAINTING_PERIOD) as Instant, 0);
  }

  #taintNext(): void {
    this.#passEvent = noEvent;
    for (const queue of this.#queues) {
      for (let node = queue.take(this.#simulation.now); node >= 0; node = queue.take(this.#simulation.now)) {
        if (this.#store.exists[node] === 0 || this.#view.ready[node] === Ready.true) continue;
        this.#inWork = node;
        this.#client.read(this.#operations.readNode, Purpose.taintGet, node);
        return;
      }
    }
    this.#schedule();
  }

  #tainted(node: number, status: Status): void {
    this.#inWork = -1;
    if (status !== Status.ok) {
      this.#queues[this.#store.zone[node]!]!.add(node);
    } else if (this.#store.isTainted[node] === 0) {
      this.#store.isTainted[node] = 1;
      this.evictions[this.#store.zone[node]!]!++;
      this.#observer.nodeTainted(node);
    }
    this.#taintNext();
  }
}
