/**
 * How large a run a page takes on from a document or a link that somebody sent: limits on everything that memory or time grows
 * with. A schema says what makes sense of a single value; a hundred values that each make sense can still ask for a terabyte.
 */
import { instancesEach } from '../data-plane/instances.ts';
import { cachedNames } from '../kubernetes/dns/node-local-cache.ts';
import { registryInstances } from '../scenario/build-dns.ts';
import { joiningNodes } from '../scenario/build-joins.ts';
import type { Scenario } from '../scenario/document.ts';

/** What may be asked for in all. */
export interface RunLimits {
  readonly nodes: number;
  readonly pods: number;
  /** Nodes times hours: frames of the page have a byte for each node. */
  readonly nodeHours: number;
  readonly hours: number;
  /** Records that DNS tiers hold: instances times names. */
  readonly nameRecords: number;
  /** Entries of the caches that nodes have of their own: nodes times names. */
  readonly cacheEntries: number;
  /** Hours that one of them is kept: they are looked at second by second. */
  readonly cacheHours: number;
  /** Calls between services that are told apart, in all clusters. */
  readonly links: number;
  /** Connections of the data plane. */
  readonly connections: number;
  readonly coreDnsReplicas: number;
  /** Queues of flow control in all API servers. */
  readonly queues: number;
  /** Hours between two renewals of a lease: those that are batched lie on a wheel of so many places. */
  readonly leaseHours: number;
  /** Followed user requests over the whole run. */
  readonly samples: number;
  /** Events after which a run is ended, and events waiting at one time. */
  readonly events: number;
  readonly pending: number;
}

/** What a page takes on: some ten times the largest incident that comes with it. */
export const pageLimits: RunLimits = {
  nodes: 60_000,
  pods: 2_000_000,
  nodeHours: 600_000,
  hours: 72,
  nameRecords: 2_000_000,
  cacheEntries: 50_000_000,
  cacheHours: 72,
  links: 5_000,
  connections: 2_000_000,
  coreDnsReplicas: 10_000,
  queues: 1_000_000,
  leaseHours: 1,
  samples: 500_000,
  events: 400_000_000,
  pending: 5_000_000,
};

type Cluster = Scenario['clusters'][number];

/** One thing that is asked for, and how much of it. */
type Amounts = Readonly<Record<keyof Omit<RunLimits, 'events' | 'pending'>, number>>;

const words: Readonly<Record<keyof Amounts, string>> = {
  nodes: 'nodes in all',
  pods: 'pods in all',
  nodeHours: 'nodes times hours',
  hours: 'hours from start to end',
  nameRecords: 'records in DNS tiers (instances times names)',
  cacheEntries: 'entries in the caches of nodes (nodes times names)',
  cacheHours: 'hours that an entry in the cache of a node is kept',
  links: 'calls between services',
  connections: 'connections between services',
  coreDnsReplicas: 'CoreDNS replicas in all',
  queues: 'queues of flow control in all API servers',
  leaseHours: 'hours between two renewals of a lease',
  samples: 'user requests that are followed one by one',
};

/** What is too much, line by line; empty when the run may be made. */
export function limitProblems(scenario: Scenario, limits: RunLimits = pageLimits): string[] {
  const asked = amountsOf(scenario);
  return (Object.keys(words) as (keyof Amounts)[]).flatMap((name) => {
    if (asked[name] <= limits[name]) return [];
    return [`${scenario.id}: expected at most ${limits[name]} ${words[name]}, got ${Math.ceil(asked[name])}`];
  });
}

/** Throws RangeError with everything that is too much. */
export function checkLimits(scenario: Scenario, limits: RunLimits = pageLimits): void {
  const problems = limitProblems(scenario, limits);
  if (problems.length > 0) throw new RangeError(problems.join('\n'));
}

function amountsOf(scenario: Scenario): Amounts {
  const { clusters, users, dataPlane, dns, kubernetes } = scenario;
  const hours = (scenario.horizon.end - scenario.horizon.start) / 3_600_000_000;
  const sum = (amount: (cluster: Cluster) => number): number =>
    clusters.reduce((total, cluster) => total + amount(cluster), 0);
  const nodes = sum((cluster) => joiningNodes(scenario, cluster) + cluster.nodes);
  const { registry, nodeLocalCache: cache = null } = dns;
  return {
    nodes,
    pods: sum((cluster) => cluster.nodes * cluster.podsPerNode),
    nodeHours: nodes * hours,
    hours,
    nameRecords: registry === null ? 0 : sum((cluster) => registryInstances(cluster, registry) * cluster.services),
    cacheEntries: cache === null ? 0 : sum((cluster) => cluster.nodes * cachedNames(cluster.services)),
    cacheHours: Math.max(cache?.ttl ?? 0, cache?.denialTtl ?? 0) / 3_600_000_000,
    links: dataPlane === undefined ? 0 : sum((cluster) => linksOf(cluster, users)),
    connections: dataPlane === undefined ? 0 : sum((cluster) => connectionsOf(cluster, users, dataPlane)),
    coreDnsReplicas: sum((cluster) => cluster.coreDnsReplicas),
    queues: queuesOf(kubernetes) * sum(({ apiServers }) => apiServers.replicas),
    leaseHours: kubernetes.nodeLeaseRenewInterval / 3_600_000_000,
    samples: dataPlane === undefined ? 0 : dataPlane.samplesPerSecond * users.products.length * hours * 3600,
  };
}

/** Of the levels that the document states; those of a release are few. */
function queuesOf({ priorityLevelConfigurations = [] }: Scenario['kubernetes']): number {
  return priorityLevelConfigurations.reduce((total, level) => {
    const response = level.type === 'Limited' ? level.limitResponse : undefined;
    return total + (response?.type === 'Queue' ? response.queuing.queues : 0);
  }, 0);
}

/** A product's calls are a tree of different names, with a link to each but the first; see data-plane/call-graph.ts. */
function linksOf({ services }: Cluster, { products }: Scenario['users']): number {
  return products.reduce((total, { lookups }) => total + Math.min(Math.ceil(lookups), services), 0);
}

function connectionsOf(
  cluster: Cluster,
  users: Scenario['users'],
  { replicas, pools }: NonNullable<Scenario['dataPlane']>,
): number {
  const instances = replicas ?? instancesEach(cluster.nodes * cluster.podsPerNode, cluster.services);
  // The first service of each product calls, and is called by nobody.
  return instances * (linksOf(cluster, users) + users.products.length) * pools.connections;
}

/** Ends steps of a run that has had all the events it may have; handed to `advanceTo`. */
export interface EventBudget {
  readonly abort: { readonly aborted: boolean };
  readonly onProgress: () => void;
  /** Throws RangeError once the run has been ended for that. */
  check(): void;
}

/** The budget of a run. A run that goes in circles at one instant is ended as well. */
export function eventBudget(
  simulation: { readonly eventCount: number; readonly pendingCount: number },
  { events, pending }: Pick<RunLimits, 'events' | 'pending'> = pageLimits,
): EventBudget {
  const abort = { aborted: false };
  const look = (): void => {
    if (simulation.eventCount > events || simulation.pendingCount > pending) abort.aborted = true;
  };
  return {
    abort,
    onProgress: look,
    check: () => {
      look();
      if (!abort.aborted) return;
      const [done, waiting] = [simulation.eventCount, simulation.pendingCount];
      throw new RangeError(
        `the run was ended: expected at most ${events} events and ${pending} waiting at a time, got ${done} and ${waiting}`,
      );
    },
  };
}
