/**
 * The node lifecycle controller: it looks at every node in a pass, eight at a time, and starts the next pass five seconds
 * after the end of the last. A node of which its informers showed nothing new for the grace period is written NotReady, then
 * every pod on it, one request each, by the same worker and before that worker looks at another node. What the passes count
 * decides about taints only when they end, so a pass that has much to write leaves the zones in their old state for long.
 *
 *   pass: node -- silent? --> PUT Ready=Unknown --> PUT pod NotReady (each) --> next node ... end --> zone states, rates
 *  (never reported: other grace)       |                                                                    |
 *                    |                 +--> seen by informer --> NoSchedule taint (GET, PATCH), 8 workers   |
 *                    +-- Unknown before: wait for NoExecute taint <-----------------------------------------+
 *
 * Source: kubernetes/kubernetes pkg/controller/nodelifecycle/node_lifecycle_controller.go and
 * pkg/controller/util/node/controller_utils.go (MarkPodsNotReady). Left out: labels, events.
 */
import {
  type Duration,
  type EventHandle,
  type EventType,
  minutes,
  ms,
  noEvent,
  seconds,
  type Simulation,
} from '@brownout/core';
import type { ControlPlane } from '../control-plane.ts';
import { type NodeStore, Ready } from '../nodes/node-store.ts';
import { Status } from '../requests/api-request.ts';
import { ControllerClient } from './controller-client.ts';
import type { Controller } from './leader.ts';
import { NodeHealth } from './node-health.ts';
import {
  type NodeLifecycleObserver,
  type NodeLifecycleOperations,
  type NodeLifecycleOptions,
  usualOperations,
} from './node-lifecycle-options.ts';
import { NodePods } from './node-pods.ts';
import { NodeTaints } from './node-taints.ts';
import type { NodeView } from './node-view.ts';
import { ZoneMonitor } from './zone-monitor.ts';
import { upstreamTaintRates, type ZoneState } from './zone-state.ts';

const Purpose = { mark: 0, markGet: 1, pod: 2, untaintGet: 3, untaintPatch: 4, clearGet: 5, clearPatch: 6 } as const;
/** A status that cannot be written is tried again every 20 ms for 100 ms, each time after a GET. */
const MARK_RETRY = ms(20);
const MARK_PATIENCE = ms(100);

/** The node lifecycle controller of one process. */
export class NodeLifecycle implements Controller {
  /** Passes over all nodes that have ended. */
  passes = 0;
  readonly zones: ZoneMonitor;
  readonly taints: NodeTaints;
  readonly #simulation: Simulation;
  readonly #store: NodeStore;
  readonly #view: NodeView;
  readonly #observer: NodeLifecycleObserver;
  readonly #operations: NodeLifecycleOperations;
  readonly #client: ControllerClient;
  readonly #health: NodeHealth;
  readonly #period: Duration;
  readonly #workers: number;
  readonly #pass: EventType;
  readonly #again: EventType;
  readonly #pods: NodePods;
  /** Per node in work: the condition it was judged by, the condition now, and since when it is being written. */
  readonly #observed: Uint8Array;
  readonly #current: Uint8Array;
  readonly #markedSince: Float64Array;
  /** Status that the write under way is based on: if another is stored when it arrives, it is refused. */
  readonly #basis: Float64Array;
  #isRunning = false;
  #isPassing = false;
  #next = 0;
  #busy = 0;
  #passEvent: EventHandle = noEvent;
  #toClear: number[] = [];

  constructor(
    simulation: Simulation,
    name: string,
    options: NodeLifecycleOptions,
    parts: {
      readonly controlPlane: ControlPlane;
      readonly store: NodeStore;
      readonly view: NodeView;
      readonly observer: NodeLifecycleObserver;
    },
  ) {
    const { store } = parts;
    this.#simulation = simulation;
    this.#store = store;
    this.#view = parts.view;
    this.#observer = parts.observer;
    this.#operations = { ...usualOperations, ...options.operations };
    this.#period = options.nodeMonitorPeriod ?? seconds(5);
    this.#workers = options.workers ?? 8;
    const { pace } = options;
    const clientOptions = { name: 'node-controller', resource: 'nodes', ...(pace === undefined ? {} : { pace }) };
    this.#client = new ControllerClient(simulation, parts.controlPlane, clientOptions, (purpose, node, status) =>
      this.#ended(purpose, node, status),
    );
    const { nodeMonitorGracePeriod, nodeStartupGracePeriod = minutes(1) } = options;
    this.#health = new NodeHealth(store.count, nodeMonitorGracePeriod, nodeStartupGracePeriod);
    this.taints = new NodeTaints(simulation, name, {
      store,
      view: parts.view,
      client: this.#client,
      operations: this.#operations,
      observer: parts.observer,
    });
    this.#pods = new NodePods(store, (node) => this.#client.write(this.#operations.writePodStatus, Purpose.pod, node));
    this.zones = new ZoneMonitor(store.zones, { ...upstreamTaintRates, ...options.rates }, (zone, rate) =>
      this.taints.setRate(zone, rate),
    );
    this.#pass = simulation.event(`${name} node monitor`, () => this.#startPass());
    this.#again = simulation.event(`${name} node status again`, (node) => this.#markAgain(node));
    this.#observed = new Uint8Array(store.count);
    this.#current = new Uint8Array(store.count);
    this.#basis = new Float64Array(store.count);
    this.#markedSince = new Float64Array(store.count);
  }

  /** State of each zone at the end of the last pass. */
  get zoneStates(): readonly ZoneState[] {
    return this.zones.states;
  }

  start(): void {
    this.stop();
    this.#isRunning = true;
    this.zones.reset();
    this.#startPass();
  }

  stop(): void {
    this.#isRunning = false;
    this.#isPassing = false;
    this.#busy = 0;
    this.#client.stop();
    this.taints.reset();
    this.#health.forget();
    this.#pods.forget();
    this.#toClear = [];
    this.#simulation.cancel(this.#passEvent);
  }

  /** The kubelet of the node has written its status. */
  nodeUpdated(node: number): void {
    if (this.#isRunning && this.#view.isCurrent) this.taints.nodeUpdated(node);
  }

  /** The informers are filled again: everything that changed meanwhile is seen at once. */
  informersSynced(): void {
    this.#view.thaw();
    if (!this.#isRunning) return;
    for (let node = 0; node < this.#store.count; node++) this.taints.nodeUpdated(node);
  }

  /** A watch broke: from now on the controller sees the world of this moment. */
  informersBroke(): void {
    this.#view.freeze();
  }

  #startPass(): void {
    this.#isPassing = true;
    this.#next = 0;
    this.#busy = 0;
    this.#fillWorkers();
  }

  /** Gives every idle worker its next node. Nodes without news take no time. */
  #fillWorkers(): void {
    while (this.#busy < this.#workers && this.#next < this.#store.count) {
      const node = this.#next++;
      if (this.#store.exists[node] === 1 && this.#view.knows(node) && !this.#look(node)) this.#busy++;
    }
    if (this.#busy === 0 && this.#next === this.#store.count && this.#isPassing) this.#endPass();
  }

  #workerDone(): void {
    this.#busy--;
    this.#fillWorkers();
  }

  /** True when the node needs no request. */
  #look(node: number): boolean {
    const now = this.#simulation.now;
    const isExpired = this.#health.isExpired(node, this.#view, now);
    const ready = this.#view.ready[node]!;
    this.#observe(node, ready);
    if (!isExpired || ready === Ready.unknown) return this.#decide(node);
    this.#markedSince[node] = now;
    this.#basis[node] = this.#view.statusAt[node]!;
    this.#client.write(this.#operations.writeNodeStatus, Purpose.mark, node);
    return false;
  }

  /** A node without the condition is judged as if it said Unknown. */
  #observe(node: number, ready: number): void {
    this.#observed[node] = ready === Ready.none ? Ready.unknown : ready;
    this.#current[node] = ready;
  }

  /** After a GET the controller decides again, on the node that is stored now and the lease that its informer shows. */
  #markAgain(node: number): void {
    if (!this.#isPassing) return;
    const ready = this.#store.ready[node]!;
    this.#observe(node, ready);
    this.#basis[node] = this.#store.statusAt[node]!;
    const { statusAt, createdAt } = this.#store;
    const sight = { leaseRenewedAt: this.#view.leaseRenewedAt, statusAt, ready: this.#store.ready, createdAt };
    if (this.#health.isExpired(node, sight, this.#simulation.now) && ready !== Ready.unknown) {
      this.#client.write(this.#operations.writeNodeStatus, Purpose.mark, node);
    } else if (this.#decide(node)) {
      this.#workerDone();
    }
  }

  #marked(node: number, status: Status): void {
    const isSame = this.#store.statusAt[node] === this.#basis[node] && this.#store.ready[node] === this.#current[node];
    if (status !== Status.ok || !isSame) {
      this.#client.read(this.#operations.readNode, Purpose.markGet, node);
      return;
    }
    this.#store.ready[node] = Ready.unknown;
    this.#current[node] = Ready.unknown;
    this.#observer.nodeMarked(node);
    this.nodeUpdated(node);
    if (this.#decide(node)) this.#workerDone();
  }

  /** Skips the node when it cannot be read either, or when it has taken too long: nothing is evicted on a guess. */
  #markRead(node: number, status: Status): void {
    if (status !== Status.ok || this.#simulation.now - this.#markedSince[node]! >= MARK_PATIENCE) this.#workerDone();
    else this.#again.after(MARK_RETRY, node);
  }

  /** True when nothing more is to be written for the node. */
  #decide(node: number): boolean {
    this.zones.count(this.#store.zone[node]!, this.#current[node] === Ready.true);
    // Without the condition there is nothing to taint for.
    if (this.#current[node] === Ready.none) return true;
    if (this.#observed[node] !== Ready.true) {
      if (this.#view.isTainted[node] === 0) this.taints.want(node);
      return this.#decidePods(node);
    }
    this.taints.forgo(node);
    if (this.#view.isTainted[node] === 0) return this.#decidePods(node);
    this.#client.read(this.#operations.readNode, Purpose.untaintGet, node);
    return false;
  }

  #decidePods(node: number): boolean {
    const wasReady = this.#observed[node] === Ready.true;
    return this.#pods.decide(node, wasReady, this.#current[node] === Ready.true);
  }

  #endPass(): void {
    this.passes++;
    const outcome = this.zones.endPass();
    if (outcome === 'left') this.#health.hearAll(this.#simulation.now);
    if (outcome === 'entered') {
      for (let node = 0; node < this.#store.count; node++) {
        this.taints.forgo(node);
        if (this.#store.exists[node] === 1 && this.#view.isTainted[node] === 1) this.#toClear.push(node);
      }
    }
    this.#clearNext();
  }

  /** Everything is down: the taints that were written go away again, one after the other, before the next pass. */
  #clearNext(): void {
    const node = this.#toClear.pop();
    if (node !== undefined) {
      this.#client.read(this.#operations.readNode, Purpose.clearGet, node);
      return;
    }
    this.#isPassing = false;
    this.#passEvent = this.#pass.after(this.#period);
  }

  #ended(purpose: number, node: number, status: Status): void {
    if (this.taints.owns(purpose)) {
      this.taints.ended(purpose, node, status);
      return;
    }
    switch (purpose) {
      case Purpose.mark:
        this.#marked(node, status);
        return;
      case Purpose.markGet:
        this.#markRead(node, status);
        return;
      case Purpose.pod:
        if (status === Status.ok && this.#pods.markOne(node)) this.#observer.podMarked(node);
        if (this.#pods.written(node, status)) this.#workerDone();
        return;
      case Purpose.untaintGet:
      case Purpose.clearGet:
        if (status === Status.ok) this.#client.write(this.#operations.patchNode, purpose + 1, node);
        else this.#afterUntaint(purpose + 1, node);
        return;
      default:
        if (status === Status.ok && this.#store.isTainted[node] === 1) {
          this.#store.isTainted[node] = 0;
          this.#observer.nodeUntainted(node);
        }
        this.#afterUntaint(purpose, node);
    }
  }

  #afterUntaint(purpose: number, node: number): void {
    if (purpose === Purpose.clearPatch) this.#clearNext();
    else if (this.#decidePods(node)) this.#workerDone();
  }
}
