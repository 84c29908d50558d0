/**
 * The pods of nodes that have stopped being ready: each is written NotReady by a request of its own, one after the other,
 * and a node on which one failed is gone through again in the next pass.
 * Source: kubernetes/kubernetes pkg/controller/util/node/controller_utils.go (MarkPodsNotReady) and nodesToRetry in
 * pkg/controller/nodelifecycle/node_lifecycle_controller.go.
 */
import type { NodeStore } from '../nodes/node-store.ts';
import { Status } from '../requests/api-request.ts';

/** What is left to write on each node, in columns. */
export class NodePods {
  readonly #store: NodeStore;
  readonly #write: (node: number) => void;
  readonly #left: Uint16Array;
  readonly #hasFailed: Uint8Array;
  readonly #needsRetry: Uint8Array;

  /** `write` sends the status of one pod of the node; `written` follows. */
  constructor(store: NodeStore, write: (node: number) => void) {
    this.#store = store;
    this.#write = write;
    this.#left = new Uint16Array(store.count);
    this.#hasFailed = new Uint8Array(store.count);
    this.#needsRetry = new Uint8Array(store.count);
  }

  /** Begins with the pods of a node that fell from ready, or where some are left; true when there is nothing to write. */
  decide(node: number, wasReady: boolean, isReady: boolean): boolean {
    const hasFallen = wasReady && !isReady;
    const isLeft = this.#needsRetry[node] === 1 && !wasReady;
    if (!hasFallen && !isLeft) {
      this.#needsRetry[node] = 0;
      return true;
    }
    this.#left[node] = this.#store.readyPods[node]!;
    this.#hasFailed[node] = 0;
    return this.#next(node);
  }

  /** One of the node's ready pods is stored as not ready; false when none is left that was. */
  markOne(node: number): boolean {
    if (this.#store.readyPods[node] === 0) return false;
    this.#store.readyPods[node]!--;
    return true;
  }

  /** A write has ended; true when it was the node's last. */
  written(node: number, status: Status): boolean {
    if (status !== Status.ok) this.#hasFailed[node] = 1;
    return this.#next(node);
  }

  /** The process is gone, and with it what was to be tried again. */
  forget(): void {
    this.#needsRetry.fill(0);
  }

  #next(node: number): boolean {
    if (this.#left[node]! > 0) {
      this.#left[node]!--;
      this.#write(node);
      return false;
    }
    this.#needsRetry[node] = this.#hasFailed[node]!;
    return true;
  }
}
