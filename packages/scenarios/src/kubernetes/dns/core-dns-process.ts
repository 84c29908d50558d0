/**
 * One CoreDNS process: it starts its informers, waits up to five seconds for them, then serves from their memory for as long
 * as it lives, whatever becomes of the API. A name it does not find is denied when every informer has synced and SERVFAIL
 * until then (plugin/kubernetes, handler.go). The kubelet starts it again with a crash back-off when it outgrew its memory
 * or failed its liveness probe, which asks the process and not the API.
 */
import {
  createProcessor,
  type EventHandle,
  noEvent,
  noTime,
  type Processor,
  type Simulation,
  type Stream,
} from '@brownout/core';
import { CrashBackoff } from '../api-server/crash-backoff.ts';
import { AnsweredQueries, type BookedQueries } from './answered-queries.ts';
import { Answer, DnsCache, type DnsCacheTally } from './core-dns-answers.ts';
import { CoreDnsLiveness, PROBE } from './core-dns-liveness.ts';
import { CoreDnsMemory } from './core-dns-memory.ts';
import type { CoreDnsOptions } from './core-dns-options.ts';
import type { CoreDnsEnd, CoreDnsProcessParts } from './core-dns-parts.ts';
import { type InformedResource, informedResources } from './informer-set.ts';
import { ABSENT } from './name-records.ts';
import { QueriesOnCores } from './queries-on-cores.ts';

/** A process of a Deployment. */
export class CoreDnsProcess {
  readonly index: number;
  readonly cpu: Processor;
  readonly answered: AnsweredQueries = new AnsweredQueries();
  readonly queries: QueriesOnCores;
  /** Share of queries that find no core in time while more come in than the process can answer; set by `CoreDnsLoad`. */
  unansweredShare = 0;
  readonly #simulation: Simulation;
  readonly #options: CoreDnsOptions;
  readonly #parts: CoreDnsProcessParts;
  readonly #cache: DnsCache | undefined;
  readonly #memory: CoreDnsMemory | undefined;
  readonly #backoff: CrashBackoff;
  readonly #liveness: CoreDnsLiveness | undefined;
  readonly #listFactor: Stream;
  #life = 0;
  #state: 'down' | 'waiting' | 'serving' = 'down';
  #isReady = false;
  #servedUnsynced = false;
  #startedAt = 0;
  #readyAt = 0;
  #look: EventHandle = noEvent;
  #starting: EventHandle = noEvent;

  constructor(
    simulation: Simulation,
    name: string,
    index: number,
    options: CoreDnsOptions,
    parts: CoreDnsProcessParts,
  ) {
    this.index = index;
    this.queries = new QueriesOnCores(simulation);
    this.#simulation = simulation;
    this.#options = options;
    this.#parts = parts;
    this.#backoff = new CrashBackoff(options.crashBackoff);
    this.#listFactor = simulation.streams.get(`${name}/list memory`, index);
    this.#memory = options.memory === undefined ? undefined : new CoreDnsMemory(options.memory);
    this.#cache =
      options.cache === undefined
        ? undefined
        : new DnsCache(simulation, `${name}/${index}/cache`, options.cache, options.recordTtl, (each) =>
            this.#lookUp(each),
          );
    this.cpu = createProcessor(simulation, {
      name: `${name}/${index}/cpu`,
      cores: options.cores,
      onServed: (job) => this.#cpuDone(job),
    });
    const probe = { process: index, timers: parts.timers, cpu: this.cpu, work: options.queryCpu };
    this.#liveness =
      options.liveness &&
      new CoreDnsLiveness(simulation, options.liveness, { ...probe, onFailed: () => this.end('liveness') });
  }

  /** Whether it answers queries. */
  get isServing(): boolean {
    return this.#state === 'serving';
  }

  /** What /ready says: every informer has synced since the process started. */
  get isReady(): boolean {
    return this.#isReady;
  }

  /** What its cache has counted; undefined without the plugin. */
  get cacheTally(): DnsCacheTally | undefined {
    return this.#cache?.tally;
  }

  /** Memory now, in bytes; 0 without a model of memory or while the process is gone. */
  get memoryBytes(): number {
    return this.#state === 'down' ? 0 : (this.#memory?.bytes(this.#cache?.fillShare ?? 0) ?? 0);
  }

  /** Highest memory of any life. */
  get peakMemoryBytes(): number {
    return this.#memory?.peakBytes ?? 0;
  }

  /** Names whose address it would answer wrongly from its informers now. */
  get staleNames(): number {
    const { records, informers } = this.#parts;
    return records.staleCount(informers.knownRevision(this.index, 'endpointslices'));
  }

  /** Share of names it cannot answer now: all while it does not serve, none once it is synced and failures are forgotten. */
  failingShare(): number {
    if (this.#state !== 'serving') return 1;
    const failing = this.#servfailShare();
    return this.unansweredShare === 0 ? failing : 1 - (1 - failing) * (1 - this.unansweredShare);
  }

  /** Counts queries that come as a rate, as it would answer them now; see `CoreDnsLoad`. */
  book(asked: Omit<BookedQueries, 'failing'>): void {
    if (this.#state !== 'serving') return;
    const queries = asked.queries * (1 - this.unansweredShare);
    this.answered.book({ ...asked, queries, failing: this.#servfailShare() });
  }

  /** Probability that a query to this process gets no answer now, 0..1: all while it does not serve. */
  get silenceShare(): number {
    return this.#state === 'serving' ? this.unansweredShare : 1;
  }

  /** Probability that a query for this name is answered with SERVFAIL now, 0..1. */
  servfailChance(name: number): number {
    if (this.#state !== 'serving') return 0;
    const failing = this.#isReady
      ? this.#rememberedFailures()
      : this.#finds(this.#parts.records.isHeadless(name))
        ? 0
        : 1;
    return failing * (1 - this.unansweredShare);
  }

  /** Whether it would answer with an address that is not the name's any more. */
  isStale(name: number): boolean {
    const { records, informers } = this.#parts;
    if (this.#state !== 'serving' || !records.isHeadless(name) || !this.#finds(true)) return false;
    return !records.isCurrent(name, informers.knownRevision(this.index, 'endpointslices'));
  }

  /** Share of names of the cluster that it answers with SERVFAIL now. */
  #servfailShare(): number {
    if (this.#isReady) return this.#rememberedFailures();
    return 1 - this.#parts.records.foundShare(this.#finds(false), this.#finds(true));
  }

  /** Share of names whose SERVFAIL from before the sync is still in the cache. */
  #rememberedFailures(): number {
    if (!this.#servedUnsynced) return 0;
    // Popular names were last asked for at any time of the last `servfailTtl`; their SERVFAIL runs out as evenly.
    const age = this.#simulation.now - this.#readyAt;
    return Math.max(0, 1 - age / Math.max(1, this.#options.cache?.servfailTtl ?? 1));
  }

  /** It has been running for long, synced and connected to an API server. */
  startSynced(server: number): void {
    this.#state = 'serving';
    this.#isReady = true;
    this.#startedAt = -Infinity;
    this.#backoff.started(0);
    this.#parts.informers.startSynced(this.index, server);
    for (const resource of informedResources) this.#memory?.collect(resource, 0);
    this.#liveness?.start();
  }

  /** The container is started. */
  start(): void {
    this.#life++;
    this.#state = 'waiting';
    this.#servedUnsynced = false;
    this.#startedAt = this.#simulation.now;
    this.#backoff.started(this.#simulation.now);
    this.#liveness?.start();
    this.#look = this.#parts.timers.look.after(this.#options.startupCheck, this.index);
    this.#parts.informers.start(this.index);
  }

  /** While it waits: is there anything to serve from, or has it waited long enough? */
  look(): void {
    const { startupTimeout, startupCheck } = this.#options;
    const hasWaited = this.#simulation.now - this.#startedAt >= startupTimeout;
    if (!this.#isReady && !hasWaited) {
      this.#look = this.#parts.timers.look.after(startupCheck, this.index);
      return;
    }
    this.#state = 'serving';
    this.#servedUnsynced = !this.#isReady;
    this.#parts.observer.serving(this.index);
  }

  /**
   * Ends the process: a rollout (`restart`), a failed probe, or the kernel, which all have it started again later; or its
   * pod is gone (`evicted`), which does not.
   */
  end(why: CoreDnsEnd): void {
    if (why === 'evicted') this.#simulation.cancel(this.#starting);
    if (this.#state === 'down') return;
    this.#life++;
    this.#state = 'down';
    this.#isReady = false;
    this.#simulation.cancel(this.#look);
    this.#liveness?.stop();
    this.#parts.informers.stop(this.index);
    this.#cache?.clear();
    this.#memory?.clear();
    this.answered.clear();
    this.queries.times.clear();
    // A replaced pod is a new one, whose containers have never crashed.
    const isReplaced = why === 'restart' || why === 'evicted';
    if (isReplaced) this.#backoff.forget();
    const wait = isReplaced ? noTime : this.#backoff.died(this.#simulation.now);
    if (why !== 'evicted') this.#starting = this.#parts.timers.start.after(wait, this.index);
    const dropped = this.cpu.clear();
    this.#parts.observer.ended(this.index, why);
    for (const job of dropped) if (job !== PROBE) this.#parts.observer.answered(job - 1, Answer.silence);
  }

  /** A query comes in; `answered` follows, at once when nobody listens. */
  ask(query: number, name: number): void {
    if (this.#state !== 'serving') {
      this.#parts.observer.answered(query, Answer.silence);
      return;
    }
    this.queries.begin(query + 1, name);
    this.cpu.arrive(query + 1, this.#options.queryCpu);
  }

  /** What it answers now, without spending any time on it. */
  answer(name: number): number {
    if (this.#state !== 'serving') return Answer.silence;
    return this.#cache === undefined ? this.#lookUp(name) : this.#cache.answer(name);
  }

  /** The answer of a whole LIST has come in: it lies beside what is stored until it is collected. */
  listed(resource: InformedResource): boolean {
    const memory = this.#memory;
    if (memory === undefined) return true;
    const { lowest, highest } = this.#options.memory!.listFactor;
    const factor = lowest + (highest - lowest) * this.#listFactor.uniform();
    if (!memory.list(resource, factor, this.#cache?.fillShare ?? 0)) {
      this.end('memory');
      return false;
    }
    const life = this.#life;
    this.#simulation.after(this.#options.memory!.listHold, () => {
      if (life === this.#life) memory.collect(resource, factor);
    });
    return true;
  }

  /** An informer has stored its first LIST. */
  synced(): void {
    const { informers, observer } = this.#parts;
    if (this.#isReady || !informedResources.every((each) => informers.hasSynced(this.index, each))) return;
    this.#isReady = true;
    this.#readyAt = this.#simulation.now;
    observer.ready(this.index);
  }

  /** The kubelet asks /health, which is answered when a core gets to it. */
  probe(): void {
    this.#liveness!.ask();
  }

  /** The probe has not been answered in time. */
  probeLate(): void {
    this.#liveness!.late();
  }

  #cpuDone(job: number): void {
    if (job === PROBE) {
      this.#liveness!.answered();
    } else {
      const answer = this.answer(this.queries.end(job));
      this.answered.count(answer);
      this.#parts.observer.answered(job - 1, answer);
    }
  }

  /** A name that is not found is denied only by a process whose informers have all synced. */
  #lookUp(name: number): number {
    const { records, informers } = this.#parts;
    const missing = this.#isReady ? Answer.denied : Answer.failed;
    const isHeadless = records.isHeadless(name);
    if (!this.#finds(isHeadless)) return missing;
    const value = records.valueAt(
      name,
      informers.knownRevision(this.index, isHeadless ? 'endpointslices' : 'services'),
    );
    return value === ABSENT ? missing : value;
  }

  /** The Service and its Namespace must be known, and for addresses of pods the EndpointSlices. */
  #finds(isHeadless: boolean): boolean {
    const { informers } = this.#parts;
    const hasService = informers.hasSynced(this.index, 'services') && informers.hasSynced(this.index, 'namespaces');
    return hasService && (!isHeadless || informers.hasSynced(this.index, 'endpointslices'));
  }
}
