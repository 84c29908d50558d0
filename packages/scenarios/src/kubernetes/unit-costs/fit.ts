/**
 * Fits the unit costs to the measurements: each group of parameters by least squares over the relative errors of the
 * points that show it, so that a small request counts as much as a large one. Nothing here knows of a loaded server.
 *
 * - LISTs without compression: the quiet batch alone.
 * - Compression: every compressed LIST, at the uncompressed cost just found. They come from the first batch, whose other
 *   core was busy, so whatever that added to them is in the price of compression.
 * - Single requests: as measured.
 * - Memory: the largest bursts of each kind, where the peak is shared by enough LISTs.
 */
import { bursts, busyLists, type ListMeasurement, quietLists, smallRequests, variantLists } from './measurements.ts';
import { type CostGates, measuredUnitCosts, operationOf, referenceObject, type UnitCosts } from './unit-costs.ts';

const MIB = 1_048_576;

/** One measured figure beside the model. */
export interface Residual {
  readonly what: string;
  readonly unit: 'ms' | 'MiB';
  readonly measured: number;
  readonly modelled: number;
  /** modelled / measured - 1. */
  readonly error: number;
}

/** The parameters that fit best. */
export function fitUnitCosts(): UnitCosts {
  const lists = fitLists();
  const [gzipPerByte = 0] = leastSquares(
    [...busyLists, ...variantLists, ...bursts]
      .filter((point) => point.gzip === true && point.limit === undefined)
      .map((point) => ({
        row: [answerBytes(point)],
        target: point.apiServerMs * 1_000,
        known: plainCpu(point, lists),
      })),
  );
  const [scan = 0] = leastSquares(
    busyLists
      .filter((point) => point.selector === 'scanned' && point.resourceVersion === '0')
      .map((point) => ({ row: [point.pods], target: point.apiServerMs * 1_000, known: lists.listRequest })),
  );
  return { ...lists, gzipPerByte, scan, ...fitSingle(), ...fitMemory() };
}

/** Every point that the parameters were fitted to, and those of the first batch that they were not. */
export function residuals(costs: UnitCosts = measuredUnitCosts): readonly Residual[] {
  return [
    ...quietLists.flatMap((point) => listResiduals('quiet', point, costs)),
    ...busyLists.flatMap((point) => listResiduals('first batch', point, costs)),
    ...variantLists.flatMap((point) => listResiduals('variant', point, costs)),
    ...bursts.flatMap((point) => burstResiduals(point, costs)),
  ];
}

interface Equation {
  readonly row: readonly number[];
  readonly target: number;
  /** What is known of the target already. */
  readonly known?: number;
}

/** Minimises the sum of ((row x + known) / target - 1)^2 over x by the normal equations. */
export function leastSquares(equations: readonly Equation[]): number[] {
  const size = equations[0]?.row.length ?? 0;
  const matrix = Array.from({ length: size }, () => new Array<number>(size + 1).fill(0));
  for (const { row, target, known = 0 } of equations) {
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) matrix[i]![j]! += (row[i]! * row[j]!) / target ** 2;
      matrix[i]![size]! += (row[i]! / target) * (1 - known / target);
    }
  }
  return solve(matrix);
}

/** Gauss-Jordan elimination with the largest pivot; the last column is the right-hand side. */
function solve(matrix: number[][]): number[] {
  const size = matrix.length;
  for (let column = 0; column < size; column++) {
    const below = matrix.slice(column).map((row) => Math.abs(row[column]!));
    const pivot = column + below.indexOf(Math.max(...below));
    [matrix[column], matrix[pivot]] = [matrix[pivot]!, matrix[column]!];
    for (let row = 0; row < size; row++) {
      if (row === column) continue;
      const factor = matrix[row]![column]! / matrix[column]![column]!;
      for (let k = column; k <= size; k++) matrix[row]![k]! -= factor * matrix[column]![k]!;
    }
  }
  return matrix.map((row, index) => row[size]! / row[index]!);
}

function fitLists(): UnitCosts {
  const [listRequest = 0, listFromEtcd = 0, decode = 0, encodeJson = 0, encodeProtobuf = 0] = leastSquares(
    quietLists.map((point) => ({ row: listRow(point), target: point.apiServerMs * 1_000 })),
  );
  const [range = 0, rangeObject = 0] = leastSquares(
    quietLists
      .filter((point) => point.resourceVersion === 'unset')
      .map((point) => ({ row: [1, point.pods], target: point.etcdMs * 1_000 })),
  );
  return { ...measuredUnitCosts, listRequest, listFromEtcd, decode, encodeJson, encodeProtobuf, range, rangeObject };
}

function listRow(point: ListMeasurement): number[] {
  const isFromEtcd = point.resourceVersion === 'unset' ? 1 : 0;
  const returned = returnedBy(point);
  const isProtobuf = point.encoding === 'protobuf';
  return [1, isFromEtcd, isFromEtcd * point.pods, isProtobuf ? 0 : returned, isProtobuf ? returned : 0];
}

function fitSingle(): Partial<UnitCosts> {
  const small = (name: string): (typeof smallRequests)[number] => {
    const found = smallRequests.find(({ operation }) => operation === name);
    if (found === undefined) throw new RangeError(`unit costs: no measurement "${name}"`);
    return found;
  };
  const mean = (...values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [podGet, leaseGet] = [small('get-pod-quorum'), small('get-lease-quorum')];
  const writes = smallRequests.filter(({ operation }) => /^(put|patch|create)/.test(operation));
  const isPatch = (operation: string): number => (operation.startsWith('patch') ? 1 : 0);
  const [write = 0, writePerByte = 0, patch = 0] = leastSquares(
    writes.map((one) => ({ row: [1, one.bytes, isPatch(one.operation)], target: one.apiServerMs * 1_000 })),
  );
  const [commit = 0, commitPerByte = 0] = leastSquares(
    writes.map((one) => ({ row: [1, one.bytes], target: one.etcdMs * 1_000 })),
  );
  return {
    getFromEtcd: mean(podGet.apiServerMs, leaseGet.apiServerMs) * 1_000,
    getInEtcd: mean(podGet.etcdMs, leaseGet.etcdMs) * 1_000,
    getFromCache: small('get-pod-rv0').apiServerMs * 1_000,
    bareRequest: mean(small('get-healthz').apiServerMs, small('get-readyz').apiServerMs) * 1_000,
    write,
    writePerByte,
    patch,
    commit,
    commitPerByte,
  };
}

/** Bursts of at least ten, or four of at least 10,000 pods; smaller ones hide in the garbage of before. */
function fitMemory(): Partial<UnitCosts> {
  const large = bursts.filter((point) => point.lists >= 10 || (point.lists >= 4 && point.pods >= 10_000));
  const memory = (point: (typeof bursts)[number]): number => point.apiServerMib * MIB;
  const isFromCache = (point: ListMeasurement): boolean => point.resourceVersion === '0';
  const [heldPerByteReturned = 0] = leastSquares(
    large
      .filter((point) => isFromCache(point) && point.streams !== true)
      .map((point) => ({ row: [answerBytes(point)], target: memory(point) })),
  );
  const [heldPerByteStreamed = 0] = leastSquares(
    large
      .filter((point) => point.streams === true)
      .map((point) => ({ row: [answerBytes(point)], target: memory(point) })),
  );
  const fromEtcd = large.filter((point) => !isFromCache(point));
  const [heldPerByteRead = 0] = leastSquares(
    fromEtcd.map((point) => ({
      row: [storedBytes(point)],
      target: memory(point),
      known: answerBytes(point) * heldPerByteReturned,
    })),
  );
  const [etcdHeldPerByte = 0] = leastSquares(
    fromEtcd.map((point) => ({ row: [storedBytes(point)], target: point.etcdMib * MIB })),
  );
  const held = { heldPerByteReturned, heldPerByteStreamed, heldPerByteRead, etcdHeldPerByte };
  return { ...held, ...fitBaselines(heldPerByteRead) };
}

/** etcd before each first burst of the quiet batch; the API server when fresh, which it was in the other one only. */
function fitBaselines(heldPerByteRead: number): Partial<UnitCosts> {
  const [etcdBase = 0, etcdPerStoredByte = 0] = leastSquares(
    bursts
      .filter((point) => point.lists === 1 && point.gzip !== true)
      .map((point) => ({ row: [1, storedBytes(point)], target: point.etcdIdleMib * MIB })),
  );
  const [apiServerBase = 0] = leastSquares(
    bursts
      .filter((point) => point.lists === 1 && point.gzip === true)
      .map((point) => ({ row: [1], target: point.idleMib * MIB, known: storedBytes(point) * heldPerByteRead })),
  );
  return { etcdBase, etcdPerStoredByte, apiServerBase };
}

function plainCpu(point: ListMeasurement, costs: UnitCosts): number {
  return evaluated({ ...point, gzip: false }, costs).apiServerMs * 1_000;
}

/** Every 500th pod is on the node that was asked for. */
function returnedBy({ pods, selector, limit = pods }: ListMeasurement): number {
  const matching = selector === 'indexed' ? pods / 500 : selector === 'scanned' ? 0 : pods;
  return Math.min(limit, matching);
}

function answerBytes(point: ListMeasurement): number {
  return returnedBy(point) * (point.encoding === 'protobuf' ? referenceObject.storedBytes : referenceObject.jsonBytes);
}

function storedBytes({ pods }: ListMeasurement): number {
  return pods * referenceObject.storedBytes;
}

/** What the model says about a measured LIST. */
function evaluated(
  point: ListMeasurement,
  costs: UnitCosts,
): { readonly apiServerMs: number; readonly etcdMs: number; readonly apiServerMib: number; readonly etcdMib: number } {
  const gates: CostGates = {
    ConsistentListFromCache: point.consistentFromCache === true,
    StreamingCollectionEncoding: point.streams === true,
  };
  const { resourceVersion, selector = 'none', limit = 0, encoding = 'json', gzip = false } = point;
  const operation = operationOf(
    'list',
    { verb: 'list', resourceVersion, selector, limit, encoding, gzip },
    gates,
    costs,
  );
  const isNarrow = selector === 'none' || (selector === 'indexed' && operation.path === 'cache');
  const returned = returnedBy(point);
  const read = isNarrow ? returned : point.pods;
  const values = { ...referenceObject, read, fetched: read, ranges: 1, largest: read, returned, objects: point.pods };
  return {
    apiServerMs: operation.costs.apiServerCpu.evaluate(values) / 1_000,
    etcdMs: operation.costs.etcdCpu.evaluate(values) / 1_000,
    apiServerMib: operation.costs.apiServerMemory.evaluate(values) / MIB,
    etcdMib: operation.costs.etcdMemory.evaluate(values) / MIB,
  };
}

function listResiduals(batch: string, point: ListMeasurement, costs: UnitCosts): Residual[] {
  const model = evaluated(point, costs);
  const what = `${batch}: ${describe(point)}`;
  const rows = [residual(`${what}, API server`, 'ms', point.apiServerMs, model.apiServerMs)];
  if (model.etcdMs > 0) rows.push(residual(`${what}, etcd`, 'ms', point.etcdMs, model.etcdMs));
  return rows;
}

function burstResiduals(point: (typeof bursts)[number], costs: UnitCosts): Residual[] {
  const model = evaluated(point, costs);
  const what = `burst of ${point.lists}: ${describe(point)}`;
  const rows = [
    residual(`${what}, API server`, 'ms', point.apiServerMs, model.apiServerMs),
    residual(`${what}, memory of API server`, 'MiB', point.apiServerMib, model.apiServerMib),
  ];
  const isShown = model.etcdMib > 0 && point.etcdMib > 0;
  if (isShown) rows.push(residual(`${what}, memory of etcd`, 'MiB', point.etcdMib, model.etcdMib));
  return rows;
}

function residual(what: string, unit: 'ms' | 'MiB', measured: number, modelled: number): Residual {
  return { what, unit, measured, modelled, error: modelled / measured - 1 };
}

function describe(point: ListMeasurement): string {
  const parts = [
    `${point.pods} pods`,
    point.resourceVersion === '0' ? 'RV 0' : 'RV unset',
    point.encoding ?? 'json',
    ...(point.gzip === true ? ['gzip'] : []),
    ...(point.selector === undefined ? [] : [`${point.selector} selector`]),
    ...(point.limit === undefined ? [] : [`limit ${point.limit}`]),
    ...(point.streams === true ? ['streaming'] : []),
    ...(point.consistentFromCache === true ? ['consistent from cache'] : []),
  ];
  return parts.join(' ');
}
