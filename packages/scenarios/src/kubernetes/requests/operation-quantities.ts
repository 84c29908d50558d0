/** What the cost formulas of an operation see, how large its answer is, and what its work estimate is made from. */
import { filledPage } from './filled-page.ts';
import type { ClusterSize, ListShape, OperationDefinition, StoredType } from './operation-types.ts';

/** Sizes of the measured pods, of nodes (KEP-589: 15 kB and more) and, assumed, of leases. */
const usualSizes: Readonly<Record<string, { readonly jsonBytes: number; readonly storedBytes: number }>> = {
  pods: { jsonBytes: 5_100, storedBytes: 3_600 },
  nodes: { jsonBytes: 20_000, storedBytes: 15_000 },
  leases: { jsonBytes: 600, storedBytes: 500 },
};
const unknownSize = { jsonBytes: 0, storedBytes: 0 };

/** What is stored of a type; types that nobody declared are empty, or as large as usual. */
export function storedType(size: ClusterSize, resource: string): StoredType {
  const declared = size.stored?.[resource];
  if (declared !== undefined) return declared;
  const count = resource === 'pods' ? size.pods : resource === 'nodes' ? size.nodes : 0;
  return { count, ...(usualSizes[resource] ?? unknownSize) };
}

/** An index reads what it returns; everything else looks at all objects, or at the page it was asked for. */
export function quantities(
  { path, selector = 'none', limit = 0, matching = 1, page }: OperationDefinition,
  size: ClusterSize,
  { count, jsonBytes, storedBytes }: StoredType,
): Readonly<Record<string, number>> {
  const matched = selector === 'name' ? Math.min(1, count) : count * matching;
  const returned = limit > 0 ? Math.min(limit, matched) : matched;
  const isNarrow = selector === 'name' || selector === 'none' || (selector === 'indexed' && path === 'cache');
  const sizes = { pods: size.pods, nodes: size.nodes, objects: count, jsonBytes, storedBytes };
  if (page !== undefined && limit > 0 && !isNarrow) {
    return { ...sizes, ...filledPage({ objects: count, matching, limit, page }) };
  }
  const read = isNarrow ? returned : count;
  return { ...sizes, read, returned, fetched: read, ranges: 1, largest: read };
}

/** What a LIST returns, in its encoding; other answers are too small to count. */
export function answerBytes(
  { isList, isOfOneNode = false, encoding = 'json' }: OperationDefinition,
  { nodes }: ClusterSize,
  { jsonBytes, storedBytes }: StoredType,
  returned: number,
): number {
  if (!isList) return 0;
  const objects = isOfOneNode ? returned / Math.max(1, nodes) : returned;
  return objects * (encoding === 'json' ? jsonBytes : storedBytes);
}

/** What the work estimate of a LIST is made from, for an operation on a type. */
export function listShape(
  { path, selector = 'none', limit = 0, estimatedAs }: OperationDefinition,
  type: StoredType,
): ListShape {
  return {
    storedObjects: type.count,
    averageObjectBytes: type.jsonBytes,
    source: estimatedAs ?? (path === 'cache' ? 'cache' : 'etcd'),
    limit,
    hasSelector: selector === 'indexed' || selector === 'scanned',
    namesOneObject: selector === 'name',
  };
}
