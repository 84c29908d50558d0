/** Which nodes a DaemonSet selects, and the order in which its controller happens to meet them (upstream walks a map). */
import type { Stream } from '@brownout/core';
import { isDealt, shuffled } from './node-order.ts';

/** The nodes of a cluster as one DaemonSet sees them. */
export class NodeSelection {
  /** 1 on nodes that are selected. */
  readonly isSelected: Uint8Array;
  /** All nodes: those that were there from the beginning, shuffled, and then those that may join. */
  readonly order: Int32Array;
  /** Nodes that were there from the beginning. */
  readonly atStart: number;
  /** 1 while the node is there, and 2 before it has joined. */
  readonly #presence: Uint8Array;
  /** Share that is selected; -1 = exactly the nodes that were named. */
  #share = 0;

  constructor(nodes: number, stream: Stream, joining = 0) {
    const rows = nodes + joining;
    this.atStart = nodes;
    this.isSelected = new Uint8Array(rows);
    this.#presence = new Uint8Array(rows).fill(HERE, 0, nodes).fill(EXPECTED, nodes);
    this.order = new Int32Array(rows);
    this.order.set(shuffled(nodes, stream));
    for (let node = nodes; node < rows; node++) this.order[node] = node;
  }

  /** Selects this share of the nodes; a larger share holds all of a smaller one. */
  selectShare(share: number): void {
    this.#share = share;
    const limit = Math.round(share * this.atStart);
    this.order.forEach((node, place) => {
      const isMeant = place < this.atStart ? place < limit : this.#isMeant(node);
      this.isSelected[node] = isMeant && this.#presence[node] === HERE ? 1 : 0;
    });
  }

  /** Selects exactly these. */
  selectNodes(nodes: Iterable<number>): void {
    this.#share = -1;
    this.isSelected.fill(0);
    for (const node of nodes) if (this.#presence[node] === HERE) this.isSelected[node] = 1;
  }

  /** A node has joined, and is selected if it is one of the share; false when that changes nothing. */
  add(node: number): boolean {
    if (this.#presence[node] !== EXPECTED) return false;
    this.#presence[node] = HERE;
    this.isSelected[node] = this.#isMeant(node) ? 1 : 0;
    return this.isSelected[node] === 1;
  }

  /** The machine is gone, and never selected again. */
  remove(node: number): void {
    this.#presence[node] = GONE;
    this.isSelected[node] = 0;
  }

  #isMeant(node: number): boolean {
    return isDealt(node - this.atStart, this.#share);
  }
}

const GONE = 0;
const HERE = 1;
const EXPECTED = 2;
