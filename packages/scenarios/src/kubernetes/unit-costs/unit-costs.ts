/**
 * What a request costs, put together from few parts: being a request, reading from etcd or from the watch cache, decoding,
 * encoding, compressing. The parts are fitted to measurements of single requests (fit.ts); a test holds the numbers here to
 * that fit. Costs are core-microseconds and bytes.
 *
 * Only the type of object that was measured (pods of 5.1 kB) is known. How cost grows with the size of an object is an
 * assumption: half of it with the number of objects, half with their bytes.
 */
import type { DeclaredOperation, ListSelector, OperationCosts, OperationPath } from '../requests/operation.ts';

/** Parameters of the model; the defaults are those of `measuredUnitCosts`. */
export interface UnitCosts {
  /** API server, of any LIST: authentication, flow control, handler, headers. */
  readonly listRequest: number;
  /** API server, added for each range that a LIST reads from etcd; those measured were one range. */
  readonly listFromEtcd: number;
  /** API server, per object read from etcd, of reference size. */
  readonly decode: number;
  /** API server, per object returned, of reference size. */
  readonly encodeJson: number;
  readonly encodeProtobuf: number;
  /** API server, per object looked at in the watch cache and not returned. */
  readonly scan: number;
  /** API server, per byte of an answer that is compressed; already less what sending fewer bytes saves. */
  readonly gzipPerByte: number;
  /** etcd, of any range, and per object of reference size. */
  readonly range: number;
  readonly rangeObject: number;
  /** API server and etcd, of a GET: from etcd, and from the watch cache. */
  readonly getFromEtcd: number;
  readonly getFromCache: number;
  readonly getInEtcd: number;
  /** API server, of a write, per byte of the object as JSON, and more for a PATCH. */
  readonly write: number;
  readonly writePerByte: number;
  readonly patch: number;
  /** etcd, of a write, and per byte. */
  readonly commit: number;
  readonly commitPerByte: number;
  /** API server, of a request that touches no object. */
  readonly bareRequest: number;
  /** API-server memory while a LIST is served: per byte read from etcd, per byte of the answer. */
  readonly heldPerByteRead: number;
  readonly heldPerByteReturned: number;
  /** The same per byte of the answer with the streaming encoder. */
  readonly heldPerByteStreamed: number;
  /** etcd memory while a range is answered, per byte read. */
  readonly etcdHeldPerByte: number;
  /** Memory of a fresh API server and of an etcd member that hold no object and no request. */
  readonly apiServerBase: number;
  readonly etcdBase: number;
  /** etcd memory per byte stored: its file is mapped, with old versions and free pages. */
  readonly etcdPerStoredByte: number;
}

/** The pods of the measurements, as JSON, in protobuf and as etcd stores them; bytes. */
export const referenceObject = { jsonBytes: 5_100, storedBytes: 3_600 } as const;

/** Fitted to the measurements of measurements.ts by `fitUnitCosts`, three digits. */
export const measuredUnitCosts: UnitCosts = {
  listRequest: 538,
  listFromEtcd: 5_530,
  decode: 33.2,
  encodeJson: 41.9,
  encodeProtobuf: 19.3,
  scan: 0.831,
  gzipPerByte: 0.005,
  range: 4_250,
  rangeObject: 5.07,
  getFromEtcd: 758,
  getFromCache: 618,
  getInEtcd: 276,
  write: 1_220,
  writePerByte: 0.61,
  patch: 208,
  commit: 490,
  commitPerByte: 0.0432,
  bareRequest: 326,
  heldPerByteRead: 3.78,
  heldPerByteReturned: 2.26,
  heldPerByteStreamed: 1.04,
  etcdHeldPerByte: 0.948,
  apiServerBase: 384_000_000,
  etcdBase: 89_200_000,
  etcdPerStoredByte: 7.44,
};

/**
 * Memory of processes that hold no request, in bytes. An API server keeps every object decoded in its watch cache: taken to be
 * what decoding one for a request takes (derived). A server that has worked keeps more: 4.4 GiB at 50,000 pods after LISTs.
 */
export function baselinesOf(
  stored: readonly { readonly count: number; readonly storedBytes: number }[],
  costs: UnitCosts = measuredUnitCosts,
): { readonly apiServer: number; readonly etcd: number } {
  const bytes = stored.reduce((sum, { count, storedBytes }) => sum + count * storedBytes, 0);
  return {
    apiServer: costs.apiServerBase + bytes * costs.heldPerByteRead,
    etcd: costs.etcdBase + bytes * costs.etcdPerStoredByte,
  };
}

/** One kind of request, as far as its cost depends on it. */
export interface RequestForm {
  readonly verb: 'get' | 'list' | 'create' | 'update' | 'patch' | 'delete' | 'probe';
  /** Upstream plural name; default `pods`. */
  readonly resource?: string;
  /** `unset` (the default) asks for the newest state, `0` for any. */
  readonly resourceVersion?: 'unset' | '0';
  /** Default `none`. */
  readonly selector?: ListSelector;
  /** Share of the stored objects that the selector lets through; default 1. */
  readonly matching?: number;
  /** Objects of one page; default 0 = all. The cache ignores it at resource version 0. */
  readonly limit?: number;
  /** LIST with a limit and a selector: the number of its page, which is filled; see `OperationDefinition`. */
  readonly page?: number;
  /** Default json. */
  readonly encoding?: 'json' | 'protobuf';
  readonly gzip?: boolean;
}

/** Feature gates that change what a request costs. */
export interface CostGates {
  /** A LIST without a resource version is served from the watch cache (1.31 and later). Default false. */
  readonly ConsistentListFromCache?: boolean;
  /** Answers are encoded object by object (1.33 and later). Default false. */
  readonly StreamingCollectionEncoding?: boolean;
}

/** The operation that a request amounts to, with its costs. */
export function operationOf(
  name: string,
  form: RequestForm,
  gates: CostGates = {},
  costs: UnitCosts = measuredUnitCosts,
): DeclaredOperation {
  const { verb, resource = 'pods', selector = 'none', matching = 1, encoding = 'json', page } = form;
  const path = pathOf(form, gates);
  const limit = path === 'cache' && form.resourceVersion === '0' ? 0 : (form.limit ?? 0);
  const isPage = page === undefined ? {} : { page };
  const shape = { name, path, isList: verb === 'list', resource, selector, limit, matching, encoding, ...isPage };
  return { ...shape, costs: verb === 'list' ? listCosts(form, path, gates, costs) : singleCosts(form, path, costs) };
}

function pathOf({ verb, resourceVersion }: RequestForm, gates: CostGates): OperationPath {
  if (verb === 'probe') return 'cache';
  if (verb === 'list' && gates.ConsistentListFromCache === true) return 'cache';
  if (verb === 'get' || verb === 'list') return resourceVersion === '0' ? 'cache' : 'quorum-read';
  return 'write';
}

type Values = Readonly<Record<string, number>>;

function cost(evaluate: (values: Values) => number): { evaluate(values: Values): number } {
  return { evaluate };
}

const free = cost(() => 0);

/** Half of the cost of an object is that of any object, half grows with its bytes (assumed). */
function bySize(bytes: number, reference: number): number {
  return 0.5 + (0.5 * bytes) / reference;
}

function listCosts(form: RequestForm, path: OperationPath, gates: CostGates, costs: UnitCosts): OperationCosts {
  const isFromEtcd = path === 'quorum-read';
  const encodes = form.encoding === 'protobuf' ? costs.encodeProtobuf : costs.encodeJson;
  const answer = (values: Values): number => values['returned']! * answerBytes(form, values);
  const held = gates.StreamingCollectionEncoding === true ? costs.heldPerByteStreamed : costs.heldPerByteReturned;
  const stored = (values: Values): number => bySize(values['storedBytes']!, referenceObject.storedBytes);
  return {
    apiServerCpu: cost((values) => {
      const read = isFromEtcd
        ? values['ranges']! * costs.listFromEtcd + values['read']! * costs.decode * stored(values)
        : (values['read']! - values['returned']!) * costs.scan;
      const encoded = values['returned']! * encodes * bySize(values['jsonBytes']!, referenceObject.jsonBytes);
      return costs.listRequest + read + encoded + (form.gzip === true ? answer(values) * costs.gzipPerByte : 0);
    }),
    etcdCpu: isFromEtcd
      ? cost((values) => values['ranges']! * costs.range + values['fetched']! * costs.rangeObject * stored(values))
      : free,
    // One range after the other: what does not match goes before the next one comes.
    apiServerMemory: cost((values) => {
      const read = isFromEtcd ? values['largest']! * values['storedBytes']! * costs.heldPerByteRead : 0;
      return read + answer(values) * held;
    }),
    etcdMemory: isFromEtcd
      ? cost((values) => values['largest']! * values['storedBytes']! * costs.etcdHeldPerByte)
      : free,
    responseBytes: cost(answer),
  };
}

/** Protobuf over the wire has the size that etcd stores. */
function answerBytes(form: RequestForm, values: Values): number {
  return form.encoding === 'protobuf' ? values['storedBytes']! : values['jsonBytes']!;
}

function singleCosts(form: RequestForm, path: OperationPath, costs: UnitCosts): OperationCosts {
  const memory = { apiServerMemory: free, etcdMemory: free };
  if (form.verb === 'probe') return { apiServerCpu: cost(() => costs.bareRequest), etcdCpu: free, ...memory };
  if (form.verb === 'get') {
    const isFromEtcd = path === 'quorum-read';
    const cpu = isFromEtcd ? costs.getFromEtcd : costs.getFromCache;
    return { apiServerCpu: cost(() => cpu), etcdCpu: isFromEtcd ? cost(() => costs.getInEtcd) : free, ...memory };
  }
  const extra = form.verb === 'patch' ? costs.patch : 0;
  return {
    apiServerCpu: cost((values) => costs.write + extra + values['jsonBytes']! * costs.writePerByte),
    etcdCpu: cost((values) => costs.commit + values['jsonBytes']! * costs.commitPerByte),
    ...memory,
  };
}
