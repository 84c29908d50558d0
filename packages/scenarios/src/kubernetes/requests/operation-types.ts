/** What describes an operation and its costs, and what is stored. The operations themselves are in operation.ts. */

/** How a request is served. A `quorum-read` asks etcd first; a `write` goes to etcd last; `cache` never asks it. */
export type OperationPath = 'quorum-read' | 'cache' | 'write';

/** Which objects of its type a LIST asks for. An `indexed` selector is answered from an index of the watch cache alone. */
export type ListSelector = 'none' | 'name' | 'indexed' | 'scanned';

/** One operation: where it goes and which cost formulas and seat rule it uses. */
export interface OperationDefinition {
  readonly path: OperationPath;
  /** A LIST takes seats by the number of objects it reads (KEP-1040's work estimate); everything else takes one. */
  readonly isList: boolean;
  /** Type of the objects it reads or writes, by its upstream plural name; default `pods`. */
  readonly resource?: string;
  /** LIST only; default `none`. */
  readonly selector?: ListSelector;
  /** LIST only: objects in one page; 0 = all. Default 0. */
  readonly limit?: number;
  /** LIST only: share of the stored objects that the selector lets through; default 1. */
  readonly matching?: number;
  /**
   * LIST with a limit and a selector other than a name: it is the page of this number, from 0, and is filled (filled-page.ts);
   * absent = all stored objects are looked at, at once.
   */
  readonly page?: number;
  /**
   * LIST only: where the work estimate takes it to be served from; default by its path. A LIST that etcd only confirms a
   * revision for is a `quorum-read`, and estimated as one from the cache.
   */
  readonly estimatedAs?: 'cache' | 'etcd';
  /** LIST only: how its answer is encoded, which decides how many bytes it has; default `json`. */
  readonly encoding?: 'json' | 'protobuf';
  /** LIST only: its answer has the objects of one node, however they are found; default false. */
  readonly isOfOneNode?: boolean;
  /** Write only: what it does to the stored object; default `update`. */
  readonly effect?: WriteEffect;
}

/**
 * What a write does to the stored object: adds one, replaces its value, or takes it away. A graceful deletion (of a pod,
 * or of anything with finalizers) first puts the object with its deletionTimestamp, so for etcd's quota it is a put.
 */
export type WriteEffect = 'create' | 'update' | 'graceful-delete' | 'delete';

/** An operation that a document or a part adds to the built-in ones, with its costs. */
export interface DeclaredOperation extends OperationDefinition {
  /** Unique within a cluster and different from every built-in name. */
  readonly name: string;
  readonly costs: OperationCosts;
}

/** A cost as a function of named quantities, in microseconds of one core or in bytes. */
export interface Cost {
  evaluate(values: Readonly<Record<string, number>>): number;
}

/** The costs of one request. Memory is held while the request is being executed and its answer sent. */
export interface OperationCosts {
  readonly apiServerCpu: Cost;
  readonly etcdCpu: Cost;
  readonly apiServerMemory: Cost;
  readonly etcdMemory: Cost;
  /** Bytes of the answer before compression; absent = the objects a LIST returns in their encoding, else none. */
  readonly responseBytes?: Cost;
}

/** Stored objects of one type. */
export interface StoredType {
  readonly count: number;
  /** Mean size of one object as JSON and as etcd stores it (protobuf for built-in types), in bytes. */
  readonly jsonBytes: number;
  readonly storedBytes: number;
}

/**
 * What is stored. A cost formula sees `pods` and `nodes`, and of the type that its operation reads or writes: `objects`
 * (stored), `read` (looked at), `returned` (in one answer), `jsonBytes` and `storedBytes` (of one object); and of its way to
 * etcd `fetched` (objects read there, in so many `ranges`) and `largest` (objects of the largest range).
 */
export interface ClusterSize {
  readonly pods: number;
  readonly nodes: number;
  /** Other types by their upstream plural name, and sizes of pods and nodes where they differ from the default. */
  readonly stored?: Readonly<Record<string, StoredType>>;
}

/** What the work estimate of a LIST is made from. */
export interface ListShape {
  readonly storedObjects: number;
  readonly averageObjectBytes: number;
  readonly source: 'cache' | 'etcd';
  readonly limit: number;
  readonly hasSelector: boolean;
  readonly namesOneObject: boolean;
}
