/**
 * What the search for feedback loops is based on: counters of one cluster by window, and whose work kept the cores busy
 * while they were all busy. Everything is read at the samples of the observation; nothing is counted per request.
 *
 * Whose work it was is found as a sampling profiler finds it: every few seconds the requests on the cores of exhausted
 * servers are counted by client group. Cores are shared evenly, so the share of a group among them is its share of the
 * CPU, without bias; the error is that of counting.
 */
import { Phase, Status } from '../../kubernetes/requests/api-request.ts';
import { PATH_WRITE } from '../../kubernetes/requests/operation.ts';
import type { ApiServer } from '../../kubernetes/api-server/api-server.ts';
import type { Site } from '../../operations/site.ts';

/** Cores count as exhausted above this share of the time between two samples. */
const EXHAUSTED = 0.95;

/** Attempts of one client group in one window. */
export interface GroupWindow {
  readonly sent: number;
  readonly repeats: number;
  /** Ended badly, refusals for want of a right (401, 403) left out: those are not a matter of load. */
  readonly failed: number;
  readonly ended: number;
}

/** One window of one cluster. */
export interface LoopWindow {
  /** Its start, in microseconds of the run. */
  readonly start: number;
  /** Share of ready servers and time in which cores or seats were exhausted, 0..1. */
  readonly exhausted: number;
  readonly groups: readonly GroupWindow[];
  /** Requests found on exhausted cores: by client group; and those that are writes but no heartbeats. */
  readonly onCores: readonly number[];
  readonly onCoresTotal: number;
  readonly onCoresWrites: number;
  readonly wastedCpu: number;
  readonly givenUpCpu: number;
  readonly nodesNotReady: number;
  readonly agents: number;
  readonly downloads: StampedeCounts;
}

/** Start-up downloads so far; whoever models them hands in a reader. */
export interface StampedeCounts {
  readonly timedOut: number;
  /** Bytes that came, and those of them that were thrown away. */
  readonly bytes: number;
  readonly wastedBytes: number;
}

const NO_DOWNLOADS: StampedeCounts = { timedOut: 0, bytes: 0, wastedBytes: 0 };

/** The history of one cluster. */
export class LoopHistory {
  readonly site: Site;
  readonly windows: LoopWindow[] = [];
  /** Start-up downloads that compete for a limit, where they are modelled. */
  readDownloads: (() => StampedeCounts) | undefined;
  readonly #servers: ServerLook[] = [];
  #onCores: number[] = [];
  #onCoresWrites = 0;
  #exhausted = 0;
  #samples = 0;
  #start = 0;
  #before: Totals;

  constructor(site: Site) {
    this.site = site;
    this.#before = this.#totals();
  }

  /** Looks at the servers, every few seconds. */
  sample(): void {
    const { balanced } = this.site.cluster.controlPlane;
    for (let index = 0; index < balanced.length; index++) {
      const server = balanced[index]!;
      const look = (this.#servers[index] ??= new ServerLook(server));
      if (!look.isComparable()) continue;
      this.#samples++;
      if (!look.isExhausted) continue;
      this.#exhausted++;
      server.pipeline.inside.forEach(this.#count);
    }
  }

  /** Closes a window that ends at `now`. */
  close(now: number): void {
    const totals = this.#totals();
    const before = this.#before;
    const downloads = totals.downloads;
    this.windows.push({
      start: this.#start,
      exhausted: this.#samples === 0 ? 0 : this.#exhausted / this.#samples,
      groups: totals.groups.map((group, index) => difference(group, before.groups[index])),
      onCores: this.#onCores,
      onCoresTotal: this.#onCores.reduce((sum, count) => sum + (count ?? 0), 0),
      onCoresWrites: this.#onCoresWrites,
      wastedCpu: totals.wastedCpu - before.wastedCpu,
      givenUpCpu: totals.givenUpCpu - before.givenUpCpu,
      nodesNotReady: this.site.cluster.kubelets.countNotReady(),
      agents: this.site.cluster.daemon.runningCount,
      downloads: {
        timedOut: downloads.timedOut - before.downloads.timedOut,
        bytes: downloads.bytes - before.downloads.bytes,
        wastedBytes: downloads.wastedBytes - before.downloads.wastedBytes,
      },
    });
    this.#before = totals;
    this.#start = now;
    this.#onCores = [];
    this.#onCoresWrites = 0;
    this.#exhausted = 0;
    this.#samples = 0;
  }

  /** Number of the client group with that name, -1 = there is none. */
  groupNamed(name: string): number {
    return this.site.cluster.controlPlane.groups.findIndex((group) => group.name === name);
  }

  readonly #count = (request: number): void => {
    const { requests, operations, groups } = this.site.cluster.controlPlane;
    const phase = requests.phase[request]!;
    if (phase !== Phase.computing && phase !== Phase.connecting && phase !== Phase.rejecting) return;
    // What has come at this very instant, as everything with a round period may have, has had no CPU yet.
    const { cpu } = this.site.cluster.controlPlane.servers[requests.server[request]!]!;
    if (cpu.attained(request) === 0) return;
    const group = requests.group[request]!;
    this.#onCores[group] = (this.#onCores[group] ?? 0) + 1;
    const isWrite = operations.path[requests.operation[request]!] === PATH_WRITE;
    if (isWrite && !isHeartbeat(groups[group]!.name)) this.#onCoresWrites++;
  };

  #totals(): Totals {
    const { controlPlane } = this.site.cluster;
    return {
      groups: controlPlane.settledGroups().map((group) => {
        const denied = group.ended[Status.unauthorized]! + group.ended[Status.forbidden]!;
        const ended = group.sent - group.inside;
        return {
          sent: group.sent,
          repeats: group.sent - group.firstAttempts,
          failed: ended - group.ended[Status.ok]! - denied,
          ended,
        };
      }),
      wastedCpu: controlPlane.servers.reduce((sum, server) => sum + server.wastedCpu, 0),
      givenUpCpu: this.site.failures.givenUpCpu,
      downloads: this.readDownloads?.() ?? NO_DOWNLOADS,
    };
  }
}

interface Totals {
  readonly groups: readonly GroupWindow[];
  readonly wastedCpu: number;
  readonly givenUpCpu: number;
  readonly downloads: StampedeCounts;
}

/** Heartbeats of nodes: leases and status reports. */
export function isHeartbeat(group: string): boolean {
  return group.startsWith('kubelet-lease') || group.startsWith('kubelet-status');
}

function difference(now: GroupWindow, before: GroupWindow | undefined): GroupWindow {
  return {
    sent: now.sent - (before?.sent ?? 0),
    repeats: now.repeats - (before?.repeats ?? 0),
    failed: now.failed - (before?.failed ?? 0),
    ended: now.ended - (before?.ended ?? 0),
  };
}

/** Compares one server with how it was at the sample before. */
class ServerLook {
  readonly #server: ApiServer;
  #life = -1;
  #busy = 0;
  #capacity = 0;
  #rejections = 0;
  isExhausted = false;

  constructor(server: ApiServer) {
    this.#server = server;
  }

  /** True when the process has been ready since the sample before; `isExhausted` says the rest. */
  isComparable(): boolean {
    const { life, isReady, busyTime, rejections, cpu } = this.#server;
    const { coreTime } = cpu.books();
    const isSame = isReady && life === this.#life;
    const capacity = coreTime - this.#capacity;
    const isBusy = capacity > 0 && (busyTime - this.#busy) / capacity > EXHAUSTED;
    this.isExhausted = isSame && (isBusy || rejections > this.#rejections);
    this.#life = isReady ? life : -1;
    this.#busy = busyTime;
    this.#capacity = coreTime;
    this.#rejections = rejections;
    return isSame;
  }
}
