/** Public names of `@brownout/scenarios/kubernetes`: the parts of a cluster as queueing components, and their wiring. */
export { Status, statusNames } from './requests/api-request.ts';
export { ApiServer, type ApiServerObserver, type ApiServerOptions } from './api-server/api-server.ts';
export { ClientGroup, type ClientGroupOptions } from './client/client-group.ts';
export { Cluster, type ClusterObserver, type ClusterOptions } from './cluster.ts';
export type { CompleteOptions } from './complete-cluster.ts';
export { ControlPlane, type ControlPlaneObserver, type ControlPlaneOptions } from './control-plane.ts';
export { DaemonSet, type DaemonSetOptions } from './controllers/daemon-set.ts';
export { CoreDns } from './dns/core-dns.ts';
export { Answer, DnsCache, type AnswerSource } from './dns/core-dns-answers.ts';
export { CoreDnsDeployment, type CoreDnsObserver, type CoreDnsParts } from './dns/core-dns-deployment.ts';
export {
  coreDnsObjects,
  coreDnsOperationNumbers,
  coreDnsOperations,
  coreDnsWatches,
  type CoreDnsWatches,
} from './dns/core-dns-operations.ts';
export {
  manifestCache,
  manifestCoreDns,
  manifestLiveness,
  manifestMemoryLimit,
  nodeLocalCache,
  observedListFactor,
  type CoreDnsLivenessOptions,
  type CoreDnsMemoryOptions,
  type CoreDnsOptions,
  type DnsCacheOptions,
} from './dns/core-dns-options.ts';
export { type CoreDnsEnd } from './dns/core-dns-parts.ts';
export { type CoreDnsProcess } from './dns/core-dns-process.ts';
export { type InformedResource, type InformerOperations } from './dns/informer-set.ts';
export { type ReflectedOperations } from './dns/reflected-informers.ts';
export { ABSENT, NameRecords } from './dns/name-records.ts';
export { type ClusterNameServers, type NameService } from './dns/name-store.ts';
export { RegistryDns } from './dns/registry-dns.ts';
export type { RegistryDnsOptions } from './dns/registry-dns-options.ts';
export { Etcd, type EtcdObserver, type EtcdOptions } from './etcd/etcd.ts';
export {
  type CommitListener,
  type EtcdClient,
  EtcdOutcome,
  type FsyncListener,
  raftDefaults,
  type RaftOptions,
  storageDefaults,
  type StorageOptions,
} from './etcd/options.ts';
export {
  createFlowControlConfiguration,
  type FlowControlConfiguration,
  type FlowControlSettings,
} from './flow-control/configuration.ts';
export { createFlowControl, type FlowControl, type FlowControlOptions } from './flow-control/flow-control.ts';
export { type FlowSchema, type RequestDescription } from './flow-control/flow-schema.ts';
export { type PriorityLevel } from './flow-control/priority-level.ts';
export { listSeatsBy, workEstimate2024, type WorkEstimateRules } from './flow-control/work-estimate.ts';
export { metricCatalogue } from './metrics/catalogue.ts';
export {
  attachMeters,
  collectCluster,
  collectControlPlane,
  collectOptionsOf,
  type CollectOptions,
  type Meters,
} from './metrics/collect.ts';
export { expositionText } from './metrics/exposition.ts';
export {
  type HistogramSample,
  type Labels,
  type MetricDefinition,
  type MetricFamily,
  type MetricType,
  type NumberSample,
  type Scrape,
} from './metrics/metric.ts';
export { Daemon, type DaemonOptions } from './nodes/daemon.ts';
export { Kubelets, type KubeletOptions } from './nodes/kubelet.ts';
export { type LeaseAggregateOptions, usualLeaseAggregate } from './nodes/lease-aggregate-options.ts';
export { flagsOf } from './profiles/catalogue.ts';
export { featureGates, gatesOn, type FeatureGate } from './profiles/feature-gates.ts';
export { type Component, type FlagDefinition, type FlagKind, type FlagValue } from './profiles/flag.ts';
export { type Profile, type ProfileName, profileNamed, profiles } from './profiles/release.ts';
export { type FlagOverrides, type FlagProblem, flagProblems, type GateValues } from './profiles/resolve.ts';
export { type KubernetesSettings } from './profiles/settings.ts';
export { kubernetesSettings } from './profiles/settings-from-flags.ts';
export {
  type ClusterCosts,
  type OperationCosts,
  type OperationName,
  operationNames,
  operationNumber,
  operations,
  OperationTable,
} from './requests/operation.ts';
export type { WorkloadControllers } from './workload-controllers.ts';
