/**
 * The garbage collector: when an owner is deleted in the background, its dependents are found in the collector's own graph
 * and deleted one by one, each after a GET of the object; the owner is asked for once, and then known to be absent. When it
 * is deleted in the foreground the owner stays until its last dependent is gone, and each dependent costs a GET of the owner
 * as well. Twenty workers, and a client with twice the usual rate, because a deletion takes two calls.
 *
 * Source: kubernetes/kubernetes pkg/controller/garbagecollector/garbagecollector.go (attemptToDeleteItem, isDangling,
 * absentOwnerCache); `--concurrent-gc-syncs` 20; the doubled rate in cmd/kube-controller-manager/app/core.go.
 */
import type { Simulation } from '@brownout/core';
import { controllerPace, ControllerClient } from './controller-client.ts';
import type { PaceOptions } from '../client/paced-client.ts';
import type { ControlPlane } from '../control-plane.ts';
import { Status } from '../requests/api-request.ts';
import { operationNumber } from '../requests/operation.ts';
import type { Controller } from './leader.ts';
import { WorkQueue } from './work-queue.ts';

/** Settings of the collector. */
export interface GarbageCollectorOptions {
  /** Default 20. */
  readonly workers?: number;
  /** Default twice a controller's rate with its burst: 40 a second, 30. */
  readonly pace?: PaceOptions;
  /** Operation numbers; default built-in ones. */
  readonly operations?: { readonly read: number; readonly delete: number; readonly patch: number };
}

/** Told what the collector has deleted. */
export interface GarbageObserver {
  /** The deletion of a dependent is stored. */
  dependentDeleted(dependent: number): void;
  /** Foreground only: nothing is left, and the owner is gone. */
  ownerDeleted(): void;
}

const Purpose = { read: 0, readOwner: 1, delete: 2, finalize: 3 } as const;
/** Key of the owner in the work queue; dependents have their number. */
const OWNER = 2 ** 31 - 1;

/** Collects the dependents of one owner; a dependent is a whole number >= 0. */
export class GarbageCollector implements Controller {
  readonly #observer: GarbageObserver;
  readonly #operations: NonNullable<GarbageCollectorOptions['operations']>;
  readonly #client: ControllerClient;
  readonly queue: WorkQueue;
  readonly #dependents = new Set<number>();
  #isForeground = false;
  #isOwnerDeleted = false;
  #isOwnerKnownAbsent = false;
  #isRunning = false;

  constructor(
    simulation: Simulation,
    name: string,
    options: GarbageCollectorOptions,
    parts: { readonly controlPlane: ControlPlane; readonly observer: GarbageObserver },
  ) {
    this.#observer = parts.observer;
    this.#operations = options.operations ?? {
      read: operationNumber('get'),
      delete: operationNumber('pod-delete'),
      patch: operationNumber('object-update'),
    };
    const pace = options.pace ?? { ...controllerPace, qps: 2 * controllerPace.qps };
    const clientOptions = { name: 'generic-garbage-collector', pace };
    this.#client = new ControllerClient(simulation, parts.controlPlane, clientOptions, (purpose, key, status) =>
      this.#ended(purpose, key, status),
    );
    const queueOptions = { name: `${name} garbage`, workers: options.workers ?? 20 };
    this.queue = new WorkQueue(simulation, queueOptions, (key) => this.#work(key));
  }

  /** Dependents of the deleted owner that are left. */
  get left(): number {
    return this.#dependents.size;
  }

  /** The owner was deleted: its dependents follow. */
  ownerWasDeleted(dependents: Iterable<number>, propagation: 'background' | 'foreground'): void {
    this.#isOwnerDeleted = true;
    this.#isForeground = propagation === 'foreground';
    this.#isOwnerKnownAbsent = false;
    for (const dependent of dependents) this.#dependents.add(dependent);
    if (this.#isRunning) this.#addAll();
  }

  /** A dependent is gone, whoever deleted it. */
  dependentGone(dependent: number): void {
    if (this.#dependents.delete(dependent)) this.#finishOwner();
  }

  /** A process that starts builds its graph anew and finds what is left. */
  start(): void {
    this.stop();
    this.#isRunning = true;
    if (this.#isOwnerDeleted) this.#addAll();
  }

  stop(): void {
    this.#isRunning = false;
    this.#isOwnerKnownAbsent = false;
    this.#client.stop();
    this.queue.clear();
  }

  #addAll(): void {
    for (const dependent of this.#dependents) this.queue.add(dependent);
    this.#finishOwner();
  }

  #finishOwner(): void {
    const isLast = this.#isOwnerDeleted && this.#dependents.size === 0;
    if (!isLast) return;
    if (!this.#isForeground) this.#isOwnerDeleted = false;
    else if (this.#isRunning) this.queue.add(OWNER);
  }

  #work(key: number): void {
    if (key === OWNER) this.#client.write(this.#operations.patch, Purpose.finalize, key);
    else if (this.#dependents.has(key)) this.#client.read(this.#operations.read, Purpose.read, key);
    else this.#done(key);
  }

  #ended(purpose: number, key: number, status: Status): void {
    if (status !== Status.ok) {
      this.queue.addRateLimited(key);
      this.queue.done(key);
    } else if (purpose === Purpose.read && !this.#isOwnerKnownAbsent) {
      this.#client.read(this.#operations.read, Purpose.readOwner, key);
    } else if (purpose === Purpose.read || purpose === Purpose.readOwner) {
      this.#isOwnerKnownAbsent = !this.#isForeground;
      this.#client.write(this.#operations.delete, Purpose.delete, key);
    } else if (purpose === Purpose.delete) {
      this.#observer.dependentDeleted(key);
      this.#done(key);
    } else {
      this.#isOwnerDeleted = false;
      this.#observer.ownerDeleted();
      this.#done(key);
    }
  }

  #done(key: number): void {
    this.queue.forget(key);
    this.queue.done(key);
  }
}
