/** From flags to settings: what is set wins, the profile's release fills the rest. */
import { type Duration, ms, noTime, seconds } from '@brownout/core';
import type { Component, FlagValue } from './flag.ts';
import { gatesOn } from './feature-gates.ts';
import { managedInflight } from './managed.ts';
import { isSince, type KubernetesRelease, type Profile } from './release.ts';
import { type FlagOverrides, flagProblems, flagValue, gateOverrides } from './resolve.ts';
import type {
  ApiServerSettings,
  ClientRate,
  ControllerManagerSettings,
  CoreDnsSettings,
  EtcdSettings,
  KubeletSettings,
  KubernetesSettings,
  LeaderElectionSettings,
  ProbeSettings,
} from './settings.ts';

/** Reads one flag; `absent` stands in where the release has no such flag. */
type Read = <T extends FlagValue>(component: Component, name: string, absent?: T) => T;

/**
 * Settings of a cluster under `profile` with `flags` set. `cores` of one API server decide the seats of a managed control
 * plane. Throws RangeError for what upstream refuses; documents report that beforehand, with its place.
 */
export function kubernetesSettings(profile: Profile, flags: FlagOverrides = {}, cores = 8): KubernetesSettings {
  const [problem] = flagProblems(profile, flags);
  if (problem !== undefined) {
    throw new RangeError(`flags of ${problem.component}: ${problem.gate ?? problem.flag}: ${problem.message}`);
  }
  const read: Read = (component, name, absent) =>
    (flagValue(profile, flags, component, name) ?? absent!) as NonNullable<typeof absent>;
  return {
    profile,
    apiServer: {
      ...apiServerSettings(read, profile.release, flags),
      ...(profile.isManaged ? managedInflight(cores) : {}),
    },
    controllerManager: controllerManagerSettings(read, profile.release, flags),
    scheduler: { ...rateOf(read, 'kube-scheduler'), leaderElection: electionOf(read, 'kube-scheduler') },
    kubelet: kubeletSettings(read, flags),
    etcd: etcdSettings(read, profile.release),
    livenessProbe: probeOf(read, 'livenessProbe'),
    readinessProbe: probeOf(read, 'readinessProbe'),
    startupProbe: probeOf(read, 'startupProbe'),
    coreDns: coreDnsSettings(read),
  };
}

function apiServerSettings(read: Read, release: KubernetesRelease, flags: FlagOverrides): ApiServerSettings {
  const gates = gatesOn(release, gateOverrides(flags, 'kube-apiserver'));
  const flag = <T extends FlagValue>(name: string, absent?: T): T => read<T>('kube-apiserver', name, absent);
  return {
    maxRequestsInflight: flag('max-requests-inflight'),
    maxMutatingRequestsInflight: flag('max-mutating-requests-inflight'),
    enablePriorityAndFairness: flag('enable-priority-and-fairness'),
    requestTimeout: flag('request-timeout'),
    minRequestTimeout: flag('min-request-timeout'),
    goawayChance: flag('goaway-chance'),
    shutdownDelayDuration: flag('shutdown-delay-duration'),
    shutdownSendRetryAfter: flag('shutdown-send-retry-after'),
    shutdownWatchTerminationGracePeriod: flag('shutdown-watch-termination-grace-period'),
    storageInitializationTimeout: flag('storage-initialization-timeout', noTime),
    http2MaxStreamsPerConnection: flag<number>('http2-max-streams-per-connection') || 100,
    watchCache: flag('watch-cache'),
    etcdCompactionInterval: flag('etcd-compaction-interval'),
    etcdCountMetricPollPeriod: flag('etcd-count-metric-poll-period'),
    etcdHealthcheckTimeout: flag('etcd-healthcheck-timeout'),
    etcdReadycheckTimeout: flag('etcd-readycheck-timeout'),
    defaultUnreachableToleration: flag('default-unreachable-toleration-seconds'),
    features: featuresOf(gates),
    gates,
  };
}

function featuresOf(on: ReadonlySet<string>): ApiServerSettings['features'] {
  return {
    consistentListFromCache: on.has('ConsistentListFromCache'),
    listFromCacheSnapshot: on.has('ListFromCacheSnapshot'),
    resilientWatchCacheInitialization: on.has('ResilientWatchCacheInitialization'),
    watchCacheInitializationPostStartHook: on.has('WatchCacheInitializationPostStartHook'),
    sizeBasedListCostEstimate: on.has('SizeBasedListCostEstimate'),
    streamingCollectionEncodingToJson: on.has('StreamingCollectionEncodingToJSON'),
    streamingCollectionEncodingToProtobuf: on.has('StreamingCollectionEncodingToProtobuf'),
    watchList: on.has('WatchList'),
  };
}

function controllerManagerSettings(
  read: Read,
  release: KubernetesRelease,
  flags: FlagOverrides,
): ControllerManagerSettings {
  const component = 'kube-controller-manager';
  const flag = <T extends FlagValue>(name: string): T => read<T>(component, name);
  const gates = gatesOn(release, gateOverrides(flags, component));
  return {
    ...rateOf(read, component),
    leaderElection: electionOf(read, component),
    nodeMonitorPeriod: flag('node-monitor-period'),
    nodeMonitorGracePeriod: flag('node-monitor-grace-period'),
    nodeStartupGracePeriod: flag('node-startup-grace-period'),
    nodeEvictionRate: flag('node-eviction-rate'),
    secondaryNodeEvictionRate: flag('secondary-node-eviction-rate'),
    largeClusterSizeThreshold: flag('large-cluster-size-threshold'),
    unhealthyZoneThreshold: flag('unhealthy-zone-threshold'),
    concurrentDaemonSetSyncs: flag('concurrent-daemonset-syncs'),
    concurrentServiceEndpointSyncs: flag('concurrent-service-endpoint-syncs'),
    concurrentGcSyncs: flag('concurrent-gc-syncs'),
    endpointSliceUpdatesBatchPeriod: flag('endpointslice-updates-batch-period'),
    maxEndpointsPerSlice: flag('max-endpoints-per-slice'),
    watchListClient: gates.has('WatchListClient'),
    topologyAwareHints: gates.has('TopologyAwareHints'),
  };
}

function rateOf(read: Read, component: Component): ClientRate {
  return { qps: read(component, 'kube-api-qps'), burst: read(component, 'kube-api-burst') };
}

function electionOf(read: Read, component: Component): LeaderElectionSettings {
  return {
    leaseDuration: read(component, 'leader-elect-lease-duration'),
    renewDeadline: read(component, 'leader-elect-renew-deadline'),
    retryPeriod: read(component, 'leader-elect-retry-period'),
  };
}

/** A status frequency that stands alone is taken over by the report frequency, as upstream defaults it. */
function kubeletSettings(read: Read, flags: FlagOverrides): KubeletSettings {
  const set = flags.kubelet ?? {};
  const updates = read<Duration>('kubelet', 'nodeStatusUpdateFrequency');
  const isAlone = set['nodeStatusUpdateFrequency'] !== undefined && set['nodeStatusReportFrequency'] === undefined;
  const nodeLeaseDuration = read<Duration>('kubelet', 'nodeLeaseDurationSeconds');
  return {
    nodeStatusUpdateFrequency: updates,
    nodeStatusReportFrequency: isAlone ? updates : read('kubelet', 'nodeStatusReportFrequency'),
    nodeLeaseDuration,
    nodeLeaseRenewInterval: (nodeLeaseDuration / 4) as Duration,
  };
}

function etcdSettings(read: Read, release: KubernetesRelease): EtcdSettings {
  const electionTimeout = read<Duration>('etcd', 'election-timeout');
  return {
    version: isSince(release, '1.34') ? '3.6' : '3.5',
    heartbeatInterval: read('etcd', 'heartbeat-interval'),
    electionTimeout,
    snapshotCount: read('etcd', 'snapshot-count'),
    quotaBackendBytes: read<number>('etcd', 'quota-backend-bytes') || 2 * 2 ** 30,
    maxRequestBytes: read('etcd', 'max-request-bytes'),
    backendBatchInterval: read<Duration>('etcd', 'backend-batch-interval') || ms(100),
    backendBatchLimit: read<number>('etcd', 'backend-batch-limit') || 10_000,
    requestTimeout: (seconds(5) + 2 * electionTimeout) as Duration,
  };
}

function probeOf(read: Read, probe: string, component: Component = 'static-pod'): ProbeSettings {
  return {
    initialDelay: read(component, `${probe}.initialDelaySeconds`),
    timeout: read(component, `${probe}.timeoutSeconds`),
    period: read(component, `${probe}.periodSeconds`),
    failureThreshold: read(component, `${probe}.failureThreshold`),
  };
}

function coreDnsSettings(read: Read): CoreDnsSettings {
  return {
    replicas: read('coredns', 'replicas'),
    memoryLimitBytes: read('coredns', 'resources.limits.memory'),
    ttl: read('coredns', 'kubernetes.ttl'),
    cache: read('coredns', 'cache'),
    cachesClusterNames: read<string>('coredns', 'cache.disable') === '',
    livenessProbe: probeOf(read, 'livenessProbe', 'coredns'),
  };
}
