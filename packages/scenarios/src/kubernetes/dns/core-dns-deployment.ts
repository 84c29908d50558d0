/**
 * CoreDNS with its informers, as a Deployment behind the kube-dns Service: mechanisms D1 and D2 of an outage come out of
 * it and can be switched off one by one.
 *
 *   resolver --query--> Service (proxies, any routed replica) --> process: cache -> informers' memory
 *                          ^                                        |
 *                          +--- readiness, through the API ---------+--- LIST, WATCH --> ControlPlane
 *
 * A process that starts without the API is not ready, and would get no queries if the API could be told. While it cannot,
 * the proxies send queries where they did before.
 */
import { type EventType, noTime, power, type Simulation, type Stream } from '@brownout/core';
import type { ControlPlane } from '../control-plane.ts';
import { Answer } from './core-dns-answers.ts';
import { checkCoreDnsOptions, type CoreDnsOptions } from './core-dns-options.ts';
import type { CoreDnsEnd } from './core-dns-parts.ts';
import { CoreDnsProcess } from './core-dns-process.ts';
import type { InformerObserver, InformerOperations, InformerSet } from './informer-set.ts';
import { PlainInformers } from './plain-informers.ts';
import { type ReflectedOperations, ReflectedInformers } from './reflected-informers.ts';
import type { CoreDnsPods } from './core-dns-pods.ts';
import type { KubeDnsService } from './kube-dns-service.ts';
import { NameRecords } from './name-records.ts';
import type { ClusterNameServers, NameServiceCounts, NameSource } from './name-store.ts';

/** What happens in the Deployment, for trace and report. */
export interface CoreDnsObserver {
  /** A process is gone; the kubelet will start it again. */
  coreDnsEnded(replica: number, why: CoreDnsEnd): void;
  /** A process that was started again knows all names. */
  coreDnsReady(replica: number): void;
}

/** Surroundings of the Deployment. */
export interface CoreDnsParts {
  readonly controlPlane: ControlPlane;
  /** What its informers send: `ReflectedOperations` need API servers with watch caches. */
  readonly operations: InformerOperations | ReflectedOperations;
  /** Names of the cluster; default none, which leaves `failureShare` meaningful and `ask` without answers. */
  readonly records?: NameRecords;
  readonly observer?: CoreDnsObserver;
  /**
   * The Service in front of the replicas, and the pods that hear of their readiness; absent = a Service that knows the
   * readiness of a replica `readinessDelay` after it changed, whenever an API server is ready.
   */
  readonly service?: { readonly proxies: KubeDnsService; readonly pods: CoreDnsPods };
  /** Told the answer of every query given to `ask`. */
  readonly onAnswer?: (query: number, answer: number) => void;
}

/** The running Deployment. */
export class CoreDnsDeployment implements ClusterNameServers, NameSource {
  readonly processes: readonly CoreDnsProcess[];
  readonly records: NameRecords;
  readonly informers: InformerSet;
  readonly #options: CoreDnsOptions;
  readonly #parts: CoreDnsParts;
  readonly #routing: Stream;
  readonly #publish: EventType;
  readonly #restart: EventType;
  /** Replicas the proxies send queries to. */
  #routed: number[];
  #ended = 0;

  constructor(simulation: Simulation, name: string, options: CoreDnsOptions, parts: CoreDnsParts) {
    checkCoreDnsOptions(options);
    this.#options = options;
    this.#parts = parts;
    this.records = parts.records ?? new NameRecords(0);
    this.#routing = simulation.streams.get(`${name}/routing`);
    this.#publish = simulation.event(`${name} readiness`, (replica) => this.#publishReadiness(replica));
    this.#restart = simulation.event(`${name} lameduck ends`, (replica) => this.processes[replica]!.end('restart'));
    this.informers = createInformers(simulation, name, options.replicas, parts, {
      revision: () => this.records.revision,
      listed: (process, resource) => this.processes[process]!.listed(resource),
      synced: (process) => this.processes[process]!.synced(),
    });
    const timers = {
      start: simulation.event(`${name} start`, (process) => this.processes[process]!.start()),
      look: simulation.event(`${name} look`, (process) => this.processes[process]!.look()),
      probe: simulation.event(`${name} probe`, (process) => this.processes[process]!.probe()),
      probeLate: simulation.event(`${name} probe late`, (process) => this.processes[process]!.probeLate()),
    };
    const observer = {
      ended: (replica: number, why: CoreDnsEnd) => this.#left(replica, why),
      serving: () => {},
      ready: (replica: number) => this.#ready(replica),
      answered: (query: number, answer: number) => this.#parts.onAnswer?.(query, answer),
    };
    this.processes = Array.from(
      { length: options.replicas },
      (_, index) =>
        new CoreDnsProcess(simulation, name, index, options, {
          records: this.records,
          informers: this.informers,
          timers,
          observer,
        }),
    );
    this.#routed = this.processes.map(({ index }) => index);
    const servers = parts.controlPlane.balanced.length;
    for (const process of this.processes) process.startSynced(process.index % servers);
  }

  get replicas(): number {
    return this.processes.length;
  }

  /** Replicas that have filled their informers since they last started. */
  get syncedReplicas(): number {
    return this.processes.reduce((count, { isReady }) => count + (isReady ? 1 : 0), 0);
  }

  /** Replicas that a query may reach: those the proxies send queries to. */
  get endpoints(): readonly number[] {
    return this.#parts.service?.proxies.endpoints ?? this.#routed;
  }

  /** Share of single tries that fail now, over all names. */
  get failingTryShare(): number {
    const routed = this.endpoints;
    if (routed.length === 0) return 1;
    let failing = 0;
    for (const replica of routed) failing += this.processes[replica]!.failingShare();
    return failing / routed.length;
  }

  /** Replicas the proxies send queries to. */
  get routedReplicas(): number {
    return this.endpoints.length;
  }

  /** Processes that ended so far, for whatever reason. */
  get endedProcesses(): number {
    return this.#ended;
  }

  /** Records of all processes, and how many of them would fail now. */
  get counts(): NameServiceCounts {
    const records = this.replicas * this.records.count;
    const failing = this.processes.reduce((sum, process) => sum + process.failingShare() * this.records.count, 0);
    return { records, failing: Math.round(failing) };
  }

  /** Every lookup goes to any routed replica, and so does every further attempt of it. */
  failureShare(lookups = 1): number {
    const failing = this.failingTryShare;
    if (failing === 0 || lookups === 0) return 0;
    return 1 - power(1 - power(failing, this.#options.attempts), lookups);
  }

  /** A client on any node is sent to any routed replica with every attempt. */
  failureProbability(_node: number, name: number): number {
    const failing = this.servfailChance(name) + this.silenceChance(name);
    return failing === 0 ? 0 : power(failing, this.#options.attempts);
  }

  /** Replicas that serve and do not know the name, of those that a query may reach. */
  servfailChance(name: number): number {
    let failing = 0;
    for (const replica of this.endpoints) failing += this.processes[replica]!.servfailChance(name);
    return failing === 0 ? 0 : failing / this.endpoints.length;
  }

  /** Replicas that are gone or have no time, of those that a query may reach; surely when there are none. */
  silenceChance(_name: number): number {
    const routed = this.endpoints;
    if (routed.length === 0) return 1;
    let silent = 0;
    for (const replica of routed) silent += this.processes[replica]!.silenceShare;
    return silent / routed.length;
  }

  /** Probability that a lookup is answered with an address that is not the name's any more. */
  staleProbability(name: number): number {
    const routed = this.endpoints;
    let stale = 0;
    for (const replica of routed) stale += this.processes[replica]!.isStale(name) ? 1 : 0;
    return stale === 0 ? 0 : stale / routed.length;
  }

  /** A resolver asks once; `onAnswer` follows. Without a routed replica nobody answers. */
  ask(query: number, name: number): void {
    const routed = this.endpoints;
    if (routed.length === 0) this.#parts.onAnswer?.(query, Answer.silence);
    else this.processes[routed[this.#routing.integer(routed.length)]!]!.ask(query, name);
  }

  /**
   * A replica is replaced by a rollout and starts anew: at once, or after the lameduck time in which the old process goes
   * on answering while its endpoint is taken from the Service.
   */
  restart(replica: number): void {
    const { lameduck = noTime } = this.#options;
    if (lameduck === noTime) {
      this.processes[replica]!.end('restart');
      return;
    }
    this.#parts.service?.pods.readinessChanged(replica, false);
    this.#restart.after(lameduck, replica);
  }

  /** The pod of a replica is deleted, or its machine is gone: nothing starts there again. */
  evict(replica: number): void {
    this.processes[replica]!.end('evicted');
  }

  /** The container of a new pod is started, elsewhere. */
  startAgain(replica: number): void {
    this.processes[replica]!.start();
  }

  /** Connections to API servers are gone. */
  connectionsBroke(): void {
    this.informers.connectionsBroke();
  }

  /** The way to the API servers is cut. */
  pathBlocked(): void {
    this.informers.pathBlocked();
  }

  /** And open again. */
  pathOpened(): void {
    this.informers.pathOpened();
  }

  #left(replica: number, why: CoreDnsEnd): void {
    this.#ended++;
    this.#parts.observer?.coreDnsEnded(replica, why);
    this.#readinessChanged(replica, false);
  }

  #ready(replica: number): void {
    this.#parts.observer?.coreDnsReady(replica);
    this.#readinessChanged(replica, true);
  }

  #readinessChanged(replica: number, isReady: boolean): void {
    const { service } = this.#parts;
    if (service === undefined) this.#publish.after(this.#options.readinessDelay, replica);
    else service.pods.readinessChanged(replica, isReady);
  }

  /** Tells the proxies, or tries again later. */
  #publishReadiness(replica: number): void {
    const { controlPlane } = this.#parts;
    if (controlPlane.readyCount === 0 || controlPlane.cutsSystem) {
      this.#publish.after(this.#options.readinessRetry, replica);
      return;
    }
    const others = this.#routed.filter((each) => each !== replica);
    this.#routed = this.processes[replica]!.isReady ? [...others, replica].sort((a, b) => a - b) : others;
  }
}

function createInformers(
  simulation: Simulation,
  name: string,
  processes: number,
  { controlPlane, operations }: CoreDnsParts,
  observer: InformerObserver,
): InformerSet {
  return 'watch' in operations
    ? new PlainInformers(simulation, name, processes, operations, controlPlane, observer)
    : new ReflectedInformers(simulation, name, processes, operations, controlPlane, observer);
}
