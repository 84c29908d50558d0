/**
 * Observation of a run: every few seconds the counters are read, every window closes a row. Nothing here feeds back into
 * the model.
 */
import { type Duration, type EventType, seconds, type Simulation } from '@brownout/core';
import type { UserTraffic } from '../data-plane/user-traffic.ts';
import { errorShare } from '../operations/monitoring/error-share.ts';
import type { ApiCounts, Site } from '../operations/site.ts';
import type { World } from './build.ts';
import { LatencyWatch } from './latency-watch.ts';
import type { FailedResource } from './result.ts';
import { SeatWatch } from './seat-watch.ts';
import { LoopHistory } from './why/loop-history.ts';

/** Length of a window of the series; the definitions of the KPIs rest on it. */
export const windowLength: Duration = seconds(60);
const SAMPLE: Duration = seconds(5);
const SAMPLES_PER_WINDOW = windowLength / SAMPLE;
/** Cores count as saturated above this share of their time. */
export const saturation = 0.95;

/** Names of the columns kept for each cluster, with their units. */
export const clusterColumns = {
  apiServerCpu: 'share',
  apiServerMemory: 'share',
  apiServersReady: 'servers',
  apiSuccessShare: 'share',
  apiRejections: 'requests',
  apiMemoryKills: 'kills',
  apiLatencyP50: 'seconds',
  apiLatencyP90: 'seconds',
  apiLatencyP99: 'seconds',
  listLatencyP50: 'seconds',
  listLatencyP90: 'seconds',
  listLatencyP99: 'seconds',
  etcdCpu: 'share',
  etcdMemory: 'share',
  dnsFailureShare: 'share',
  userErrorShare: 'share',
  nodesNotReady: 'nodes',
  agentsRunning: 'agents',
} as const;

/** Name of a cluster column. */
export type ClusterColumn = keyof typeof clusterColumns;

/** What is watched of one cluster. */
export class SiteWatch {
  readonly site: Site;
  readonly columns: Readonly<Record<ClusterColumn, number[]>>;
  /** First failure of each resource: start of the first saturated minute, or the sample that saw it; microseconds. */
  readonly firstFailure: Map<FailedResource, number> = new Map();
  /** User requests to this cluster in all closed windows, and those that failed. */
  userRequests = 0;
  userFailures = 0;
  /** Share of the user requests to this cluster that failed, or would have if there had been any; one value a window. */
  readonly failingUsers: number[] = [];
  readonly seats: SeatWatch;
  readonly #latencies: LatencyWatch;
  readonly #cpu: readonly CpuWatch[];
  readonly #etcdCpu: readonly CpuWatch[];
  #counts: ApiCounts;
  #rejections = 0;
  #kills = 0;
  #rejectionsSeen = 0;
  #memory = 0;
  #etcdMemory = 0;

  constructor(simulation: Simulation, site: Site) {
    this.site = site;
    this.seats = new SeatWatch(site);
    this.#latencies = new LatencyWatch(simulation, site.cluster.controlPlane);
    const names = Object.keys(clusterColumns) as ClusterColumn[];
    this.columns = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<ClusterColumn, number[]>;
    const { controlPlane } = site.cluster;
    const inService = controlPlane.servers.filter(({ index }) => index !== controlPlane.breakGlassServer);
    this.#cpu = inService.map(
      (server) => new CpuWatch(() => ({ busyTime: server.busyTime, coreTime: server.cpu.books().coreTime })),
    );
    const { etcd } = controlPlane;
    this.#etcdCpu = etcd.members.map(
      (member, index) =>
        new CpuWatch(() => {
          const { busyTime, coreTime } = member.books();
          return { busyTime: busyTime + etcd.writeCpu(index) + etcd.lightReadCpu(index), coreTime };
        }),
    );
    this.#counts = site.apiCounts();
  }

  /** Rejections by all API servers so far. */
  get rejections(): number {
    return this.site.cluster.controlPlane.servers.reduce((sum, server) => sum + server.rejections, 0);
  }

  /** Reads what would be missed between two windows: peaks and first failures. */
  sample(now: number): void {
    const { controlPlane } = this.site.cluster;
    for (const server of controlPlane.balanced) {
      this.#memory = Math.max(this.#memory, server.memoryBytes / server.memoryLimitBytes);
    }
    const limit = this.site.cluster.options.controlPlane.etcd.memoryLimitBytes;
    controlPlane.etcd.members.forEach((_, member) => {
      this.#etcdMemory = Math.max(this.#etcdMemory, controlPlane.etcd.memoryBytes(member) / limit);
    });
    for (const watch of this.#cpu) if (watch.sample()) this.#fail('api-server-cpu', now - windowLength);
    for (const watch of this.#etcdCpu) if (watch.sample()) this.#fail('etcd-cpu', now - windowLength);
    if (this.rejections > this.#rejectionsSeen) this.#fail('seats', now);
    this.#rejectionsSeen = this.rejections;
    if (this.site.memoryKills > 0) this.#fail('api-server-memory', now);
    if (controlPlane.etcd.memoryKills > 0) this.#fail('etcd-memory', now);
    this.seats.sample();
  }

  /**
   * Closes a window in which so many user requests came and so many of them failed. Where none came, `failureShare` is what would
   * have become of them: a cluster from which all traffic was steered away is not well for that.
   */
  close(asked: number, failed: number, failureShare: number): void {
    this.failingUsers.push(asked === 0 ? failureShare : failed / asked);
    this.userRequests += asked;
    this.userFailures += failed;
    const { cluster } = this.site;
    const counts = this.site.apiCounts();
    const rejections = this.rejections;
    const counted = cluster.registryDns?.counts;
    const row: Record<ClusterColumn, number> = {
      apiServerCpu: Math.max(...this.#cpu.map((watch) => watch.lastMinute)),
      apiServerMemory: this.#memory,
      apiServersReady: cluster.controlPlane.readyCount,
      apiSuccessShare: 1 - errorShare(this.#counts, counts),
      apiRejections: rejections - this.#rejections,
      apiMemoryKills: this.site.memoryKills - this.#kills,
      ...this.#latencies.close(),
      etcdCpu: Math.max(...this.#etcdCpu.map((watch) => watch.lastMinute)),
      etcdMemory: this.#etcdMemory,
      dnsFailureShare: counted === undefined ? cluster.nameService.failureShare() : counted.failing / counted.records,
      userErrorShare: asked === 0 ? 0 : failed / asked,
      nodesNotReady: cluster.kubelets.countNotReady(),
      agentsRunning: cluster.daemon.runningCount,
    };
    for (const name of Object.keys(row) as ClusterColumn[]) this.columns[name].push(rounded(row[name]));
    this.seats.close();
    this.#counts = counts;
    this.#rejections = rejections;
    this.#kills = this.site.memoryKills;
    this.#memory = 0;
    this.#etcdMemory = 0;
  }

  #fail(resource: FailedResource, at: number): void {
    if (!this.firstFailure.has(resource)) this.firstFailure.set(resource, at);
  }
}

/** The series of a run. */
export class Observation {
  /** Start of each window, in microseconds of the run. */
  readonly windows: number[] = [];
  readonly sites: readonly SiteWatch[];
  /** What feedback loops are looked for in, by site. */
  readonly loopHistories: readonly LoopHistory[];
  /** User requests and failures per window, by product, then all products together under ''. */
  readonly userRequests: ReadonlyMap<string, number[]>;
  readonly userFailures: ReadonlyMap<string, number[]>;
  readonly #world: World;
  readonly #sampleEvent: EventType;
  readonly #simulation: Simulation;
  #samples = 0;
  #seenRequests: Float64Array;
  #seenFailures: Float64Array;

  constructor(simulation: Simulation, world: World) {
    this.#simulation = simulation;
    this.#world = world;
    this.sites = world.sites.map((site) => new SiteWatch(simulation, site));
    this.loopHistories = world.sites.map((site) => new LoopHistory(site));
    readDownloads(this.loopHistories, world.users);
    const ids = ['', ...world.users.products.map((product) => product.id)];
    this.userRequests = new Map(ids.map((id) => [id, []]));
    this.userFailures = new Map(ids.map((id) => [id, []]));
    this.#seenRequests = world.users.requests.slice();
    this.#seenFailures = world.users.failures.slice();
    this.#sampleEvent = simulation.event('observation', () => this.#sample(), 'arrival');
    this.#sampleEvent.after(SAMPLE);
  }

  #sample(): void {
    this.#sampleEvent.after(SAMPLE);
    const { now } = this.#simulation;
    for (const watch of this.sites) watch.sample(now);
    for (const history of this.loopHistories) history.sample();
    if (++this.#samples % SAMPLES_PER_WINDOW === 0) this.#close(now);
  }

  #close(now: number): void {
    this.windows.push(now - windowLength);
    for (const history of this.loopHistories) history.close(now);
    const { users } = this.#world;
    const count = users.products.length;
    const requests = users.requests.slice();
    const failures = users.failures.slice();
    const perProduct = { requests: new Float64Array(count), failures: new Float64Array(count) };
    this.sites.forEach((watch, site) => {
      let all = 0;
      let failed = 0;
      for (let product = 0; product < count; product++) {
        const cell = site * count + product;
        const asked = requests[cell]! - this.#seenRequests[cell]!;
        const lost = failures[cell]! - this.#seenFailures[cell]!;
        all += asked;
        failed += lost;
        perProduct.requests[product]! += asked;
        perProduct.failures[product]! += lost;
      }
      watch.close(all, failed, users.failureShare(site));
    });
    this.#push(this.userRequests, perProduct.requests);
    this.#push(this.userFailures, perProduct.failures);
    this.#seenRequests = requests;
    this.#seenFailures = failures;
  }

  #push(into: ReadonlyMap<string, number[]>, values: Float64Array): void {
    into.get('')!.push(values.reduce((sum, value) => sum + value, 0));
    this.#world.users.products.forEach((product, index) => into.get(product.id)!.push(values[index]!));
  }
}

function readDownloads(histories: readonly LoopHistory[], users: UserTraffic): void {
  histories.forEach((history, site) => {
    if (users.readDownloads?.(site) !== undefined) history.readDownloads = () => users.readDownloads!(site)!;
  });
}

/** Utilisation of one machine's cores over the last minute, from its books. */
class CpuWatch {
  readonly #read: () => { readonly busyTime: number; readonly coreTime: number };
  /** The samples of the last minute and the one before them, in a ring; at the beginning there is nothing. */
  readonly #busy: Float64Array = new Float64Array(SAMPLES_PER_WINDOW + 1);
  readonly #capacity: Float64Array = new Float64Array(SAMPLES_PER_WINDOW + 1);
  #samples = 0;

  constructor(read: () => { readonly busyTime: number; readonly coreTime: number }) {
    this.#read = read;
  }

  get lastMinute(): number {
    const last = this.#samples % this.#busy.length;
    const first = this.#samples < this.#busy.length ? 0 : (this.#samples + 1) % this.#busy.length;
    const capacity = this.#capacity[last]! - this.#capacity[first]!;
    return capacity === 0 ? 0 : (this.#busy[last]! - this.#busy[first]!) / capacity;
  }

  /** Reads the books; true when the last minute was saturated. */
  sample(): boolean {
    const { busyTime, coreTime } = this.#read();
    const place = ++this.#samples % this.#busy.length;
    this.#busy[place] = busyTime;
    this.#capacity[place] = coreTime;
    return this.#samples >= SAMPLES_PER_WINDOW && this.lastMinute > saturation;
  }
}

/** Six significant digits: enough for every use, and a third of the size on disk. */
function rounded(value: number): number {
  return Number.isInteger(value) && Math.abs(value) < 1e6 ? value : Number(value.toPrecision(6));
}
