/** The request for a page of a LIST whose version etcd has compacted away. */
import type { Cost, DeclaredOperation } from './operation.ts';

/**
 * What asking for `page` comes to when its version is gone. The estimate of its seats is that of the page, for nobody knows
 * before; etcd looks at the revision before it looks at anything else (server/storage/mvcc, ErrCompacted), so the answer is
 * taken to cost what a page without objects does.
 */
export function expiredPage(page: DeclaredOperation, name: string): DeclaredOperation {
  const empty = ({ evaluate }: Cost): Cost => ({
    evaluate: (values) => evaluate({ ...values, pods: 0, read: 0, returned: 0, fetched: 0, ranges: 1, largest: 0 }),
  });
  const { apiServerCpu, etcdCpu, apiServerMemory, etcdMemory } = page.costs;
  const costs = {
    apiServerCpu: empty(apiServerCpu),
    etcdCpu: empty(etcdCpu),
    apiServerMemory: empty(apiServerMemory),
    etcdMemory: empty(etcdMemory),
    responseBytes: { evaluate: () => 0 },
  };
  return { ...page, name, costs };
}
