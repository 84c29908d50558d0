/**
 * Where everything in the picture stands. One cluster is in front, with all its parts; the others stand beside it, smaller.
 *
 *     users ─────────────────────────────────────────────
 *       │ requests of users            │
 *     ┌─▼──────────────────────────┐ ┌─▼─────┐ ┌───────┐
 *     │ API servers        │ etcd  │ │ other │ │ other │
 *     │  ▲ ▲ requests ▲ ▲  │       │ └───────┘ └───────┘
 *     │ nodes              │ names │ ┌───────┐
 *     └────────────────────────────┘ └───────┘
 */
import type { RunInfo } from '../engine/protocol.ts';
import { type Box, columnsOf, inset, rowsOf } from './box.ts';

/** Boxes of the cluster in front. */
export interface FrontLayout {
  /** Number of the cluster. */
  readonly cluster: number;
  readonly card: Box;
  readonly head: Box;
  readonly servers: readonly Box[];
  readonly etcd: Box;
  readonly flows: Box;
  readonly nodes: Box;
  readonly names: Box;
}

/** Boxes of another cluster. */
export interface SideLayout {
  readonly cluster: number;
  readonly card: Box;
  readonly nodes: Box;
}

/** The whole picture. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly users: Box;
  readonly products: readonly Box[];
  /** The gap between users and clusters. */
  readonly edge: Box;
  readonly front: FrontLayout;
  readonly sides: readonly SideLayout[];
}

const userHeight = 46;
const edgeHeight = 26;
const gap = 10;
const headHeight = 22;
const serverHeight = 92;
const flowHeight = 50;
const rightColumn = 178;
/** From this many others on they stand in two columns. */
const twoColumnsFrom = 4;

/** The cluster that is in front at first: the largest one. */
export function largestCluster({ clusters }: RunInfo): number {
  return clusters.reduce((best, { nodes }, index) => (nodes > (clusters[best]?.nodes ?? 0) ? index : best), 0);
}

/** The boxes for a size, with one cluster in front. */
export function layoutOf(info: RunInfo, width: number, height: number, front: number): Layout {
  const users: Box = { x: 0, y: 0, width, height: userHeight };
  const edge: Box = { x: 0, y: userHeight, width, height: edgeHeight };
  const top = userHeight + edgeHeight;
  const others = info.clusters.map((_, index) => index).filter((index) => index !== front);
  // The largest first, next to the one in front.
  others.sort((a, b) => (info.clusters[b]?.nodes ?? 0) - (info.clusters[a]?.nodes ?? 0));
  const columns = others.length === 0 ? 0 : others.length < twoColumnsFrom ? 1 : 2;
  const sideWidth = columns === 0 ? 0 : Math.min(width * 0.36, columns * 200);
  const below: Box = { x: 0, y: top, width: width - sideWidth - (columns === 0 ? 0 : gap), height: height - top };
  const side: Box = { x: width - sideWidth, y: top, width: sideWidth, height: height - top };
  const label = 92;
  const products = columnsOf(
    { x: label, y: 0, width: width - label - gap, height: userHeight },
    info.products.length,
    24,
  );
  return {
    width,
    height,
    users,
    products,
    edge,
    front: frontOf(below, front, info.clusters[front]?.apiServers ?? 1),
    sides: sidesOf(side, others, columns),
  };
}

function frontOf(card: Box, cluster: number, serverCount: number): FrontLayout {
  const inner = inset(card, gap);
  const main = inner.width - rightColumn - gap;
  const serversTop = inner.y + headHeight;
  const flowsTop = serversTop + serverHeight;
  const nodesTop = flowsTop + flowHeight;
  const rightX = inner.x + main + gap;
  return {
    cluster,
    card,
    head: { ...inner, height: headHeight },
    servers: columnsOf({ x: inner.x, y: serversTop, width: main, height: serverHeight }, Math.max(1, serverCount), 8),
    etcd: { x: rightX, y: serversTop, width: rightColumn, height: serverHeight },
    flows: { x: inner.x, y: flowsTop, width: inner.width, height: flowHeight },
    nodes: { x: inner.x, y: nodesTop, width: main, height: Math.max(20, inner.y + inner.height - nodesTop) },
    names: { x: rightX, y: nodesTop, width: rightColumn, height: Math.max(20, inner.y + inner.height - nodesTop) },
  };
}

function sidesOf(area: Box, others: readonly number[], columns: number): SideLayout[] {
  if (columns === 0) return [];
  const rows = Math.ceil(others.length / columns);
  const cards = rowsOf(area, rows, gap).flatMap((row) => columnsOf(row, columns, gap));
  return others.map((cluster, index) => {
    const card = cards[index] ?? area;
    const inner = inset(card, 7);
    const head = 48;
    return {
      cluster,
      card,
      nodes: { x: inner.x, y: inner.y + head, width: inner.width, height: Math.max(6, inner.height - head) },
    };
  });
}
