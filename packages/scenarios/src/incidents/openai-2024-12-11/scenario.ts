/**
 * The outage of 11 December 2024 as causes: clusters of different sizes, a telemetry agent whose LIST grows with the
 * cluster, its rollout, a DNS tier with long-lived records, users, and people with a limited number of hands. What was not
 * published comes from priors.ts and says so.
 */
import { kubernetes2024, measuredCosts } from '../../scenario/defaults.ts';
import { assumed, documented } from '../../scenario/provenance.ts';
import type { ScenarioDocument } from '../../scenario/document.ts';
import { publishedFacts } from './facts.ts';
import { humanTime, steps } from './playbook.ts';
import { priors } from './priors.ts';
import { statedFrom } from '../../experiment/prior.ts';

type ClusterDocument = ScenarioDocument['clusters'][number];

function cluster(
  id: string,
  nodes: ClusterDocument['nodes'],
  apiServers: ClusterDocument['apiServers'],
  role: 'production' | 'staging' = 'production',
): ClusterDocument {
  const count = Number(typeof nodes === 'object' ? nodes.value : nodes);
  return {
    id,
    role,
    nodes,
    podsPerNode: statedFrom(priors.podsPerNode),
    services: statedFrom(priors.servicesPerCluster),
    traffic: role === 'staging' ? 0 : count,
    apiServers,
    etcd: {
      members: apiServers.replicas,
      cores: assumed(16, 'dedicated machines; etcd guidance for 3,000 nodes is 16 vCPU'),
      memory: assumed('64 GiB', 'dedicated machines; etcd guidance for 3,000 nodes is 64 GB'),
    },
    coreDnsReplicas: Math.max(2, Math.ceil(count / 16)),
  };
}

const sizes =
  'hundreds of clusters of unpublished size stand behind these few; small ones see nothing, so few stand for many';

/** The document. */
export const openai20241211: ScenarioDocument = {
  version: 1,
  id: 'openai-2024-12-11',
  title: 'OpenAI, 11 December 2024: API, ChatGPT and Sora',
  summary:
    'A telemetry agent on every node asks the Kubernetes API for answers that grow with the cluster; the API servers of the large clusters drown, names run out of caches, and the fix needs the API.',
  clock: { zero: '2024-12-11T14:51:00-08:00', zone: 'PST' },
  horizon: { start: '-30 min', end: '6 h' },
  // Most of the day nothing happens to most of the 17,250 nodes; decision 0029 says what batches may stand for.
  kubernetes: {
    ...kubernetes2024,
    heartbeats: 'aggregated',
    // Servers that died together are not started together: decision 0047.
    crashBackoff: {
      ...kubernetes2024.crashBackoff,
      syncPeriod: documented(
        '10 s',
        'kubelet.go, backOffPeriod: a pod in back-off is looked at again after 10 to 15 s',
      ),
    },
  },
  costs: measuredCosts,
  clusters: [
    cluster(
      'staging',
      assumed(100, 'published only: too small to show the effect'),
      machines(3, 4, '16 GiB'),
      'staging',
    ),
    cluster('small-1', assumed(150, sizes), machines(3, 4, '16 GiB')),
    cluster('medium-2', assumed(500, sizes), machines(3, 8, '32 GiB')),
    cluster('medium-1', assumed(2000, sizes), machines(3, 16, '48 GiB')),
    cluster('large-3', assumed(3000, sizes), machines(3, 16, '48 GiB')),
    cluster('large-2', assumed(4000, sizes), {
      replicas: documented(5, 'five API servers in the largest clusters (2021)'),
      cores: statedFrom(priors.apiServerCores),
      memory: assumed('64 GiB', 'scaled with the baseline of 9.3 MB a node'),
    }),
    cluster('large-1', documented(7500, 'OpenAI, "Scaling Kubernetes to 7,500 nodes" (2021)'), {
      replicas: documented(5, 'the same: five API servers and five etcd nodes on machines of their own'),
      cores: statedFrom(priors.apiServerCores),
      memory: statedFrom(priors.apiServerMemoryLarge),
    }),
  ],
  agent: {
    name: 'telemetry-agent',
    namespace: 'other',
    list: { resourceVersion: 'unset', encoding: 'json', selector: 'none' },
    period: statedFrom(priors.agentPeriod),
    periodJitter: assumed(0.1, 'usual for collectors'),
    // Unlike a loop that sleeps for its period whatever happens, clients of the API repeat what failed.
    retry: {
      policy: 'exponential',
      first: documented('800 ms', 'client-go, reflector: back-off of a failed LIST'),
      longest: documented('30 s', 'client-go, reflector: back-off of a failed LIST'),
    },
    timeout: statedFrom(priors.agentTimeout),
    startDelay: { distribution: 'lognormal', median: statedFrom(priors.agentStart), p90: '30 s' },
  },
  rollout: {
    waves: [
      {
        clusters: ['staging'],
        at: assumed('-29 min', 'published: the day before; here just before the horizon matters'),
      },
      { clusters: ['small-1'], at: '0 min' },
      { clusters: ['medium-2'], at: assumed('5 min', 'order not published: ascending size') },
      { clusters: ['medium-1'], at: assumed('10 min', 'order not published: ascending size') },
      { clusters: ['large-3'], at: assumed('21 min', 'large clusters from about 15:12, the second published clock') },
      { clusters: ['large-2'], at: assumed('22.5 min', 'large clusters from about 15:12') },
      {
        clusters: ['large-1'],
        // At the 20 pods a second of the DaemonSet controller 7,500 nodes take 6 min 15 s: it ends at 15:20, as published.
        at: assumed('22.75 min', 'so that the rollout ends at 15:20, the published end'),
      },
    ],
  },
  dns: {
    registry: {
      nodesPerInstance: statedFrom(priors.dnsNodesPerInstance),
      ttl: statedFrom(priors.dnsTtl),
      negativeTtl: statedFrom(priors.dnsNegativeTtl),
      maxNegativeTtl: statedFrom(priors.dnsMaxNegativeTtl),
      // The slices of a Service are found by their label; of the legacy Endpoints objects there was one each (1.33 retires them).
      reads: 'endpoint-slices',
      lookupTimeout: statedFrom(priors.dnsLookupTimeout),
      rateLimit: {
        qps: statedFrom(priors.dnsQps),
        burst: documented(10, 'client-go, rest/config.go: DefaultBurst'),
      },
      patience: documented('5 s', 'resolv.conf(5): timeout of one try'),
      serveStale: documented('0 s', 'off by default in CoreDNS and NodeLocal DNSCache'),
    },
  },
  users: {
    headroom: statedFrom(priors.userHeadroom),
    products: [
      {
        id: 'chatgpt',
        title: 'ChatGPT',
        requests: assumed('6000/s', 'only ratios matter'),
        lookups: statedFrom(priors.lookupsPerRequest),
      },
      {
        id: 'api',
        title: 'API',
        requests: assumed('3000/s', 'only ratios matter'),
        lookups: assumed(5, 'a shorter path than ChatGPT'),
      },
      {
        id: 'sora',
        title: 'Sora',
        requests: assumed('200/s', 'only ratios matter'),
        lookups: assumed(10, 'a longer path than ChatGPT'),
      },
    ],
  },
  dataPlane: {
    callGraph: {
      retries: assumed(
        0,
        "times that a failed call is repeated on another instance: a lookup that hangs for 10 s uses up a caller's time",
      ),
    },
    churn: {
      deploymentsPerDay: assumed(0.5, 'a pod is replaced every other day'),
      lossesPerDay: assumed(0.05, 'nodes that go, evictions'),
      crashesPerDay: assumed(0.2, 'a container dies every fifth day'),
    },
    pools: { lifetime: { distribution: 'exponential', mean: statedFrom(priors.connectionLifetime) } },
    startUp: {
      exitAfter: statedFrom(priors.exitAfter),
      download: {
        bytes: statedFrom(priors.startUpBytes),
        bytesPerSecond: statedFrom(priors.startUpBytesPerSecond),
        bytesPerSecondEach: assumed('1 GB', 'about what one network interface of 10 Gbit/s takes'),
        timeout: statedFrom(priors.startUpTimeout),
      },
    },
  },
  operators: {
    crew: statedFrom(priors.crew),
    alert: {
      scrapeInterval: assumed('30 s', 'usual scrape interval'),
      apiErrorShareAbove: assumed(
        0.05,
        'OpenAI alerted on 429 and 5xx of API servers in 2021; threshold not published',
      ),
      for: assumed('1 min', 'usual for a page'),
    },
    paging: humanTime(priors.pagingMedian),
    diagnosis: humanTime(priors.diagnosisMedian),
    rollback: { requestTimeout: assumed('30 s', 'patience with one request') },
    breakGlass: null,
    playbook: { order: 'largest-first', credential: 'admin', steps },
  },
  published: publishedFacts,
};

function machines(replicas: number, cores: number, memory: string): ClusterDocument['apiServers'] {
  const note = 'sized for its cluster; not published';
  return { replicas: assumed(replicas, note), cores: assumed(cores, note), memory: assumed(memory, note) };
}
