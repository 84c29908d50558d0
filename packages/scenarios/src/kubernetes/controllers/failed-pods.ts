/**
 * When the DaemonSet controller may delete a pod that has failed: at once the first time, and then after 1 s, doubling to
 * 15 min, counted from the last time it did so on that node for that version of the object. Without it, controller and kubelet
 * fight over a pod that fails as soon as it starts.
 *
 * Source: kubernetes/kubernetes pkg/controller/daemon/daemon_controller.go (podsShouldBeOnNode), cmd/kube-controller-manager
 * (1 s, 15 min); kubernetes/client-go util/flowcontrol/backoff.go: forgotten after twice the longest wait.
 */
import { type Duration, minutes, seconds } from '@brownout/core';

const FIRST = seconds(1);
const LONGEST = minutes(15);

/** The back-off of every node, in columns. */
export class FailedPods {
  readonly #wait: Float64Array;
  readonly #since: Float64Array;
  /** Version of the object that it is about. */
  readonly #version: Int32Array;

  constructor(nodes: number) {
    this.#wait = new Float64Array(nodes);
    this.#since = new Float64Array(nodes).fill(-Infinity);
    this.#version = new Int32Array(nodes).fill(-1);
  }

  /** How long a failed pod of the node has to stay, 0 = it is deleted now, which counts. Times in microseconds. */
  take(node: number, version: number, now: number): Duration {
    const passed = now - this.#since[node]!;
    const isKnown = this.#version[node] === version && passed <= 2 * LONGEST;
    if (isKnown && passed < this.#wait[node]!) return this.#wait[node]! as Duration;
    this.#wait[node] = isKnown ? Math.min(2 * this.#wait[node]!, LONGEST) : FIRST;
    this.#since[node] = now;
    this.#version[node] = version;
    return 0 as Duration;
  }

  /** The process has gone, with what it knew. */
  forget(): void {
    this.#version.fill(-1);
  }
}
