import { expect, it } from 'vitest';
import { OperationTable } from '../requests/operation.ts';
import { flatCosts } from '../testing/bench.ts';
import { fitUnitCosts, leastSquares, residuals } from './fit.ts';
import { baselinesOf, measuredUnitCosts, operationOf, type RequestForm } from './unit-costs.ts';

it('the unit costs are the fit to the measurements, to three digits', () => {
  const fitted = Object.entries(fitUnitCosts()).map(([name, value]) => [name, Number(Number(value).toPrecision(3))]);
  expect(Object.fromEntries(fitted)).toEqual(measuredUnitCosts);
});

it('LISTs of the quiet batch, up to 50,000 pods, are within 18 %', () => {
  const quiet = residuals().filter(({ what }) => what.startsWith('quiet'));
  expect(quiet.length).toBe(36);
  for (const { what, error } of quiet) expect(Math.abs(error), what).toBeLessThan(0.18);
});

it('compressed LISTs of 2,000 pods, alone and in bursts of ten and more, are within 32 %, without a bias', () => {
  const gzip = residuals().filter(({ what, unit }) => /2000 pods.*gzip.*API server$/.test(what) && unit === 'ms');
  const loaded = gzip.filter(({ what }) => !what.startsWith('burst of 1:') && !what.includes('limit'));
  expect(loaded.length).toBeGreaterThan(10);
  for (const { what, error } of loaded) expect(Math.abs(error), what).toBeLessThan(0.32);
  const mean = loaded.reduce((sum, { error }) => sum + error, 0) / loaded.length;
  expect(Math.abs(mean)).toBeLessThan(0.05);
});

it('memory held in large bursts is within 32 %', () => {
  const held = residuals().filter(({ what }) => /^burst of (10|30|100): .*memory/.test(what));
  expect(held.length).toBe(11);
  for (const { what, error } of held) expect(Math.abs(error), what).toBeLessThan(0.32);
});

it('least squares over relative errors finds a law that holds exactly, and the middle of one that does not', () => {
  const exact = [1, 10, 100].map((x) => ({ row: [1, x], target: 5 + 3 * x }));
  expect(leastSquares(exact)).toEqual([expect.closeTo(5, 9), expect.closeTo(3, 9)]);
  // (x/2 - 1)^2 + (x/8 - 1)^2 is least at x = (1/2 + 1/8) / (1/4 + 1/64).
  expect(
    leastSquares([
      { row: [1], target: 2 },
      { row: [1], target: 8 },
    ]),
  ).toEqual([expect.closeTo(0.625 / 0.265625, 9)]);
});

/** CPU in milliseconds of one request of a form, with 10,000 pods of reference size stored. */
function cpuOf(form: RequestForm, gates = {}): { readonly apiServer: number; readonly etcd: number } {
  const operation = operationOf('tested', form, gates);
  const table = new OperationTable(flatCosts(), () => 1, [operation]);
  const leases = { count: 1_000, jsonBytes: 796, storedBytes: 400 };
  const pods = { count: 10_000, jsonBytes: 5_100, storedBytes: 3_600 };
  table.resize({ pods: 10_000, nodes: 0, stored: { pods, leases } });
  const number = table.number('tested');
  return { apiServer: table.apiServerCpu[number]! / 1_000, etcd: table.etcdCpu[number]! / 1_000 };
}

it('the same LIST is cheaper from the cache, by an index, by the page and in protobuf', () => {
  const whole = cpuOf({ verb: 'list' });
  expect(whole.apiServer).toBeCloseTo(757, 0);
  expect(whole.etcd).toBeCloseTo(55, 0);
  expect(cpuOf({ verb: 'list', resourceVersion: '0' })).toEqual({ apiServer: expect.closeTo(419.5, 1), etcd: 0 });
  expect(cpuOf({ verb: 'list', encoding: 'protobuf' }).apiServer).toBeCloseTo(531, 0);
  expect(cpuOf({ verb: 'list', limit: 500 }).apiServer).toBeCloseTo(43.6, 1);
  const own: RequestForm = { verb: 'list', resourceVersion: '0', selector: 'indexed', matching: 1 / 500 };
  expect(cpuOf(own).apiServer).toBeCloseTo(1.38, 2);
  expect(cpuOf({ ...own, resourceVersion: 'unset' }).apiServer).toBeCloseTo(338.9, 1);
});

it('the cache ignores a limit at resource version 0, and a gate moves consistent LISTs to the cache', () => {
  expect(cpuOf({ verb: 'list', resourceVersion: '0', limit: 10 }).apiServer).toBeCloseTo(419.5, 1);
  const consistent = cpuOf({ verb: 'list' }, { ConsistentListFromCache: true });
  expect(consistent).toEqual({ apiServer: expect.closeTo(419.5, 1), etcd: 0 });
});

it('an etcd member that does nothing is within 25 % of those measured, from 2,000 to 50,000 pods', () => {
  for (const [count, mib] of [
    [2_000, 131],
    [10_000, 365],
    [20_000, 726],
    [50_000, 1_189],
  ] as const) {
    const { etcd } = baselinesOf([{ count, storedBytes: 3_600 }]);
    expect(Math.abs(etcd / 1_048_576 / mib - 1)).toBeLessThan(0.25);
  }
  const fresh = baselinesOf([{ count: 2_000, storedBytes: 3_600 }]).apiServer / 1_048_576;
  expect(fresh).toBeGreaterThan(387);
  expect(fresh).toBeLessThan(399);
});

it('a lease renewal costs what was measured', () => {
  const renewal = cpuOf({ verb: 'update', resource: 'leases' });
  expect(Math.abs(renewal.apiServer / 1.7233 - 1)).toBeLessThan(0.03);
  expect(Math.abs(renewal.etcd / 0.5195 - 1)).toBeLessThan(0.05);
});
