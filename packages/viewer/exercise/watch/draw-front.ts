/** The cluster in front: API servers, etcd, requests, nodes and names, each drawn into its box. */
import type { ClusterInfo } from '../engine/protocol.ts';
import { type Box, columnsOf, inset } from './box.ts';
import { flowKinds } from './flow-kinds.ts';
import type { Fates, Way } from './particles.ts';
import type { Pen } from './pen.ts';
import type { ClusterPicture, FlowPicture, ServerPicture } from './picture.ts';
import { countOf, rateOf, shareOf } from './time.ts';

/** Shares from here on are drawn as trouble. */
const nearlyFull = 0.9;
const rowHeight = 16;

/** Name, size and how it goes for users, in one line. */
export function drawHead(pen: Pen, { x, y, width }: Box, info: ClusterInfo, state: ClusterPicture): void {
  const base = y + 13;
  const { palette } = pen;
  const at = x + pen.measuredText(info.id, x, base, { size: 14, isBold: true }) + 8;
  const gone = state.counts.gone > 0 ? `, ${countOf(state.counts.gone)} not there` : '';
  pen.text(`${countOf(info.nodes)} nodes${gone}${info.role === 'staging' ? ', staging' : ''}`, at, base, {
    size: 12,
    colour: palette.faint,
  });
  pen.text(usersText(state), x + width, base, {
    size: 12,
    align: 'right',
    colour: state.failing >= 0.01 ? palette.bad : palette.faint,
    isBold: state.failing >= 0.01,
  });
}

/** "52 % of users, 3 % of their requests fail" */
export function usersText({ traffic, requests, failing, isAvoided }: ClusterPicture): string {
  if (traffic === 0 && requests === 0) return isAvoided ? 'users are steered away' : 'no users are sent here';
  return `${shareOf(traffic)} of users${failing > 0 ? `, ${shareOf(failing)} of their requests fail` : ''}`;
}

const stateWords: Readonly<Record<ServerPicture['state'], string>> = {
  absent: 'off',
  up: 'up',
  starting: 'starting',
  down: 'down',
  draining: 'ending',
};

/** One API server with its bars. */
export function drawServer(pen: Pen, box: Box, server: ServerPicture, number: number): void {
  const { palette } = pen;
  const isUp = server.state === 'up';
  const line = isUp || server.state === 'absent' ? palette.line : palette.bad;
  const card = { ...box, height: box.height - 6 };
  pen.card(card, palette.panel, line);
  const { x, y, width } = inset(card, 6);
  const isNarrow = width < 96;
  pen.text(`${isNarrow ? '' : 'API '}${server.isBreakGlass ? 'spare' : number + 1}`, x, y + 9, { isBold: true });
  pen.text(stateWords[server.state], x + width, y + 9, { align: 'right', colour: isUp ? palette.faint : palette.bad });
  if (server.state === 'down' || server.state === 'absent') {
    pen.hatch({ x: card.x + 2, y: y + 14, width: card.width - 4, height: card.height - 22 }, palette.line);
    return;
  }
  const rows: readonly (readonly [label: string, share: number, value: string, colour: string])[] = [
    ['CPU', server.cpu, shareOf(server.cpu), palette.good],
    ['mem', server.memory, shareOf(server.memory), palette.memory],
    server.seatLimit > 0
      ? ['seats', server.seats / server.seatLimit, countOf(server.seats), palette.seats]
      : ['busy', 0, countOf(server.inFlight), palette.seats],
  ];
  rows.forEach(([label, share, value, colour], index) => {
    const base = y + 24 + index * rowHeight;
    pen.text(label, x, base, { size: 10, colour: palette.faint });
    pen.text(value, x + width, base, { size: 10, align: 'right' });
    const from = 30;
    const to = isNarrow ? 32 : 38;
    pen.bar(
      { x: x + from, y: base - 8, width: width - from - to, height: 8 },
      share,
      share >= nearlyFull ? palette.bad : colour,
    );
  });
  pen.text(server.queued > 0 ? `${countOf(server.queued)} waiting` : 'nobody waits', x, y + 24 + 3 * rowHeight - 1, {
    size: 10,
    colour: server.queued > 0 ? palette.bad : palette.faint,
    most: width,
  });
}

/** etcd: a small column for each member, and who leads. */
export function drawEtcd(pen: Pen, box: Box, state: ClusterPicture): void {
  const { palette } = pen;
  const { members } = state;
  const card = { ...box, height: box.height - 6 };
  const hasLeader = members.some(({ isLeader }) => isLeader);
  pen.card(card, palette.panel, hasLeader && !state.hasAlarm ? palette.line : palette.bad);
  const { x, y, width, height } = inset(card, 6);
  pen.text('etcd', x, y + 9, { isBold: true });
  const words = state.hasAlarm ? 'out of space' : hasLeader ? '' : 'no leader';
  pen.text(words, x + width, y + 9, { align: 'right', colour: palette.bad });
  const area = { x, y: y + 15, width, height: height - 15 };
  columnsOf(area, Math.max(1, members.length), 5).forEach((place, index) => {
    const member = members[index];
    if (member === undefined) return;
    const bars = { ...place, height: place.height - 13 };
    if (member.isUp) {
      const each = (place.width - 3) / 2;
      drawColumn(pen, { ...bars, width: each }, member.cpu, palette.good);
      drawColumn(pen, { ...bars, x: bars.x + each + 3, width: each }, member.memory, palette.memory);
    } else pen.hatch(bars, palette.bad);
    const label = member.isLeader ? `${index + 1} leads` : String(index + 1);
    pen.text(
      place.width < 38 && member.isLeader ? `${index + 1}★` : label,
      place.x + place.width / 2,
      place.y + place.height,
      {
        size: 10,
        align: 'center',
        colour: member.isUp ? palette.faint : palette.bad,
      },
    );
  });
}

function drawColumn(pen: Pen, { x, y, width, height }: Box, share: number, colour: string): void {
  const { context, palette } = pen;
  const full = Math.min(1, Math.max(0, share));
  context.fillStyle = palette.track;
  context.fillRect(x, y, width, height);
  context.fillStyle = full >= nearlyFull ? palette.bad : colour;
  context.fillRect(x, y + height * (1 - full), width, height * full);
}

/** Boxes of the lanes, one for each kind of clients. */
export function flowLanes(box: Box): Box[] {
  return columnsOf({ ...box, y: box.y + 1, height: box.height - 6 }, flowKinds.length, 10);
}

/** What became of the requests that ended, as shares. */
export function fatesOf({ ok, rejected, timedOut, failed }: FlowPicture): Fates {
  const ended = ok + rejected + timedOut + failed;
  if (ended === 0) return { ok: 1, rejected: 0, lost: 0 };
  return { ok: ok / ended, rejected: rejected / ended, lost: (timedOut + failed) / ended };
}

/** The way of the dots in a lane: from the nodes up to the servers. */
export function flowWay({ x, y, height }: Box): Way {
  return { fromX: x + 12, fromY: y + height - 3, toX: x + 12, toY: y + 3, spread: 9 };
}

/** Requests of one kind in words; where nothing may move an arrow stands for the dots. */
export function drawFlow(pen: Pen, lane: Box, kind: number, flow: FlowPicture, isStill: boolean): void {
  const { palette } = pen;
  const ended = flow.ok + flow.rejected + flow.timedOut + flow.failed;
  const fates = fatesOf(flow);
  if (isStill) drawArrow(pen, lane, flow.attempts, fates.ok);
  const x = lane.x + 28;
  const most = lane.width - 28;
  pen.text(flowKinds[kind]?.title ?? '', x, lane.y + 13, { isBold: true, most });
  pen.text(`${rateOf(flow.attempts)}/s`, x, lane.y + 27, { most });
  const isWell = ended === 0 || fates.ok > 0.99;
  pen.text(ended === 0 ? (flow.inside > 0 ? 'none answered' : '') : `${shareOf(fates.ok)} ok`, x, lane.y + 40, {
    colour: isWell && !(ended === 0 && flow.inside > 0) ? palette.faint : palette.bad,
    most,
  });
}

/** Without motion: an arrow as broad as there are many, the part that fails in the colour of trouble. */
function drawArrow(pen: Pen, lane: Box, perSecond: number, ok: number): void {
  if (perSecond <= 0) return;
  const { context, palette } = pen;
  const width = Math.min(16, 2 + 3 * Math.log10(1 + perSecond));
  const [top, bottom, middle] = [lane.y + 3, lane.y + lane.height - 3, lane.x + 12];
  context.fillStyle = palette.bad;
  context.fillRect(middle - width / 2, top + 7, width, bottom - top - 7);
  context.fillStyle = palette.good;
  context.fillRect(middle - width / 2, top + 7, width * ok, bottom - top - 7);
  context.beginPath();
  context.moveTo(middle - 11, top + 8);
  context.lineTo(middle, top);
  context.lineTo(middle + 11, top + 8);
  context.fill();
}

/** Caches that drain, CoreDNS pods, and how many lookups fail. */
export function drawNames(pen: Pen, box: Box, state: ClusterPicture): void {
  const { palette } = pen;
  const { names } = state;
  const isBad = names.failureShare > 0.01;
  pen.card(box, palette.panel, isBad ? palette.names : palette.line);
  const { x, y, width } = inset(box, 8);
  pen.text('names', x, y + 9, { isBold: true });
  pen.text(isBad ? `${shareOf(names.failureShare)} fail` : 'resolve', x + width, y + 9, {
    align: 'right',
    colour: isBad ? palette.names : palette.faint,
    isBold: isBad,
  });
  let at = y + 18;
  if (names.records > 0) {
    pen.stacked({ x, y: at, width, height: 12 }, [
      [names.fresh, palette.good],
      [names.stale, palette.warn],
      [names.failing, palette.names],
    ]);
    pen.text(`${shareOf(names.fresh)} fresh`, x, at + 25, { size: 10, colour: palette.faint });
    const rest =
      names.failing > 0 ? `${shareOf(names.failing)} cannot be answered` : `${shareOf(names.stale)} past their time`;
    if (names.failing > 0 || names.stale > 0) {
      pen.text(rest, x, at + 38, { size: 10, colour: names.failing > 0 ? palette.names : palette.faint, most: width });
    }
    at += 44;
  }
  if (names.pods > 0 && at + 12 < box.y + box.height)
    drawPods(pen, { x, y: at, width, height: 12 }, names.podsReady, names.pods);
}

function drawPods(pen: Pen, { x, y, width }: Box, ready: number, pods: number): void {
  const { palette } = pen;
  pen.text(`CoreDNS ${ready} of ${pods}`, x, y + 10, {
    size: 10,
    colour: ready < pods ? palette.bad : palette.faint,
    most: width,
  });
}
