/**
 * What people look at through the API: `kubectl get` of a type is a LIST in pages, one after the other; of one object it is a
 * GET. The LISTs are operations of their own that a cluster declares where somebody may send them.
 */
import type { Cluster } from '../../kubernetes/cluster.ts';
import type { DeclaredOperation } from '../../kubernetes/requests/operation.ts';
import { operationOf } from '../../kubernetes/unit-costs/unit-costs.ts';

/** Objects of a page (documented: kubectl, `--chunk-size` defaults to 500). */
export const CHUNK = 500;

/** Types that can be looked at, by their upstream plural names. */
export const readResources = [
  'nodes',
  'pods',
  'daemonsets',
  'deployments',
  'endpointslices',
  'leases',
  'events',
  'prioritylevelconfigurations',
  'flowschemas',
] as const;

/** One of them. */
export type ReadResource = (typeof readResources)[number];

/** LISTs of these have objects that the cluster counts; of the others there are few enough for one page that costs a GET. */
const listed: readonly ReadResource[] = ['nodes', 'pods', 'endpointslices', 'leases'];

/** The LISTs that people may send. `isConsistentFromCache`: the gate ConsistentListFromCache is on. */
export function consoleReads(isConsistentFromCache: boolean): DeclaredOperation[] {
  const gates = { ConsistentListFromCache: isConsistentFromCache };
  return listed.map((resource) => operationOf(nameOf(resource), { verb: 'list', resource, limit: CHUNK }, gates));
}

/** The operation of one request for a type, and how many of them one after the other show all of it. */
export function readRequests(
  { operations, kubelets }: Cluster,
  resource: ReadResource,
): { readonly operation: string; readonly requests: number } {
  if (!listed.includes(resource)) return { operation: 'get', requests: 1 };
  const operation = nameOf(resource);
  // Every node has a lease; how many there are is not among the sizes that costs depend on.
  const objects = resource === 'leases' ? kubelets.count : operations.objects[operations.number(operation)]!;
  return { operation, requests: Math.max(1, Math.ceil(objects / CHUNK)) };
}

function nameOf(resource: ReadResource): string {
  return `console-list-${resource}`;
}
