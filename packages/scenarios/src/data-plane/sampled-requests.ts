/**
 * User requests that are carried through the call graph one by one. A sampled request makes each call in turn, waits where a
 * real one would, and fails with its cause: which instance, which name, on which node. They are few beside the rates, agree
 * with them, and tell why.
 */
import {
  type Duration,
  type EventType,
  JobPool,
  noTime,
  type Simulation,
  SimulationError,
  type Stream,
} from '@brownout/core';
import type { CallGraph } from './call-graph.ts';
import type { Instances } from './instances.ts';
import type { CallGraphOptions, LookupOptions } from './options.ts';
import { EdgeTrouble, type Pools } from './pools.ts';

/** Why a sampled request failed. */
export type FailureCause = 'name' | 'address' | 'no-instance' | 'overload';

/** By `EdgeTrouble`; without any, it was an instance that was not there, at either end. */
const causes: readonly FailureCause[] = ['no-instance', 'name', 'address'];

/** One sampled request that failed; the fields from `caller` on are -1 where they do not apply. */
export interface SampledFailure {
  readonly product: number;
  readonly cause: FailureCause;
  /** Microseconds from its start to its failure. */
  readonly after: Duration;
  /** The instance whose call failed last, and its node. */
  readonly caller: number;
  readonly node: number;
  /** Names of the calling and of the called service. */
  readonly callerName: number;
  readonly calleeName: number;
}

/** Counts of one product's sampled requests; asked = served + failed + inside. */
export interface SampledCounts {
  readonly asked: number;
  readonly served: number;
  readonly failed: number;
  readonly inside: number;
}

/** Surroundings of sampled requests. */
export interface SampledParts {
  readonly graph: CallGraph;
  readonly instances: Instances;
  readonly pools: Pools;
  readonly onFailed: (failure: SampledFailure) => void;
}

/** The sampled requests of one cluster, in columns. */
export class SampledRequests {
  readonly #simulation: Simulation;
  readonly #parts: SampledParts;
  readonly #retries: number;
  readonly #callTime: Duration;
  readonly #lookupTime: Duration;
  readonly #dice: Stream;
  readonly #begins: EventType;
  readonly #called: EventType;
  readonly #gaveUp: EventType;
  readonly #rows: JobPool;
  readonly #steps: number;
  /** By row. */
  #product: number[] = [];
  #step: number[] = [];
  #startedAt: number[] = [];
  /** What the edge of its last call suffered from when it was made: one of `EdgeTrouble`. */
  #trouble: number[] = [];
  /** By row and step: the instance that serves it, and repetitions left. */
  #instance: number[] = [];
  #left: number[] = [];
  readonly #asked: Float64Array;
  readonly #served: Float64Array;
  readonly #failed: Float64Array;

  constructor(
    simulation: Simulation,
    name: string,
    options: CallGraphOptions,
    resolver: LookupOptions,
    parts: SampledParts,
  ) {
    this.#simulation = simulation;
    this.#parts = parts;
    this.#retries = options.retries;
    this.#callTime = options.callTime;
    this.#lookupTime = (resolver.timeout * resolver.attempts) as Duration;
    this.#dice = simulation.streams.get(`${name}/sampled`);
    this.#begins = simulation.event(`${name} sampled request begins`, (row) => this.#begin(row, 0));
    this.#called = simulation.event(`${name} sampled call served`, (row) => this.#next(row));
    this.#gaveUp = simulation.event(`${name} sampled call fails`, (row) => this.#repeat(row, this.#step[row]!));
    this.#rows = new JobPool(`${name} sampled requests`);
    this.#steps = Math.max(1, ...parts.graph.trees.map((tree) => tree.service.length));
    const products = parts.graph.trees.length;
    this.#asked = new Float64Array(products);
    this.#served = new Float64Array(products);
    this.#failed = new Float64Array(products);
  }

  /** Counts of a product. */
  counts(product: number): SampledCounts {
    const asked = this.#asked[product]!;
    const served = this.#served[product]!;
    const failed = this.#failed[product]!;
    return { asked, served, failed, inside: asked - served - failed };
  }

  /** Throws unless those that have not ended are the rows in use. */
  checkBooks(): void {
    let inside = 0;
    for (let product = 0; product < this.#asked.length; product++) inside += this.counts(product).inside;
    if (inside === this.#rows.inUse) return;
    throw new SimulationError(`sampled requests: ${inside} should be under way, found ${this.#rows.inUse}`);
  }

  /** A request of a product comes after `delay`. */
  ask(product: number, delay: Duration): void {
    this.#asked[product]!++;
    const row = this.#rows.take();
    this.#product[row] = product;
    this.#startedAt[row] = this.#simulation.now + delay;
    this.#begins.after(delay, row);
  }

  /** A request of a product is turned away at the door. */
  refuse(product: number): void {
    this.#asked[product]!++;
    this.#failed[product]!++;
    const nowhere = { caller: -1, node: -1, callerName: -1, calleeName: -1 };
    this.#parts.onFailed({ product, cause: 'overload', after: noTime, ...nowhere });
  }

  #begin(row: number, step: number): void {
    this.#left[row * this.#steps + step] = this.#retries;
    this.#call(row, step);
  }

  /** The call of a step meets an instance drawn anew. */
  #call(row: number, step: number): void {
    const tree = this.#parts.graph.trees[this.#product[row]!]!;
    const instance = this.#parts.instances.pickReady(tree.service[step]!, this.#dice);
    this.#step[row] = step;
    this.#trouble[row] = EdgeTrouble.none;
    this.#instance[row * this.#steps + step] = instance;
    if (instance < 0) this.#repeat(row, step);
    else this.#called.after(this.#callTime, row);
  }

  /** The call of the present step is served; the next one in the order of calls is made. */
  #next(row: number): void {
    const product = this.#product[row]!;
    const tree = this.#parts.graph.trees[product]!;
    const step = this.#step[row]! + 1;
    if (step === tree.service.length) {
      this.#served[product]!++;
      this.#rows.release(row);
      return;
    }
    const caller = this.#instance[row * this.#steps + tree.parent[step]!]!;
    const { pools } = this.#parts;
    this.#step[row] = step;
    if (pools.isLive(pools.edgeOf(tree.link[step]!, caller))) this.#begin(row, step);
    else {
      // It waits for the lookup that the edge has under way, in vain, and takes its caller down with it.
      this.#left[row * this.#steps + step] = 0;
      this.#trouble[row] = pools.trouble(pools.edgeOf(tree.link[step]!, caller));
      this.#gaveUp.after(this.#lookupTime, row);
    }
  }

  /** The call of a step has failed: it is repeated, or its caller fails. */
  #repeat(row: number, failedStep: number): void {
    const tree = this.#parts.graph.trees[this.#product[row]!]!;
    let step = failedStep;
    while (step >= 0 && this.#left[row * this.#steps + step] === 0) step = tree.parent[step]!;
    if (step < 0) {
      this.#fail(row, failedStep);
      return;
    }
    this.#left[row * this.#steps + step]!--;
    this.#call(row, step);
  }

  #fail(row: number, step: number): void {
    const { graph, instances, onFailed } = this.#parts;
    const product = this.#product[row]!;
    const tree = graph.trees[product]!;
    const parent = tree.parent[step]!;
    const caller = parent < 0 ? -1 : this.#instance[row * this.#steps + parent]!;
    const trouble = this.#trouble[row]!;
    this.#failed[product]!++;
    this.#rows.release(row);
    onFailed({
      product,
      cause: causes[trouble]!,
      after: (this.#simulation.now - this.#startedAt[row]!) as Duration,
      caller,
      node: caller < 0 ? -1 : instances.node[caller]!,
      callerName: parent < 0 ? -1 : graph.names[tree.service[parent]!]!,
      calleeName: graph.names[tree.service[step]!]!,
    });
  }
}
