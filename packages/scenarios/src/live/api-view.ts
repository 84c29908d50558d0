/**
 * What an API server answers when somebody asks for objects: what is stored, which kubelets and controllers have written, and
 * which may be old. A node whose kubelet has died a moment ago is Ready here.
 */
import { noCause } from '../operations/chronicle.ts';
import type { ReadResource } from '../operations/playbook/console-reads.ts';
import type { Site } from '../operations/site.ts';
import { CoreDnsDeployment } from '../kubernetes/dns/core-dns-deployment.ts';
import { Ready } from '../kubernetes/nodes/node-store.ts';
import type { ScenarioRun } from '../scenario/scenario-run.ts';
import type { ApiRow } from './answer.ts';

/** Events are kept so long (documented: kube-apiserver, `--event-ttl`), in microseconds. */
const EVENT_LIFE = 3_600_000_000;
const MICROSECONDS = 1_000_000;

type View = (run: ScenarioRun, site: Site) => ApiRow[];

const views: Readonly<Record<ReadResource, View>> = {
  nodes: nodeRows,
  pods: podRows,
  daemonsets: daemonSetRows,
  deployments: deploymentRows,
  endpointslices: endpointSliceRows,
  leases: leaseRows,
  events: eventRows,
  prioritylevelconfigurations: levelRows,
  flowschemas: schemaRows,
};

/** All objects of a type, or the one of that name: no row when there is none. */
export function rowsOf(run: ScenarioRun, site: number, resource: ReadResource, name?: string): ApiRow[] {
  const rows = views[resource](run, run.world.sites[site]!);
  return name === undefined ? rows : rows.filter((row) => row['name'] === name);
}

/** Name of a node's object. */
export function nodeName(node: number): string {
  return `node-${String(node).padStart(5, '0')}`;
}

/** Ready as the node lifecycle controller and the kubelet wrote it; where neither is modelled, as the lease says. */
function nodeRows({ simulation }: ScenarioRun, { cluster }: Site): ApiRow[] {
  const { nodeStore: store, kubelets, options } = cluster;
  const rows: ApiRow[] = [];
  for (const node of nodesOf(cluster)) {
    const leaseAge = (simulation.now - kubelets.renewedAt[node]!) / MICROSECONDS;
    const isReady =
      store === undefined ? leaseAge * MICROSECONDS <= options.kubelet.leaseDuration : store.ready[node] === Ready.true;
    rows.push({
      name: nodeName(node),
      ready: isReady ? 'True' : 'Unknown',
      zone: store === undefined ? 0 : store.zone[node]!,
      taints: (store?.isClosed[node] ?? 0) + (store?.isTainted[node] ?? 0),
      heartbeatAge: store === undefined ? leaseAge : (simulation.now - store.statusAt[node]!) / MICROSECONDS,
    });
  }
  return rows;
}

/** Pods of the agent node by node, then those of CoreDNS, then the others in one row: there are too many to tell apart. */
function podRows({ scenario }: ScenarioRun, { cluster }: Site): ApiRow[] {
  const { daemonSet, nodeStore: store, coreDns } = cluster;
  const { agent } = scenario;
  const rows: ApiRow[] = [];
  for (const node of nodesOf(cluster)) {
    const isBound = daemonSet.isBound(node);
    if (!isBound && daemonSet.isSelected[node] === 0) continue;
    rows.push({
      name: `${agent.name}-${String(node).padStart(5, '0')}`,
      namespace: agent.namespace,
      status: isBound ? 'Running' : 'Pending',
      node: isBound ? nodeName(node) : null,
    });
  }
  for (let replica = 0; replica < coreDns.replicas; replica++) {
    rows.push({ name: `coredns-${replica}`, namespace: 'kube-system', ...coreDnsPod(cluster, replica) });
  }
  const ordinary = cluster.ordinaryPods;
  const notReady = store?.countNotReadyPods() ?? 0;
  rows.push({ name: '(others)', namespace: '(all)', status: 'Running', node: null, count: ordinary, notReady });
  return rows;
}

function coreDnsPod({ dns, coreDns }: Site['cluster'], replica: number): ApiRow {
  const pods = dns?.hosting.pods;
  if (pods === undefined) return { status: 'Running', isReady: replica < coreDns.syncedReplicas, node: null };
  if (pods.exists[replica] === 0) return { status: 'Pending', isReady: false, node: null };
  return { status: 'Running', isReady: pods.isReadyInApi(replica), node: nodeName(pods.node[replica]!) };
}

/** The numbers of the status are counted from the pods as stored: a controller that is behind would show older ones. */
function daemonSetRows({ scenario }: ScenarioRun, { cluster, rolloutNote, takenBack }: Site): ApiRow[] {
  const { daemonSet } = cluster;
  const { agent } = scenario;
  const wasThere = agent.configuration !== undefined || scenario.rollout?.update !== undefined;
  const isThere = wasThere || rolloutNote !== noCause;
  if (!isThere || (takenBack.isFired && daemonSet.podCount === 0)) return [];
  return [
    {
      name: agent.name,
      namespace: agent.namespace,
      desired: daemonSet.isSelected.reduce((count, selected) => count + selected, 0),
      current: daemonSet.podCount,
      ready: daemonSet.readyCount,
    },
  ];
}

function deploymentRows(_: ScenarioRun, { cluster }: Site): ApiRow[] {
  const { coreDns, dns } = cluster;
  const pods = dns?.hosting.pods;
  const ready =
    pods === undefined
      ? coreDns.syncedReplicas
      : Array.from({ length: coreDns.replicas }, (_one, replica) => pods.isReadyInApi(replica)).filter(Boolean).length;
  return [{ name: 'coredns', namespace: 'kube-system', replicas: coreDns.replicas, ready }];
}

function endpointSliceRows(_: ScenarioRun, { cluster }: Site): ApiRow[] {
  const { coreDns, dns } = cluster;
  const endpoints =
    dns?.hosting.proxies.endpoints.length ??
    (coreDns instanceof CoreDnsDeployment ? coreDns.routedReplicas : coreDns.syncedReplicas);
  return [{ name: 'kube-dns', namespace: 'kube-system', endpoints }];
}

function leaseRows({ simulation }: ScenarioRun, { cluster }: Site): ApiRow[] {
  const { renewedAt } = cluster.kubelets;
  return nodesOf(cluster).map((node) => ({
    name: nodeName(node),
    namespace: 'kube-node-lease',
    renewedAgo: (simulation.now - renewedAt[node]!) / MICROSECONDS,
  }));
}

/** What components would have written as events of the last hour. */
function eventRows({ simulation, world }: ScenarioRun, { id }: Site): ApiRow[] {
  const reasons: Readonly<Partial<Record<string, string>>> = {
    'memory-kill': 'OOMKilling',
    'liveness-kill': 'Unhealthy',
    'etcd-kill': 'OOMKilling',
  };
  return world.chronicle.notes
    .filter(({ cluster, kind, at }) => cluster === id && kind in reasons && simulation.now - at <= EVENT_LIFE)
    .map(({ kind, text, at }) => ({
      name: kind,
      namespace: 'kube-system',
      type: 'Warning',
      reason: reasons[kind]!,
      message: text,
      age: (simulation.now - at) / MICROSECONDS,
    }));
}

function levelRows(_: ScenarioRun, { cluster }: Site): ApiRow[] {
  const { configuration, levels } = cluster.controlPlane.servers[0]!.flowControl;
  if (!configuration.usesPriorityAndFairness) return [];
  return levels.map(({ name }, level) => ({
    name,
    nominalSeats: finite(configuration.seats[level]!.nominal),
    queues: levels[level]!.queueCount,
  }));
}

function schemaRows(_: ScenarioRun, { cluster }: Site): ApiRow[] {
  const { configuration } = cluster.controlPlane.servers[0]!.flowControl;
  if (!configuration.usesPriorityAndFairness) return [];
  return configuration.flowSchemas.map(({ name, priorityLevel, matchingPrecedence }) => ({
    name,
    priorityLevel,
    matchingPrecedence,
  }));
}

function nodesOf({ kubelets }: Site['cluster']): number[] {
  return [...kubelets.exists.keys()].filter((node) => kubelets.exists[node] === 1);
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
