/** Where everything of a frame is in its row of numbers: the one place that both writing and reading go by. */
import type { ClusterFrame, ClusterLayout, Frame, FrameLayout } from './frame.ts';

/** Single numbers of a cluster, in the order of their places. */
const scalarNames = [
  'leader',
  'dbShare',
  'isAlarmed',
  'records',
  'fresh',
  'stale',
  'failing',
  'nameFailureShare',
  'coreDnsReady',
  'nodeCount',
  'nodesNotReady',
  'agentsRunning',
  'agentsWanted',
  'agentPods',
  'isRolledOut',
  'isTakenBack',
  'weight',
  'isAvoided',
  'isBlocked',
  'apiSuccess',
  'isSeen',
] as const;

/** Name of one of them. */
export type ScalarName = (typeof scalarNames)[number];

/** Place of each among the scalars of a cluster. */
export const scalarPlace = Object.fromEntries(scalarNames.map((name, place) => [name, place])) as Readonly<
  Record<ScalarName, number>
>;

/** The columns of one cluster, as views on a row. */
export interface ClusterColumns
  extends Pick<ClusterFrame, 'servers' | 'levels' | 'clients' | 'requests' | 'failureShare' | 'alerts'> {
  readonly etcd: Pick<ClusterFrame['etcd'], 'up' | 'cpu' | 'memory'>;
  readonly scalars: Float32Array;
}

/** All columns of a row. */
export interface FrameColumns extends Pick<Frame, 'requestRate' | 'failureShare'> {
  readonly clusters: readonly ClusterColumns[];
}

/** What of a layout says which columns there are. */
type Parts = Pick<FrameLayout, 'clusters' | 'products' | 'rules'>;

/** Gives the next column, of so many numbers. */
type Take = (length: number) => Float32Array;

/** Views on a row of `layout.numbers` numbers. */
export function columnsOf(layout: FrameLayout, row: Float32Array): FrameColumns {
  let place = 0;
  return columnsFrom(layout, (length) => row.subarray(place, (place += length)));
}

/** Numbers of a whole row: what all of its columns take together. */
export function rowLength(layout: Parts): number {
  let sum = 0;
  const column = new Float32Array(0);
  columnsFrom(layout, (length) => {
    sum += length;
    return column;
  });
  return sum;
}

function columnsFrom({ clusters: layouts, products: { length: products }, rules }: Parts, take: Take): FrameColumns {
  const clusters = layouts.map((cluster) => clusterColumns(cluster, take, products, rules.length));
  return { clusters, requestRate: take(products), failureShare: take(products) };
}

/** The frame that a row and its nodes are. */
export function frameOf(
  layout: FrameLayout,
  t: number,
  span: number,
  numbers: Float32Array,
  nodeBytes: readonly Uint8Array[],
): Frame {
  const { clusters, requestRate, failureShare } = columnsOf(layout, numbers);
  const frames = clusters.map((columns, index) => clusterFrame(columns, nodeBytes[index]!));
  return { t, span, clusters: frames, requestRate, failureShare, numbers, nodeBytes };
}

function clusterColumns(
  { servers, levels, etcdMembers, groups }: ClusterLayout,
  take: Take,
  products: number,
  rules: number,
): ClusterColumns {
  const each = (): Float32Array => take(servers);
  const level = (): Float32Array => take(levels.length);
  const member = (): Float32Array => take(etcdMembers);
  const group = (): Float32Array => take(groups.length);
  return {
    servers: {
      state: each(),
      cpu: each(),
      memory: each(),
      memoryLimit: each(),
      cores: each(),
      seats: each(),
      seatLimit: each(),
      queued: each(),
      inFlight: each(),
      rejected: each(),
      kills: each(),
    },
    levels: { seats: level(), limit: level(), queued: level() },
    etcd: { up: member(), cpu: member(), memory: member() },
    clients: {
      attempts: group(),
      ok: group(),
      rejected: group(),
      timedOut: group(),
      failed: group(),
      retries: group(),
      inside: group(),
    },
    scalars: take(scalarNames.length),
    requests: take(products),
    failureShare: take(products),
    alerts: take(rules),
  };
}

function clusterFrame(columns: ClusterColumns, nodes: Uint8Array): ClusterFrame {
  const { scalars, etcd, ...others } = columns;
  const value = (name: ScalarName): number => scalars[scalarPlace[name]]!;
  const isSo = (name: ScalarName): boolean => value(name) === 1;
  return {
    ...others,
    etcd: { ...etcd, leader: value('leader'), dbShare: value('dbShare'), isAlarmed: isSo('isAlarmed') },
    dns: {
      records: value('records'),
      fresh: value('fresh'),
      stale: value('stale'),
      failing: value('failing'),
      failureShare: value('nameFailureShare'),
      coreDnsReady: value('coreDnsReady'),
    },
    nodes,
    nodeCount: value('nodeCount'),
    nodesNotReady: value('nodesNotReady'),
    agentsRunning: value('agentsRunning'),
    agentsWanted: value('agentsWanted'),
    agentPods: value('agentPods'),
    isRolledOut: isSo('isRolledOut'),
    isTakenBack: isSo('isTakenBack'),
    weight: value('weight'),
    isAvoided: isSo('isAvoided'),
    isBlocked: isSo('isBlocked'),
    apiSuccess: value('apiSuccess'),
    isSeen: isSo('isSeen'),
  };
}
