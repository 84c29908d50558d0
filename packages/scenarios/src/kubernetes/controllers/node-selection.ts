/** Which nodes a DaemonSet selects, and the order in which its controller happens to meet them (upstream walks a map). */
import type { Stream } from '@brownout/core';
import { shuffled } from './node-order.ts';

/** The nodes of a cluster as one DaemonSet sees them. */
export class NodeSelection {
  /** 1 on nodes that are selected. */
  readonly isSelected: Uint8Array;
  /** All nodes, shuffled. */
  readonly order: Int32Array;
  readonly #exists: Uint8Array;

  constructor(nodes: number, stream: Stream) {
    this.isSelected = new Uint8Array(nodes);
    this.#exists = new Uint8Array(nodes).fill(1);
    this.order = shuffled(nodes, stream);
  }

  /** Selects this share of the nodes; a larger share holds all of a smaller one. */
  selectShare(share: number): void {
    const limit = Math.round(share * this.order.length);
    this.order.forEach((node, place) => {
      this.isSelected[node] = place < limit && this.#exists[node] === 1 ? 1 : 0;
    });
  }

  /** Selects exactly these. */
  selectNodes(nodes: Iterable<number>): void {
    this.isSelected.fill(0);
    for (const node of nodes) if (this.#exists[node] === 1) this.isSelected[node] = 1;
  }

  /** The machine is gone, and never selected again. */
  remove(node: number): void {
    this.#exists[node] = 0;
    this.isSelected[node] = 0;
  }
}
