import { expect, it } from 'vitest';
import { listSeatsBy, workEstimate2024 } from '../flow-control/work-estimate.ts';
import { OperationTable } from '../requests/operation.ts';
import { flatCosts } from '../testing/bench.ts';
import { watchCacheFeatures } from '../watch-cache/features.ts';
import { measuredWatchedType } from './measured-watches.ts';
import { measuredUnitCosts, referenceObject } from './unit-costs.ts';

const PODS = 20_000;

/** What a LIST of reflectors costs that etcd serves, with and without a selector that leaves one pod in a thousand. */
function costsOf(matching?: number) {
  const features = watchCacheFeatures(30);
  const name = 'watched';
  const parts = measuredWatchedType({ features, name, resource: 'pods', ...(matching !== undefined && { matching }) });
  const table = new OperationTable(flatCosts(), listSeatsBy(workEstimate2024), parts.declared);
  table.resize({ pods: PODS, nodes: 1_000 });
  const number = table.number('watched-list-etcd');
  return {
    page: parts.operations.pages?.further,
    etcdCpu: table.etcdCpu[number]!,
    apiServerMemory: table.apiServerMemory[number]!,
    etcdMemory: table.etcdMemory[number]!,
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
