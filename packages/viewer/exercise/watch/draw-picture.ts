/** The whole picture of one frame on a canvas, and what moves between two frames on another one above it. */
import type { RunInfo } from '../engine/protocol.ts';
import type { Box } from './box.ts';
import {
  drawEtcd,
  drawFlow,
  drawHead,
  drawNames,
  drawServer,
  fatesOf,
  flowLanes,
  flowWay,
  usersText,
} from './draw-front.ts';
import type { Layout, SideLayout } from './layout.ts';
import type { NodeGrid } from './node-grid.ts';
import { drawDots, type Way } from './particles.ts';
import type { Pen } from './pen.ts';
import type { ClusterPicture, Picture } from './picture.ts';
import { countOf, rateOf, shareOf } from './time.ts';

/** What is drawn besides the frame. */
export interface Scene {
  readonly info: RunInfo;
  readonly layout: Layout;
  /** Node images by cluster, painted for this frame. */
  readonly grids: readonly NodeGrid[];
  /** Nothing may move: requests are arrows. */
  readonly isStill: boolean;
  /** What is pointed at. */
  readonly lit: Box | undefined;
}

/**
 * The parts of a picture, each of which has a canvas and a beat of its own: the cluster in front and, below, its nodes; the other
 * clusters; users above them.
 */
export type PicturePart = 'front' | 'nodes' | 'sides' | 'users';

/** All of them, in the order in which they are drawn. */
export const pictureParts: readonly PicturePart[] = ['front', 'nodes', 'sides', 'users'];

/** Where a part stands; together they cover the whole picture. */
export function partBox({ width, height, front }: Layout, part: PicturePart): Box {
  const top = front.card.y - 1;
  const right = Math.min(width, Math.ceil(front.card.x + front.card.width + 5));
  const middle = Math.floor(front.nodes.y) - 2;
  switch (part) {
    case 'users':
      return { x: 0, y: 0, width, height: top };
    case 'front':
      return { x: 0, y: top, width: right, height: middle - top };
    case 'nodes':
      return { x: 0, y: middle, width: right, height: height - middle };
    case 'sides':
      return { x: right, y: top, width: width - right, height: height - top };
  }
}

/** Draws a part of the picture on its canvas, which need not be empty. */
export function drawPart(pen: Pen, picture: Picture, scene: Scene, part: PicturePart): void {
  const { context, palette } = pen;
  const box = partBox(scene.layout, part);
  context.fillStyle = palette.paper;
  context.fillRect(box.x - 1, box.y - 1, box.width + 2, box.height + 2);
  if (part === 'users') drawUsers(pen, picture, scene);
  else if (part === 'front') drawFront(pen, picture, scene);
  else if (part === 'nodes') drawNodes(pen, picture, scene);
  else {
    for (const side of scene.layout.sides) {
      const state = picture.clusters[side.cluster];
      if (state !== undefined) drawSide(pen, side, state, scene);
    }
  }
  const { lit } = scene;
  if (lit === undefined) return;
  context.beginPath();
  context.roundRect(lit.x - 1, lit.y - 1, lit.width + 2, lit.height + 2, 5);
  context.lineWidth = 2;
  context.strokeStyle = palette.good;
  context.stroke();
}

/** Where dots move: from users to clusters, and from the nodes in front to their servers. */
export type MotionPart = 'edge' | 'flows';

/** Both of them. */
export const motionParts: readonly MotionPart[] = ['edge', 'flows'];

/** Where they are. */
export function motionBox({ edge, front: { flows } }: Layout, part: MotionPart): Box {
  return part === 'edge' ? edge : { ...flows, x: flows.x - 8, width: flows.width + 8 };
}

/** Draws dots at a time in seconds of the reader, on a canvas that is transparent elsewhere. */
export function drawMotion(pen: Pen, picture: Picture, layout: Layout, part: MotionPart, now: number): void {
  const { x, y, width, height } = motionBox(layout, part);
  pen.context.clearRect(x, y, width, height);
  if (part === 'edge') {
    for (const { way, state } of userWays(picture, layout)) {
      drawDots(pen, way, state.requests, { ok: 1 - state.failing, rejected: state.failing, lost: 0 }, now);
    }
    return;
  }
  const flows = picture.clusters[layout.front.cluster]?.flows ?? [];
  flowLanes(layout.front.flows).forEach((lane, kind) => {
    const flow = flows[kind];
    if (flow !== undefined) drawDots(pen, flowWay(lane), flow.attempts, fatesOf(flow), now);
  });
}

/** From the users down to the clusters that stand right below them. */
function userWays(
  picture: Picture,
  { edge, front, sides }: Layout,
): { readonly way: Way; readonly state: ClusterPicture; readonly labelX: number }[] {
  const top = edge.y;
  const bottom = top + edge.height;
  return [front, ...sides.filter(({ card }) => Math.abs(card.y - bottom) < 1)].flatMap(({ card, cluster }) => {
    const state = picture.clusters[cluster];
    if (state === undefined || state.requests === 0) return [];
    const middle = card.x + card.width / 2;
    const spread = Math.min(60, card.width / 4);
    const way = { fromX: middle, fromY: top + 3, toX: middle, toY: bottom - 3, spread };
    return [{ way, state, labelX: middle + spread + 8 }];
  });
}

function drawUsers(pen: Pen, picture: Picture, { info, layout }: Scene): void {
  const { palette } = pen;
  pen.card(layout.users, palette.panel, palette.line);
  pen.text('users', 10, 28, { size: 14, isBold: true });
  layout.products.forEach((box, index) => {
    const product = picture.products[index];
    if (product === undefined) return;
    const isBad = product.failing >= 0.01;
    const after =
      pen.measuredText(info.products[index]?.title ?? '', box.x, box.y + 18, { size: 12, isBold: true }) + 6;
    pen.text(`${rateOf(product.perSecond)}/s`, box.x + after, box.y + 18, { colour: palette.faint });
    pen.text(
      isBad || product.failing > 0 ? `${shareOf(product.failing)} fail` : 'all well',
      box.x + box.width,
      box.y + 18,
      {
        size: 12,
        align: 'right',
        isBold: isBad,
        colour: isBad ? palette.bad : palette.faint,
      },
    );
    pen.stacked({ x: box.x, y: box.y + 26, width: box.width, height: 9 }, [
      [1 - product.failing, palette.good],
      [product.failing, palette.bad],
    ]);
  });
  for (const { state, labelX } of userWays(picture, layout)) {
    pen.text(`${rateOf(state.requests)}/s`, labelX, layout.edge.y + 17, { colour: palette.faint, size: 10 });
  }
}

function drawFront(pen: Pen, picture: Picture, { info, layout, isStill }: Scene): void {
  const { front } = layout;
  const { palette } = pen;
  const state = picture.clusters[front.cluster];
  const known = info.clusters[front.cluster];
  if (state === undefined || known === undefined) return;
  pen.card(front.card, palette.card, palette.line);
  drawHead(pen, front.head, known, state);
  front.servers.forEach((box, index) => {
    const server = state.servers[index];
    if (server !== undefined) drawServer(pen, box, server, index);
  });
  drawEtcd(pen, front.etcd, state);
  flowLanes(front.flows).forEach((lane, kind) => {
    const flow = state.flows[kind];
    if (flow !== undefined) drawFlow(pen, lane, kind, flow, isStill);
  });
}

/** What stands below: the nodes of the cluster in front, and names. */
function drawNodes(pen: Pen, picture: Picture, { layout: { front }, grids }: Scene): void {
  const { palette } = pen;
  const state = picture.clusters[front.cluster];
  if (state === undefined) return;
  pen.card(front.card, palette.card, palette.line);
  grids[front.cluster]?.draw(pen.context, front.nodes, palette.card);
  drawNames(pen, front.names, state);
}

/** Another cluster: one line of words, the fullest CPU and memory of its API servers, and its nodes. */
function drawSide(pen: Pen, { card, cluster, nodes }: SideLayout, state: ClusterPicture, { info, grids }: Scene): void {
  const { palette } = pen;
  const known = info.clusters[cluster];
  if (known === undefined) return;
  const inService = state.servers.filter((server) => server.state !== 'absent' && !server.isBreakGlass);
  const up = inService.filter((server) => server.state === 'up').length;
  const isBad = up < inService.length || state.failing >= 0.01;
  pen.card(card, palette.card, isBad ? palette.bad : palette.line);
  const [x, width] = [nodes.x, nodes.width];
  const top = card.y + 7;
  const taken = pen.measuredText(known.id, x, top + 10, { isBold: true, size: 12, most: width * 0.6 });
  pen.text(countOf(known.nodes), x + width, top + 10, {
    align: 'right',
    colour: palette.faint,
    most: width - taken - 6,
  });
  const highest = (read: (server: ClusterPicture['servers'][number]) => number): number =>
    Math.max(0, ...inService.map(read));
  const half = (width - 8) / 2;
  sideBar(
    pen,
    { x, y: top + 17, width: half, height: 7 },
    'CPU',
    highest(({ cpu }) => cpu),
    palette.good,
  );
  sideBar(
    pen,
    { x: x + half + 8, y: top + 17, width: half, height: 7 },
    'mem',
    highest(({ memory }) => memory),
    palette.memory,
  );
  const words = up < inService.length ? `${up} of ${inService.length} API servers up` : shortUsersText(state);
  pen.text(words, x, top + 39, { size: 10, colour: isBad ? palette.bad : palette.faint, most: width });
  grids[cluster]?.draw(pen.context, nodes, palette.card);
}

function shortUsersText(state: ClusterPicture): string {
  if (state.failing > 0) return `${shareOf(state.failing)} of user requests fail`;
  return usersText(state);
}

function sideBar(pen: Pen, { x, y, width, height }: Box, label: string, share: number, colour: string): void {
  const { palette } = pen;
  pen.text(label, x, y + 7, { size: 10, colour: palette.faint });
  pen.bar({ x: x + 30, y, width: width - 30, height }, share, share >= 0.9 ? palette.bad : colour);
}
