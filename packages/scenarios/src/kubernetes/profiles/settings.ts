/**
 * The settings of a cluster as one typed object, from which the options of its parts are made: flags and fields in base
 * units, feature gates as claims. settings-from-flags.ts makes it.
 */
import type { Duration } from '@brownout/core';
import type { Profile } from './release.ts';

/** What the API server of a release does, by feature gate. */
export interface ApiServerFeatures {
  readonly consistentListFromCache: boolean;
  readonly listFromCacheSnapshot: boolean;
  readonly resilientWatchCacheInitialization: boolean;
  readonly watchCacheInitializationPostStartHook: boolean;
  readonly sizeBasedListCostEstimate: boolean;
  readonly streamingCollectionEncodingToJson: boolean;
  readonly streamingCollectionEncodingToProtobuf: boolean;
  readonly watchList: boolean;
}

/** Flags of kube-apiserver. */
export interface ApiServerSettings {
  readonly maxRequestsInflight: number;
  readonly maxMutatingRequestsInflight: number;
  readonly enablePriorityAndFairness: boolean;
  readonly requestTimeout: Duration;
  readonly minRequestTimeout: Duration;
  readonly goawayChance: number;
  readonly shutdownDelayDuration: Duration;
  readonly shutdownSendRetryAfter: boolean;
  readonly shutdownWatchTerminationGracePeriod: Duration;
  /** Zero where the release has no such flag. */
  readonly storageInitializationTimeout: Duration;
  /** Requests at once on one connection, 100 where the flag says 0. */
  readonly http2MaxStreamsPerConnection: number;
  readonly watchCache: boolean;
  readonly etcdCompactionInterval: Duration;
  readonly etcdCountMetricPollPeriod: Duration;
  readonly etcdHealthcheckTimeout: Duration;
  readonly etcdReadycheckTimeout: Duration;
  readonly defaultUnreachableToleration: Duration;
  readonly features: ApiServerFeatures;
  /** Names of all gates that are on, modelled or not. */
  readonly gates: ReadonlySet<string>;
}

/** A lease that one of several processes holds. */
export interface LeaderElectionSettings {
  readonly leaseDuration: Duration;
  readonly renewDeadline: Duration;
  readonly retryPeriod: Duration;
}

/** A client-side rate limit. */
export interface ClientRate {
  readonly qps: number;
  readonly burst: number;
}

/** Flags of kube-controller-manager. */
export interface ControllerManagerSettings extends ClientRate {
  readonly leaderElection: LeaderElectionSettings;
  readonly nodeMonitorPeriod: Duration;
  readonly nodeMonitorGracePeriod: Duration;
  readonly nodeStartupGracePeriod: Duration;
  readonly nodeEvictionRate: number;
  readonly secondaryNodeEvictionRate: number;
  readonly largeClusterSizeThreshold: number;
  readonly unhealthyZoneThreshold: number;
  readonly concurrentDaemonSetSyncs: number;
  readonly concurrentServiceEndpointSyncs: number;
  readonly concurrentGcSyncs: number;
  readonly endpointSliceUpdatesBatchPeriod: Duration;
  readonly maxEndpointsPerSlice: number;
  /** Whether its informers, and those of other new clients, start with a streaming LIST. */
  readonly watchListClient: boolean;
  /** Whether the topology mode of Services is heeded. */
  readonly topologyAwareHints: boolean;
}

/** Fields of the kubelet's configuration. */
export interface KubeletSettings {
  readonly nodeStatusUpdateFrequency: Duration;
  readonly nodeStatusReportFrequency: Duration;
  readonly nodeLeaseDuration: Duration;
  /** A quarter of the lease. Source: kubernetes/kubernetes, pkg/kubelet/kubelet.go. */
  readonly nodeLeaseRenewInterval: Duration;
}

/** Flags of etcd. */
export interface EtcdSettings {
  readonly version: '3.5' | '3.6';
  readonly heartbeatInterval: Duration;
  readonly electionTimeout: Duration;
  readonly snapshotCount: number;
  /** Bytes, 2 GiB where the flag says 0. */
  readonly quotaBackendBytes: number;
  readonly maxRequestBytes: number;
  readonly backendBatchInterval: Duration;
  readonly backendBatchLimit: number;
  /** 5 s and two election timeouts. Source: etcd-io/etcd, server/config/config.go. */
  readonly requestTimeout: Duration;
}

/** A probe of a static pod. */
export interface ProbeSettings {
  readonly initialDelay: Duration;
  readonly timeout: Duration;
  readonly period: Duration;
  readonly failureThreshold: number;
}

/** CoreDNS as it is deployed. */
export interface CoreDnsSettings {
  readonly replicas: number;
  readonly memoryLimitBytes: number;
  readonly ttl: Duration;
  readonly cache: Duration;
  /** Whether answers about the cluster's own names are cached. */
  readonly cachesClusterNames: boolean;
  readonly livenessProbe: ProbeSettings;
}

/** Everything that flags decide. */
export interface KubernetesSettings {
  readonly profile: Profile;
  readonly apiServer: ApiServerSettings;
  readonly controllerManager: ControllerManagerSettings;
  readonly scheduler: ClientRate & { readonly leaderElection: LeaderElectionSettings };
  readonly kubelet: KubeletSettings;
  readonly etcd: EtcdSettings;
  readonly livenessProbe: ProbeSettings;
  readonly readinessProbe: ProbeSettings;
  readonly startupProbe: ProbeSettings;
  readonly coreDns: CoreDnsSettings;
}
