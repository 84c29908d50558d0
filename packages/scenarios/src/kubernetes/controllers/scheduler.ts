/**
 * kube-scheduler, as far as it can hold pods up: one scheduling cycle after the other, then a binding through its client
 * (50 a second, burst 100), which goes on while the next pod is looked at. A pod whose binding failed waits 1 s, doubling to
 * 10 s, and the queue of those that wait is looked through once a second. A scheduler that starts finds every unbound pod in
 * its informer.
 * Source: component-base config/v1alpha1/defaults.go (client); kubernetes/kubernetes pkg/scheduler/backend/queue
 * (podInitialBackoffSeconds 1, podMaxBackoffSeconds 10, flushBackoffQCompleted every second).
 */
import { type Duration, type EventType, Fifo, type Instant, seconds, type Simulation } from '@brownout/core';
import { type DoublingBackoff, waitAfter } from '../client/backoff.ts';
import type { PaceOptions } from '../client/paced-client.ts';
import type { ControlPlane } from '../control-plane.ts';
import { kubeScheduler } from '../flow-control/identity.ts';
import { Status } from '../requests/api-request.ts';
import { operationNumber } from '../requests/operation.ts';
import { ControllerClient } from './controller-client.ts';
import type { Controller } from './leader.ts';

/** Limits of a scheduler. */
export interface SchedulerOptions {
  /** Default 50 a second, burst 100. */
  readonly pace?: PaceOptions;
  /** Time of one scheduling cycle: filtering and scoring nodes for one pod; default none. */
  readonly cycle?: Duration;
  /** Operation number of a binding; default the built-in one. */
  readonly bind?: number;
}

const BACKOFF: DoublingBackoff = { first: seconds(1), longest: seconds(10) };
const FLUSH = seconds(1);

/** Binds pods; a pod is a whole number >= 0 that its owner chooses. */
export class Scheduler implements Controller {
  readonly #client: ControllerClient;
  readonly #bind: number;
  readonly #cycle: Duration;
  readonly #bound: (pod: number) => void;
  readonly #simulation: Simulation;
  readonly #active: Fifo = new Fifo();
  /** Unbound pods, with their failures in a row. */
  readonly #failures = new Map<number, number>();
  readonly #isQueued = new Set<number>();
  readonly #done: EventType;
  readonly #backoff: EventType;
  #isRunning = false;
  #isBusy = false;
  #life = 0;

  constructor(
    simulation: Simulation,
    name: string,
    options: SchedulerOptions,
    parts: { readonly controlPlane: ControlPlane; readonly bound: (pod: number) => void },
  ) {
    this.#simulation = simulation;
    this.#bound = parts.bound;
    this.#bind = options.bind ?? operationNumber('pod-bind');
    this.#cycle = options.cycle ?? (0 as Duration);
    const pace = options.pace ?? { qps: 50, burst: 100 };
    this.#client = new ControllerClient(
      simulation,
      parts.controlPlane,
      { name: 'kube-scheduler', identity: kubeScheduler, pace },
      (_purpose, pod, status) => this.#ended(pod, status),
    );
    this.#done = simulation.event(`${name} scheduling cycle`, (life) => this.#cycleDone(life));
    this.#backoff = simulation.event(`${name} pod back-off`, (pod) => this.#enqueue(pod));
  }

  /** Pods that are not bound yet. */
  get unbound(): number {
    return this.#failures.size;
  }

  start(): void {
    this.stop();
    this.#isRunning = true;
    for (const pod of this.#failures.keys()) {
      this.#failures.set(pod, 0);
      this.#enqueue(pod);
    }
  }

  stop(): void {
    this.#isRunning = false;
    this.#isBusy = false;
    this.#life++;
    this.#client.stop();
    this.#active.clear();
    this.#isQueued.clear();
  }

  /** A pod without a node is stored. */
  add(pod: number): void {
    if (this.#failures.has(pod)) return;
    this.#failures.set(pod, 0);
    this.#enqueue(pod);
  }

  /** The pod is deleted. */
  forget(pod: number): void {
    this.#failures.delete(pod);
  }

  #enqueue(pod: number): void {
    if (!this.#isRunning || !this.#failures.has(pod) || this.#isQueued.has(pod)) return;
    this.#isQueued.add(pod);
    this.#active.push(pod);
    this.#next();
  }

  #next(): void {
    if (this.#cycle === 0) {
      while (this.#active.size > 0) this.#assume(this.#active.shift());
    } else if (!this.#isBusy && this.#active.size > 0) {
      this.#isBusy = true;
      this.#done.after(this.#cycle, this.#life);
    }
  }

  #cycleDone(life: number): void {
    if (life !== this.#life) return;
    this.#isBusy = false;
    this.#assume(this.#active.shift());
    this.#next();
  }

  #assume(pod: number): void {
    if (this.#failures.has(pod)) this.#client.write(this.#bind, 0, pod);
    else this.#isQueued.delete(pod);
  }

  #ended(pod: number, status: Status): void {
    this.#isQueued.delete(pod);
    const failures = this.#failures.get(pod);
    if (failures === undefined) return;
    if (status === Status.ok) {
      this.#failures.delete(pod);
      this.#bound(pod);
      return;
    }
    this.#failures.set(pod, failures + 1);
    const due = this.#simulation.now + waitAfter(failures, BACKOFF);
    this.#backoff.at((Math.ceil(due / FLUSH) * FLUSH) as Instant, pod);
  }
}
