/** What the processes of the controllers and of CoreDNS answer when they are scraped, where they are modelled as processes. */
import type { Cluster } from '../cluster.ts';
import { CompleteControllers } from '../complete-controllers.ts';
import type { ControllerManager } from '../controllers/controller-manager.ts';
import type { LeaderElection } from '../controllers/leader-election.ts';
import type { NodeLifecycle } from '../controllers/node-lifecycle.ts';
import type { WorkQueue } from '../controllers/work-queue.ts';
import { CoreDnsDeployment } from '../dns/core-dns-deployment.ts';
import type { CoreDnsProcess } from '../dns/core-dns-process.ts';
import type { ClusterNameServers } from '../dns/name-store.ts';
import type { KubernetesRelease } from '../profiles/release.ts';
import { FamilyList } from './families.ts';
import type { BucketHistogram } from './histogram.ts';
import type { Labels, Scrape } from './metric.ts';

interface Options {
  readonly release: KubernetesRelease;
}

/** One scrape for each running process of kube-controller-manager and kube-scheduler; only the one that leads works. */
export function collectControllers(cluster: Cluster, options: Options): readonly Scrape[] {
  const controllers = cluster.daemonSet;
  if (!(controllers instanceof CompleteControllers)) return [];
  const { manager, scheduler } = controllers;
  return [
    ...collectElection('kube-controller-manager', cluster.id, manager.election, options, (list) => {
      addQueues(list, manager);
      if (manager.nodeLifecycle !== undefined) addZones(list, manager.nodeLifecycle);
    }),
    ...collectElection('kube-scheduler', cluster.id, scheduler.election, options),
  ];
}

/** One scrape for each CoreDNS process that serves. */
export function collectCoreDns(servers: ClusterNameServers, name: string, options: Options): readonly Scrape[] {
  if (!(servers instanceof CoreDnsDeployment)) return [];
  return servers.processes
    .filter((process) => process.isServing)
    .map((process) => {
      const list = new FamilyList(options.release);
      addQueries(list, process);
      addCache(list, process);
      return { job: 'coredns', instance: `${name}/coredns-${process.index}`, families: list.families };
    });
}

function collectElection(
  component: string,
  cluster: string,
  election: LeaderElection,
  { release }: Options,
  addWork?: (list: FamilyList) => void,
): readonly Scrape[] {
  const { leader } = election;
  return election.running.map(({ candidate, holds }) => {
    const list = new FamilyList(release);
    list.numbers('leader_election_master_status', [{ labels: { name: component }, value: holds ? 1 : 0 }]);
    if (candidate === leader) addWork?.(list);
    return { job: component, instance: `${cluster}/${component}-${candidate}`, families: list.families };
  });
}

/** The queues by the names that upstream gives them. */
function addQueues(list: FamilyList, manager: ControllerManager): void {
  const named: readonly (readonly [string, WorkQueue | undefined])[] = [
    ['daemonset', manager.daemonSet?.queue],
    ['endpoint_slice', manager.endpointSlices?.queue],
    ['garbage_collector_attempt_to_delete', manager.garbageCollector?.queue],
    ['node_lifecycle_controller', manager.nodeLifecycle?.taints.updated],
  ];
  const add = (metric: string, valueOf: (queue: WorkQueue) => number): void =>
    list.numbers(
      `workqueue_${metric}`,
      named.flatMap(([name, queue]) => (queue === undefined ? [] : [{ labels: { name }, value: valueOf(queue) }])),
    );
  add('depth', (queue) => queue.pending);
  add('adds_total', (queue) => queue.adds);
  add('retries_total', (queue) => queue.retries);
  add('unfinished_work_seconds', (queue) => queue.unfinishedSeconds);
  add('longest_running_processor_seconds', (queue) => queue.longestSeconds);
  const time = (metric: string, timesOf: (queue: WorkQueue) => BucketHistogram): void =>
    list.histograms(
      `workqueue_${metric}`,
      named.flatMap(([name, queue]) => (queue === undefined ? [] : [timesOf(queue).read({ name })])),
    );
  time('queue_duration_seconds', (queue) => queue.waited);
  time('work_duration_seconds', (queue) => queue.worked);
}

/** Zones without nodes in the last pass are not shown. */
function addZones(list: FamilyList, { zones, taints }: NodeLifecycle): void {
  const seen = [...zones.sizes.keys()].filter((zone) => zones.sizes[zone]! > 0);
  const add = (metric: string, valueOf: (zone: number) => number): void =>
    list.numbers(
      `node_collector_${metric}`,
      seen.map((zone) => ({ labels: { zone: `zone-${zone}` }, value: valueOf(zone) })),
    );
  add('zone_size', (zone) => zones.sizes[zone]!);
  add('unhealthy_nodes_in_zone', (zone) => zones.unhealthy[zone]!);
  add('zone_health', (zone) => 100 * (1 - zones.unhealthy[zone]! / zones.sizes[zone]!));
  add('evictions_total', (zone) => taints.evictions[zone]!);
}

const server = 'dns://:53';
const zone = 'cluster.local.';

function addQueries(list: FamilyList, { answered, queries }: CoreDnsProcess): void {
  const codes = Object.entries(answered).filter(([, count]) => count > 0);
  const total = codes.reduce((sum, [, count]) => sum + count, 0);
  const asked: Labels = { server, zone, proto: 'udp', family: '1', type: 'A' };
  list.numbers('coredns_dns_requests_total', total > 0 ? [{ labels: asked, value: total }] : []);
  list.numbers(
    'coredns_dns_responses_total',
    codes.map(([rcode, value]) => ({ labels: { server, zone, rcode, plugin: 'kubernetes' }, value })),
  );
  list.histograms('coredns_dns_request_duration_seconds', [queries.times.read({ server, zone })]);
}

function addCache(list: FamilyList, { cacheTally }: CoreDnsProcess): void {
  if (cacheTally === undefined) return;
  const { successHits, denialHits, misses, successEntries, denialEntries } = cacheTally;
  const byType = (success: number, denial: number) => [
    { labels: { server, type: 'success', zones: '.' }, value: success },
    { labels: { server, type: 'denial', zones: '.' }, value: denial },
  ];
  list.numbers('coredns_cache_hits_total', byType(successHits, denialHits));
  list.numbers('coredns_cache_misses_total', [{ labels: { server, zones: '.' }, value: misses }]);
  list.numbers('coredns_cache_entries', byType(successEntries, denialEntries));
}
