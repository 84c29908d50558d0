import * as z from 'zod';
import { lazily } from './lazily.ts';
import { listMemories } from '../kubernetes/api-server/list-memory.ts';
import { nodeWatchKinds } from '../kubernetes/nodes/node-watch-kinds.ts';
import { operationNames, type OperationName } from '../kubernetes/requests/operation.ts';
import type { Scenario, ScenarioDocument } from './document.ts';
import { agentProblems } from './agent-checks.ts';
import { dnsProblems } from './dns-checks.ts';
import { durationDistribution } from './duration-distribution.ts';
import { formula } from './formula.ts';
import { flagsSchema, profileSchema } from './flag-schema.ts';
import { faultProblems } from './faults-checks.ts';
import { flowSchemasSchema, priorityLevelsSchema } from './flow-control-schema.ts';
import { kubernetesProblems } from './kubernetes-checks.ts';
import { didYouMean } from './nearest-name.ts';
import { identifier } from './identifier.ts';
import { bytes, cores, count, duration, number, share } from './quantity.ts';
import { agentSection } from './sections/agent.ts';
import { dataPlaneSection } from './sections/data-plane.ts';
import { faultsSection } from './sections/faults.ts';
import { dnsSection } from './sections/dns.ts';
import { drillSection } from './sections/drill.ts';
import { nodesJoinSection } from './sections/nodes-join.ts';
import { operatorsSection } from './sections/operators.ts';
import { playbookProblems } from './sections/playbook-checks.ts';
import { monitoringProblems } from './sections/monitoring-checks.ts';
import { reductionSection } from './sections/reduction.ts';
import { rolloutSection } from './sections/rollout.ts';
import { webhooksSection } from './sections/webhooks.ts';
import { usersSection } from './sections/users.ts';

/**
 * The scenario document, version 1: causes and parameters of one run, never effects. Built from the blocks of
 * quantity.ts; every object is strict, so a misspelt key is refused. Times are relative to the trigger (`clock.zero`).
 */

/** Quantities that cost formulas may use. */
const sizeVariables = ['pods', 'nodes'] as const;

const operationCosts = lazily(() =>
  z.strictObject({
    apiServerCpu: formula('time', sizeVariables).describe('CPU on the API server, one core'),
    etcdCpu: formula('time', sizeVariables).describe('CPU on the etcd member that serves it, one core'),
    apiServerMemory: formula('bytes', sizeVariables).describe(
      'memory held at the API server while the request is computed',
    ),
    etcdMemory: formula('bytes', sizeVariables).describe('memory held at the etcd member while it answers'),
  }),
);

const costs = lazily(() =>
  z.strictObject({
    operations: z.strictObject(
      Object.fromEntries(operationNames.map((name) => [name, operationCosts()])) as Record<
        OperationName,
        ReturnType<typeof operationCosts>
      >,
    ),
    connection: duration().describe('API-server CPU of one TLS and HTTP/2 set-up'),
    refusal: duration().describe('API-server CPU of answering 401 or 429'),
    apiServerBaseline: formula('bytes', sizeVariables).describe('memory of an API server that holds no request'),
    etcdBaseline: formula('bytes', sizeVariables).describe('memory of an etcd member that holds no request'),
  }),
);

const pace = lazily(() => z.strictObject({ qps: number({ min: 0.001 }), burst: count({ min: 1 }) }));

const nodeWatches = lazily(() =>
  z
    .enum(nodeWatchKinds)
    .describe(
      'watches of nodes that are requests of their own: pods = one for the seven of a kubelet; others need a profile',
    ),
);

const listMemorySchema = lazily(() =>
  z
    .enum(listMemories)
    .describe(
      'when a LIST has the memory it costs, on API server and etcd: when it starts, or as it works; default at-once',
    ),
);

const crashBackoff = lazily(() =>
  z.strictObject({
    first: duration().describe('wait after the second death in a row; after the first it is a second'),
    longest: duration().describe('what it doubles to'),
    resetAfter: duration().describe('life after which earlier deaths are forgotten'),
    syncPeriod: duration({ min: 1_000_000 })
      .optional()
      .describe('how often a kubelet looks whether the back-off of an API server is over; default at every moment'),
  }),
);

const loadBalancer = lazily(() =>
  z.strictObject({
    healthCheckInterval: duration({ min: 1 }),
    healthyThreshold: count({ min: 1 }),
    unhealthyThreshold: count({ min: 1 }),
    roundTrip: duration(),
    balancer: z
      .enum(['random', 'least-connections', 'round-robin'])
      .optional()
      .describe('how a server is chosen for a new connection; default random'),
  }),
);

const kubernetes = lazily(() =>
  z.strictObject({
    profile: profileSchema().optional().describe('release whose defaults hold where nothing is set; default 2024'),
    flags: flagsSchema()
      .optional()
      .describe('flags under their upstream names, by component; they win over the other keys'),
    flowSchemas: flowSchemasSchema()
      .optional()
      .describe('FlowSchemas as kubectl writes them, added to those of the release'),
    priorityLevelConfigurations: priorityLevelsSchema()
      .optional()
      .describe('PriorityLevelConfigurations as kubectl writes them, added to those of the release'),
    heartbeats: z
      .enum(['individual', 'aggregated'])
      .optional()
      .describe('aggregated = batches stand for the lease renewals of quiet control planes; default individual'),
    nodeWatches: nodeWatches().optional(),
    topologyModeAuto: share()
      .optional()
      .describe('share of services with service.kubernetes.io/topology-mode: Auto; default 0, needs a profile'),
    listMemory: listMemorySchema().optional(),
    webhooks: webhooksSection().optional(),
    maxRequestsInflight: count({ min: 1 }).describe('--max-requests-inflight'),
    maxMutatingRequestsInflight: count({ min: 0 }).describe('--max-mutating-requests-inflight'),
    requestTimeout: duration({ min: 1 }).describe('--request-timeout'),
    apiServerStart: duration().describe('from exec to serving, before caches are filled'),
    nodeLeaseDuration: duration({ min: 1 }),
    nodeLeaseRenewInterval: duration({ min: 1 }),
    nodeLeaseRenewJitter: share(),
    nodeLeaseRequestTimeout: duration({ min: 1 }),
    nodeStatusReportFrequency: duration({ min: 1 }),
    controllerManager: pace(),
    scheduler: pace(),
    daemonSetBurstReplicas: count({ min: 1 }),
    leaderElection: z.strictObject({
      leaseDuration: duration({ min: 1 }),
      renewDeadline: duration({ min: 1 }),
      retryPeriod: duration({ min: 1 }),
    }),
    livenessProbe: z.strictObject({
      period: duration({ min: 1 }),
      timeout: duration({ min: 1 }),
      failureThreshold: count({ min: 1 }),
    }),
    crashBackoff: crashBackoff(),
    etcd: z.strictObject({
      fsync: durationDistribution(),
      restart: duration(),
      election: duration(),
      requestTimeout: duration({ min: 1 }),
    }),
    loadBalancer: loadBalancer(),
  }),
);

const cluster = lazily(() =>
  z.strictObject({
    id: identifier(),
    role: z.enum(['production', 'staging']).prefault('production'),
    nodes: count({ min: 1, max: 20_000 }),
    podsPerNode: number({ min: 0, max: 500 }),
    services: count({ min: 1, max: 20_000 }).describe('names that applications look up'),
    traffic: number({ min: 0 }).describe('weight of the user traffic it serves; 0 for none'),
    apiServers: z.strictObject({
      replicas: count({ min: 1, max: 50 }),
      cores: cores(),
      memory: bytes({ min: 1 }),
      zones: count({ min: 1, max: 50 })
        .optional()
        .describe('failure zones that the servers are dealt out to in turn; default 1'),
    }),
    etcd: z.strictObject({ members: count({ min: 1, max: 9 }), cores: cores(), memory: bytes({ min: 1 }) }),
    coreDnsReplicas: count({ min: 1 }),
    nodesJoin: nodesJoinSection().optional().describe('machines that come while it runs; default none'),
  }),
);

const published = lazily(() =>
  z.array(
    z.strictObject({
      at: duration({ min: -Infinity }),
      text: z.string(),
      /** Simulated time that this fact is compared with. */
      compareWith: z.string().optional(),
    }),
  ),
);

/** The rules of a scenario document: the written form in, the form of the model out. */
export const scenarioSchema: () => z.ZodType<Scenario, ScenarioDocument> = lazily(() =>
  z
    .strictObject({
      version: z.literal(1),
      id: identifier(),
      title: z.string().min(1),
      summary: z.string().prefault(''),
      clock: z.strictObject({
        zero: z.iso.datetime({ offset: true }).describe('the trigger, as a date and time with its offset'),
        zone: z.string().describe('name of that offset for people, such as "PST"'),
      }),
      horizon: z.strictObject({ start: duration({ min: -Infinity }), end: duration() }),
      kubernetes: kubernetes(),
      costs: costs(),
      clusters: z.array(cluster()).min(1).max(50),
      agent: agentSection(),
      rollout: rolloutSection().nullable(),
      dns: dnsSection(),
      users: usersSection(),
      dataPlane: dataPlaneSection().optional(),
      operators: operatorsSection(),
      faults: faultsSection().optional().describe('timed changes beside the rollout; default none'),
      published: published().prefault([]),
      reduction: reductionSection()
        .optional()
        .describe('run a smaller model in place of the whole, for a first answer'),
      thresholds: z
        .array(z.string().min(1).max(300))
        .max(100)
        .optional()
        .describe('conditions to be met, such as "outageSeconds < 5 min" or "q95(peakErrorShare) < 5 %"; default none'),
      drill: drillSection().optional().describe('what trainees of a drill are told and given; no run reads it'),
    })
    .superRefine(checkReferences),
);

/** What no single value shows: names that must be unique or exist elsewhere in the document. */
function checkReferences(scenario: Scenario, context: z.RefinementCtx): void {
  const problem = (path: (string | number)[], message: string): void =>
    context.addIssue({ code: 'custom', path, message });
  const ids = scenario.clusters.map((one) => one.id);
  ids.forEach((id, index) => {
    if (ids.indexOf(id) < index) problem(['clusters', index, 'id'], `cluster "${id}" stands here twice`);
  });
  scenario.rollout?.waves.forEach((wave, index) => {
    for (const [place, id] of wave.clusters.entries()) {
      if (ids.includes(id)) continue;
      const path = ['rollout', 'waves', index, 'clusters', place];
      problem(path, `expected the id of a cluster (${ids.join(', ')}), got "${id}"${didYouMean(id, ids)}`);
    }
    if (wave.at !== undefined && wave.bake !== undefined) {
      problem(['rollout', 'waves', index], 'expected either "at" or "bake", got both');
    }
  });
  scenario.users.products.forEach((product, index) => {
    const first = scenario.users.products.findIndex((other) => other.id === product.id);
    if (first < index) problem(['users', 'products', index, 'id'], `product "${product.id}" stands here twice`);
  });
  scenario.published.forEach((fact, index) => {
    const name = fact.compareWith;
    if (name === undefined || comparableKpis.includes(name)) return;
    const path = ['published', index, 'compareWith'];
    problem(path, `expected one of ${comparableKpis.join(', ')}, got "${name}"${didYouMean(name, comparableKpis)}`);
  });
  for (const { path, message } of monitoringProblems(scenario)) problem([...path], message);
  for (const { path, message } of kubernetesProblems(scenario.kubernetes)) problem(['kubernetes', ...path], message);
  for (const { path, message } of playbookProblems(scenario)) problem(['operators', 'playbook', ...path], message);
  for (const { path, message } of dnsProblems(scenario)) problem(['dns', ...path], message);
  for (const { path, message } of agentProblems(scenario)) problem(['agent', ...path], message);
  for (const { path, message } of faultProblems(scenario)) problem(['faults', ...path], message);
  if (scenario.horizon.start > 0)
    problem(['horizon', 'start'], 'expected a time at or before the trigger, such as "-30 min"');
}

/** KPIs that are times, which a published time can stand beside. */
const comparableKpis: readonly string[] = [
  'firstSaturation',
  'firstAlert',
  'firstUserError',
  'peakImpact',
  'firstClusterRecovered',
  'lastClusterRecovered',
];
