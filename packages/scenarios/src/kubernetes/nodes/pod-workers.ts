/**
 * What kubelets do for the pods of a DaemonSet once their watch has shown them a change: start or stop the containers, and
 * write what became of it. A start writes a status at once (pending) and one when the pod is ready; a stop writes a status
 * when the containers are gone and then deletes the pod without grace, and only that removes the object. A status is a GET
 * and a PATCH, one pod of a node after the other; what fails is tried again with the next sync of the status manager, every
 * 10 s.
 *
 * Source: kubernetes/kubernetes pkg/kubelet/status/status_manager.go (syncBatch, syncPod, syncPeriod 10 s). Left out: the
 * client's limit of 50 a second, which a node with 110 pods cannot reach for longer than a second.
 */
import {
  type Duration,
  type EventHandle,
  type EventType,
  noEvent,
  seconds,
  type Simulation,
  type Stream,
} from '@brownout/core';
import { ClientGroup } from '../client/client-group.ts';
import type { ControlPlane } from '../control-plane.ts';
import { nodeIdentity } from '../flow-control/identity.ts';
import { Status } from '../requests/api-request.ts';
import { operationNumber } from '../requests/operation.ts';

/** How long kubelets take, and with which requests. */
export interface PodWorkerOptions {
  /** From the start of the pod to the moment it is ready: image pull, start, readiness probe. */
  readonly startTime: { sample(stream: Stream): Duration };
  /** From the order to stop to the end of the last container; at most the grace period of 30 s. */
  readonly stopTime: { sample(stream: Stream): Duration };
  /**
   * From the start of its containers until a pod ends as Failed, such as by eviction when its node is short of memory; absent =
   * never.
   */
  readonly failsAfter?: { sample(stream: Stream): Duration } | undefined;
  /** Operation numbers; default built-in ones. */
  readonly operations?: { readonly read: number; readonly patchStatus: number; readonly delete: number };
}

/** Told what happened to the pod at a place: `2 * node` or `2 * node + 1`. */
export interface PodWorkerObserver {
  /** Its containers run. */
  podStarted(place: number): void;
  /** The API stores that it is ready. */
  podReady(place: number): void;
  /** Its containers have ended. */
  podStopped(place: number): void;
  /** The API stores that it has failed. */
  podFailed(place: number): void;
  /** Its object is gone. */
  podGone(place: number): void;
}

/** What a pod's kubelet has still to write. */
const Write = { nothing: 0, pending: 1, ready: 2, ended: 3, failed: 4 } as const;
const Request = { none: 0, read: 1, patch: 2, delete: 3 } as const;
const SYNC_PERIOD = seconds(10);

/** The pod workers and status managers of all kubelets, in columns. */
export class PodWorkers {
  readonly #simulation: Simulation;
  readonly #controlPlane: ControlPlane;
  readonly #options: PodWorkerOptions;
  readonly #observer: PodWorkerObserver;
  readonly #operations: NonNullable<PodWorkerOptions['operations']>;
  readonly #stream: Stream;
  readonly #reads: number;
  readonly #writes: number;
  readonly #running: EventType;
  readonly #ended: EventType;
  readonly #again: EventType;
  readonly #fails: EventType;
  readonly #failures: Stream;
  /** Per place: what is to be written, whether its containers run, and the event that changes that. */
  readonly #write: Uint8Array;
  readonly #isRunning: Uint8Array;
  readonly #event: Float64Array;
  /** Per place: the event in which its pod fails. */
  readonly #failing: Float64Array;
  /** Per node: the place being written, the request under way, and what it says. */
  readonly #place: Int32Array;
  readonly #request: Uint8Array;
  readonly #saying: Uint8Array;
  readonly #isWaiting: Uint8Array;

  constructor(
    simulation: Simulation,
    name: string,
    nodes: number,
    options: PodWorkerOptions,
    parts: { readonly controlPlane: ControlPlane; readonly observer: PodWorkerObserver },
  ) {
    this.#simulation = simulation;
    this.#controlPlane = parts.controlPlane;
    this.#options = options;
    this.#observer = parts.observer;
    this.#operations = options.operations ?? {
      read: operationNumber('get'),
      patchStatus: operationNumber('object-update'),
      delete: operationNumber('pod-delete'),
    };
    this.#stream = simulation.streams.get(`${name}/kubelet/pods`);
    this.#failures = simulation.streams.get(`${name}/kubelet/pod-failures`);
    this.#fails = simulation.event(`${name} pod fails`, (place) => this.#failed(place));
    this.#failing = new Float64Array(2 * nodes).fill(noEvent);
    this.#reads = this.#join('kubelet-pod-get', 'get', nodes);
    this.#writes = this.#join('kubelet-pod', 'patch', nodes);
    this.#running = simulation.event(`${name} pod running`, (place) => this.#started(place));
    this.#ended = simulation.event(`${name} pod ended`, (place) => this.#stopped(place));
    this.#again = simulation.event(`${name} pod status sync`, (node) => {
      this.#isWaiting[node] = 0;
      this.#next(node);
    });
    this.#write = new Uint8Array(2 * nodes);
    this.#isRunning = new Uint8Array(2 * nodes);
    this.#event = new Float64Array(2 * nodes).fill(noEvent);
    this.#place = new Int32Array(nodes).fill(-1);
    this.#request = new Uint8Array(nodes);
    this.#saying = new Uint8Array(nodes);
    this.#isWaiting = new Uint8Array(nodes);
  }

  /** Whether the pod's containers run. */
  isRunning(place: number): boolean {
    return this.#isRunning[place] === 1;
  }

  /** The pod has been running for long, and its status is stored. */
  install(place: number): void {
    this.#isRunning[place] = 1;
  }

  /** The kubelet sees a new pod of its own; one that has failed is not started again, even while the API does not know. */
  start(place: number): void {
    if (this.#isRunning[place] === 1 || this.#event[place] !== noEvent) return;
    if (this.#write[place] === Write.failed) return;
    this.#event[place] = this.#running.after(this.#options.startTime.sample(this.#stream), place);
    this.#want(place, Write.pending);
  }

  /** The kubelet sees that its pod is to go. */
  stop(place: number): void {
    this.#simulation.cancel(this.#failing[place]! as EventHandle);
    this.#simulation.cancel(this.#event[place]! as EventHandle);
    this.#event[place] = this.#ended.after(this.#options.stopTime.sample(this.#stream), place);
  }

  /** The machine is gone. */
  removeNode(node: number): void {
    for (const place of [2 * node, 2 * node + 1]) {
      this.#simulation.cancel(this.#event[place]! as EventHandle);
      this.#simulation.cancel(this.#failing[place]! as EventHandle);
      this.#event[place] = noEvent;
      this.#write[place] = Write.nothing;
      this.#isRunning[place] = 0;
    }
  }

  #join(name: string, verb: string, nodes: number): number {
    return this.#controlPlane.join(
      new ClientGroup({
        name,
        describe: (node) => ({ ...nodeIdentity(`${node}`), verb, resource: 'pods', namespace: 'default' }),
        timeout: seconds(60),
        clients: nodes,
        isInside: false,
        countsForAvailability: true,
        onReply: (node, status) => this.#answered(node, status),
      }),
    );
  }

  #started(place: number): void {
    this.#event[place] = noEvent;
    this.#isRunning[place] = 1;
    this.#observer.podStarted(place);
    this.#want(place, Write.ready);
    const { failsAfter } = this.#options;
    if (failsAfter !== undefined) this.#failing[place] = this.#fails.after(failsAfter.sample(this.#failures), place);
  }

  #stopped(place: number): void {
    this.#event[place] = noEvent;
    this.#isRunning[place] = 0;
    this.#observer.podStopped(place);
    this.#want(place, Write.ended);
  }

  #failed(place: number): void {
    this.#isRunning[place] = 0;
    this.#observer.podStopped(place);
    this.#want(place, Write.failed);
  }

  /** A newer status replaces one that is not written yet. */
  #want(place: number, write: number): void {
    this.#write[place] = write;
    this.#next(place >> 1);
  }

  #next(node: number): void {
    if (this.#request[node] !== Request.none || this.#isWaiting[node] === 1) return;
    const place = this.#write[2 * node] !== Write.nothing ? 2 * node : 2 * node + 1;
    if (this.#write[place] === Write.nothing) return;
    this.#place[node] = place;
    this.#saying[node] = this.#write[place]!;
    this.#send(node, Request.read);
  }

  #send(node: number, request: 1 | 2 | 3): void {
    this.#request[node] = request;
    const { read, patchStatus, delete: deletePod } = this.#operations;
    if (request === Request.read) this.#controlPlane.send(this.#reads, node, read);
    else this.#controlPlane.send(this.#writes, node, request === Request.patch ? patchStatus : deletePod);
  }

  #answered(node: number, status: number): void {
    const request = this.#request[node]!;
    if (status !== Status.ok) {
      this.#request[node] = Request.none;
      this.#isWaiting[node] = 1;
      this.#again.after(SYNC_PERIOD, node);
    } else if (request === Request.read) {
      this.#send(node, Request.patch);
    } else if (request === Request.patch && this.#saying[node] === Write.ended) {
      this.#send(node, Request.delete);
    } else {
      this.#written(node);
    }
  }

  #written(node: number): void {
    const place = this.#place[node]!;
    const said = this.#saying[node]!;
    this.#request[node] = Request.none;
    if (this.#write[place] === said) {
      this.#write[place] = Write.nothing;
      if (said === Write.ready) this.#observer.podReady(place);
      if (said === Write.failed) this.#observer.podFailed(place);
      if (said === Write.ended) this.#observer.podGone(place);
    }
    this.#next(node);
  }
}
