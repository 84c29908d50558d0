/**
 * The outage in a bottle: two clusters, a small and a large one, an agent whose LIST grows with its cluster, and API
 * servers scaled down with the nodes, so that a run takes part of a second. It states causes only; that the large
 * cluster is lost, and the small one not, has to come out of the run.
 */
import { kubernetes2024, measuredCosts } from '../src/scenario/defaults.ts';
import type { ScenarioDocument } from '../src/scenario/document.ts';

type ClusterDocument = ScenarioDocument['clusters'][number];

/** What tests vary. */
export interface SmallScenarioOptions {
  /** Nodes of the cluster `large`; default 300. */
  readonly nodes?: number;
  /** Seconds of the run after the trigger; default an hour. */
  readonly end?: string;
}

/** A cluster whose three API servers have one core and 4.4 GiB each, whatever its size. */
function cluster(id: string, nodes: number): ClusterDocument {
  return {
    id,
    nodes,
    podsPerNode: 30,
    services: 40,
    traffic: nodes,
    apiServers: { replicas: 3, cores: 1, memory: '4.4 GiB' },
    etcd: { members: 3, cores: 2, memory: '4 GiB' },
    coreDnsReplicas: 2,
  };
}

/** The document. The agent reaches `small` at the trigger and `large` five minutes later. */
export function smallScenario(options: SmallScenarioOptions = {}): ScenarioDocument {
  const { nodes = 300, end = '60 min' } = options;
  return {
    version: 1,
    id: 'small',
    title: 'Two clusters and an agent',
    clock: { zero: '2024-12-11T14:51:00-08:00', zone: 'PST' },
    horizon: { start: '-2 min', end },
    kubernetes: kubernetes2024,
    costs: measuredCosts,
    clusters: [cluster('small', 25), cluster('large', nodes)],
    agent: {
      name: 'telemetry-agent',
      namespace: 'other',
      list: { resourceVersion: 'unset', encoding: 'json', selector: 'none' },
      period: '15 s',
      periodJitter: 0.1,
      timeout: '60 s',
      startDelay: { distribution: 'lognormal', median: '15 s', p90: '30 s' },
    },
    rollout: {
      waves: [
        { clusters: ['small'], at: '0 min' },
        { clusters: ['large'], at: '5 min' },
      ],
    },
    dns: {
      registry: {
        nodesPerInstance: 50,
        ttl: '10 min',
        negativeTtl: '5 s',
        lookupTimeout: '30 s',
        patience: '5 s',
        serveStale: '0 s',
      },
    },
    users: {
      headroom: 0.3,
      products: [
        { id: 'chat', title: 'Chat', requests: '600/s', lookups: 8 },
        { id: 'api', title: 'API', requests: '300/s', lookups: 5 },
      ],
    },
    operators: {
      crew: 1,
      alert: { scrapeInterval: '30 s', apiErrorShareAbove: 0.05, for: '1 min' },
      paging: '1 min',
      diagnosis: '4 min',
      steering: '5 min',
      rollback: { pause: '1 min', requestTimeout: '30 s', requests: 3 },
      escalation: '10 min',
      recovery: {
        blockAdminApi: '15 min',
        scaleUp: '20 min',
        scaleUpFactor: 2,
        scaleDown: '18 min',
        scaleDownShare: 0.3,
        verification: '5 min',
      },
      breakGlass: null,
    },
    published: [{ at: '5 min', text: 'the change reaches the large cluster' }],
  };
}

/** The same day without its cause. */
export function withoutTrigger(document: ScenarioDocument): ScenarioDocument {
  return { ...document, rollout: null };
}
