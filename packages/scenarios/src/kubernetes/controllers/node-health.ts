/**
 * When the node lifecycle controller heard of each node last, by its own clock: the moment at which it *saw* a lease or a
 * status that was new to it. It never compares times written by kubelets with its own. A controller that has just started
 * takes every node as heard of now, but for those without any status: of these it heard when they were created, and they have
 * a grace period of their own.
 * Source: kubernetes/kubernetes pkg/controller/nodelifecycle/node_lifecycle_controller.go (tryUpdateNodeHealth).
 */
import type { Duration } from '@brownout/core';
import { Ready } from '../nodes/node-store.ts';

/** What is seen of all nodes: a `NodeView`, or the store itself after a GET. */
export interface Sight {
  readonly leaseRenewedAt: Float64Array;
  readonly statusAt: Float64Array;
  readonly ready: Uint8Array;
  readonly createdAt: Float64Array;
}

/** The controller's memory of every node, in columns. */
export class NodeHealth {
  readonly #grace: Duration;
  readonly #startupGrace: Duration;
  readonly #isKnown: Uint8Array;
  /** Times in microseconds. */
  readonly #heardAt: Float64Array;
  readonly #lease: Float64Array;
  readonly #status: Float64Array;

  /** `grace` is `--node-monitor-grace-period`, `startupGrace` is `--node-startup-grace-period`. */
  constructor(nodes: number, grace: Duration, startupGrace: Duration) {
    this.#grace = grace;
    this.#startupGrace = startupGrace;
    this.#isKnown = new Uint8Array(nodes);
    this.#heardAt = new Float64Array(nodes);
    this.#lease = new Float64Array(nodes);
    this.#status = new Float64Array(nodes);
  }

  /** Looks at a node; true when nothing new was seen of it for longer than the grace period. */
  isExpired(node: number, sight: Sight, now: number): boolean {
    const lease = sight.leaseRenewedAt[node]!;
    const status = sight.statusAt[node]!;
    const isStarting = sight.ready[node] === Ready.none;
    if (isStarting && this.#isKnown[node] === 0) {
      this.#isKnown[node] = 1;
      this.#heardAt[node] = sight.createdAt[node]!;
      this.#status[node] = status;
      this.#lease[node] = 0;
    }
    if (this.#isKnown[node] === 0 || status !== this.#status[node] || lease > this.#lease[node]!) {
      this.#isKnown[node] = 1;
      this.#heardAt[node] = now;
      this.#status[node] = status;
      this.#lease[node] = lease;
    }
    return now > this.#heardAt[node]! + (isStarting ? this.#startupGrace : this.#grace);
  }

  /** Every node counts as heard of now, as when the controller leaves the mode in which all zones were down. */
  hearAll(now: number): void {
    this.#heardAt.fill(now);
  }

  /** The process is gone, and what it knew. */
  forget(): void {
    this.#isKnown.fill(0);
  }
}
