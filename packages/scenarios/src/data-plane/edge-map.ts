/** Which edge is whose: for every link of the call graph, one edge for each instance of the caller. */
import type { CallGraph } from './call-graph.ts';
import type { Instances } from './instances.ts';

/** Numbers edges `link * replicas + place of the caller among its service's instances`. */
export class EdgeMap {
  readonly count: number;
  readonly #graph: CallGraph;
  readonly #instances: Instances;
  readonly #out: readonly (readonly number[])[];
  readonly #into: readonly (readonly number[])[];

  constructor(graph: CallGraph, instances: Instances) {
    this.#graph = graph;
    this.#instances = instances;
    this.count = graph.callers.length * instances.replicas;
    const linksWhere = (ends: Int32Array) => (_: unknown, service: number) =>
      [...ends.keys()].filter((link) => ends[link] === service);
    this.#out = Array.from({ length: instances.services }, linksWhere(graph.callers));
    this.#into = Array.from({ length: instances.services }, linksWhere(graph.callees));
  }

  /** Links that an instance calls over. */
  linksFrom(instance: number): readonly number[] {
    return this.#out[this.#instances.serviceOf(instance)]!;
  }

  /** Links over which an instance is called. */
  linksTo(instance: number): readonly number[] {
    return this.#into[this.#instances.serviceOf(instance)]!;
  }

  /** The edge that an instance uses on a link out of its service. */
  edgeOf(link: number, instance: number): number {
    const { replicas } = this.#instances;
    return link * replicas + (instance % replicas);
  }

  /** The instance that calls over an edge. */
  callerOf(edge: number): number {
    const { replicas } = this.#instances;
    return this.callerServiceOf(edge) * replicas + (edge % replicas);
  }

  callerServiceOf(edge: number): number {
    return this.#graph.callers[this.#linkOf(edge)]!;
  }

  calleeServiceOf(edge: number): number {
    return this.#graph.callees[this.#linkOf(edge)]!;
  }

  /** The name that is looked up for an edge. */
  nameOf(edge: number): number {
    return this.#graph.names[this.calleeServiceOf(edge)]!;
  }

  #linkOf(edge: number): number {
    return Math.floor(edge / this.#instances.replicas);
  }
}
