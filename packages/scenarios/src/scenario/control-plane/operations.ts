/** The operations of a document: what each kind of client asks for, with the measured costs at the stored sizes. */
import {
  type ClusterCosts,
  type ClusterSize,
  type DeclaredOperation,
  type OperationCosts,
  operationNames,
  type OperationName,
} from '../../kubernetes/requests/operation.ts';
import {
  baselinesOf,
  type CostGates,
  measuredUnitCosts,
  operationOf,
  referenceObject,
  type RequestForm,
} from '../../kubernetes/unit-costs/unit-costs.ts';
import { expiredPage } from '../../kubernetes/requests/expired-page.ts';
import { pagesOfList } from '../../kubernetes/requests/filled-page.ts';
import type { ClientSection, ControlPlaneScenario } from './document.ts';

/** Names of the operations of kubelets. */
export const LEASE_PUT = 'lease-put';
export const LEASE_GET = 'lease-get';

/** A client with a request of its own. */
export type AnyRequester = Extract<ClientSection, { readonly request: unknown }>;

/** Gates that change what requests cost, and where pages come from. */
export type PageGates = CostGates & { readonly ListFromCacheSnapshot: boolean };

/** One operation per kind of client, under its name, and those of leases; CPU is the measured one times `factor`. */
export function declaredOperations(
  scenario: ControlPlaneScenario,
  gates: PageGates,
  factor: number,
  foldsWrites: boolean,
): readonly DeclaredOperation[] {
  const factors = new Map<string, number>();
  for (const client of scenario.clients) {
    if ('costFactor' in client && client.costFactor !== undefined) {
      factors.set(client.kind === 'leases' ? LEASE_PUT : client.name, client.costFactor);
    }
  }
  const own = scenario.clients.flatMap((client) =>
    'request' in client
      ? [operationOf(client.name, firstPage(client), gates), ...furtherPages(scenario, client, gates)]
      : [],
  );
  const leases = [
    operationOf(LEASE_PUT, { verb: 'update', resource: 'leases' }, gates),
    operationOf(LEASE_GET, { verb: 'get', resource: 'leases' }, gates),
  ];
  return [...own, ...leases].map((operation) => {
    const [client] = operation.name.split('/');
    const costs = scaled(operation.costs, factor * (factors.get(client!) ?? 1));
    return { ...operation, costs: foldsWrites && operation.path === 'write' ? folded(costs) : costs };
  });
}

/** Pages of the LISTs of a client; the cache gives all objects at resource version 0, whatever the limit. */
export function pagesOf({ stored }: ControlPlaneScenario, { request }: AnyRequester): number {
  const { limit, pages, resource, resourceVersion, selector, matching } = request;
  if (pages !== 'all' || limit === 0 || resourceVersion === '0') return 1;
  const objects = stored[resource]?.count ?? 0;
  return pagesOfList(selector === 'name' ? Math.min(1, objects) : objects * matching, limit);
}

/** Names of the operations that a client sends beside its first page. */
export interface PageNames {
  /** Pages after the first: those between, and the last. */
  readonly between: string;
  readonly last: string;
  /** A page whose token has run out, and the LIST of everything that follows. */
  readonly expired: string;
  readonly whole: string;
}

/** See `PageNames`. */
export function pageNames(client: string): PageNames {
  const named = (suffix: string): string => `${client}/${suffix}`;
  return { between: named('continue'), last: named('last'), expired: named('expired'), whole: named('whole') };
}

/** Where the document says what becomes of pages, one with a selector is filled; else everything is looked at at once. */
function firstPage({ request }: AnyRequester): RequestForm {
  const { pages, limit } = request;
  return pages === undefined || limit === 0 ? request : { ...request, page: 0 };
}

/**
 * A continue token names the version of the first page: only etcd has that, or a snapshot of the cache from 1.34 on
 * (ListFromCacheSnapshot). The last page has what is left. Snapshots go with the versions, so when that of a page is gone, it is
 * etcd that says so (410); the LIST of everything has no limit.
 */
function furtherPages(scenario: ControlPlaneScenario, client: AnyRequester, gates: PageGates): DeclaredOperation[] {
  const pages = pagesOf(scenario, client);
  if (pages === 1) return [];
  const { request } = client;
  const names = pageNames(client.name);
  const ofPages = { ...gates, ConsistentListFromCache: gates.ListFromCacheSnapshot };
  const left = scenario.stored[request.resource]!.count - (pages - 1) * request.limit;
  const last: RequestForm = request.selector === 'none' ? { ...request, limit: left } : { ...request, page: pages - 1 };
  return [
    operationOf(names.between, request.selector === 'none' ? request : { ...request, page: 1 }, ofPages),
    operationOf(names.last, last, ofPages),
    expiredPage(operationOf(names.between, request, { ...gates, ConsistentListFromCache: false }), names.expired),
    operationOf(names.whole, { ...request, limit: 0 }, gates),
  ];
}

/** What is stored, as cost formulas see it. */
export function sizeOf({ stored, clients }: ControlPlaneScenario): ClusterSize {
  const nodes = clients.reduce((sum, client) => sum + (client.kind === 'leases' ? client.count : 0), 0);
  return {
    pods: stored['pods']?.count ?? 0,
    nodes,
    stored: Object.fromEntries(
      Object.entries(stored).map(([type, { count, json, stored: bytes }]) => [
        type,
        { count, jsonBytes: json, storedBytes: bytes },
      ]),
    ),
  };
}

/** Memory of processes that hold no request, in bytes: as stated, or by what is stored. */
export function idleMemoryOf({
  stored,
  apiServers,
  etcd,
}: Pick<ControlPlaneScenario, 'stored' | 'apiServers' | 'etcd'>): {
  readonly apiServers: number;
  readonly etcd: number;
} {
  const types = Object.values(stored).map(({ count, stored: storedBytes }) => ({ count, storedBytes }));
  const idle = baselinesOf(types);
  return { apiServers: apiServers.baseline ?? idle.apiServer, etcd: etcd.baseline ?? idle.etcd };
}

/** Costs of the built-in operations, of which a control plane alone uses the filling of its caches only. */
export function baseCosts(scenario: ControlPlaneScenario, factor: number): ClusterCosts {
  const none: OperationCosts = { apiServerCpu: free, etcdCpu: free, apiServerMemory: free, etcdMemory: free };
  const operations = Object.fromEntries(operationNames.map((name) => [name, none])) as Record<
    OperationName,
    OperationCosts
  >;
  const idle = idleMemoryOf(scenario);
  return {
    operations: { ...operations, 'cache-fill': scaled(cacheFill(scenario), factor) },
    apiServerBaseline: { evaluate: () => idle.apiServers },
    etcdBaseline: { evaluate: () => idle.etcd },
  };
}

const free = { evaluate: (): number => 0 };

/** Every object is read and decoded, by bytes as a LIST of the reference object. */
function cacheFill({ stored }: ControlPlaneScenario): OperationCosts {
  const objects = Object.values(stored).reduce(
    (sum, type) => sum + type.count * (0.5 + (0.5 * type.stored) / referenceObject.storedBytes),
    0,
  );
  const { decode, range, rangeObject } = measuredUnitCosts;
  return {
    apiServerCpu: { evaluate: () => objects * decode },
    etcdCpu: { evaluate: () => range + objects * rangeObject },
    apiServerMemory: free,
    etcdMemory: free,
  };
}

/** The same with CPU times `factor`. */
export function scaled(costs: OperationCosts, factor: number): OperationCosts {
  return {
    ...costs,
    apiServerCpu: { evaluate: (values) => costs.apiServerCpu.evaluate(values) * factor },
    etcdCpu: { evaluate: (values) => costs.etcdCpu.evaluate(values) * factor },
  };
}

/** All of it on the API server's cores; see `foldedCpu` in machine.ts. */
function folded(costs: OperationCosts): OperationCosts {
  const { apiServerCpu, etcdCpu } = costs;
  return {
    ...costs,
    apiServerCpu: { evaluate: (values) => apiServerCpu.evaluate(values) + etcdCpu.evaluate(values) },
    etcdCpu: free,
  };
}
