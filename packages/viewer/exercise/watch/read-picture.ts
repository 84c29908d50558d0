/** From a frame of the engine to what is drawn and explained. */
import {
  NodeBits,
  NodeLease,
  NodeNames,
  ServerState as Engine,
  type ClusterFrame,
  type Frame,
} from '@brownout/scenarios';
import type { FrameLayout } from '@brownout/scenarios';
import type { RunInfo } from '../engine/protocol.ts';
import { flowKinds, flowOf } from './flow-kinds.ts';
import type { NodeLook } from './palette.ts';
import type {
  ClusterPicture,
  FlowPicture,
  MemberPicture,
  NamesPicture,
  NodeCounts,
  Picture,
  ServerPicture,
  ServerState,
} from './picture.ts';

/** What the colours of nodes say: the worst of all, the lease alone, or names alone. */
export type NodeView = 'worst' | 'leases' | 'names';

const serverStates: Readonly<Record<number, ServerState>> = {
  [Engine.absent]: 'absent',
  [Engine.crashed]: 'down',
  [Engine.starting]: 'starting',
  [Engine.up]: 'up',
  [Engine.draining]: 'draining',
};

/** The kind of every group of clients of every cluster, worked out once for a layout. */
const knownKinds = new WeakMap<FrameLayout, readonly (readonly number[])[]>();

function kindsOf(layout: FrameLayout, agent: string): readonly (readonly number[])[] {
  const known = knownKinds.get(layout);
  if (known !== undefined) return known;
  const kinds = layout.clusters.map(({ groups }) => groups.map((group) => flowOf(group, agent)));
  knownKinds.set(layout, kinds);
  return kinds;
}

/** Reads a frame. */
export function readPicture(frame: Frame, info: Pick<RunInfo, 'layout' | 'agent' | 'dns'>): Picture {
  const { layout, agent } = info;
  const flowKindOf = kindsOf(layout, agent);
  const requests = frame.requestRate.reduce((sum, rate) => sum + rate, 0);
  const clusters = frame.clusters.map((cluster, index) =>
    readCluster(cluster, index, frame.span, info, { kinds: flowKindOf[index] ?? [], requests }),
  );
  return {
    t: frame.t,
    clusters,
    products: layout.products.map((_, product) => ({
      perSecond: frame.requestRate[product] ?? 0,
      failing: frame.failureShare[product] ?? 0,
    })),
  };
}

/** How a node with this byte is drawn. */
export function lookOf(byte: number, view: NodeView): NodeLook {
  const lease = byte & NodeBits.lease;
  if (lease === NodeLease.gone) return 'gone';
  const names = (byte & NodeBits.names) >> NodeBits.namesShift;
  if (view !== 'leases') {
    if (names === NodeNames.mostFailing) return 'mostFailing';
    if (view === 'names')
      return names === NodeNames.failing ? 'failing' : names === NodeNames.stale ? 'stale' : 'plain';
  }
  if (lease === NodeLease.expired) return 'notReady';
  if (view === 'worst' && names === NodeNames.failing) return 'failing';
  if (lease === NodeLease.late) return 'late';
  if (view === 'worst' && names === NodeNames.stale) return 'stale';
  return (byte & NodeBits.agent) === 0 ? 'plain' : 'agent';
}

function readCluster(
  cluster: ClusterFrame,
  index: number,
  span: number,
  { layout, dns }: Pick<RunInfo, 'layout' | 'dns'>,
  all: { readonly kinds: readonly number[]; readonly requests: number },
): ClusterPicture {
  const { servers, etcd, clients } = cluster;
  const requests = cluster.requests.reduce((sum, count) => sum + count, 0);
  const failures = cluster.requests.reduce(
    (sum, count, product) => sum + count * (cluster.failureShare[product] ?? 0),
    0,
  );
  return {
    servers: Array.from(
      servers.state,
      (state, server): ServerPicture => ({
        state: serverStates[state] ?? 'down',
        cpu: servers.cpu[server] ?? 0,
        cores: servers.cores[server] ?? 0,
        memory: servers.memory[server] ?? 0,
        memoryBytes: servers.memoryLimit[server] ?? 0,
        seats: servers.seats[server] ?? 0,
        seatLimit: servers.seatLimit[server] ?? 0,
        queued: servers.queued[server] ?? 0,
        inFlight: servers.inFlight[server] ?? 0,
        kills: servers.kills[server] ?? 0,
        isBreakGlass: layout.clusters[index]?.breakGlassServer === server,
      }),
    ),
    members: Array.from(
      etcd.up,
      (up, member): MemberPicture => ({
        isUp: up === 1,
        isLeader: etcd.leader === member,
        cpu: etcd.cpu[member] ?? 0,
        memory: etcd.memory[member] ?? 0,
      }),
    ),
    database: etcd.dbShare,
    hasAlarm: etcd.isAlarmed,
    names: readNames(cluster, dns === 'core-dns' ? (layout.clusters[index]?.coreDnsReplicas ?? 0) : 0),
    flows: readFlows(clients, all.kinds, span),
    nodes: cluster.nodes,
    counts: countNodes(cluster.nodes),
    traffic: span > 0 && all.requests > 0 ? requests / span / all.requests : cluster.weight,
    isAvoided: cluster.isAvoided,
    requests: span > 0 ? requests / span : 0,
    failing: requests > 0 ? failures / requests : 0,
    apiSuccess: cluster.apiSuccess,
    agents: cluster.agentsRunning,
    agentsWanted: cluster.agentsWanted,
    isBlocked: cluster.isBlocked,
    isSeen: cluster.isSeen,
  };
}

function readNames({ dns }: ClusterFrame, pods: number): NamesPicture {
  const { records, fresh, stale, failing, failureShare, coreDnsReady } = dns;
  return {
    records,
    fresh: records > 0 ? fresh / records : 0,
    stale: records > 0 ? stale / records : 0,
    failing: records > 0 ? failing / records : 0,
    failureShare,
    podsReady: coreDnsReady,
    pods,
  };
}

function readFlows(clients: ClusterFrame['clients'], kinds: readonly number[], span: number): FlowPicture[] {
  const sums = flowKinds.map(() => ({
    attempts: 0,
    ok: 0,
    rejected: 0,
    timedOut: 0,
    failed: 0,
    retries: 0,
    inside: 0,
  }));
  kinds.forEach((kind, index) => {
    const sum = sums[kind];
    if (sum === undefined) return;
    const perSecond = (counts: Float32Array): number => (span > 0 ? (counts[index] ?? 0) / span : 0);
    sum.attempts += perSecond(clients.attempts);
    sum.ok += perSecond(clients.ok);
    sum.rejected += perSecond(clients.rejected);
    sum.timedOut += perSecond(clients.timedOut);
    sum.failed += perSecond(clients.failed);
    sum.retries += perSecond(clients.retries);
    sum.inside += clients.inside[index] ?? 0;
  });
  return sums;
}

/** Counts of nodes by state, in one pass. */
export function countNodes(nodes: Uint8Array): NodeCounts {
  const histogram = new Uint32Array(256);
  for (let node = 0; node < nodes.length; node++) histogram[nodes[node]!]! += 1;
  const counts = { all: nodes.length, withAgent: 0, late: 0, notReady: 0, staleNames: 0, failingNames: 0, gone: 0 };
  for (let byte = 0; byte < 256; byte++) {
    const count = histogram[byte]!;
    if (count === 0) continue;
    const lease = byte & NodeBits.lease;
    if (lease === NodeLease.gone) {
      counts.gone += count;
      continue;
    }
    const names = (byte & NodeBits.names) >> NodeBits.namesShift;
    if ((byte & NodeBits.agent) !== 0) counts.withAgent += count;
    if (lease === NodeLease.late) counts.late += count;
    if (lease === NodeLease.expired) counts.notReady += count;
    if (names === NodeNames.stale) counts.staleNames += count;
    if (names >= NodeNames.failing) counts.failingNames += count;
  }
  return counts;
}

/** An alert that fires, and for which clusters. */
export interface FiringAlert {
  readonly name: string;
  readonly clusters: readonly string[];
}

/** The alerts that fire, in the order of their rules. */
export function alertsOf({ clusters }: Frame, layout: FrameLayout): FiringAlert[] {
  return layout.rules
    .map(({ name }, rule) => ({
      name,
      clusters: layout.clusters.filter((_, index) => clusters[index]?.alerts[rule] === 1).map(({ id }) => id),
    }))
    .filter((alert) => alert.clusters.length > 0);
}
