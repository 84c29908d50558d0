/**
 * A telemetry agent is rolled out to the nodes of your cluster: the generic scenario. State your nodes, pods, API servers and
 * the agent; the rest is filled in with documented sizes and marked assumptions. Stock CoreDNS answers names, so nobody's users
 * notice unless the document says otherwise; what is asked is whether the control plane bears the agent.
 */
import { kubernetes2024, measuredCosts } from '../../scenario/defaults.ts';
import type { ScenarioDocument } from '../../scenario/document.ts';
import { assumed, documented, isSourced } from '../../scenario/provenance.ts';
import { type DocumentParts, hasKeys, merged, type ScenarioTemplate } from '../../scenario/template.ts';
import { apiServersFor, coreDnsReplicasFor } from './machines.ts';

/** What a document that states no cluster is about. */
const exampleClusters: readonly DocumentParts[] = [
  { id: 'staging', role: 'staging', nodes: assumed(50, 'an example: state your own') },
  { id: 'production', nodes: assumed(5000, 'an example: the size that Kubernetes is tested up to; state your own') },
];

const agent: ScenarioDocument['agent'] = {
  name: 'telemetry-agent',
  namespace: 'other',
  list: { resourceVersion: 'unset', encoding: 'json', selector: 'none' },
  period: assumed('60 s', 'a usual collection interval'),
  periodJitter: assumed(0.1, 'usual for collectors'),
  timeout: documented('60 s', 'the API server gives up after 60 s: default of --request-timeout'),
  startDelay: {
    distribution: 'lognormal',
    median: assumed('15 s', 'image pull and start of a small agent'),
    p90: '30 s',
  },
};

const human = (median: string, p90: string, note: string): ScenarioDocument['operators']['paging'] => ({
  distribution: 'lognormal',
  median: assumed(median, note),
  p90,
});

const operators: ScenarioDocument['operators'] = {
  crew: assumed(1, 'one team'),
  alert: {
    scrapeInterval: assumed('30 s', 'usual scrape interval'),
    apiErrorShareAbove: assumed(0.05, 'a usual rule on 429 and 5xx'),
    for: assumed('1 min', 'usual for a page'),
  },
  paging: human('5 min', '10 min', 'from alert to a person at work'),
  diagnosis: human('10 min', '30 min', 'until the agent is suspected'),
  steering: human('10 min', '20 min', 'to move traffic elsewhere'),
  rollback: {
    pause: human('1 min', '3 min', 'a person or a script tries again'),
    requestTimeout: assumed('30 s', 'patience with one request'),
    requests: documented(3, 'kubectl: discovery, GET, DELETE or PATCH'),
  },
  escalation: human('30 min', '60 min', 'how long the roll-back is tried through the API before anything else'),
  recovery: {
    blockAdminApi: human('30 min', '60 min', "to block a cluster's API at the network"),
    scaleUp: human('30 min', '60 min', 'to replace API servers by larger machines'),
    scaleUpFactor: assumed(2, 'the next machine size but one'),
    scaleDown: null,
    scaleDownShare: assumed(0.3, 'not used unless scaleDown is stated'),
    verification: human('10 min', '20 min', 'to make sure the cluster is well'),
  },
  breakGlass: null,
};

/** The scenario as a template. */
export const telemetryRolloutTemplate: ScenarioTemplate = {
  id: 'telemetry-rollout',
  title: 'A telemetry agent is rolled out to your cluster',
  complete(stated) {
    const given = stated['clusters'] ?? exampleClusters;
    const clusters = Array.isArray(given) ? given.map((cluster: unknown) => merged(cluster, partsOf(cluster))) : given;
    return hasKeys(stated)
      ? (merged({ ...stated, clusters }, { ...common, ...rolloutTo(clusters) }) as DocumentParts)
      : stated;
  },
};

const common = {
  version: 1,
  id: 'telemetry-rollout',
  title: telemetryRolloutTemplate.title,
  summary:
    'An agent on every node asks the API for the pods of the whole cluster: does the control plane bear it, from which size on not, and what then?',
  clock: { zero: '2026-01-01T00:00:00Z', zone: 'UTC' },
  horizon: { start: '-5 min', end: '3 h' },
  kubernetes: kubernetes2024,
  costs: measuredCosts,
  agent,
  dns: { registry: null },
  users: {
    headroom: assumed(0.3, 'traffic the other clusters can take'),
    products: [{ id: 'service', title: 'Service', requests: assumed('1000/s', 'only ratios matter'), lookups: 5 }],
  },
  operators,
} satisfies Partial<ScenarioDocument>;

/** What follows for a cluster from its nodes; nothing where they are not a number, for the checks to say so. */
function partsOf(cluster: unknown): unknown {
  if (!hasKeys(cluster)) return cluster;
  const nodes = plainNumber(cluster['nodes']);
  const role = cluster['role'] ?? 'production';
  const apiServers = merged(cluster['apiServers'], apiServersFor(nodes));
  const replicas = hasKeys(apiServers) ? apiServers['replicas'] : undefined;
  return {
    role,
    podsPerNode: documented(
      30,
      'Kubernetes is tested with 150,000 pods on 5,000 nodes ("Considerations for large clusters")',
    ),
    services: assumed(Math.max(10, Math.round(nodes / 10)), 'one name looked up for every ten nodes'),
    traffic: role === 'staging' ? 0 : nodes,
    apiServers,
    etcd: {
      members: documented(Math.min(plainNumber(replicas) >= 5 ? 5 : 3, 5), 'three or five members (etcd FAQ)'),
      cores: assumed(nodes > 1000 ? 16 : 8, 'etcd hardware guide: 8 to 16 cores for large clusters'),
      memory: assumed(nodes > 1000 ? '64 GiB' : '16 GiB', 'etcd hardware guide: 16 to 64 GB for large clusters'),
    },
    coreDnsReplicas: coreDnsReplicasFor(nodes),
  };
}

/** Staging before the trigger, then everything else at once, as a DaemonSet applied by a pipeline reaches its clusters. */
function rolloutTo(clusters: unknown): Partial<ScenarioDocument> {
  const known = Array.isArray(clusters) ? clusters.filter(hasKeys) : [];
  const idsOf = (isStaging: boolean): string[] =>
    known.filter(({ role }) => (role === 'staging') === isStaging).map(({ id }) => String(id));
  const [staging, production] = [idsOf(true), idsOf(false)];
  return {
    rollout: {
      waves: [
        ...(staging.length === 0 ? [] : [{ clusters: staging, at: '-4 min' }]),
        ...(production.length === 0 ? [] : [{ clusters: production, at: '0 min' }]),
      ],
    },
  };
}

function plainNumber(value: unknown): number {
  const number = isSourced(value) ? value.value : value;
  return typeof number === 'number' ? number : 0;
}

/** The scenario with its example cluster. */
export const telemetryRollout: ScenarioDocument = telemetryRolloutTemplate.complete({}) as unknown as ScenarioDocument;
