/** From the agent of a document to its options: requests, pages, repetitions. */
import type { Duration } from '@brownout/core';
import type { AgentRequest, AgentRetryPolicy, DaemonOptions } from '../kubernetes/nodes/agent-options.ts';
import type { Cost, DeclaredOperation, OperationCosts, OperationName } from '../kubernetes/requests/operation.ts';
import { expiredPage } from '../kubernetes/requests/expired-page.ts';
import { operations } from '../kubernetes/requests/operation.ts';
import { SEND_CPU } from '../kubernetes/unit-costs/measured-watches.ts';
import { operationOf } from '../kubernetes/unit-costs/unit-costs.ts';
import type { Scenario } from './document.ts';
import { hasMechanismsOfRelease } from './kubernetes-settings.ts';

type AgentSection = Scenario['agent'];

/** Names of the operations that only agents send. */
const PAGE = 'agent-list-page';
const FIRST_PAGE = 'agent-list-first-page';
const EXPIRED_PAGE = 'agent-list-expired';
const INFORMER = 'agent-list-and-watch';
const TOLD_WRITE = 'agent-told-write';

/** Options of the agents of a cluster. `isConsistentFromCache`: the gate ConsistentListFromCache is on. */
export function daemonOptions(scenario: Scenario, isConsistentFromCache: boolean): DaemonOptions {
  const { agent } = scenario;
  const { startJitter, rateLimit, retry, collectors } = agent;
  const operation = agentOperation(listOf(agent), isConsistentFromCache);
  const common = {
    name: agent.name,
    namespace: agent.namespace === 'kube-system' ? 'kube-system' : 'telemetry',
    operation,
    period: agent.period,
    periodJitter: agent.periodJitter,
    timeout: agent.timeout,
    startDelay: agent.startDelay,
    ...(startJitter === undefined ? {} : { startJitter }),
    ...(rateLimit === undefined ? {} : { pace: rateLimit }),
    ...(retry === undefined ? {} : { retry: retryPolicy(retry) }),
    ...(collectors === undefined ? {} : { collectors }),
  };
  const kinds = requestsOf(agent);
  const isPlain =
    kinds.length === 1 && kinds[0]!.kind === 'list' && !isPaged(agent) && kinds[0]!.perChange === undefined;
  if (isPlain && kinds[0]!.period === agent.period) return common;
  return {
    ...common,
    requests: kinds.map((kind, index) => agentRequest(scenario, kind, index, operation)),
    declared: declaredOf(scenario, operation),
    informer: informerOf(agent),
  };
}

/** What the requests of the agents are, in full; informers in place of polls where the mode says so. */
function requestsOf(agent: AgentSection): RequestOfAgent[] {
  const { mode = 'poll', period } = agent;
  const requests: NonNullable<AgentSection['requests']> = agent.requests ?? [{ kind: 'list' }];
  const kinds = requests.map((one) => ({
    kind: one.kind === 'list' && mode === 'watch' ? ('watch' as const) : one.kind,
    period: one.period ?? period,
    ...(one.perChange === undefined ? {} : { perChange: one.perChange }),
    ...(one.tellsAgents === undefined ? {} : { tellsAgents: one.tellsAgents }),
  }));
  // One store is enough.
  return kinds.filter(
    ({ kind }, index) => kind !== 'watch' || kinds.findIndex((one) => one.kind === 'watch') === index,
  );
}

type RequestOfAgent = NonNullable<AgentSection['requests']>[number] & { readonly period: Duration };

/** Whether any of its requests is a WATCH: the cluster needs what reflectors send. */
export function hasInformer(agent: AgentSection): boolean {
  return requestsOf(agent).some(({ kind }) => kind === 'watch');
}

/** What its informers ask for. */
export function informerOf(agent: AgentSection): NonNullable<DaemonOptions['informer']> {
  const { encoding, selector } = listOf(agent);
  return { isOfOwnNode: selector === 'own-node', encoding };
}

/** What its LIST asks for. A collector needs the pods of every node. */
function listOf({ list, collectors }: AgentSection): AgentSection['list'] {
  return collectors === undefined ? list : { ...list, selector: 'none' };
}

/** The watch cache answers without pages, and a node's own pods are far fewer than a page. */
function isPaged(agent: AgentSection): boolean {
  const { resourceVersion, selector, limit } = listOf(agent);
  return limit !== undefined && resourceVersion === 'unset' && selector === 'none';
}

/** Where etcd has a database, pages have versions that it compacts away; elsewhere they live for ever. */
function pagesCanBeGone({ kubernetes }: Scenario): boolean {
  return hasMechanismsOfRelease(kubernetes);
}

function agentRequest(
  scenario: Scenario,
  { kind, period, perChange, tellsAgents }: RequestOfAgent,
  index: number,
  operation: OperationName,
): AgentRequest {
  const { agent } = scenario;
  const name = index === 0 ? '' : `${kind}-${index}`;
  const often = perChange === undefined ? {} : { perChange };
  switch (kind) {
    case 'watch':
      return { name, operation: INFORMER, period, isInformer: true };
    case 'get':
      return { name, verb: 'get', operation: 'get', period, ...often };
    case 'write':
      return {
        name,
        verb: 'update',
        operation: tellsAgents === true ? toldWrite(index) : 'object-update',
        period,
        ...often,
      };
    case 'list': {
      const { limit } = agent.list;
      if (limit === undefined || !isPaged(agent) || perChange !== undefined)
        return { name, operation, period, ...often };
      const ifGone = pagesCanBeGone(scenario) ? { ifGone: { expired: EXPIRED_PAGE, whole: operation } } : {};
      return { name, operation: FIRST_PAGE, period, pages: { limit, operation: PAGE, ...ifGone } };
    }
  }
}

function declaredOf(scenario: Scenario, operation: OperationName): DeclaredOperation[] {
  const { agent } = scenario;
  const declared: DeclaredOperation[] = [];
  const costs = scenario.costs.operations;
  requestsOf(agent).forEach(({ kind, tellsAgents }, index) => {
    if (kind !== 'write' || tellsAgents !== true) return;
    declared.push({ ...operations['object-update'], name: toldWrite(index), ...toldCosts(scenario) });
  });
  if (hasInformer(agent)) {
    const fromCache = agentOperation({ ...listOf(agent), resourceVersion: '0' });
    declared.push({ ...operations[fromCache], name: INFORMER, costs: withWatch(costs[fromCache]) });
  }
  const { limit } = agent.list;
  if (limit !== undefined && isPaged(agent)) {
    // Pages behind the first one come from etcd, whatever the gates say (storage/cacher, up to 1.33).
    const next = agentOperation({ ...agent.list, resourceVersion: 'unset' });
    const page = (from: OperationName, name: string): DeclaredOperation => ({
      ...operations[from],
      name,
      limit,
      costs: pageOf(costs[from], limit),
    });
    declared.push(page(operation, FIRST_PAGE), page(next, PAGE));
    if (pagesCanBeGone(scenario)) declared.push(expiredPage(page(next, PAGE), EXPIRED_PAGE));
  }
  return declared;
}

/** A page costs what the LIST of a cluster does that has no more pods than it (derived from the document's formulas). */
function pageOf(costs: OperationCosts, limit: number): OperationCosts {
  const paged = (cost: Cost): Cost => ({
    evaluate: (values) => cost.evaluate({ ...values, pods: Math.min(limit, values['pods']!) }),
  });
  return {
    apiServerCpu: paged(costs.apiServerCpu),
    etcdCpu: paged(costs.etcdCpu),
    apiServerMemory: paged(costs.apiServerMemory),
    etcdMemory: paged(costs.etcdMemory),
  };
}

function toldWrite(index: number): string {
  return `${TOLD_WRITE}-${index}`;
}

/**
 * A write that the watch of every node's agent is told of. Where there are watch caches, they do that; the objects are taken
 * for pods, the type that agents watch. Elsewhere what telling them costs is charged to the write, as if it kept its seat
 * until everybody knows, which is kinder than the original: there servers tell their watchers beside flow control.
 */
function toldCosts({ costs, kubernetes }: Scenario): Pick<DeclaredOperation, 'resource' | 'costs'> {
  const write = costs.operations['object-update'];
  if (hasMechanismsOfRelease(kubernetes)) return { resource: 'pods', costs: write };
  const { apiServerCpu } = write;
  const told = {
    evaluate: (values: Readonly<Record<string, number>>) => apiServerCpu.evaluate(values) + values['nodes']! * SEND_CPU,
  };
  return { costs: { ...write, apiServerCpu: told } };
}

/** Setting a watch up costs what a GET from the cache does (assumed, as in unit-costs/measured-watches.ts). */
function withWatch(list: OperationCosts): OperationCosts {
  const { apiServerCpu } = operationOf(INFORMER, { verb: 'get', resourceVersion: '0' }).costs;
  return {
    ...list,
    apiServerCpu: { evaluate: (values) => list.apiServerCpu.evaluate(values) + apiServerCpu.evaluate(values) },
  };
}

function retryPolicy(retry: NonNullable<AgentSection['retry']>): AgentRetryPolicy {
  // client-go's jitter.
  return retry.policy === 'none' ? retry : { ...retry, jitter: retry.jitter ?? 1 };
}

/**
 * The operation an agent's LIST amounts to. With consistent reads from the cache (`isConsistentFromCache`, the gate
 * ConsistentListFromCache), etcd is asked for its version only, which costs next to nothing and is left out.
 */
export function agentOperation(list: Scenario['agent']['list'], isConsistentFromCache = false): OperationName {
  const source = list.resourceVersion === 'unset' && !isConsistentFromCache ? 'etcd' : 'cache';
  return list.selector === 'own-node' ? `list-own-pods-${source}` : `list-pods-${source}-${list.encoding}`;
}
