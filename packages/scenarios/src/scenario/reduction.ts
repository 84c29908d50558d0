/**
 * A smaller model of the same day: each node stands for `k` nodes. Whatever is a rate or a capacity of a whole cluster is
 * divided by `k`, whatever is a property of one request, node, person or name is left alone, and requests cost what they cost
 * in the cluster that is stood for. So utilisation, and with it every loop that goes through a queue, is that of the whole.
 *
 *   nodes, agents, kubelets, pods, tier instances   / k          LIST of all pods: seats, CPU, memory   as they are
 *   API servers, etcd members                       fewer        time-outs, back-off, periods, TTLs     as they are
 *   cores, memory, seats of each of them            / (k r'/r)   people                                 as they are
 *   pace of controllers, downloads, cloud           / k          shares, weights of traffic             as they are
 *
 * What one server of many would feel, one request of many would cost, cannot be divided: with few nodes everything is
 * grainier. That is why there are fewer servers and not just smaller ones - a LIST takes more memory than a twentieth of one.
 */
import type { Duration } from '@brownout/core';
import { instancesEach } from '../data-plane/instances.ts';
import type { LeaseAggregateOptions } from '../kubernetes/nodes/lease-aggregate-options.ts';
import type { ClientRate, KubernetesSettings } from '../kubernetes/profiles/settings.ts';
import type { ClusterCosts, Cost } from '../kubernetes/requests/operation.ts';
import type { PlaybookAction } from '../operations/playbook/playbook.ts';
import type { ClusterSection, Scenario } from './document.ts';
import type { PlaybookSection } from './sections/playbook.ts';

/** By how much the parts of one cluster are divided. */
export interface ClusterScale {
  /** Nodes of the whole for each node. */
  readonly nodes: number;
  /** An API server has a `servers`-th of the cores, memory and seats of one of the whole. */
  readonly servers: number;
  /** The same for an etcd member. */
  readonly members: number;
}

/** Renewals that a window should see, times the ten seconds between two of one node. */
const LISTENED_RENEWALS = 240;

/** Instances of a service that a smaller model keeps, where the whole has as many. */
const FEWEST_INSTANCES = 8;

/** A cluster as it is run. Without a scale it is the whole. */
export interface RunCluster extends ClusterSection {
  readonly scale?: ClusterScale;
}

/** The scenario that is run for a scenario: itself, or its smaller model where its document asks for one. */
export function reducedScenario(scenario: Scenario): Scenario {
  const { reduction, kubernetes, dataPlane } = scenario;
  if (reduction === undefined || reduction.factor === 1) return scenario;
  const { factor, servers = usualServers(scenario) } = reduction;
  return {
    ...scenario,
    kubernetes: {
      ...kubernetes,
      // Whatever the document says: of a small model, heartbeats one by one would be most of the work (decision 0029).
      heartbeats: 'aggregated',
      daemonSetBurstReplicas: atLeastOne(kubernetes.daemonSetBurstReplicas / factor),
    },
    clusters: reducedClusters(scenario.clusters, factor, servers),
    agent: reducedAgent(scenario.agent, factor),
    rollout: reducedRollout(scenario.rollout, factor),
    operators: reducedOperators(scenario.operators, factor),
    // Requests that are followed one by one tell of causes, and decide nothing.
    ...(dataPlane === undefined
      ? {}
      : { dataPlane: { ...dataPlane, samplesPerSecond: dataPlane.samplesPerSecond / factor } }),
  };
}

/** Flags that are rates or capacities of a cluster or a server, in the smaller model of one. */
export function reducedSettings(settings: KubernetesSettings, scale: ClusterScale | undefined): KubernetesSettings {
  if (scale === undefined) return settings;
  const { apiServer, controllerManager, scheduler, etcd } = settings;
  const paced = ({ qps, burst }: ClientRate): ClientRate => ({
    qps: qps / scale.nodes,
    burst: atLeastOne(burst / scale.nodes),
  });
  return {
    ...settings,
    apiServer: {
      ...apiServer,
      maxRequestsInflight: atLeastOne(apiServer.maxRequestsInflight / scale.servers),
      maxMutatingRequestsInflight:
        apiServer.maxMutatingRequestsInflight === 0
          ? 0
          : atLeastOne(apiServer.maxMutatingRequestsInflight / scale.servers),
    },
    controllerManager: {
      ...controllerManager,
      ...paced(controllerManager),
      nodeEvictionRate: controllerManager.nodeEvictionRate / scale.nodes,
      secondaryNodeEvictionRate: controllerManager.secondaryNodeEvictionRate / scale.nodes,
      largeClusterSizeThreshold: controllerManager.largeClusterSizeThreshold / scale.nodes,
    },
    scheduler: { ...scheduler, ...paced(scheduler) },
    etcd: { ...etcd, quotaBackendBytes: reducedQuota(etcd.quotaBackendBytes, scale.nodes) },
  };
}

/** Memory at rest, which the formulas give for a server of the whole. */
export function reducedCosts<C extends ClusterCosts>(costs: C, scale: ClusterScale | undefined): C {
  if (scale === undefined) return costs;
  return {
    ...costs,
    apiServerBaseline: divided(costs.apiServerBaseline, scale.servers),
    etcdBaseline: divided(costs.etcdBaseline, scale.members),
  };
}

/**
 * Batches of lease renewals that are ten times as long, so up to a second late: their number does not depend on that of the
 * nodes, and of a small model they would be most events. Few nodes have to be listened to for longer to learn how long a
 * renewal takes: for so many seconds that two dozen renew, every twenty times as long.
 */
export function reducedBatches(options: LeaseAggregateOptions, { nodes, scale }: RunCluster): LeaseAggregateOptions {
  if (scale === undefined) return options;
  const times = (factor: number): Duration => (10 * options.batch * factor) as Duration;
  const seconds = Math.max(3, Math.ceil(LISTENED_RENEWALS / nodes));
  return { ...options, batch: times(1), window: times(seconds), windowEvery: times(20 * seconds) };
}

/** What a reader must know of the result of a smaller model; nothing for the whole. */
export function reductionWarnings({ reduction }: Scenario): string[] {
  if (reduction === undefined || reduction.factor === 1) return [];
  const factor = Number(reduction.factor.toPrecision(3));
  return [`a smaller model: each node stands for ${factor}; a first answer, not the exact one`];
}

/** What an action does to a whole cluster at so much a minute or so many at once, in its smaller model. */
export function reducedAction(action: PlaybookAction, factor: number): PlaybookAction {
  switch (action.action) {
    case 'scale-cluster-down':
    case 'give-nodes-back':
    case 'stop-agents':
      return { ...action, nodesPerMinute: action.nodesPerMinute / factor };
    case 'throttle-user-agent':
      return { ...action, requestsPerSecond: action.requestsPerSecond / factor };
    default:
      return action;
  }
}

/**
 * Instances of each service, and how many of the whole each of them stands for. They cost little, and one of one that restarts
 * is a service that fails: small clusters keep what they have, up to a few.
 */
export function reducedServices(
  { nodes, podsPerNode, services }: ClusterSection,
  scale: ClusterScale,
  stated: number | undefined,
): { readonly replicas: number; readonly standsFor: number } {
  const whole = stated ?? instancesEach(nodes * scale.nodes * podsPerNode, services);
  const replicas = Math.max(Math.min(whole, FEWEST_INSTANCES), Math.round(whole / scale.nodes));
  return { replicas, standsFor: whole / replicas };
}

/** Single servers matter where one of them can be lost, added or replaced while the others go on. */
function usualServers({ faults = [], operators }: Scenario): 'one' | 'all' {
  const { steps = [], also = [] } = operators.playbook ?? {};
  const isOfServers = [...steps, ...also].some(
    ({ action }) =>
      action.action === 'scale-api-servers-out' ||
      action.action === 'restart-api-servers' ||
      (action.action === 'scale-api-servers-up' && action.manner === 'rolling'),
  );
  const areLost = faults.some(({ kind }) => kind === 'api-server-crash' || kind === 'zone-loss');
  return isOfServers || areLost ? 'all' : 'one';
}

/**
 * Servers are divided by the same number in all clusters: seats are numbered in flags, which all clusters share, and a request
 * is then as large beside each of them. So clusters with many servers in place of which there is one are divided by more.
 */
function reducedClusters(clusters: readonly ClusterSection[], factor: number, servers: 'one' | 'all'): RunCluster[] {
  const merged = ({ apiServers }: ClusterSection): number => (servers === 'one' ? apiServers.replicas : 1);
  const sum = (amount: (cluster: ClusterSection) => number): number =>
    clusters.reduce((total, cluster) => total + amount(cluster), 0);
  const perServer = (factor * sum((cluster) => cluster.nodes / merged(cluster))) / sum(({ nodes }) => nodes);
  return clusters.map((cluster) => reducedCluster(cluster, perServer * merged(cluster), servers));
}

function reducedCluster(cluster: ClusterSection, factor: number, servers: 'one' | 'all'): RunCluster {
  const { apiServers, etcd } = cluster;
  const nodes = atLeastOne(cluster.nodes / factor);
  // A cluster of fewer nodes than the factor has one, which then stands for fewer.
  const each = cluster.nodes / nodes;
  const replicas = servers === 'one' ? 1 : apiServers.replicas;
  const members = servers === 'one' ? 1 : etcd.members;
  const scale: ClusterScale = {
    nodes: each,
    servers: (each * replicas) / apiServers.replicas,
    members: (each * members) / etcd.members,
  };
  const { zones } = apiServers;
  const { nodesJoin } = cluster;
  return {
    ...cluster,
    scale,
    nodes,
    ...(nodesJoin === undefined
      ? {}
      : { nodesJoin: nodesJoin.map((join) => ({ ...join, count: atLeastOne(join.count / each) })) }),
    apiServers: {
      replicas,
      cores: apiServers.cores / scale.servers,
      memory: apiServers.memory / scale.servers,
      ...(zones === undefined ? {} : { zones: Math.min(zones, replicas) }),
    },
    etcd: { members, cores: etcd.cores / scale.members, memory: etcd.memory / scale.members },
    coreDnsReplicas: atLeastOne(cluster.coreDnsReplicas / each),
  };
}

/** Collectors ask for everybody: fewer of them, or less often. */
function reducedAgent(agent: Scenario['agent'], factor: number): Scenario['agent'] {
  if (agent.collectors === undefined) return agent;
  const collectors = atLeastOne(agent.collectors / factor);
  const period = Math.round((agent.period * factor * collectors) / agent.collectors) as typeof agent.period;
  return { ...agent, collectors, period };
}

function reducedRollout(rollout: Scenario['rollout'], factor: number): Scenario['rollout'] {
  const update = rollout?.update;
  if (rollout === null || update === undefined) return rollout;
  const { maxUnavailable, maxSurge, deletionPause } = update;
  return {
    ...rollout,
    update: {
      ...update,
      ...(maxUnavailable === undefined ? {} : { maxUnavailable: fewerNodes(maxUnavailable, factor) }),
      ...(maxSurge === undefined ? {} : { maxSurge: fewerNodes(maxSurge, factor) }),
      ...(deletionPause === undefined
        ? {}
        : { deletionPause: Math.round(deletionPause * factor) as typeof deletionPause }),
    },
  };
}

/** A number of nodes, or a share of them, which stays. */
function fewerNodes(nodes: number, factor: number): number {
  return nodes < 1 ? nodes : atLeastOne(nodes / factor);
}

function reducedOperators(operators: Scenario['operators'], factor: number): Scenario['operators'] {
  const { playbook } = operators;
  if (playbook === undefined) return operators;
  const fewer = (steps: PlaybookSection['steps']): PlaybookSection['steps'] =>
    steps?.map((step) => ({ ...step, action: reducedAction(step.action, factor) }));
  return { ...operators, playbook: { ...playbook, steps: fewer(playbook.steps), also: fewer(playbook.also) } };
}

/** 0 stands for 2 GiB, less for no quota (server/storage/quota.go). */
function reducedQuota(bytes: number, nodes: number): number {
  return bytes < 0 ? bytes : (bytes === 0 ? 2_147_483_648 : bytes) / nodes;
}

function divided(cost: Cost, by: number): Cost {
  return { evaluate: (values) => cost.evaluate(values) / by };
}

function atLeastOne(count: number): number {
  return Math.max(1, Math.round(count));
}
