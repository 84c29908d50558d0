/**
 * The pod garbage collector: every 20 s it looks for pods bound to nodes that do not exist. A node that has been missing for
 * 40 s is asked for with a GET, and if it is really gone its pods are deleted one after the other, each with a PATCH of its
 * status and a DELETE without grace.
 * Source: kubernetes/kubernetes pkg/controller/podgc/gc_controller.go. Left out: terminated pods over
 * `--terminated-pod-gc-threshold` and nodes tainted out-of-service.
 */
import { type EventHandle, type EventType, noEvent, seconds, type Simulation } from '@brownout/core';
import type { PaceOptions } from '../client/paced-client.ts';
import type { ControlPlane } from '../control-plane.ts';
import { Status } from '../requests/api-request.ts';
import { operationNumber } from '../requests/operation.ts';
import { ControllerClient } from './controller-client.ts';
import type { Controller } from './leader.ts';

/** Settings of the collector. */
export interface PodGarbageCollectorOptions {
  /** Default 20 a second, burst 30. */
  readonly pace?: PaceOptions;
}

const PERIOD = seconds(20);
const QUARANTINE = seconds(40);
const Purpose = { readNode: 0, patch: 1, delete: 2 } as const;
const NODE_GET = operationNumber('get');
const POD_PATCH = operationNumber('object-update');
const POD_DELETE = operationNumber('pod-delete');

/** Deletes the pods of nodes that are gone. */
export class PodGarbageCollector implements Controller {
  readonly #simulation: Simulation;
  readonly #client: ControllerClient;
  readonly #podCollected: (node: number) => void;
  readonly #pass: EventType;
  /** Pods left of nodes that are gone, and since when the collector has known the node to be missing. */
  readonly #pods = new Map<number, number>();
  readonly #missingSince = new Map<number, number>();
  #passEvent: EventHandle = noEvent;
  #toDo: number[] = [];

  constructor(
    simulation: Simulation,
    name: string,
    options: PodGarbageCollectorOptions,
    parts: { readonly controlPlane: ControlPlane; readonly podCollected: (node: number) => void },
  ) {
    this.#simulation = simulation;
    this.#podCollected = parts.podCollected;
    const { pace } = options;
    const clientOptions = { name: 'pod-garbage-collector', ...(pace === undefined ? {} : { pace }) };
    this.#client = new ControllerClient(simulation, parts.controlPlane, clientOptions, (purpose, node, status) =>
      this.#ended(purpose, node, status),
    );
    this.#pass = simulation.event(`${name} pod garbage`, () => this.#look());
  }

  /** The node object is deleted; so many pods are still bound to it. */
  nodeGone(node: number, pods: number): void {
    if (pods > 0) this.#pods.set(node, pods);
  }

  start(): void {
    this.stop();
    this.#look();
  }

  stop(): void {
    this.#client.stop();
    this.#missingSince.clear();
    this.#toDo = [];
    this.#simulation.cancel(this.#passEvent);
  }

  #look(): void {
    const { now } = this.#simulation;
    for (const node of this.#pods.keys()) {
      const since = this.#missingSince.get(node);
      if (since === undefined) this.#missingSince.set(node, now);
      else if (now - since >= QUARANTINE) this.#toDo.push(node);
    }
    this.#nextNode();
  }

  /** One node after the other; the next pass comes 20 s after the last has ended. */
  #nextNode(): void {
    const node = this.#toDo.shift();
    if (node === undefined) this.#passEvent = this.#pass.after(PERIOD);
    else this.#client.read(NODE_GET, Purpose.readNode, node);
  }

  #ended(purpose: number, node: number, status: Status): void {
    const left = this.#pods.get(node) ?? 0;
    if (status !== Status.ok) {
      // A pod that could not be deleted, or a node that could not be asked for, is left to the next pass.
      this.#nextNode();
    } else if (purpose === Purpose.patch) {
      this.#client.write(POD_DELETE, Purpose.delete, node);
    } else if (purpose === Purpose.readNode) {
      this.#client.write(POD_PATCH, Purpose.patch, node);
    } else {
      this.#podCollected(node);
      if (left > 1) this.#pods.set(node, left - 1);
      else this.#pods.delete(node);
      if (left > 1) this.#client.write(POD_PATCH, Purpose.patch, node);
      else this.#nextNode();
    }
  }
}
