/**
 * What one API request costs: the operations of the model, the path each takes through the control plane, and the
 * table of their costs at the present size of the cluster.
 */
import { SimulationError } from '@brownout/core';
import { answerBytes, listShape, quantities, storedType } from './operation-quantities.ts';
import type {
  OperationPath,
  OperationDefinition,
  DeclaredOperation,
  Cost,
  OperationCosts,
  ClusterSize,
  ListShape,
} from './operation-types.ts';

export type {
  OperationPath,
  ListSelector,
  OperationDefinition,
  WriteEffect,
  DeclaredOperation,
  Cost,
  OperationCosts,
  StoredType,
  ClusterSize,
  ListShape,
} from './operation-types.ts';

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
  'lease-update': { path: 'write', isList: false, resource: 'leases' },
  'node-status-patch': { path: 'write', isList: false, resource: 'nodes' },
  get: { path: 'quorum-read', isList: false },
  'list-pods-etcd-json': { path: 'quorum-read', isList: true },
  'list-pods-etcd-protobuf': { path: 'quorum-read', isList: true, encoding: 'protobuf' },
  'list-pods-cache-json': { path: 'cache', isList: true },
  'list-pods-cache-protobuf': { path: 'cache', isList: true, encoding: 'protobuf' },
  'list-own-pods-etcd': { path: 'quorum-read', isList: true, isOfOneNode: true },
  'list-own-pods-cache': { path: 'cache', isList: true, isOfOneNode: true },
  'kubelet-sync': { path: 'cache', isList: false },
  'pod-create': { path: 'write', isList: false, effect: 'create' },
  'pod-bind': { path: 'write', isList: false },
  'pod-delete': { path: 'write', isList: false, effect: 'graceful-delete' },
  'object-update': { path: 'write', isList: false },
  probe: { path: 'quorum-read', isList: false },
  'cache-fill': { path: 'quorum-read', isList: true },
};

/** All operation names in the order of their numbers. */
export const operationNames: readonly OperationName[] = Object.keys(operations) as OperationName[];

/** Everything that costs something: the operations, and the memory of processes that do nothing. */
export interface ClusterCosts {
  readonly operations: Readonly<Record<OperationName, OperationCosts>>;
  /** Memory of an API server that holds no request: watch cache, connections, watch buffers. */
  readonly apiServerBaseline: Cost;
  /** Memory of an etcd member that holds no request. */
  readonly etcdBaseline: Cost;
}

/** A light request is over long before any deadline, in microseconds: no client waits less than a second. */
const LONGEST_LIGHT = 50_000;
/** Costs of every operation at the cluster's present size, in columns indexed by operation number. */
export class OperationTable {
  readonly count: number;
  readonly apiServerCpu: Float64Array;
  readonly etcdCpu: Float64Array;
  /** Time on cores of its own, in whole microseconds: how long a request takes on idle machines before its commit. */
  readonly idleTime: Float64Array;
  /** 1 for short requests that take one seat, no memory and a trip to etcd: light enough for the short way. */
  readonly isLight: Uint8Array;
  readonly apiServerMemory: Float64Array;
  readonly etcdMemory: Float64Array;
  /** Bytes of one answer before compression. */
  readonly responseBytes: Float64Array;
  /** Size of one object of its type as etcd stores it, in bytes. */
  readonly storedBytes: Float64Array;
  /** Stored objects of its type. */
  readonly objects: Float64Array;
  readonly seats: Int32Array;
  /** 0 cache, 1 quorum read, 2 write. */
  readonly path: Uint8Array;
  /** Memory of an idle API server and an idle etcd member, in bytes. */
  apiServerBaselineBytes = 0;
  etcdBaselineBytes = 0;
  readonly #costs: ClusterCosts;
  readonly #listSeats: (shape: ListShape) => number;
  readonly #all: readonly DeclaredOperation[];
  readonly #numbers: ReadonlyMap<string, number>;
  readonly #isBarred: Uint8Array;

  constructor(
    costs: ClusterCosts,
    listSeats: (shape: ListShape) => number,
    declared: readonly DeclaredOperation[] = [],
  ) {
    this.#costs = costs;
    this.#listSeats = listSeats;
    this.#all = [
      ...operationNames.map((name) => ({ name, ...operations[name], costs: costs.operations[name] })),
      ...declared,
    ];
    this.#numbers = new Map(this.#all.map(({ name }, number) => [name, number]));
    const count = this.#all.length;
    if (this.#numbers.size < count || count > LIMIT) {
      const names = declared.map(({ name }) => name).join(', ');
      throw new RangeError(`operations: expected at most ${LIMIT} different names, got ${count}; declared: ${names}`);
    }
    this.count = count;
    this.apiServerCpu = new Float64Array(count);
    this.etcdCpu = new Float64Array(count);
    this.idleTime = new Float64Array(count);
    this.isLight = new Uint8Array(count);
    this.apiServerMemory = new Float64Array(count);
    this.etcdMemory = new Float64Array(count);
    this.responseBytes = new Float64Array(count);
    this.storedBytes = new Float64Array(count);
    this.#isBarred = new Uint8Array(count);
    this.objects = new Float64Array(count);
    this.seats = new Int32Array(count);
    this.path = Uint8Array.from(this.#all, ({ path }) => PATH_NUMBER[path]);
  }

  /** Number of an operation of this table, built-in or declared. */
  number(name: string): number {
    const number = this.#numbers.get(name);
    if (number === undefined) throw new RangeError(`operation "${name}": not declared`);
    return number;
  }

  /** What an operation of this table is. */
  definition(number: number): DeclaredOperation {
    return this.#all[number]!;
  }

  /** From now on requests of this kind are never light: something on their way takes time that is not CPU. */
  barFromShortWay(number: number): void {
    this.#isBarred[number] = 1;
    this.isLight[number] = 0;
  }

  /** Recomputes every cost; called when objects have come or gone. */
  resize(size: ClusterSize): void {
    const values = { pods: size.pods, nodes: size.nodes };
    this.apiServerBaselineBytes = finite('apiServer', 'baseline', this.#costs.apiServerBaseline.evaluate(values));
    this.etcdBaselineBytes = finite('etcd', 'baseline', this.#costs.etcdBaseline.evaluate(values));
    for (let i = 0; i < this.count; i++) this.#resizeOne(i, size);
  }

  #resizeOne(i: number, size: ClusterSize): void {
    const operation = this.#all[i]!;
    const { name, costs } = operation;
    const type = storedType(size, operation.resource ?? 'pods');
    const values = quantities(operation, size, type);
    this.objects[i] = type.count;
    this.storedBytes[i] = type.storedBytes;
    this.apiServerCpu[i] = finite(name, 'apiServerCpu', evaluated(costs.apiServerCpu, values));
    this.etcdCpu[i] = finite(name, 'etcdCpu', evaluated(costs.etcdCpu, values));
    this.apiServerMemory[i] = finite(name, 'apiServerMemory', evaluated(costs.apiServerMemory, values));
    this.etcdMemory[i] = finite(name, 'etcdMemory', evaluated(costs.etcdMemory, values));
    const beforeCommit = operation.path === 'write' ? 0 : this.etcdCpu[i]!;
    this.idleTime[i] = Math.max(1, Math.ceil(this.apiServerCpu[i]! + beforeCommit));
    const memory = this.apiServerMemory[i]! + this.etcdMemory[i]!;
    const isShort = this.idleTime[i]! <= LONGEST_LIGHT;
    const mayBeLight = operation.path !== 'cache' && !operation.isList && this.#isBarred[i] === 0;
    this.isLight[i] = mayBeLight && memory === 0 && isShort ? 1 : 0;
    const answer = costs.responseBytes?.evaluate(values) ?? answerBytes(operation, size, type, values['returned']!);
    this.responseBytes[i] = finite(name, 'responseBytes', answer);
    this.seats[i] = operation.isList ? this.#listSeats(listShape(operation, type)) : 1;
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

/** Operation numbers are bytes in the table of requests. */
const LIMIT = 256;

/** In a cluster whose last node is gone, the pods of one node are none: 0 / 0 stands for nothing. */
function evaluated(cost: Cost, values: Readonly<Record<string, number>>): number {
  const value = cost.evaluate(values);
  return Number.isNaN(value) && values['nodes'] === 0 ? cost.evaluate({ ...values, nodes: 1 }) : value;
}

function finite(operation: string, cost: string, value: number): number {
  if (!Number.isFinite(value) || value < 0) {
    throw new SimulationError(`cost ${operation}.${cost}: expected a finite number >= 0, got ${value}`);
  }
  return value;
}
