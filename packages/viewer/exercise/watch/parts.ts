/** The parts of the picture that can be pointed at, and what each of them says. */
import type { RunInfo } from '../engine/protocol.ts';
import { type Box, holds } from './box.ts';
import { flowLanes } from './draw-front.ts';
import {
  explainCluster,
  explainEtcd,
  explainFlow,
  explainNames,
  explainNodes,
  explainProduct,
  explainServer,
  type Explanation,
} from './explain.ts';
import { flowKinds } from './flow-kinds.ts';
import type { Layout } from './layout.ts';
import type { Picture } from './picture.ts';

/** One of them. */
export interface Part {
  readonly id: string;
  readonly box: Box;
  /** The cluster that comes to the front when it is pressed; absent where nothing happens. */
  readonly cluster?: number;
  explain(picture: Picture): Explanation;
}

/** All parts in reading order; of those that overlap the later one is meant. */
export function partsOf(info: RunInfo, layout: Layout): Part[] {
  const { front } = layout;
  const at = front.cluster;
  return [
    ...layout.products.map((box, product) => ({
      id: `product-${product}`,
      box,
      explain: (picture: Picture) => explainProduct(info, picture, product),
    })),
    { id: 'front', box: front.head, explain: (picture) => explainCluster(info, picture, at) },
    ...front.servers.map((box, server) => ({
      id: `server-${server}`,
      box: { ...box, height: box.height - 6 },
      explain: (picture: Picture) => explainServer(info, picture, at, server),
    })),
    {
      id: 'etcd',
      box: { ...front.etcd, height: front.etcd.height - 6 },
      explain: (picture) => explainEtcd(info, picture, at),
    },
    ...flowLanes(front.flows)
      .slice(0, flowKinds.length)
      .map((box, kind) => ({
        id: `flow-${kind}`,
        box,
        explain: (picture: Picture) => explainFlow(info, picture, at, kind),
      })),
    { id: 'nodes', box: front.nodes, explain: (picture) => explainNodes(info, picture, at) },
    { id: 'names', box: front.names, explain: (picture) => explainNames(info, picture, at) },
    ...layout.sides.map(({ card, cluster }) => ({
      id: `cluster-${cluster}`,
      box: card,
      cluster,
      explain: (picture: Picture) => explainCluster(info, picture, cluster),
    })),
  ];
}

/** The part under a point. */
export function partAt(parts: readonly Part[], x: number, y: number): Part | undefined {
  return parts.findLast(({ box }) => holds(box, x, y));
}
