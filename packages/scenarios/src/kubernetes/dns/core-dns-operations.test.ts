import { expect, it } from 'vitest';
import { OperationTable } from '../requests/operation.ts';
import { flatCosts } from '../testing/bench.ts';
import { coreDnsObjects, coreDnsOperationNumbers, coreDnsOperations } from './core-dns-operations.ts';

it('the LISTs of CoreDNS cost by the number and the bytes of what is stored', () => {
  const table = new OperationTable(flatCosts(), () => 1, coreDnsOperations);
  const stored = coreDnsObjects({ pods: 150_000, services: 8_000, namespaces: 50 });
  table.resize({ pods: 150_000, nodes: 5_000, stored });
  const { list, watch } = coreDnsOperationNumbers(table);
  expect(stored.endpointslices.count).toBe(8_000 + 1_500);
  // 0.54 ms, and 19.3 us a pod of 5.1 kB as JSON, half by number and half by bytes: 8,000 Services of 1.5 kB.
  expect(table.apiServerCpu[list.services]).toBeCloseTo(538 + 8_000 * 19.3 * (0.5 + 750 / 5_100), 6);
  // 150,000 endpoints of 150 B and 9,500 slices of 500 B: 27.25 MB.
  expect(table.apiServerMemory[list.endpointslices]).toBeCloseTo(2.26 * 27_250_000, 0);
  expect(table.apiServerCpu[watch]).toBe(618);
  expect(table.etcdCpu[list.endpointslices]).toBe(0);
});

it('an empty cluster costs a request and nothing more', () => {
  const table = new OperationTable(flatCosts(), () => 1, coreDnsOperations);
  table.resize({ pods: 0, nodes: 0, stored: coreDnsObjects({ pods: 0, services: 0, namespaces: 0 }) });
  const { list } = coreDnsOperationNumbers(table);
  expect(table.apiServerCpu[list.endpointslices]).toBe(538);
  expect(table.apiServerMemory[list.endpointslices]).toBe(0);
});
