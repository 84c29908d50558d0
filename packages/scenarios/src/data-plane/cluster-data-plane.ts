/**
 * The data plane of one cluster: the only place where its parts are wired.
 *
 *   user requests --> instance of the first service --edge--> instance --edge--> ...       pools: connections and lookups
 *                         ^ ready                                                          call-success: what gets through
 *                         |
 *   churn, nodes that go --> lives of instances --> downloads through a shared limit
 *                         |
 *                         +-- replacements and addresses --> the API
 */
import type { Simulation, Stream } from '@brownout/core';
import { type CallGraph, drawCallGraph } from './call-graph.ts';
import { CallSuccess } from './call-success.ts';
import { startChurn } from './churn.ts';
import { InstanceLives, InstanceState } from './instance-lives.ts';
import { Instances, instancesEach } from './instances.ts';
import type { DataPlaneOptions } from './options.ts';
import { Pools } from './pools.ts';
import { type SampledFailure, SampledRequests } from './sampled-requests.ts';
import { StartUps } from './start-ups.ts';

/** What the data plane needs of its cluster. */
export interface ClusterSurroundings {
  readonly id: string;
  /** Names that applications look up, and pods on each node. */
  readonly services: number;
  readonly podsPerNode: number;
  /** 1 for each node that exists, and how many do. */
  readonly exists: Uint8Array;
  readonly nodeCount: () => number;
  /** Rows of `exists` up to here may have a node, those behind are of machines that have not come; default all of them. */
  readonly rowsInUse?: () => number;
  /** Probability that a lookup of a name on a node fails now. */
  readonly failureProbability: (node: number, name: number) => number;
  /** The way to write about so many instances through the API: the function sends, `onDone` is told when it is written. */
  readonly createWriter: (instances: number, onDone: (instance: number) => void) => (instance: number) => void;
}

/** Services, instances and connections of one cluster. */
export class ClusterDataPlane {
  readonly graph: CallGraph;
  readonly instances: Instances;
  readonly pools: Pools;
  readonly lives: InstanceLives;
  /** Absent when nothing is downloaded. */
  readonly startUps: StartUps | undefined;
  readonly success: CallSuccess;
  readonly sampled: SampledRequests;
  readonly #exists: Uint8Array;
  readonly #nodeCount: () => number;
  readonly #rowsInUse: () => number;
  readonly #nodesAtStart: number;
  #nodes: number;

  constructor(
    simulation: Simulation,
    options: DataPlaneOptions,
    calls: readonly number[],
    around: ClusterSurroundings,
    onFailed: (failure: SampledFailure) => void,
  ) {
    const name = `${around.id}/data-plane`;
    const { failureProbability } = around;
    this.#exists = around.exists;
    this.#nodeCount = around.nodeCount;
    this.#rowsInUse = around.rowsInUse ?? (() => around.exists.length);
    this.#nodes = around.nodeCount();
    this.#nodesAtStart = this.#nodes;
    const graphs = simulation.streams.get(`${name}/call-graph`);
    this.graph = drawCallGraph(calls, around.services, options.callGraph, graphs);
    const pods = this.#nodes * around.podsPerNode;
    const replicas = options.replicas ?? instancesEach(pods, around.services);
    this.instances = new Instances(this.graph.names.length, replicas);
    const placement = simulation.streams.get(`${name}/placement`);
    for (let instance = 0; instance < this.instances.count; instance++) {
      this.instances.node[instance] = Math.max(0, this.#pickNode(placement));
    }
    this.pools = new Pools(simulation, name, options.pools, options.resolver, {
      graph: this.graph,
      instances: this.instances,
      failureProbability,
      onConnected: (instance) => this.lives.connected(instance),
      onStillBroken: (instance, since) => this.lives.stillBroken(instance, since),
    });
    const { download } = options.startUp;
    this.startUps =
      download === undefined
        ? undefined
        : new StartUps(simulation, name, download, this.instances.count, (instance) => this.lives.downloaded(instance));
    const write = around.createWriter(this.instances.count, (instance) => this.lives.written(instance));
    this.lives = new InstanceLives(simulation, name, options.startUp, options.resolver, {
      instances: this.instances,
      pools: this.pools,
      startUps: this.startUps,
      failureProbability,
      write,
      pickNode: (stream) => this.#pickNode(stream),
    });
    this.success = new CallSuccess(this.graph, this.instances, this.pools, options.callGraph.retries);
    this.sampled = new SampledRequests(simulation, name, options.callGraph, options.resolver, {
      graph: this.graph,
      instances: this.instances,
      pools: this.pools,
      onFailed,
    });
    this.#startChurn(simulation, name, options);
  }

  /** Pods of nodes that the cloud has taken away are gone with them. */
  followNodes(): void {
    const nodes = this.#nodeCount();
    if (nodes === this.#nodes) return;
    this.#nodes = nodes;
    for (let instance = 0; instance < this.instances.count; instance++) {
      if (this.#exists[this.instances.node[instance]!] !== 1) this.lives.lose(instance);
    }
  }

  /**
   * Nodes there are now, as a share of those at the start, at most 1: instances that move together share what machines are
   * left, and of more machines than they need they have nothing.
   */
  get nodeShare(): number {
    return this.#nodesAtStart === 0 ? 1 : Math.min(1, this.#nodes / this.#nodesAtStart);
  }

  /** Throws unless the books of everything that keeps some add up. */
  checkBooks(): void {
    this.sampled.checkBooks();
    this.startUps?.checkBooks();
  }

  #startChurn(simulation: Simulation, name: string, options: DataPlaneOptions): void {
    const whenReady = (happen: (instance: number) => void) => (instance: number) => {
      if (this.lives.state(instance) === InstanceState.ready) happen(instance);
    };
    startChurn(simulation, name, options.churn, this.instances.count, {
      deploy: whenReady((instance) => this.lives.replace(instance)),
      lose: (instance) => this.lives.lose(instance),
      crash: whenReady((instance) => this.lives.crash(instance)),
    });
  }

  #pickNode(stream: Stream): number {
    if (this.#nodeCount() === 0) return -1;
    for (;;) {
      const node = stream.integer(this.#rowsInUse());
      if (this.#exists[node] === 1) return node;
    }
  }
}
