/**
 * The share of requests that get through the call graph now, worked out from the state of every edge. Each call goes to a
 * ready instance drawn evenly; it succeeds when the edges that the instance needs for it work and the calls behind them succeed;
 * a call that fails is repeated on an instance drawn anew. Instances are drawn independently, so the shares multiply.
 */
import { power } from '@brownout/core';
import type { CallGraph, CallTree } from './call-graph.ts';
import type { Instances } from './instances.ts';
import type { Pools } from './pools.ts';

/** Shares of one cluster, kept until an edge or an instance changes. */
export class CallSuccess {
  readonly #graph: CallGraph;
  readonly #instances: Instances;
  readonly #pools: Pools;
  readonly #retries: number;
  readonly #shares: Float64Array;
  /** By product and step: able instances as last counted, and the changes of the service up to then. */
  readonly #ableAt: readonly Int32Array[];
  readonly #countedAt: readonly Float64Array[];
  #seen = -1;

  constructor(graph: CallGraph, instances: Instances, pools: Pools, retries: number) {
    this.#graph = graph;
    this.#instances = instances;
    this.#pools = pools;
    this.#retries = retries;
    this.#shares = new Float64Array(graph.trees.length);
    this.#ableAt = graph.trees.map((tree) => new Int32Array(tree.service.length));
    this.#countedAt = graph.trees.map((tree) => new Float64Array(tree.service.length).fill(-1));
  }

  /** Share of a product's requests that succeed, 0..1. */
  share(product: number): number {
    const { changes } = this.#instances;
    if (changes !== this.#seen) {
      this.#graph.trees.forEach((tree, index) => {
        this.#shares[index] = tree.service.length === 0 ? 1 : this.#ofStep(index, tree, 0);
      });
      this.#seen = changes;
    }
    return this.#shares[product]!;
  }

  /** The smallest share of instances that are ready, over the services a product needs. */
  readyShare(product: number): number {
    let least = 1;
    for (const service of this.#graph.trees[product]!.service) {
      least = Math.min(least, this.#instances.ready(service) / this.#instances.replicas);
    }
    return least;
  }

  #ofStep(product: number, tree: CallTree, step: number): number {
    const service = tree.service[step]!;
    const ready = this.#instances.ready(service);
    if (ready === 0) return 0;
    let behind = 1;
    for (let child = step + 1; child < tree.end[step]!; child = tree.end[child]!) {
      behind *= this.#ofStep(product, tree, child);
    }
    const once = (this.#able(product, tree, step) / ready) * behind;
    return once === 1 ? 1 : 1 - power(1 - once, this.#retries + 1);
  }

  /** Ready instances whose edges for the calls of a step all work; counted anew when one of the service has changed. */
  #able(product: number, tree: CallTree, step: number): number {
    const service = tree.service[step]!;
    const changes = this.#instances.changesOf(service);
    const counted = this.#countedAt[product]!;
    const able = this.#ableAt[product]!;
    if (counted[step] !== changes) {
      counted[step] = changes;
      able[step] = this.#countAble(tree, step);
    }
    return able[step]!;
  }

  #countAble(tree: CallTree, step: number): number {
    const { replicas } = this.#instances;
    const first = tree.service[step]! * replicas;
    let able = 0;
    for (let instance = first; instance < first + replicas; instance++) {
      if (!this.#instances.isReady(instance)) continue;
      let isAble = true;
      for (let child = step + 1; isAble && child < tree.end[step]!; child = tree.end[child]!) {
        isAble = this.#pools.isLive(this.#pools.edgeOf(tree.link[child]!, instance));
      }
      if (isAble) able++;
    }
    return able;
  }
}
