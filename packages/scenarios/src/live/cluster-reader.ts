/** Reads one cluster into the columns of a frame. Nothing it asks for changes anything. */
import type { Simulation } from '@brownout/core';
import { Status } from '../kubernetes/requests/api-request.ts';
import type { ApiServer } from '../kubernetes/api-server/api-server.ts';
import { errorShare } from '../operations/monitoring/error-share.ts';
import { noCause } from '../operations/chronicle.ts';
import type { ApiCounts, Site } from '../operations/site.ts';
import type { World } from '../scenario/build.ts';
import { type ClusterColumns, type ScalarName, scalarPlace } from './frame-columns.ts';
import { type ClusterLayout, NodeBits, NodeLease, ServerState } from './frame.ts';
import { NodeReader } from './node-reader.ts';

/** Kinds of books that are kept by group: attempts, then by outcome. */
const BOOKS = 6;

/** See the head of this file. */
export class ClusterReader {
  readonly #world: World;
  readonly #site: Site;
  readonly #index: number;
  readonly #layout: ClusterLayout;
  readonly #nodes: NodeReader;
  /** Counts at the frame before. */
  readonly #servers: { busy: number; core: number; rejections: number; kills: number }[];
  readonly #members: { busy: number; core: number }[];
  readonly #clients: Float64Array;
  #counts: ApiCounts;

  constructor(simulation: Simulation, world: World, site: Site, index: number, layout: ClusterLayout) {
    this.#world = world;
    this.#site = site;
    this.#index = index;
    this.#layout = layout;
    this.#nodes = new NodeReader(simulation, site.cluster);
    this.#servers = site.cluster.controlPlane.servers.map((server) => countsOf(server));
    this.#members = Array.from({ length: layout.etcdMembers }, (_, member) => this.#memberCounts(member));
    this.#clients = new Float64Array(layout.groups.length * BOOKS);
    this.#counts = site.apiCounts();
  }

  /** Fills the columns; gives the column of nodes. */
  read(into: ClusterColumns): Uint8Array {
    this.#readServers(into.servers);
    this.#readLevels(into.levels);
    this.#readEtcd(into);
    this.#readClients(into.clients);
    this.#readAlerts(into.alerts);
    const nodes = this.#nodes.read();
    this.#readScalars(into.scalars, nodes);
    return nodes;
  }

  #readServers(into: ClusterColumns['servers']): void {
    const { servers } = this.#site.cluster.controlPlane;
    servers.forEach((server, i) => {
      const before = this.#servers[i]!;
      const now = countsOf(server);
      this.#servers[i] = now;
      into.state[i] = stateOf(server);
      into.cpu[i] = now.core > before.core ? (now.busy - before.busy) / (now.core - before.core) : 0;
      into.memory[i] = server.memoryBytes / server.memoryLimitBytes;
      into.memoryLimit[i] = server.memoryLimitBytes;
      into.cores[i] = server.cpu.cores;
      into.rejected[i] = now.rejections - before.rejections;
      into.kills[i] = now.kills - before.kills;
      for (const level of server.flowControl.levels) {
        if (Number.isFinite(level.limit)) {
          into.seats[i]! += level.seatsInUse;
          into.seatLimit[i]! += level.limit;
        }
        into.queued[i]! += level.requestsWaiting;
        into.inFlight[i]! += level.requestsExecuting;
      }
    });
  }

  #readLevels(into: ClusterColumns['levels']): void {
    for (const { flowControl } of this.#site.cluster.controlPlane.balanced) {
      flowControl.levels.forEach((level, i) => {
        into.seats[i]! += level.seatsInUse;
        if (Number.isFinite(level.limit)) into.limit[i]! += level.limit;
        into.queued[i]! += level.requestsWaiting;
      });
    }
  }

  #readEtcd({ etcd: into, scalars }: ClusterColumns): void {
    const { cluster } = this.#site;
    const { etcd } = cluster.controlPlane;
    const limit = cluster.options.controlPlane.etcd.memoryLimitBytes;
    for (let member = 0; member < this.#layout.etcdMembers; member++) {
      const before = this.#members[member]!;
      const now = this.#memberCounts(member);
      this.#members[member] = now;
      const isUp = etcd.isUp(member);
      into.up[member] = isUp ? 1 : 0;
      into.cpu[member] = now.core > before.core ? (now.busy - before.busy) / (now.core - before.core) : 0;
      into.memory[member] = isUp ? etcd.memoryBytes(member) / limit : 0;
    }
    const { storage } = etcd;
    set(scalars, 'leader', etcd.hasQuorum ? etcd.leader : -1);
    set(scalars, 'dbShare', storage === undefined ? NaN : Math.max(...storage.fileBytes) / storage.quotaBytes);
    set(scalars, 'isAlarmed', storage?.isAlarmed === true ? 1 : 0);
  }

  /** Groups of one name are one; whoever joined since the beginning is among the others, the last. */
  #readClients(into: ClusterColumns['clients']): void {
    const { groups: names } = this.#layout;
    const now = new Float64Array(names.length * BOOKS);
    for (const group of this.#site.cluster.controlPlane.settledGroups()) {
      const found = names.indexOf(group.name);
      const place = found < 0 ? names.length - 1 : found;
      const { ended } = group;
      const at = place * BOOKS;
      now[at]! += group.sent;
      now[at + 1]! += ended[Status.ok]!;
      now[at + 2]! +=
        ended[Status.tooManyRequests]! +
        ended[Status.unauthorized]! +
        ended[Status.forbidden]! +
        ended[Status.refused]!;
      now[at + 3]! += ended[Status.timedOut]!;
      now[at + 4]! += ended[Status.reset]! + ended[Status.serverError]! + ended[Status.gatewayTimeout]!;
      now[at + 5]! += group.sent - group.firstAttempts;
      into.inside[place]! += group.inside;
    }
    const { attempts, ok, rejected, timedOut, failed, retries } = into;
    [attempts, ok, rejected, timedOut, failed, retries].forEach((column, book) => {
      for (let place = 0; place < names.length; place++) {
        column[place] = now[place * BOOKS + book]! - this.#clients[place * BOOKS + book]!;
      }
    });
    this.#clients.set(now);
  }

  #readAlerts(into: Float32Array): void {
    this.#world.alerting.states.forEach(({ isForEach, isFiring }, rule) => {
      into[rule] = isFiring[isForEach ? this.#index : 0]!;
    });
  }

  #readScalars(into: Float32Array, nodes: Uint8Array): void {
    const { cluster, rolloutNote, takenBack } = this.#site;
    const { users, monitoring } = this.#world;
    const records = this.#nodes.records();
    const counts = this.#site.apiCounts();
    const values: Readonly<Partial<Record<ScalarName, number>>> = {
      ...records,
      nameFailureShare: cluster.nameFailureShare(1),
      coreDnsReady: cluster.coreDns.syncedReplicas,
      nodeCount: cluster.kubelets.count,
      nodesNotReady: expiredIn(nodes),
      agentsRunning: cluster.daemon.runningCount,
      agentsWanted: sumOf(cluster.daemonSet.isSelected),
      agentPods: cluster.daemonSet.podCount,
      isRolledOut: rolloutNote === noCause ? 0 : 1,
      isTakenBack: takenBack.isFired ? 1 : 0,
      weight: users.weight(this.#index),
      isAvoided: users.isAvoided(this.#index) ? 1 : 0,
      isBlocked: cluster.controlPlane.isBlocked ? 1 : 0,
      apiSuccess:
        counts.ended === this.#counts.ended && counts.waiting === 0 ? NaN : 1 - errorShare(this.#counts, counts),
      isSeen: monitoring.dashboardsWork(this.#index) ? 1 : 0,
    };
    this.#counts = counts;
    for (const [name, value] of Object.entries(values)) set(into, name as ScalarName, value);
  }

  #memberCounts(member: number): { busy: number; core: number } {
    const { etcd } = this.#site.cluster.controlPlane;
    const { busyTime, coreTime } = etcd.members[member]!.books();
    return { busy: busyTime + etcd.writeCpu(member) + etcd.lightReadCpu(member), core: coreTime };
  }
}

function expiredIn(nodes: Uint8Array): number {
  let count = 0;
  for (let node = 0; node < nodes.length; node++) {
    if ((nodes[node]! & NodeBits.lease) === NodeLease.expired) count++;
  }
  return count;
}

function sumOf(flags: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < flags.length; i++) sum += flags[i]!;
  return sum;
}

function set(scalars: Float32Array, name: ScalarName, value: number): void {
  scalars[scalarPlace[name]] = value;
}

function countsOf(server: ApiServer): { busy: number; core: number; rejections: number; kills: number } {
  return {
    busy: server.busyTime,
    core: server.cpu.books().coreTime,
    rejections: server.rejections,
    kills: server.memoryKills,
  };
}

function stateOf(server: ApiServer): number {
  if (server.isAbsent) return ServerState.absent;
  if (server.isGone) return ServerState.crashed;
  if (server.isStarting) return ServerState.starting;
  return server.isHealthy ? ServerState.up : ServerState.draining;
}
