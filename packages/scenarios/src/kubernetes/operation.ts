/**
 * What one API request costs: the operations of the model, the path each takes through the control plane, and the
 * table of their costs at the present size of the cluster.
 */
import { SimulationError } from '@brownout/core';

/** How a request is served. A `quorum-read` asks etcd first; a `write` goes to etcd last; `cache` never asks it. */
export type OperationPath = 'quorum-read' | 'cache' | 'write';

/** One operation: where it goes and which cost formulas and seat rule it uses. */
export interface OperationDefinition {
  readonly path: OperationPath;
  /** A LIST takes seats by the number of objects it reads (KEP-1040's work estimate); everything else takes one. */
  readonly isList: boolean;
}

/** Name of an operation. */
export type OperationName =
  | 'lease-update'
  | 'node-status-patch'
  | 'get'
  | 'list-pods-etcd-json'
  | 'list-pods-etcd-protobuf'
  | 'list-pods-cache-json'
  | 'list-pods-cache-protobuf'
  | 'list-own-pods-etcd'
  | 'list-own-pods-cache'
  | 'kubelet-sync'
  | 'pod-create'
  | 'pod-bind'
  | 'pod-delete'
  | 'object-update'
  | 'probe'
  | 'cache-fill';

/** Every operation the parts send. The order is the number they are known by inside a run. */
export const operations: Readonly<Record<OperationName, OperationDefinition>> = {
  'lease-update': { path: 'write', isList: false },
  'node-status-patch': { path: 'write', isList: false },
  get: { path: 'quorum-read', isList: false },
  'list-pods-etcd-json': { path: 'quorum-read', isList: true },
  'list-pods-etcd-protobuf': { path: 'quorum-read', isList: true },
  'list-pods-cache-json': { path: 'cache', isList: true },
  'list-pods-cache-protobuf': { path: 'cache', isList: true },
  'list-own-pods-etcd': { path: 'quorum-read', isList: true },
  'list-own-pods-cache': { path: 'cache', isList: true },
  'kubelet-sync': { path: 'cache', isList: false },
  'pod-create': { path: 'write', isList: false },
  'pod-bind': { path: 'write', isList: false },
  'pod-delete': { path: 'write', isList: false },
  'object-update': { path: 'write', isList: false },
  probe: { path: 'quorum-read', isList: false },
  'cache-fill': { path: 'quorum-read', isList: true },
};

/** All operation names in the order of their numbers. */
export const operationNames: readonly OperationName[] = Object.keys(operations) as OperationName[];

/** A cost as a function of named quantities, in microseconds of one core or in bytes. */
export interface Cost {
  evaluate(values: Readonly<Record<string, number>>): number;
}

/** The four costs of one request. Memory is held while the request is being executed. */
export interface OperationCosts {
  readonly apiServerCpu: Cost;
  readonly etcdCpu: Cost;
  readonly apiServerMemory: Cost;
  readonly etcdMemory: Cost;
}

/** The quantities a cost may depend on. */
export interface ClusterSize {
  /** Pods stored in the cluster: the objects that the listed operations read. */
  readonly pods: number;
  readonly nodes: number;
}

/** Everything that costs something: the operations, and the memory of processes that do nothing. */
export interface ClusterCosts {
  readonly operations: Readonly<Record<OperationName, OperationCosts>>;
  /** Memory of an API server that holds no request: watch cache, connections, watch buffers. */
  readonly apiServerBaseline: Cost;
  /** Memory of an etcd member that holds no request. */
  readonly etcdBaseline: Cost;
}

const COUNT = operationNames.length;
/** A light request is over long before any deadline, in microseconds: no client waits less than a second. */
const LONGEST_LIGHT = 50_000;

/** Costs of every operation at the cluster's present size, in columns indexed by operation number. */
export class OperationTable {
  readonly apiServerCpu: Float64Array = new Float64Array(COUNT);
  readonly etcdCpu: Float64Array = new Float64Array(COUNT);
  /** Time on cores of its own, in whole microseconds: how long a request takes on idle machines before its commit. */
  readonly idleTime: Float64Array = new Float64Array(COUNT);
  /** 1 for short requests that take one seat, no memory and a trip to etcd: light enough for the short way. */
  readonly isLight: Uint8Array = new Uint8Array(COUNT);
  readonly apiServerMemory: Float64Array = new Float64Array(COUNT);
  readonly etcdMemory: Float64Array = new Float64Array(COUNT);
  readonly seats: Int32Array = new Int32Array(COUNT);
  /** 0 cache, 1 quorum read, 2 write. */
  readonly path: Uint8Array = new Uint8Array(COUNT);
  /** Memory of an idle API server and an idle etcd member, in bytes. */
  apiServerBaselineBytes = 0;
  etcdBaselineBytes = 0;
  readonly #costs: ClusterCosts;
  readonly #listSeats: (objects: number, path: OperationPath) => number;

  constructor(costs: ClusterCosts, listSeats: (objects: number, path: OperationPath) => number) {
    this.#costs = costs;
    this.#listSeats = listSeats;
    for (let i = 0; i < COUNT; i++) this.path[i] = PATH_NUMBER[operations[operationNames[i]!].path];
  }

  /** Recomputes every cost; called when pods or nodes have come or gone. */
  resize(size: ClusterSize): void {
    const values = { pods: size.pods, nodes: size.nodes };
    this.apiServerBaselineBytes = finite('apiServer', 'baseline', this.#costs.apiServerBaseline.evaluate(values));
    this.etcdBaselineBytes = finite('etcd', 'baseline', this.#costs.etcdBaseline.evaluate(values));
    for (let i = 0; i < COUNT; i++) {
      const name = operationNames[i]!;
      const costs = this.#costs.operations[name];
      const definition: OperationDefinition = operations[name];
      this.apiServerCpu[i] = finite(name, 'apiServerCpu', costs.apiServerCpu.evaluate(values));
      this.etcdCpu[i] = finite(name, 'etcdCpu', costs.etcdCpu.evaluate(values));
      this.apiServerMemory[i] = finite(name, 'apiServerMemory', costs.apiServerMemory.evaluate(values));
      this.etcdMemory[i] = finite(name, 'etcdMemory', costs.etcdMemory.evaluate(values));
      const beforeCommit = definition.path === 'write' ? 0 : this.etcdCpu[i]!;
      this.idleTime[i] = Math.max(1, Math.ceil(this.apiServerCpu[i]! + beforeCommit));
      const memory = this.apiServerMemory[i]! + this.etcdMemory[i]!;
      const isShort = this.idleTime[i]! <= LONGEST_LIGHT;
      this.isLight[i] = definition.path !== 'cache' && !definition.isList && memory === 0 && isShort ? 1 : 0;
      this.seats[i] = definition.isList ? this.#listSeats(size.pods, definition.path) : 1;
    }
  }
}

/** The number an operation is known by inside a run. */
export function operationNumber(name: OperationName): number {
  return operationNames.indexOf(name);
}

/** Path numbers as stored in `OperationTable.path`. */
export const PATH_CACHE = 0;
export const PATH_QUORUM_READ = 1;
export const PATH_WRITE = 2;

const PATH_NUMBER: Readonly<Record<OperationPath, number>> = {
  cache: PATH_CACHE,
  'quorum-read': PATH_QUORUM_READ,
  write: PATH_WRITE,
};

function finite(operation: string, cost: string, value: number): number {
  if (!Number.isFinite(value) || value < 0) {
    throw new SimulationError(`cost ${operation}.${cost}: expected a finite number >= 0, got ${value}`);
  }
  return value;
}
