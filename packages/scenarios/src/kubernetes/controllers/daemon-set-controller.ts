/**
 * The DaemonSet controller in full, for one DaemonSet. A sync first gives every selected node a pod and takes pods from the
 * others, then moves an update on as its strategy allows, then writes the status of the DaemonSet. Pods are created in
 * batches of 1, 2, 4 ... that wait for one another and stop at the first that fails, and deleted all at once, at most 250 of
 * each in a sync; the next sync waits until the informer has shown what the last one did.
 *
 *   object, pods, nodes change -> work queue -> sync: revision? -> manage -> update -> status
 *                                     ^                                       |
 *                                     +---- failed: 5 ms, doubling to 1,000 s-+
 *
 * Source: kubernetes/kubernetes pkg/controller/daemon/daemon_controller.go and update.go; pkg/controller/controller_utils.go
 * (expectations time out after 5 min).
 */
import { type Duration, type EventHandle, type EventType, minutes, noEvent, type Simulation } from '@brownout/core';
import type { ControlPlane } from '../control-plane.ts';
import { Status } from '../requests/api-request.ts';
import { operationNumber } from '../requests/operation.ts';
import { ControllerClient } from './controller-client.ts';
import { RevisionHistory } from './revision-history.ts';
import type { DaemonSetControllerOptions, DaemonSetObserver } from './daemon-set-options.ts';
import { DaemonSetPods, PodState } from './daemon-set-pods.ts';
import type { Controller } from './leader.ts';
import { FailedPods } from './failed-pods.ts';
import { NodeSelection } from './node-selection.ts';
import { planPods, planUpdate, type UpdateSight, type UpdateStrategy } from './rolling-update.ts';
import type { Scheduler } from './scheduler.ts';
import { SlowStart } from './slow-start.ts';
import { WorkQueue } from './work-queue.ts';

const Purpose = { create: 0, delete: 1, revision: 2, cleanUp: 3, status: 4 } as const;
const POD_CREATE = operationNumber('pod-create');
const POD_DELETE = operationNumber('pod-delete');
const OBJECT_WRITE = operationNumber('object-update');
const EXPECTATIONS_TIMEOUT = minutes(5);
/** The work queue's only key: the DaemonSet. */
const KEY = 0;

/** The controller of one DaemonSet. */
export class DaemonSetController implements Controller {
  /** 1 on nodes that the DaemonSet selects. */
  readonly isSelected: Uint8Array;
  readonly pods: DaemonSetPods;
  readonly history: RevisionHistory;
  readonly #simulation: Simulation;
  readonly #options: DaemonSetControllerOptions;
  readonly #writes: SlowStart;
  readonly #scheduler: Scheduler;
  readonly #observer: DaemonSetObserver;
  readonly #isCurrent: () => boolean;
  readonly #client: ControllerClient;
  readonly queue: WorkQueue;
  readonly #selection: NodeSelection;
  readonly #minReady: EventType;
  readonly #failed: FailedPods;
  readonly #mayDeleteFailed: (node: number) => boolean;
  readonly #lookAgain: EventType;
  #nextLook: EventHandle = noEvent;
  #nextLookAt = 0;
  #isRunning = false;
  #isDeleted = false;
  #update: UpdateStrategy;
  #isManaging = false;
  /** When something was written that the informer has not shown, in microseconds; Infinity when it has shown all. */
  #unseenSince = Infinity;
  #writtenStatus = '';

  constructor(
    simulation: Simulation,
    name: string,
    nodes: number,
    options: DaemonSetControllerOptions,
    parts: {
      readonly controlPlane: ControlPlane;
      readonly scheduler: Scheduler;
      readonly observer: DaemonSetObserver;
      /** Whether the controller's informers show what is stored; default always. */
      readonly isCurrent?: () => boolean;
    },
  ) {
    this.#simulation = simulation;
    this.#options = options;
    this.#writes = new SlowStart(
      options.burstReplicas ?? 250,
      {
        create: (node) => this.#client.write(POD_CREATE, Purpose.create, node),
        delete: (place) => this.#client.write(POD_DELETE, Purpose.delete, place),
      },
      (hasFailed) => this.#written(hasFailed),
    );
    this.#update = options.update ?? {};
    this.#scheduler = parts.scheduler;
    this.#observer = parts.observer;
    this.#isCurrent = parts.isCurrent ?? (() => true);
    const { joining = 0 } = options;
    this.#selection = new NodeSelection(nodes, simulation.streams.get(`${name}/daemon-set/order`), joining);
    this.isSelected = this.#selection.isSelected;
    this.pods = new DaemonSetPods(nodes + joining);
    this.history = new RevisionHistory(options.revisionHistoryLimit ?? 10);
    const { pace } = options;
    const clientOptions = { name: 'daemon-set-controller', ...(pace === undefined ? {} : { pace }) };
    this.#client = new ControllerClient(simulation, parts.controlPlane, clientOptions, (purpose, subject, status) =>
      this.#ended(purpose, subject, status),
    );
    this.queue = new WorkQueue(simulation, { name: `${name} daemon set`, workers: 1 }, () => this.#sync());
    this.#failed = new FailedPods(nodes + joining);
    this.#mayDeleteFailed = (node) => {
      const wait = this.#failed.take(node, this.history.template, this.#simulation.now);
      if (wait > 0) this.#lookAgainAfter(wait);
      return wait === 0;
    };
    this.#lookAgain = simulation.event(`${name} failed pods`, () => this.poke());
    this.#minReady = simulation.event(`${name} min ready`, () => this.poke());
  }

  /** Whether every selected node has one available pod of the present template, and no other pod is stored. */
  get isSettled(): boolean {
    return this.pods.isSettled(
      this.isSelected,
      this.history.template,
      this.#simulation.now,
      this.#update.minReady ?? 0,
    );
  }

  start(): void {
    this.stop();
    this.#isRunning = true;
    this.poke();
  }

  stop(): void {
    this.#isRunning = false;
    this.#client.stop();
    this.queue.clear();
    this.#failed.forget();
    this.#unseenSince = Infinity;
  }

  /** The object has changed: it selects this share of the nodes, a larger share all of a smaller one. */
  select(share: number): void {
    this.#selection.selectShare(share);
    this.poke();
  }

  /** The object has changed: it selects exactly these nodes, as a node selector on labels does. */
  selectNodes(nodes: Iterable<number>): void {
    this.#selection.selectNodes(nodes);
    this.poke();
  }

  /** The DaemonSet has been there for long: every node has a ready pod of the present template. Before anything has happened. */
  install(): void {
    this.#selection.selectShare(1);
    for (let node = 0; node < this.#selection.atStart; node++) {
      this.pods.create(2 * node, this.history.template);
      this.pods.state[2 * node] = PodState.ready;
    }
    this.#writtenStatus = this.pods.summary(this.isSelected, this.history.template);
  }

  /** The object has a new pod template, named by a number >= 0, and perhaps another strategy. */
  setTemplate(template: number, update: UpdateStrategy = this.#update): void {
    this.history.set(template);
    this.#update = update;
    this.poke();
  }

  /** The object is deleted: the controller does nothing more; the garbage collector takes the pods. */
  objectDeleted(): void {
    this.#isDeleted = true;
  }

  /** `kubectl rollout undo`: the template before the present one; false when there is none. */
  rollBack(): boolean {
    const isDone = this.history.rollBack();
    this.poke();
    return isDone;
  }

  /** The kubelet has written that the pod is ready. */
  podReady(place: number): void {
    if (this.pods.state[place] !== PodState.bound) return;
    this.pods.state[place] = PodState.ready;
    this.pods.readyAt[place] = this.#simulation.now;
    const { minReady } = this.#update;
    if (minReady !== undefined) this.#minReady.after(minReady);
    this.poke();
  }

  /** The kubelet, or the node lifecycle controller, has written that the pod is not ready any more. */
  podUnready(place: number): void {
    if (this.pods.state[place] !== PodState.ready) return;
    this.pods.state[place] = PodState.bound;
    this.poke();
  }

  /** The kubelet has written that the pod has failed. */
  podFailed(place: number): void {
    const state = this.pods.state[place]!;
    if (state !== PodState.bound && state !== PodState.ready) return;
    this.pods.state[place] = PodState.failed;
    this.poke();
  }

  /** The kubelet has stopped the pod and deleted it for good. */
  podGone(place: number): void {
    if (this.pods.state[place] !== PodState.terminating) return;
    this.pods.remove(place);
    this.poke();
  }

  /** Somebody else, an operator or the garbage collector, has deleted the pod. */
  podWasDeleted(place: number): void {
    this.#deleted(place);
    this.poke();
  }

  /** The scheduler has bound the pod. */
  podBound(place: number): void {
    if (this.pods.state[place] !== PodState.created) return;
    this.pods.state[place] = PodState.bound;
    this.#observer.podBound(place);
  }

  /** A node takes pods that had not been there before: a joined one has lost the taint it was created with. */
  addNode(node: number): void {
    if (this.#selection.add(node)) this.poke();
  }

  /** The machine is gone; its pods with it. */
  removeNode(node: number): void {
    this.#selection.remove(node);
    for (const place of [2 * node, 2 * node + 1]) {
      this.#scheduler.forget(place);
      this.pods.remove(place);
    }
  }

  /** The informers show again what is stored. */
  informersSynced(): void {
    this.#unseenSince = Infinity;
    this.poke();
  }

  /** Something changed: look at the DaemonSet. */
  poke(): void {
    if (this.#isRunning) this.queue.add(KEY);
  }

  /** A failed pod may go later; of several such times the queue keeps the earliest, as upstream's does. */
  #lookAgainAfter(wait: Duration): void {
    const at = this.#simulation.now + wait;
    if (this.#simulation.isPending(this.#nextLook)) {
      if (this.#nextLookAt <= at) return;
      this.#simulation.cancel(this.#nextLook);
    }
    this.#nextLookAt = at;
    this.#nextLook = this.#lookAgain.after(wait);
  }

  #sync(): void {
    const { now } = this.#simulation;
    if (this.#isDeleted) this.#finish();
    else if (now >= this.#unseenSince && now - this.#unseenSince < EXPECTATIONS_TIMEOUT) {
      this.#writeStatus();
    } else if (this.history.needsWrite) {
      this.#client.write(OBJECT_WRITE, Purpose.revision, KEY);
    } else {
      this.#manage();
    }
  }

  #manage(): void {
    this.#isManaging = true;
    this.#writes.begin(planPods(this.#sight(), this.#update));
  }

  #moveUpdateOn(): void {
    this.#isManaging = false;
    const isAsked = (this.#update.type ?? 'RollingUpdate') === 'RollingUpdate';
    if (!isAsked || this.#unseenSince < Infinity) {
      this.#writeStatus();
      return;
    }
    this.#writes.begin(planUpdate(this.#sight(), this.#update));
  }

  #sight(): UpdateSight {
    const { pods, isSelected } = this;
    return {
      pods,
      isSelected,
      template: this.history.template,
      order: this.#selection.order,
      now: this.#simulation.now,
      mayDeleteFailed: this.#mayDeleteFailed,
    };
  }

  #written(hasFailed: boolean): void {
    if (hasFailed) this.#fail();
    else if (this.#isManaging) this.#moveUpdateOn();
    else this.#writeStatus();
  }

  #ended(purpose: number, subject: number, status: Status): void {
    const isOk = status === Status.ok;
    switch (purpose) {
      case Purpose.create:
      case Purpose.delete:
        if (isOk && purpose === Purpose.create) this.#created(subject);
        if (isOk && purpose === Purpose.delete) this.#deleted(subject);
        if (isOk && !this.#isCurrent()) this.#unseenSince = Math.min(this.#unseenSince, this.#simulation.now);
        this.#writes.ended(isOk);
        return;
      case Purpose.revision:
        if (!isOk) {
          this.#fail();
          return;
        }
        this.history.written();
        this.#manage();
        return;
      case Purpose.cleanUp:
        if (isOk) this.history.clean(this.pods);
        if (isOk) this.#writeStatus();
        else this.#fail();
        return;
      default:
        if (!isOk) {
          this.#fail();
          return;
        }
        this.#writtenStatus = this.pods.summary(this.isSelected, this.history.template);
        this.#finish();
    }
  }

  #created(node: number): void {
    const place = this.pods.freePlace(node);
    if (place < 0) return;
    this.pods.create(place, this.history.template);
    this.#scheduler.add(place);
    this.poke();
  }

  /** A pod without a node, one that has failed, or one that nobody keeps terminating, is gone at once. */
  #deleted(place: number): void {
    const state = this.pods.state[place]!;
    if (state === PodState.absent || state === PodState.terminating) return;
    const isOver = state === PodState.created || state === PodState.failed;
    if (isOver || this.#options.terminates === false) this.pods.remove(place);
    else this.pods.state[place] = PodState.terminating;
    this.#scheduler.forget(place);
    if (!isOver) this.#observer.podDeleted(place);
    this.poke();
  }

  /** The end of a sync: old revisions over the limit go, one in a sync, and the status is written when it has changed. */
  #writeStatus(): void {
    const status = this.pods.summary(this.isSelected, this.history.template);
    if (this.history.excess(this.pods) > 0) this.#client.write(POD_DELETE, Purpose.cleanUp, KEY);
    else if (status !== this.#writtenStatus) this.#client.write(OBJECT_WRITE, Purpose.status, KEY);
    else this.#finish();
  }

  #finish(): void {
    this.queue.forget(KEY);
    this.queue.done(KEY);
  }

  #fail(): void {
    this.queue.addRateLimited(KEY);
    this.queue.done(KEY);
  }
}
