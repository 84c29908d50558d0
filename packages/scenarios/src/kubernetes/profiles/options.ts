/**
 * From settings to the options of the parts: the one place that says which flag sets which option. Options that no flag sets
 * (costs, sizes, what a document states) are left to whoever wires the parts.
 */
import { seconds } from '@brownout/core';
import type { CancellationOptions } from '../api-server/cancellation.ts';
import type { EtcdCheckOptions } from '../api-server/etcd-check.ts';
import type { ShutdownOptions } from '../api-server/graceful-shutdown.ts';
import type { ProbeOptions } from '../api-server/probes.ts';
import type { ConnectionOptions } from '../connections/connection-table.ts';
import type { LeaderElectionOptions } from '../controllers/election-options.ts';
import type { EndpointSliceOptions } from '../controllers/endpoint-slices.ts';
import type { GarbageCollectorOptions } from '../controllers/garbage-collector.ts';
import type { NodeLifecycleOptions } from '../controllers/node-lifecycle-options.ts';
import type { TaintEvictionOptions } from '../controllers/taint-eviction.ts';
import type { RaftOptions, StorageOptions } from '../etcd/options.ts';
import { type WorkEstimateRules, workEstimate2024, workEstimateCurrent } from '../flow-control/work-estimate.ts';
import { type CoreDnsOptions, manifestCache, manifestCoreDns } from '../dns/core-dns-options.ts';
import type { KubeletRules } from '../nodes/kubelet.ts';
import type { WatchCacheFeatures } from '../watch-cache/features.ts';
import type { WatchCacheOptions } from '../watch-cache/options.ts';
import { isSince } from './release.ts';
import type { KubernetesSettings, LeaderElectionSettings } from './settings.ts';

/** How the API server of a release estimates the seats of a request. */
export function workEstimateOf({ profile, apiServer: { features } }: KubernetesSettings): WorkEstimateRules {
  return {
    ...(features.sizeBasedListCostEstimate ? workEstimateCurrent : workEstimate2024),
    hasConsistentListFromCache: features.consistentListFromCache,
    chargesLegacyWatch: isSince(profile.release, '1.35'),
  };
}

/**
 * Copies of the answer that encoding one object at a time saves. Measured: 25.0 MiB against 11.1 MiB of memory per request at
 * answers of 9.7 MiB, the same server with streaming encoders off and on.
 */
const measuredSavedCopies = 1.4;

/** Saved copies of the answer for JSON: none up to 1.32. */
export function savedCopiesOf({ apiServer: { features } }: KubernetesSettings): number {
  return features.streamingCollectionEncodingToJson ? measuredSavedCopies : 0;
}

/** The check of etcd inside /livez. */
export function etcdCheckOf({ apiServer }: KubernetesSettings): EtcdCheckOptions {
  return { timeout: apiServer.etcdHealthcheckTimeout };
}

/** What SIGTERM does. */
export function shutdownOf({ apiServer }: KubernetesSettings): ShutdownOptions {
  return {
    delay: apiServer.shutdownDelayDuration,
    sendRetryAfter: apiServer.shutdownSendRetryAfter,
    watchGrace: apiServer.shutdownWatchTerminationGracePeriod,
  };
}

/** Streams and idle time of connections. Source of the idle time: kubernetes/apiserver, pkg/server/secure_serving.go. */
export function connectionsOf({ apiServer }: KubernetesSettings): ConnectionOptions {
  return { streams: apiServer.http2MaxStreamsPerConnection, idleTimeout: seconds(90) };
}

/**
 * What stops when a client leaves. Share of decoding in a quorum LIST, from measured unit costs: 35 of 80 us a pod (LIST by
 * node selector, which decodes all and encodes next to nothing, beside the whole LIST).
 */
export const usualCancellation: CancellationOptions = { decodeShare: 35 / 80 };

/** Liveness and startup probe of the static pod. */
export function probesOf({ livenessProbe, startupProbe }: KubernetesSettings): ProbeOptions {
  return {
    period: livenessProbe.period,
    timeout: livenessProbe.timeout,
    failureThreshold: livenessProbe.failureThreshold,
    startupFailureThreshold: startupProbe.failureThreshold,
  };
}

/** Mechanisms of the watch cache. */
export function watchCacheFeaturesOf(settings: KubernetesSettings): WatchCacheFeatures {
  const { features } = settings.apiServer;
  return {
    consistentListFromCache: features.consistentListFromCache,
    listFromCacheSnapshot: features.listFromCacheSnapshot,
    resilientInitialization: features.resilientWatchCacheInitialization,
    readinessWaitsForCaches: features.watchCacheInitializationPostStartHook,
    watchList: features.watchList,
    watchListClient: settings.controllerManager.watchListClient,
    coldRetryAfter: isSince(settings.profile.release, '1.34') ? 'grows' : 'one-second',
  };
}

/** How long readiness waits for cold caches, where it does. */
export function watchCacheTimingOf({
  apiServer,
}: KubernetesSettings): Required<Pick<WatchCacheOptions, 'initializationTimeout'>> {
  return { initializationTimeout: apiServer.storageInitializationTimeout };
}

/**
 * The kubelet's status reports. Since 1.33 the first report after a change comes up to half an interval earlier or later
 * (kubernetes/kubernetes, pkg/kubelet/kubelet_node_status.go).
 */
export function kubeletRulesOf({ kubelet, profile }: KubernetesSettings): KubeletRules {
  return { statusTick: kubelet.nodeStatusUpdateFrequency, reportOffset: isSince(profile.release, '1.34') ? 0.5 : 0 };
}

/** CoreDNS processes as the manifest deploys them, without their memory, which needs the size of the cluster. */
export function coreDnsOf({ coreDns }: KubernetesSettings): CoreDnsOptions {
  const { cache: _, ...deployment } = manifestCoreDns;
  return {
    ...deployment,
    replicas: coreDns.replicas,
    recordTtl: coreDns.ttl,
    liveness: coreDns.livenessProbe,
    ...(coreDns.cachesClusterNames
      ? { cache: { ...manifestCache, successTtlCap: coreDns.cache, denialTtlCap: coreDns.cache } }
      : {}),
  };
}

/** Timings of raft. */
export function raftOf({ etcd }: KubernetesSettings): Pick<RaftOptions, 'heartbeat' | 'electionTicks'> {
  return {
    heartbeat: etcd.heartbeatInterval,
    electionTicks: Math.floor(etcd.electionTimeout / etcd.heartbeatInterval),
  };
}

/** Limits of etcd's database; an interval of 0 switches the API servers' compaction off. */
export function storageOf({
  etcd,
  apiServer,
}: KubernetesSettings): Pick<StorageOptions, 'quotaBytes' | 'compactionInterval'> {
  return { quotaBytes: etcd.quotaBackendBytes, compactionInterval: apiServer.etcdCompactionInterval };
}

/** Leader election of a component. Since 1.30 the holder writes without reading first (kubernetes/client-go). */
export function electionOf(
  { profile }: KubernetesSettings,
  { leaseDuration, renewDeadline, retryPeriod }: LeaderElectionSettings,
): LeaderElectionOptions {
  return { leaseDuration, renewDeadline, retryPeriod, renewsOptimistically: isSince(profile.release, '1.30') };
}

/** The node lifecycle controller; its client has the rate of the controller manager. */
export function nodeLifecycleOf({ controllerManager: flags }: KubernetesSettings): NodeLifecycleOptions {
  return {
    nodeMonitorGracePeriod: flags.nodeMonitorGracePeriod,
    nodeStartupGracePeriod: flags.nodeStartupGracePeriod,
    nodeMonitorPeriod: flags.nodeMonitorPeriod,
    rates: {
      nodeEvictionRate: flags.nodeEvictionRate,
      secondaryNodeEvictionRate: flags.secondaryNodeEvictionRate,
      largeClusterSizeThreshold: flags.largeClusterSizeThreshold,
      unhealthyZoneThreshold: flags.unhealthyZoneThreshold,
    },
    pace: { qps: flags.qps, burst: flags.burst },
  };
}

/** Eviction by taints. */
export function taintEvictionOf({ apiServer, controllerManager }: KubernetesSettings): TaintEvictionOptions {
  return {
    toleration: apiServer.defaultUnreachableToleration,
    pace: { qps: controllerManager.qps, burst: controllerManager.burst },
  };
}

/**
 * The EndpointSlice controller, but for its endpoints. `topologyModeAuto` Services ask for topology hints, default none; they
 * get them where the gate `TopologyAwareHints` of kube-controller-manager is on.
 */
export function endpointSlicesOf(
  { controllerManager: flags }: KubernetesSettings,
  topologyModeAuto = 0,
): Omit<EndpointSliceOptions, 'endpoints'> {
  return {
    workers: flags.concurrentServiceEndpointSyncs,
    maxEndpointsPerSlice: flags.maxEndpointsPerSlice,
    batchPeriod: flags.endpointSliceUpdatesBatchPeriod,
    topologyModeAuto: flags.topologyAwareHints ? topologyModeAuto : 0,
    pace: { qps: flags.qps, burst: flags.burst },
  };
}

/** The garbage collector, whose client has twice the rate (kubernetes/kubernetes, cmd/kube-controller-manager/app/core.go). */
export function garbageCollectorOf({ controllerManager: flags }: KubernetesSettings): GarbageCollectorOptions {
  return { workers: flags.concurrentGcSyncs, pace: { qps: 2 * flags.qps, burst: flags.burst } };
}
