import { expect, it } from 'vitest';
import { listSeatsBy, workEstimate2024 } from '../flow-control/work-estimate.ts';
import { OperationTable } from '../requests/operation.ts';
import { flatCosts } from '../testing/bench.ts';
import { watchCacheFeatures } from '../watch-cache/features.ts';
import { measuredWatchedType } from './measured-watches.ts';
import { measuredUnitCosts, referenceObject } from './unit-costs.ts';

const PODS = 20_000;

/** What a LIST of reflectors costs that etcd serves, with and without a selector that leaves one pod in a thousand. */
function costsOf(matching?: number, suffix = 'list-etcd') {
  const features = watchCacheFeatures(30);
  const name = 'watched';
  const parts = measuredWatchedType({ features, name, resource: 'pods', ...(matching !== undefined && { matching }) });
  const table = new OperationTable(flatCosts(), listSeatsBy(workEstimate2024), parts.declared);
  table.resize({ pods: PODS, nodes: 1_000 });
  const number = table.number(`watched-${suffix}`);
  return {
    page: parts.operations.pages?.further,
    apiServerCpu: table.apiServerCpu[number]!,
    etcdCpu: table.etcdCpu[number]!,
    apiServerMemory: table.apiServerMemory[number]!,
    etcdMemory: table.etcdMemory[number]!,
    responseBytes: table.responseBytes[number]!,
    seats: table.seats[number]!,
  };
}

const { range, rangeObject, heldPerByteRead, heldPerByteReturned, etcdHeldPerByte } = measuredUnitCosts;
const { storedBytes } = referenceObject;

it('a LIST from etcd without a selector is a page of 500, in etcd, in memory and in seats', () => {
  const { page, etcdCpu, apiServerMemory, etcdMemory, seats } = costsOf();
  expect(page).toBe('watched-list-page');
  expect(etcdCpu).toBeCloseTo(range + 500 * rangeObject, 6);
  expect(apiServerMemory).toBeCloseTo(500 * storedBytes * (heldPerByteRead + heldPerByteReturned), 0);
  expect(etcdMemory).toBeCloseTo(500 * storedBytes * etcdHeldPerByte, 0);
  // Two objects a seat's hundred, one read and one returned (1.30): 2 x 500 / 100.
  expect(seats).toBe(10);
});

it('with one, all pods are read in ranges of 500 to 8,000, of which the largest is in memory', () => {
  const { page, etcdCpu, apiServerMemory, etcdMemory } = costsOf(1 / 1_000);
  expect(page).toBeUndefined();
  // 500, 1,000, 2,000, 4,000, 8,000 and the 4,500 that are left.
  expect(etcdCpu).toBeCloseTo(6 * range + PODS * rangeObject, 6);
  expect(apiServerMemory).toBeCloseTo(storedBytes * (8_000 * heldPerByteRead + 20 * heldPerByteReturned), 0);
  expect(etcdMemory).toBeCloseTo(8_000 * storedBytes * etcdHeldPerByte, 0);
});

it('a page whose version is gone has the seats of a page and the cost of one without objects', () => {
  const { listRequest, listFromEtcd } = measuredUnitCosts;
  const { apiServerCpu, etcdCpu, apiServerMemory, etcdMemory, responseBytes, seats } = costsOf(
    undefined,
    'list-expired',
  );
  expect(apiServerCpu).toBeCloseTo(listRequest + listFromEtcd, 6);
  expect(etcdCpu).toBeCloseTo(range, 6);
  expect([apiServerMemory, etcdMemory, responseBytes]).toEqual([0, 0, 0]);
  expect(seats).toBe(costsOf().seats);
});

it('everything in its place has no limit: all pods in CPU and memory, and the most seats', () => {
  const { etcdCpu, apiServerMemory, etcdMemory, seats } = costsOf(undefined, 'list-whole-etcd');
  expect(etcdCpu).toBeCloseTo(range + PODS * rangeObject, 6);
  expect(apiServerMemory).toBeCloseTo(PODS * storedBytes * (heldPerByteRead + heldPerByteReturned), 0);
  expect(etcdMemory).toBeCloseTo(PODS * storedBytes * etcdHeldPerByte, 0);
  expect(seats).toBe(10);
  expect(costsOf(undefined, 'list-whole-any')).toEqual(costsOf(undefined, 'list-any'));
  expect(costsOf(undefined, 'list-whole-newest')).toEqual(costsOf(undefined, 'list-newest'));
});
