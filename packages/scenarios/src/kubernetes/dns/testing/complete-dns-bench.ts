/** A whole cluster of a release with name resolution in full, for tests of what an outage of the API does to names. */
import { minutes, seconds, type Simulation } from '@brownout/core';
import { clusterWatches } from '../../cluster-watches.ts';
import { Cluster, type ClusterOptions } from '../../cluster.ts';
import { CompleteControllers } from '../../complete-controllers.ts';
import {
  coreDnsOf,
  electionOf,
  endpointSlicesOf,
  kubeletRulesOf,
  nodeLifecycleOf,
  taintEvictionOf,
  watchCacheFeaturesOf,
  workEstimateOf,
} from '../../profiles/options.ts';
import { profileNamed } from '../../profiles/release.ts';
import { kubernetesSettings } from '../../profiles/settings-from-flags.ts';
import { advance, clusterOptions } from '../../testing/bench.ts';
import type { ClusterDns, ClusterDnsOptions } from '../cluster-dns.ts';
import { CoreDnsDeployment } from '../core-dns-deployment.ts';
import type { CoreDnsOptions } from '../core-dns-options.ts';
import type { RegistryDnsOptions } from '../registry-dns-options.ts';
import { podResolver } from '../resolver.ts';

/** What tests vary. */
export interface CompleteDnsBenchOptions {
  /** Default 200, in three zones, with ten pods each. */
  readonly nodes?: number;
  readonly zones?: number;
  /** Default 60. */
  readonly services?: number;
  /** Default 4. */
  readonly replicas?: number;
  readonly coreDns?: Partial<CoreDnsOptions>;
  /** Default all mechanisms off. */
  readonly dns?: Partial<ClusterDnsOptions>;
  readonly registryDns?: RegistryDnsOptions;
  readonly agent?: Partial<ClusterOptions['daemon']>;
}

/** A cluster and the things in it that tests look at. */
export interface CompleteDnsBench {
  readonly cluster: Cluster;
  readonly coreDns: CoreDnsDeployment;
  readonly dns: ClusterDns;
  readonly controllers: CompleteControllers;
}

const PACE = { qps: 20, burst: 30 };
const PODS_PER_NODE = 10;

/** Builds it: three API servers of 16 cores, release 1.30. */
export function createCompleteDnsBench(
  simulation: Simulation,
  options: CompleteDnsBenchOptions = {},
): CompleteDnsBench {
  const { nodes = 200, zones = 3, services = 60, replicas = 4 } = options;
  const settings = kubernetesSettings(profileNamed('1.30'));
  const usual = clusterOptions('bench', { nodes, podsPerNode: PODS_PER_NODE, cores: 16, agent: options.agent ?? {} });
  const candidates = { candidates: 3 };
  const { controllerManager, scheduler } = settings;
  const nothing = (): void => {};
  const cluster = new Cluster(
    simulation,
    {
      ...usual,
      coreDnsReplicas: replicas,
      kubelet: { ...usual.kubelet, statusInterval: minutes(5), rules: kubeletRulesOf(settings) },
      ...(options.registryDns === undefined ? {} : { registryDns: options.registryDns }),
      complete: {
        controllers: {
          manager: {
            leaderElection: { ...electionOf(settings, controllerManager.leaderElection), ...candidates },
            nodeLifecycle: nodeLifecycleOf(settings),
            taintEviction: taintEvictionOf(settings),
            endpointSlices: endpointSlicesOf(settings),
            daemonSet: { pace: PACE },
            podGarbageCollector: { pace: PACE },
          },
          scheduler: { leaderElection: { ...electionOf(settings, scheduler.leaderElection), ...candidates } },
          podWorkers: { startTime: { sample: () => seconds(5) }, stopTime: { sample: () => seconds(1) } },
          services,
        },
        watches: clusterWatches({
          features: watchCacheFeaturesOf(settings),
          nodes,
          writeEstimate: workEstimateOf(settings),
        }),
        coreDns: { ...coreDnsOf(settings), lameduck: seconds(5), ...options.coreDns },
        dns: { resolver: podResolver, publishesNotReady: true, toleratesUnreachable: true, ...options.dns },
        zones,
        namespaces: 10,
      },
    },
    {
      apiServerDied: nothing,
      apiServerReady: nothing,
      etcdMemberKilled: nothing,
      etcdMemberBack: nothing,
      nameFailed: nothing,
    },
  );
  const { coreDns, dns, daemonSet } = cluster;
  if (!(coreDns instanceof CoreDnsDeployment && daemonSet instanceof CompleteControllers) || dns === undefined) {
    throw new TypeError('complete DNS bench: expected the complete parts');
  }
  return { cluster, coreDns, dns, controllers: daemonSet };
}

/** All API servers are dead from now on for so long, and start again after it. */
export function killApi(simulation: Simulation, cluster: Cluster, length: number): void {
  killServers(simulation, cluster, [...cluster.controlPlane.servers.keys()], length);
}

/** The same for some of them. */
export function killServers(
  simulation: Simulation,
  cluster: Cluster,
  servers: readonly number[],
  length: number,
): void {
  const end = simulation.now + length;
  const again = simulation.event('keep API servers dead', () => {
    for (const server of servers) {
      if (cluster.controlPlane.servers[server]!.isReady) cluster.controlPlane.servers[server]!.kill('liveness');
    }
    if (simulation.now < end) again.after(seconds(1));
  });
  again.after(seconds(0));
}

/**
 * Kubelets reach no API server but one, with everything they send: leases, status, pods, watches. When that server is gone
 * they are cut off, while CoreDNS, the proxies and the controllers use the others. `connected` leaves those alone that are
 * connected to another server: with three servers and three zones the nodes of one zone are cut off.
 */
export function pinKubelets(cluster: Cluster, server: number, whom: 'all' | 'connected' = 'all'): void {
  for (const group of cluster.controlPlane.groups) {
    const isOfKubelet = group.name.startsWith('kubelet') || group.name.startsWith('coredns-pod-status');
    if (!isOfKubelet) continue;
    group.pinnedServer = server;
    if (whom === 'connected') continue;
    for (let client = 0; client < group.clients; client++) group.disconnect(client);
  }
}

/** Runs on second by second and reads something after each. */
export function eachSecond<T>(simulation: Simulation, length: number, read: () => T): T[] {
  const readings: T[] = [];
  for (let second = 0; second < length / seconds(1); second++) {
    advance(simulation, seconds(1));
    readings.push(read());
  }
  return readings;
}
