/** Every number of the picture in a sentence: what it is, and what it means that it is so. */
import type { RunInfo } from '../engine/protocol.ts';
import { flowKinds } from './flow-kinds.ts';
import type { ClusterPicture, Picture, ServerPicture } from './picture.ts';
import { bytesOf, countOf, rateOf, shareOf } from './time.ts';

/** A heading, and sentences. */
export interface Explanation {
  readonly title: string;
  readonly text: string;
}

const serverStates: Readonly<Record<ServerPicture['state'], string>> = {
  absent: 'is not in service.',
  up: 'is up and serves.',
  starting: 'starts: it fills its caches and is not sent requests yet.',
  down: 'is down: it was killed or ended, and waits to be started again.',
  draining: 'shuts down: it finishes what it has, and takes no new connections.',
};

/** One API server. */
export function explainServer(info: RunInfo, picture: Picture, cluster: number, number: number): Explanation {
  const server = picture.clusters[cluster]?.servers[number];
  const title = `API server ${number + 1} of ${nameOf(info, cluster)}`;
  if (server === undefined) return { title, text: '' };
  const lines = [`It ${serverStates[server.state]}`];
  if (server.isBreakGlass) lines.push('It stands behind no balancer: it is kept for people who are locked out.');
  if (server.state !== 'absent' && server.state !== 'down') {
    const cores = `${countOf(server.cores)} ${server.cores === 1 ? 'core' : 'cores'}`;
    lines.push(
      `It uses ${shareOf(server.cpu)} of its ${cores}, and ${shareOf(server.memory)} of ${bytesOf(server.memoryBytes)} of memory; a process that outgrows its memory is killed.`,
      server.seatLimit > 0
        ? `${countOf(server.seats)} of ${countOf(server.seatLimit)} seats are taken: that many requests are let in at once. ${countOf(server.queued)} wait for a seat, ${countOf(server.inFlight)} are in execution.`
        : `${countOf(server.inFlight)} requests are in execution.`,
    );
  }
  if (server.kills > 0) lines.push('It was killed for its memory just before.');
  return { title, text: lines.join(' ') };
}

/** etcd of a cluster. */
export function explainEtcd(info: RunInfo, picture: Picture, cluster: number): Explanation {
  const state = picture.clusters[cluster];
  const title = `etcd of ${nameOf(info, cluster)}`;
  if (state === undefined) return { title, text: '' };
  const { members, database, hasAlarm } = state;
  const up = members.filter(({ isUp }) => isUp).length;
  const leader = members.findIndex(({ isLeader }) => isLeader);
  const most = Math.floor(members.length / 2) + 1;
  const highest = (read: (member: (typeof members)[number]) => number): string =>
    shareOf(Math.max(0, ...members.map(read)));
  const lines = [
    `Everything the API knows is stored here. ${up} of ${members.length} members are up, and ${most} must be for anything to be written.`,
    leader < 0 ? 'None of them leads: nothing can be written now.' : `Member ${leader + 1} leads.`,
    `The busiest uses ${highest(({ cpu }) => cpu)} of its cores, the fullest ${highest(({ memory }) => memory)} of its memory.`,
  ];
  if (!Number.isNaN(database)) lines.push(`The database takes ${shareOf(database)} of its quota.`);
  if (hasAlarm) lines.push('The quota is used up: etcd refuses every write until somebody makes room.');
  return { title, text: lines.join(' ') };
}

/** How names are resolved in a cluster. */
export function explainNames(info: RunInfo, picture: Picture, cluster: number): Explanation {
  const state = picture.clusters[cluster];
  const title = `Names in ${nameOf(info, cluster)}`;
  if (state === undefined) return { title, text: '' };
  const { records, fresh, stale, failing, failureShare, podsReady, pods } = state.names;
  const lines: string[] = [];
  if (records > 0) {
    lines.push(
      `${countOf(records)} records are kept near the nodes: ${shareOf(fresh)} are fresh, ${shareOf(stale)} are past their time and used all the same, ${shareOf(failing)} cannot be answered.`,
      'While records are fresh nobody notices that the API cannot be reached; they drain as their times run out.',
    );
  }
  if (info.dns === 'core-dns') lines.push(`${podsReady} of ${pods} CoreDNS pods know all names.`);
  lines.push(`Of the lookups of a name ${shareOf(failureShare)} fail.`);
  return { title, text: lines.join(' ') };
}

/** The nodes of a cluster. */
export function explainNodes(info: RunInfo, picture: Picture, cluster: number): Explanation {
  const state = picture.clusters[cluster];
  const title = `Nodes of ${nameOf(info, cluster)}`;
  if (state === undefined) return { title, text: '' };
  const { all, withAgent, late, notReady, staleNames, failingNames, gone } = state.counts;
  const of = (count: number): string => `${countOf(count)} (${shareOf(all === 0 ? 0 : count / all)})`;
  const lines = [
    `Each square is one of ${countOf(all)} nodes. On ${of(withAgent)} the agent ${info.agent} runs.`,
    `The lease of ${of(late)} is late, that of ${of(notReady)} has expired: the control plane thinks them dead, although they go on working.`,
    `On ${of(failingNames)} some names cannot be resolved${staleNames > 0 ? `, on ${of(staleNames)} some are past their time` : ''}.`,
  ];
  if (gone > 0) lines.push(`${of(gone)} are not there: given up, or still to join.`);
  return { title, text: lines.join(' ') };
}

/** Requests of one kind of clients to the API servers. */
export function explainFlow(info: RunInfo, picture: Picture, cluster: number, kind: number): Explanation {
  const { title: name = '', what = '' } = flowKinds[kind] ?? {};
  const flow = picture.clusters[cluster]?.flows[kind];
  const title = `Requests of ${name}, ${nameOf(info, cluster)}`;
  if (flow === undefined) return { title, text: '' };
  const { attempts, ok, rejected, timedOut, failed, retries, inside } = flow;
  const ended = ok + rejected + timedOut + failed;
  const fates: readonly (readonly [count: number, what: string])[] = [
    [ok, 'succeeded'],
    [rejected, 'were turned away'],
    [timedOut, 'got no answer in time'],
    [failed, 'broke off'],
  ];
  const shares = fates.filter(([count]) => count > 0).map(([count, what]) => `${shareOf(count / ended)} ${what}`);
  const text = [
    `From ${what}: ${rateOf(attempts)} a second.`,
    ended === 0 ? 'None has ended since the frame before.' : `Of those that ended ${shares.join(', ')}.`,
    retries > 0
      ? `${shareOf(attempts === 0 ? 0 : Math.min(1, retries / attempts))} of them repeat one that failed.`
      : '',
    `${countOf(inside)} are under way.`,
  ];
  return { title, text: text.filter((line) => line !== '').join(' ') };
}

/** Users of one product. */
export function explainProduct(info: RunInfo, picture: Picture, product: number): Explanation {
  const { title = '' } = info.products[product] ?? {};
  const { perSecond = 0, failing = 0 } = picture.products[product] ?? {};
  return {
    title: `Users of ${title}`,
    text: `They ask ${rateOf(perSecond)} times a second, over all clusters. ${shareOf(failing)} of it fails: a name on the way could not be resolved, or nobody was there to answer.`,
  };
}

/** A cluster as a whole. */
export function explainCluster(info: RunInfo, picture: Picture, cluster: number): Explanation {
  const state = picture.clusters[cluster];
  const known = info.clusters[cluster];
  if (state === undefined || known === undefined) return { title: '', text: '' };
  return {
    title: `${known.id}${known.role === 'staging' ? ', a staging cluster' : ''}`,
    text: clusterSentences(state, known.nodes).join(' '),
  };
}

function clusterSentences(state: ClusterPicture, nodes: number): string[] {
  const up = state.servers.filter(({ state: doing }) => doing === 'up').length;
  const lines = [
    `${countOf(nodes)} nodes. ${up} of ${state.servers.filter(({ state: doing }) => doing !== 'absent').length} API servers are up.`,
    Number.isNaN(state.apiSuccess)
      ? 'Nobody asked the API since the frame before.'
      : `${shareOf(state.apiSuccess)} of the requests to the API succeed, those of the agents left out.`,
    state.requests === 0
      ? 'Users are not sent here.'
      : `Users send it ${rateOf(state.requests)} requests a second, of which ${shareOf(state.failing)} fail.`,
  ];
  if (state.isAvoided) lines.push('The balancer steers users away from it.');
  if (state.isBlocked) lines.push('The network drops packets to its API servers.');
  if (!state.isSeen) lines.push('Monitoring does not see it now.');
  return lines;
}

function nameOf(info: RunInfo, cluster: number): string {
  return info.clusters[cluster]?.id ?? '';
}
