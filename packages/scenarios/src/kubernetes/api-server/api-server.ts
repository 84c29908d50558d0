/**
 * One kube-apiserver process: connections, authentication, a seat from API Priority and Fairness, then cores, memory
 * and etcd. The process dies when it outgrows its memory or fails its liveness probe; the kubelet of its machine starts
 * it again with a crash back-off, and it must fill its watch cache from etcd before it is ready.
 *
 *   ControlPlane --receive--> RequestPipeline --> FlowControl, Processor, MemoryAccount, AdmissionWebhooks, Etcd
 *                \-light----> ExpressLane
 *   probes, kernel --kill---> ProcessLife --start--> CacheFill --done--> ready
 *   operator --SIGTERM-----> GracefulShutdown --exit--> ProcessLife
 */
import { type Duration, noTime, type SharedProcessor, type Simulation } from '@brownout/core';
import { Phase, type RequestTable } from '../requests/api-request.ts';
import { CacheFill } from './cache-fill.ts';
import { Collector, type CollectorOptions } from './collector.ts';
import { EtcdCheck, type EtcdCheckOptions } from './etcd-check.ts';
import { ExpressLane } from './express-lane.ts';
import { createFlowControl, type FlowControl } from '../flow-control/flow-control.ts';
import type { HeapOptions } from './go-heap.ts';
import { GracefulShutdown, type ShutdownOptions } from './graceful-shutdown.ts';
import type { PipelineObserver } from './inside-requests.ts';
import { MemoryAccount } from './memory-account.ts';
import { type CpuFactory, cpuFactoryOf } from '../requests/cpu-factory.ts';
import { operationNumber, type OperationTable } from '../requests/operation.ts';
import { ProcessLife, type ProcessLifeOptions } from './process-life.ts';
import type { PipelineOptions, PipelineParts } from './pipeline-options.ts';
import { RequestPipeline } from './request-pipeline.ts';
import type { RequestRouter } from './request-router.ts';
import type { CachingServer, ServerWatchCaches } from '../watch-cache/server-watch-caches.ts';

/** Size of an API server and the costs that belong to no operation. */
export interface ApiServerOptions extends ProcessLifeOptions, PipelineOptions {
  readonly cores: number;
  /** Bytes at which the kernel kills the process. */
  readonly memoryLimitBytes: number;
  /** Garbage and stickiness of its memory; absent = memory is what requests hold, and given back at once. */
  readonly heap?: HeapOptions;
  /**
   * CPU of collections, beside that of requests; needs `heap`. Absent = none: unit costs measured as CPU of the process
   * contain it already.
   */
  readonly collector?: CollectorOptions;
  /**
   * Longest turn of a goroutine while others wait for a core. With it, cores are shared in turns, and a request joins the
   * end of the line whenever it comes back from the network: when it arrives, and when etcd has answered (see decision
   * 0028). Absent = ideal sharing, where a short request passes long ones. Light requests must not take the short way then.
   */
  readonly schedulingQuantum?: Duration;
  /** Makes its processor, for cores that others use too; absent = cores of its own. */
  readonly createCpu?: CpuFactory;
  /** The check of etcd inside /livez; absent = a probe is one read that takes as long as it takes. */
  readonly etcdCheck?: EtcdCheckOptions;
  /** What SIGTERM does; default flags when absent. */
  readonly shutdown?: ShutdownOptions;
}

/** Why a process ended. */
export type DeathReason = 'memory' | 'liveness' | 'shutdown' | 'machine-lost';

/** Told what became of a request, and of the process. */
export interface ApiServerObserver extends PipelineObserver {
  /** `culprit` is the group whose request took the last of the memory; '' for every other reason. */
  apiServerDied(server: number, reason: DeathReason, culprit: string): void;
  apiServerReady(server: number): void;
  /** Its /readyz turned red because it shuts down. */
  apiServerLeaving(server: number): void;
}

/** A running (or crashed) API server. */
export class ApiServer {
  readonly index: number;
  readonly cpu: SharedProcessor;
  readonly flowControl: FlowControl;
  readonly express: ExpressLane;
  readonly pipeline: RequestPipeline;
  readonly memory: MemoryAccount;
  /** Undefined where the watch cache is not modelled in detail. */
  readonly watchCaches: ServerWatchCaches | undefined;
  readonly #requests: RequestTable;
  readonly #observer: ApiServerObserver;
  readonly #life: ProcessLife;
  readonly #fill: CacheFill;
  readonly #shutdown: GracefulShutdown;
  readonly #collector: Collector;
  readonly #check: EtcdCheck | undefined;
  #restartWait: Duration = noTime;
  #endReason: DeathReason = 'shutdown';
  #memoryKills = 0;
  #isSilent = false;
  #isWithheld = false;

  constructor(
    simulation: Simulation,
    name: string,
    index: number,
    options: ApiServerOptions,
    parts: Omit<PipelineParts, 'router'> & {
      readonly observer: ApiServerObserver;
      /** Where requests with seats are served from; absent = as their operations declare. */
      readonly router?: (server: ApiServer) => RequestRouter;
      /** Its watch caches, which take the router's place; absent = the caches are filled by one read before it is ready. */
      readonly watchCaches?: ((server: CachingServer) => ServerWatchCaches) | undefined;
    },
  ) {
    this.index = index;
    this.#requests = parts.requests;
    this.#observer = parts.observer;
    this.cpu = cpuFactoryOf(options)(simulation, {
      name: `${name}/cpu`,
      cores: options.cores,
      onServed: (request) => this.#cpuDone(request),
    });
    this.flowControl = createFlowControl(simulation, {
      ...options.flowControl,
      name: `${name}/flow-control`,
      handlers: {
        onExecute: (request) => {
          parts.observer.requestObserver?.executing(request);
          this.pipeline.execute(request);
        },
        onReject: (request, reason, retryAfter) => {
          parts.observer.requestObserver?.rejected(request, reason);
          this.pipeline.refusals.rejectOne(request, retryAfter);
        },
      },
    });
    this.express = new ExpressLane(simulation, name, { ...parts, server: this });
    this.#collector = new Collector(simulation, name, this.cpu, options.collector);
    this.memory = this.#createMemory(simulation, name, options, parts.operations);
    this.watchCaches = parts.watchCaches?.({
      index,
      cpu: this.cpu,
      memory: this.memory,
      resume: (request) => this.pipeline.resume(request),
      becomeReady: () => this.#life.becomeReady(),
    });
    this.#fill = new CacheFill(this, parts, () => this.#life.becomeReady());
    this.#life = new ProcessLife(simulation, name, options, {
      work: this.watchCaches ?? this.#fill,
      onReady: () => parts.observer.apiServerReady(index),
    });
    this.#check = this.#createCheck(simulation, name, options.etcdCheck, { ...parts, router: undefined });
    this.pipeline = new RequestPipeline(simulation, name, this, options, {
      ...parts,
      router: this.watchCaches?.router ?? parts.router?.(this),
      check: this.#check,
    });
    this.#shutdown = this.#createShutdown(simulation, name, options);
  }

  /** Whether it takes new connections and serves what comes over them. */
  get isReady(): boolean {
    return this.#life.isReady && !this.#shutdown.hasStoppedListening;
  }

  /** Whether a balancer that asks /readyz sends new connections to it. */
  get isHealthy(): boolean {
    return this.#life.isReady && !this.#shutdown.isUnderWay;
  }

  /** Whether there is a process that has not become ready yet. */
  get isStarting(): boolean {
    return this.#life.isStarting;
  }

  /** Whether there is no process at all at the moment. */
  get isGone(): boolean {
    return this.#life.isGone;
  }

  /** Whether there is no machine for it: lost, or kept for later. */
  get isAbsent(): boolean {
    return this.#life.isAbsent;
  }

  /** Whether its machine cannot be reached and nobody has noticed yet: what is sent to it gets no answer. */
  get isSilent(): boolean {
    return this.#isSilent;
  }

  /** Whether clients on its connections have been told to go away and dial again. */
  get isGoingAway(): boolean {
    return this.#shutdown.hasStoppedListening;
  }

  /** Counts the lives of the process: a connection made in an earlier life is broken. */
  get life(): number {
    return this.#life.number;
  }

  /** Kills for memory so far. */
  get memoryKills(): number {
    return this.#memoryKills;
  }

  /** CPU spent on requests whose client had gone or whose server died, in core-microseconds. */
  get wastedCpu(): number {
    return this.pipeline.wastedCpu;
  }

  /** Requests refused with 429 so far. */
  get rejections(): number {
    return this.pipeline.refusals.tooMany;
  }

  /** Resident memory now, in bytes; 0 while the process is gone. */
  get memoryBytes(): number {
    return this.#life.isGone ? 0 : this.memory.bytes;
  }

  /** Highest memory of any life, in bytes: the limit when one was killed for it. */
  get peakMemoryBytes(): number {
    return this.memory.peakBytes;
  }

  get memoryLimitBytes(): number {
    return this.memory.limitBytes;
  }

  /** CPU used so far, in core-microseconds. */
  get busyTime(): number {
    return this.cpu.books().busyTime + this.express.busyTime + this.#collector.busyTime;
  }

  /** A request arrives, over a connection that may have to be set up first. */
  receive(request: number, needsConnection: boolean): void {
    if (this.#isSilent) this.pipeline.inside.swallow(request);
    else this.pipeline.receive(request, needsConnection);
  }

  /** The client has gone. True when the row is free now; see `RequestPipeline.abandon`. */
  abandon(request: number): boolean {
    return this.pipeline.abandon(request);
  }

  /** etcd has answered a request of this server. */
  etcdAnswered(request: number, ok: boolean): void {
    if (this.#requests.phase[request] === Phase.expressWriting) this.express.etcdAnswered(request, ok);
    else if (this.#fill.owns(request)) this.#fill.etcdAnswered(ok);
    else if (this.#check?.owns(request) === true) this.#check.etcdAnswered(ok);
    else if (this.#isOfCaches(request)) this.watchCaches!.etcdAnswered(request, ok);
    else if (this.#isSilent) this.pipeline.inside.lose(request);
    else this.pipeline.etcdAnswered(request, ok);
  }

  /** Kills the process; connections break and every client inside is told. Does nothing to a dead one. */
  kill(reason: 'memory' | 'liveness'): void {
    this.#kill(reason, '');
  }

  /**
   * SIGTERM: ends gracefully, and is started again after `restartWait`, or after the crash back-off when the kubelet ends it
   * for its liveness probe. `watches` are open on it; SIGKILL follows after `grace`.
   */
  terminate(
    options: {
      readonly reason?: 'shutdown' | 'liveness';
      readonly restartWait?: Duration;
      readonly watches?: number;
      readonly grace?: Duration;
    } = {},
  ): void {
    if (!this.#life.isReady || this.#shutdown.isUnderWay) return;
    this.#restartWait = options.restartWait ?? noTime;
    this.#endReason = options.reason ?? 'shutdown';
    this.#shutdown.begin(options.watches ?? this.watchCaches?.watchers ?? 0, options.grace);
  }

  /** Its machine is gone without a word: clients wait until they notice by themselves. */
  loseMachine(): void {
    if (this.#life.isAbsent) return;
    const hadProcess = !this.#life.isGone;
    this.#life.lost();
    if (!hadProcess) return;
    this.#isSilent = true;
    this.#clear();
    this.#observer.apiServerDied(this.index, 'machine-lost', '');
    this.pipeline.inside.fallSilent();
  }

  /** Its machine is kept for later: no process runs on it, and nobody is connected. `release` starts it. */
  withhold(): void {
    this.#isWithheld = true;
    this.#life.lost();
    this.#clear();
    this.watchCaches?.breakStreams();
  }

  /** Clients notice that nobody is there: their connections break, and every attempt inside ends. */
  connectionsTimeOut(): void {
    if (!this.#isSilent) return;
    this.#isSilent = false;
    this.#life.connectionsBroke();
    this.pipeline.inside.dropAll();
    this.watchCaches?.breakStreams();
  }

  /** Its machine is back; it tells everybody who still believes in an old connection. */
  returnMachine(): void {
    if (this.#isWithheld || !this.#life.isAbsent) return;
    this.connectionsTimeOut();
    this.#life.returned();
  }

  /** Its machine is kept for later no longer. */
  release(): void {
    this.#isWithheld = false;
    this.returnMachine();
  }

  /** Gives the machine other cores and memory, and starts a dead process at once: it is a new machine. */
  resize(cores: number, memoryLimitBytes: number): void {
    this.#collector.setCores(cores);
    this.memory.limitBytes = memoryLimitBytes;
    this.#life.moveToNewMachine();
  }

  #cpuDone(request: number): void {
    if (this.#fill.owns(request)) this.#fill.computed();
    else if (this.#isOfCaches(request)) this.watchCaches!.computed(request);
    else this.pipeline.cpuDone(request);
  }

  #createMemory(
    simulation: Simulation,
    name: string,
    options: ApiServerOptions,
    operations: OperationTable,
  ): MemoryAccount {
    return new MemoryAccount(simulation, name, {
      limitBytes: options.memoryLimitBytes,
      baselineBytes: () => operations.apiServerBaselineBytes,
      heap: options.heap,
      onExceeded: (culprit) => this.#kill('memory', culprit),
      onCollected: (liveBytes) => this.#collector.mark(liveBytes),
    });
  }

  #createCheck(
    simulation: Simulation,
    name: string,
    options: EtcdCheckOptions | undefined,
    parts: PipelineParts,
  ): EtcdCheck | undefined {
    if (options === undefined) return undefined;
    parts.operations.barFromShortWay(operationNumber('probe'));
    return new EtcdCheck(simulation, name, options, {
      ...parts,
      server: this.index,
      onResult: (request, isWell) => this.pipeline.checked(request, isWell),
    });
  }

  #createShutdown(simulation: Simulation, name: string, options: ApiServerOptions): GracefulShutdown {
    const { requestTimeout } = options.flowControl;
    return new GracefulShutdown(
      simulation,
      name,
      { ...options.shutdown, requestTimeout },
      {
        announce: () => this.#observer.apiServerLeaving(this.index),
        close: (retryAfterSeconds) => this.pipeline.refuseArrivals(retryAfterSeconds),
        ...(this.watchCaches && { endWatch: () => this.watchCaches!.endOne() }),
        whenEmpty: (then) => this.pipeline.inside.whenEmpty(then),
        exit: () => this.#end(this.#endReason, ''),
      },
    );
  }

  #kill(reason: DeathReason, culprit: string): void {
    if (this.#life.isGone) return;
    if (reason === 'memory') this.#memoryKills++;
    this.#end(reason, culprit);
  }

  #end(reason: DeathReason, culprit: string): void {
    this.#clear();
    if (reason === 'shutdown') this.#life.stopped(this.#restartWait);
    else this.#life.died();
    this.#observer.apiServerDied(this.index, reason, culprit);
    this.pipeline.inside.dropAll();
    this.watchCaches?.breakStreams();
  }

  #clear(): void {
    this.#shutdown.forget();
    this.memory.clear();
    this.pipeline.die();
    this.#check?.clear();
    this.#collector.clear();
    this.cpu.clear();
    this.flowControl.clear();
  }

  /** Rows without a client are the server's own work. */
  #isOfCaches(request: number): boolean {
    return this.watchCaches !== undefined && this.#requests.client[request]! < 0;
  }
}
