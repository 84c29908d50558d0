import * as z from 'zod';
import { operationNames, type OperationName } from '../kubernetes/requests/operation.ts';
import type { Scenario, ScenarioDocument } from './document.ts';
import { durationDistribution } from './duration-distribution.ts';
import { formula } from './formula.ts';
import { flagsSchema, profileSchema } from './flag-schema.ts';
import { flowSchemasSchema, priorityLevelsSchema } from './flow-control-schema.ts';
import { kubernetesProblems } from './kubernetes-checks.ts';
import { didYouMean } from './nearest-name.ts';
import { bytes, cores, count, duration, number, rate, share } from './quantity.ts';

/**
 * The scenario document, version 1: causes and parameters of one run, never effects. Built from the blocks of
 * quantity.ts; every object is strict, so a misspelt key is refused. Times are relative to the trigger (`clock.zero`).
 */

const identifier = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'expected lower-case words joined by hyphens, such as "large-1"');

/** Quantities that cost formulas may use. */
const sizeVariables = ['pods', 'nodes'] as const;

const operationCosts = z.strictObject({
  apiServerCpu: formula('time', sizeVariables).describe('CPU on the API server, one core'),
  etcdCpu: formula('time', sizeVariables).describe('CPU on the etcd member that serves it, one core'),
  apiServerMemory: formula('bytes', sizeVariables).describe(
    'memory held at the API server while the request is computed',
  ),
  etcdMemory: formula('bytes', sizeVariables).describe('memory held at the etcd member while it answers'),
});

const costs = z.strictObject({
  operations: z.strictObject(
    Object.fromEntries(operationNames.map((name) => [name, operationCosts])) as Record<
      OperationName,
      typeof operationCosts
    >,
  ),
  connection: duration().describe('API-server CPU of one TLS and HTTP/2 set-up'),
  refusal: duration().describe('API-server CPU of answering 401 or 429'),
  apiServerBaseline: formula('bytes', sizeVariables).describe('memory of an API server that holds no request'),
  etcdBaseline: formula('bytes', sizeVariables).describe('memory of an etcd member that holds no request'),
});

const pace = z.strictObject({ qps: number({ min: 0.001 }), burst: count({ min: 1 }) });

const kubernetes = z.strictObject({
  profile: profileSchema.optional().describe('release whose defaults hold where nothing is set; default 2024'),
  flags: flagsSchema
    .optional()
    .describe('flags under their upstream names, by component; they win over the other keys'),
  flowSchemas: flowSchemasSchema
    .optional()
    .describe('FlowSchemas as kubectl writes them, added to those of the release'),
  priorityLevelConfigurations: priorityLevelsSchema
    .optional()
    .describe('PriorityLevelConfigurations as kubectl writes them, added to those of the release'),
  maxRequestsInflight: count({ min: 1 }).describe('--max-requests-inflight'),
  maxMutatingRequestsInflight: count({ min: 0 }).describe('--max-mutating-requests-inflight'),
  requestTimeout: duration({ min: 1 }).describe('--request-timeout'),
  apiServerStart: duration().describe('from exec to serving, before caches are filled'),
  nodeLeaseDuration: duration({ min: 1 }),
  nodeLeaseRenewInterval: duration({ min: 1 }),
  nodeLeaseRenewJitter: share(),
  nodeLeaseRequestTimeout: duration({ min: 1 }),
  nodeStatusReportFrequency: duration({ min: 1 }),
  controllerManager: pace,
  scheduler: pace,
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
  crashBackoff: z.strictObject({ first: duration(), longest: duration(), resetAfter: duration() }),
  etcd: z.strictObject({
    fsync: durationDistribution(),
    restart: duration(),
    election: duration(),
    requestTimeout: duration({ min: 1 }),
  }),
  loadBalancer: z.strictObject({
    healthCheckInterval: duration({ min: 1 }),
    healthyThreshold: count({ min: 1 }),
    unhealthyThreshold: count({ min: 1 }),
    roundTrip: duration(),
  }),
});

const cluster = z.strictObject({
  id: identifier,
  role: z.enum(['production', 'staging']).prefault('production'),
  nodes: count({ min: 1, max: 20_000 }),
  podsPerNode: number({ min: 0, max: 500 }),
  services: count({ min: 1, max: 20_000 }).describe('names that applications look up'),
  traffic: number({ min: 0 }).describe('weight of the user traffic it serves; 0 for none'),
  apiServers: z.strictObject({ replicas: count({ min: 1, max: 50 }), cores: cores(), memory: bytes({ min: 1 }) }),
  etcd: z.strictObject({ members: count({ min: 1, max: 9 }), cores: cores(), memory: bytes({ min: 1 }) }),
  coreDnsReplicas: count({ min: 1 }),
});

const agent = z.strictObject({
  name: identifier,
  namespace: z.enum(['kube-system', 'other']).describe('decides the priority level: workload-high or workload-low'),
  list: z.strictObject({
    resourceVersion: z.enum(['unset', '0']).describe('unset = quorum read from etcd, 0 = from the watch cache'),
    encoding: z.enum(['json', 'protobuf']),
    selector: z.enum(['none', 'own-node']),
  }),
  period: duration({ min: 1 }),
  periodJitter: share(),
  timeout: duration({ min: 1 }),
  startDelay: durationDistribution().describe('from binding to the first request: image pull and start'),
});

const rollout = z.strictObject({
  waves: z
    .array(
      z.strictObject({
        clusters: z.array(identifier).min(1).describe('clusters of this wave, all at once'),
        nodesShare: share().prefault(1).describe('share of their nodes that the DaemonSet selects from then on'),
        at: duration({ min: -Infinity }).optional().describe('start, relative to the trigger'),
        bake: duration().optional().describe('start this long after the wave before has settled'),
      }),
    )
    .min(1),
  gate: z
    .strictObject({
      apiServerCpuAbove: share().describe('halt when an API server of a cluster in the rollout is busier than this'),
      apiErrorShareAbove: share().describe('halt when this share of API requests fails'),
      window: duration({ min: 1 }).describe('measured over this window'),
    })
    .optional(),
});

const dns = z.strictObject({
  registry: z
    .strictObject({
      nodesPerInstance: count({ min: 1 }).describe('one instance of the tier per so many nodes'),
      ttl: duration({ min: 1 }),
      negativeTtl: duration({ min: 1 }),
      lookupTimeout: duration({ min: 1 }),
      patience: duration({ min: 1 }).describe('how long an application waits for its lookup'),
      serveStale: duration().prefault('0 s').describe('answer this long after the TTL while the API does not'),
    })
    .nullable()
    .describe('a DNS tier in front of CoreDNS that reads the API (mechanisms D6 and D7); null = none'),
});

const users = z.strictObject({
  headroom: share().describe('traffic a cluster can take beyond its own before it turns users away'),
  products: z
    .array(
      z.strictObject({
        id: identifier,
        title: z.string(),
        requests: rate(),
        lookups: number({ min: 0 }).describe('different names one request needs'),
      }),
    )
    .min(1),
});

const operators = z.strictObject({
  crew: count({ min: 0 }).describe('clusters that can be worked on at once'),
  alert: z.strictObject({
    scrapeInterval: duration({ min: 1 }),
    apiErrorShareAbove: share(),
    for: duration(),
  }),
  paging: durationDistribution(),
  diagnosis: durationDistribution(),
  steering: durationDistribution().describe('from diagnosis to the first traffic moved'),
  rollback: z.strictObject({
    pause: durationDistribution().describe('between two tries'),
    requestTimeout: duration({ min: 1 }),
    requests: count({ min: 1 }).describe('API requests of one try, one after the other'),
  }),
  escalation: durationDistribution().describe('from diagnosis until a cluster is attacked by other means than the API'),
  recovery: z.strictObject({
    blockAdminApi: durationDistribution().nullable().describe('to block the admin API at the network; null = not done'),
    scaleUp: durationDistribution().nullable().describe('to give the API servers larger machines; null = not done'),
    scaleUpFactor: number({ min: 1 }).describe('cores and memory of the larger machines, as a multiple'),
    scaleDown: durationDistribution().nullable().describe('to have the cloud take nodes away; null = not done'),
    scaleDownShare: share().describe('share of the nodes taken away'),
    verification: durationDistribution().describe('to make sure that a cluster is well before the next one is begun'),
  }),
  breakGlass: z
    .strictObject({ cores: cores(), memory: bytes({ min: 1 }) })
    .nullable()
    .describe('an API server per cluster outside the balancer, for operators and controllers only; null = none'),
});

const published = z.array(
  z.strictObject({
    at: duration({ min: -Infinity }),
    text: z.string(),
    /** Simulated time that this fact is compared with. */
    compareWith: z.string().optional(),
  }),
);

/** The rules of a scenario document: the written form in, the form of the model out. */
export const scenarioSchema: z.ZodType<Scenario, ScenarioDocument> = z
  .strictObject({
    version: z.literal(1),
    id: identifier,
    title: z.string().min(1),
    summary: z.string().prefault(''),
    clock: z.strictObject({
      zero: z.iso.datetime({ offset: true }).describe('the trigger, as a date and time with its offset'),
      zone: z.string().describe('name of that offset for people, such as "PST"'),
    }),
    horizon: z.strictObject({ start: duration({ min: -Infinity }), end: duration() }),
    kubernetes,
    costs,
    clusters: z.array(cluster).min(1).max(50),
    agent,
    rollout: rollout.nullable(),
    dns,
    users,
    operators,
    published: published.prefault([]),
  })
  .superRefine(checkReferences);

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
  for (const { path, message } of kubernetesProblems(scenario.kubernetes)) problem(['kubernetes', ...path], message);
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
