/** From the sections of a document to the options of its clusters. */
import type { ClusterOptions } from '../kubernetes/cluster.ts';
import { unevenLeaseAggregate, usualLeaseAggregate } from '../kubernetes/nodes/lease-aggregate-options.ts';
import { createFlowControlConfiguration } from '../kubernetes/flow-control/configuration.ts';
import { listSeatsBy } from '../kubernetes/flow-control/work-estimate.ts';
import {
  connectionsOf,
  etcdCheckOf,
  kubeletRulesOf,
  probesOf,
  raftOf,
  savedCopiesOf,
  shutdownOf,
  storageOf,
  usualCancellation,
  workEstimateOf,
} from '../kubernetes/profiles/options.ts';
import type { KubernetesSettings } from '../kubernetes/profiles/settings.ts';
import { consoleReads } from '../operations/playbook/console-reads.ts';
import { daemonOptions } from './build-agent.ts';
import { joiningNodes } from './build-joins.ts';
import { spareApiServers } from './build-operators.ts';
import { blockOf, registryDnsOf } from './build-dns.ts';
import { completeOptions } from './complete-options.ts';
import type { KubernetesSection, Scenario } from './document.ts';
import { reducedBatches, reducedCosts, reducedSettings, type RunCluster } from './reduction.ts';
import { webhooksOf } from './sections/webhooks.ts';
import { zoneName } from './sections/faults.ts';
import { flowControlOf, hasMechanismsOfRelease, settingsOf, withFlags } from './kubernetes-settings.ts';

type ClusterSection = Scenario['clusters'][number];

/** What a cluster has for people who take part in the run; see `WorldOptions`. */
export interface ClusterExtras {
  readonly takesReads?: boolean;
  readonly spareApiServers?: number;
}

/** Options of one cluster of a scenario. */
export function clusterOptions(
  scenario: Scenario,
  cluster: RunCluster,
  { takesReads = false, spareApiServers: more = 0 }: ClusterExtras = {},
): ClusterOptions {
  const { scale } = cluster;
  const costs = reducedCosts(scenario.costs, scale);
  const settings = reducedSettings(settingsOf(scenario.kubernetes, coresOfWhole(cluster)), scale);
  const kubernetes = withFlags(scenario.kubernetes, settings);
  const joining = joiningNodes(scenario, cluster);
  return {
    id: cluster.id,
    nodes: cluster.nodes,
    podsPerNode: cluster.podsPerNode,
    ...(joining === 0 ? {} : { joining }),
    ...(scale === undefined ? {} : { standsFor: scale.nodes }),
    costs,
    listSeats: listSeatsBy(workEstimateOf(settings)),
    controlPlane: controlPlaneOptions(scenario, cluster, kubernetes, settings, spareApiServers(scenario) + more),
    probes: hasMechanismsOfRelease(kubernetes) ? probesOf(settings) : kubernetes.livenessProbe,
    kubelet: {
      renewInterval: kubernetes.nodeLeaseRenewInterval,
      renewJitter: kubernetes.nodeLeaseRenewJitter,
      requestTimeout: kubernetes.nodeLeaseRequestTimeout,
      leaseDuration: kubernetes.nodeLeaseDuration,
      statusInterval: kubernetes.nodeStatusReportFrequency,
      ...aggregateOf(kubernetes, cluster),
      ...(hasMechanismsOfRelease(kubernetes) ? { rules: kubeletRulesOf(settings) } : {}),
    },
    leadership: kubernetes.leaderElection,
    daemonSet: {
      controllerPace: kubernetes.controllerManager,
      schedulerPace: kubernetes.scheduler,
      burstReplicas: kubernetes.daemonSetBurstReplicas,
    },
    daemon: daemonOptions(scenario, settings.apiServer.features.consistentListFromCache),
    ...(scenario.agent.configuration === undefined ? {} : { configuration: scenario.agent.configuration }),
    coreDnsReplicas: cluster.coreDnsReplicas,
    ...registryDnsOf(scenario, cluster),
    ...blockOf(scenario),
    ...(takesReads ? { declared: consoleReads(settings.apiServer.features.consistentListFromCache) } : {}),
    ...(hasMechanismsOfRelease(kubernetes) ? { complete: completeOptions(scenario, cluster, settings) } : {}),
  };
}

/** Flags that follow from the cores of a machine do so from those of the machine that is stood for. */
function coresOfWhole({ apiServers, scale }: RunCluster): number {
  return scale === undefined ? apiServers.cores : apiServers.cores * scale.servers;
}

function aggregateOf(
  kubernetes: KubernetesSection,
  cluster: RunCluster,
): Pick<ClusterOptions['kubelet'], 'aggregateLeases'> {
  if (kubernetes.heartbeats !== 'aggregated') return {};
  const batches = hasMechanismsOfRelease(kubernetes) ? unevenLeaseAggregate : usualLeaseAggregate;
  return { aggregateLeases: reducedBatches(batches, cluster) };
}

function controlPlaneOptions(
  scenario: Scenario,
  cluster: RunCluster,
  kubernetes: KubernetesSection,
  settings: KubernetesSettings,
  spare: number,
): ClusterOptions['controlPlane'] {
  const { costs, operators } = scenario;
  const { scale } = cluster;
  const { breakGlass } = operators;
  const hasMechanisms = hasMechanismsOfRelease(kubernetes);
  return {
    apiServers: cluster.apiServers.replicas,
    spareApiServers: spare,
    apiServer: {
      cores: cluster.apiServers.cores,
      memoryLimitBytes: cluster.apiServers.memory,
      connectionCpu: costs.connection,
      refusalCpu: costs.refusal,
      startTime: kubernetes.apiServerStart,
      backoffBase: kubernetes.crashBackoff.first,
      backoffCap: kubernetes.crashBackoff.longest,
      backoffReset: kubernetes.crashBackoff.resetAfter,
      syncPeriod: kubernetes.crashBackoff.syncPeriod,
      flowControl: {
        configuration: createFlowControlConfiguration({
          ...flowControlOf(kubernetes, settings),
          ...(scale === undefined ? {} : { requestScale: scale.servers }),
        }),
        requestTimeout: kubernetes.requestTimeout,
      },
      savedCopies: savedCopiesOf(settings),
      listMemory: kubernetes.listMemory ?? 'at-once',
      shutdown: shutdownOf(settings),
      ...(hasMechanisms ? { enforcesRequestTimeout: true, cancellation: usualCancellation } : {}),
      ...(hasMechanisms ? { etcdCheck: etcdCheckOf(settings), heap: {} } : {}),
    },
    etcd: {
      members: cluster.etcd.members,
      coresPerMember: cluster.etcd.cores,
      memoryLimitBytes: cluster.etcd.memory,
      listMemory: kubernetes.listMemory ?? 'at-once',
      ...kubernetes.etcd,
      ...(hasMechanisms ? { raft: raftOf(settings) } : {}),
      ...(hasMechanisms ? { storage: { ...storageOf(settings), liveBytes: storedBytes(cluster) } } : {}),
    },
    ...(kubernetes.webhooks === undefined ? {} : { webhooks: webhooksOf(kubernetes.webhooks) }),
    goawayChance: settings.apiServer.goawayChance,
    zones: zonesOf(cluster, spare),
    ...(hasMechanisms ? { connections: connectionsOf(settings) } : {}),
    ...kubernetes.loadBalancer,
    ...(breakGlass === null ? {} : { breakGlass: { cores: breakGlass.cores, memoryLimitBytes: breakGlass.memory } }),
  };
}

/** The zone of each API server: they are dealt out in turn, those that the playbook may add too. */
function zonesOf({ apiServers: { replicas, zones = 1 } }: ClusterSection, spare: number): string[] {
  return Array.from({ length: replicas + spare }, (_, server) => zoneName((server % zones) + 1));
}

/**
 * What is stored before anything happens: pods of 3.6 kB and, for each node, 15 kB of status and half a kB of lease, the sizes
 * that requests/operation.ts uses.
 */
function storedBytes({ nodes, podsPerNode }: ClusterSection): number {
  return nodes * (podsPerNode * 3_600 + 15_000 + 500);
}
