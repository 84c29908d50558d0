/**
 * One kube-apiserver process: connections, authentication, a seat from API Priority and Fairness, then cores, memory
 * and etcd. The process dies when it outgrows its memory or fails its liveness probe; the kubelet of its machine starts
 * it again with a crash back-off, and it must fill its watch cache from etcd before it is ready.
 *
 *   ControlPlane --receive--> RequestPipeline --> FlowControl, Processor, MemoryAccount, Etcd
 *                \-light----> ExpressLane
 *   probes, kernel --kill---> ProcessLife --start--> CacheFill --done--> ready
 */
import { createProcessor, type Duration, type Processor, type Simulation } from '@brownout/core';
import { Phase, type RequestTable } from '../requests/api-request.ts';
import type { ClientGroup } from '../client/client-group.ts';
import type { Etcd } from '../etcd/etcd.ts';
import { CacheFill } from './cache-fill.ts';
import { ExpressLane } from './express-lane.ts';
import type { FlowControlConfiguration } from '../flow-control/configuration.ts';
import { createFlowControl, type FlowControl } from '../flow-control/flow-control.ts';
import { MemoryAccount } from './memory-account.ts';
import type { OperationTable } from '../requests/operation.ts';
import { ProcessLife, type ProcessLifeOptions } from './process-life.ts';
import {
  type PipelineObserver,
  type PipelineOptions,
  RequestPipeline,
  type RequestRouter,
} from './request-pipeline.ts';

/** Size of an API server and the costs that belong to no operation. */
export interface ApiServerOptions extends ProcessLifeOptions, PipelineOptions {
  readonly cores: number;
  /** Bytes at which the kernel kills the process. */
  readonly memoryLimitBytes: number;
  readonly flowControl: { readonly configuration: FlowControlConfiguration; readonly requestTimeout: Duration };
}

/** Told what became of a request, and of the process. */
export interface ApiServerObserver extends PipelineObserver {
  /** `culprit` is the group whose request took the last of the memory; '' for a failed probe. */
  apiServerDied(server: number, reason: 'memory' | 'liveness', culprit: string): void;
  apiServerReady(server: number): void;
}

/** A running (or crashed) API server. */
export class ApiServer {
  readonly index: number;
  readonly cpu: Processor;
  readonly flowControl: FlowControl;
  readonly express: ExpressLane;
  readonly pipeline: RequestPipeline;
  readonly memory: MemoryAccount;
  readonly #requests: RequestTable;
  readonly #observer: ApiServerObserver;
  readonly #life: ProcessLife;
  readonly #fill: CacheFill;
  #memoryKills = 0;

  constructor(
    simulation: Simulation,
    name: string,
    index: number,
    options: ApiServerOptions,
    parts: {
      readonly requests: RequestTable;
      readonly operations: OperationTable;
      readonly etcd: Etcd;
      readonly groups: readonly ClientGroup[];
      readonly observer: ApiServerObserver;
      /** Where requests with seats are served from; absent = as their operations declare. */
      readonly router?: (server: ApiServer) => RequestRouter;
    },
  ) {
    this.index = index;
    this.#requests = parts.requests;
    this.#observer = parts.observer;
    this.cpu = createProcessor(simulation, {
      name: `${name}/cpu`,
      cores: options.cores,
      onServed: (request) => {
        if (this.#fill.owns(request)) this.#fill.computed();
        else this.pipeline.cpuDone(request);
      },
    });
    this.flowControl = createFlowControl(simulation, {
      ...options.flowControl,
      name: `${name}/flow-control`,
      handlers: {
        onExecute: (request) => this.pipeline.execute(request),
        onReject: (request, reason, retryAfter) => this.pipeline.reject(request, reason, retryAfter),
      },
    });
    this.express = new ExpressLane(simulation, name, { ...parts, server: this });
    this.memory = new MemoryAccount(simulation, name, {
      limitBytes: options.memoryLimitBytes,
      baselineBytes: () => parts.operations.apiServerBaselineBytes,
      onExceeded: (culprit) => this.#kill('memory', culprit),
    });
    this.#fill = new CacheFill(this, parts, () => this.#life.becomeReady());
    this.#life = new ProcessLife(simulation, name, options, {
      work: this.#fill,
      onReady: () => parts.observer.apiServerReady(index),
    });
    this.pipeline = new RequestPipeline(this, options, { ...parts, router: parts.router?.(this) });
  }

  get isReady(): boolean {
    return this.#life.isReady;
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
    return this.pipeline.rejections;
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
    return this.cpu.books().busyTime + this.express.busyTime;
  }

  /** A request arrives, over a connection that may have to be set up first. */
  receive(request: number, needsConnection: boolean): void {
    this.pipeline.receive(request, needsConnection);
  }

  /** The client has gone. True when the row is free now; see `RequestPipeline.abandon`. */
  abandon(request: number): boolean {
    return this.pipeline.abandon(request);
  }

  /** etcd has answered a request of this server. */
  etcdAnswered(request: number, ok: boolean): void {
    if (this.#requests.phase[request] === Phase.expressWriting) this.express.etcdAnswered(request, ok);
    else if (this.#fill.owns(request)) this.#fill.etcdAnswered(ok);
    else this.pipeline.etcdAnswered(request, ok);
  }

  /** Kills the process; connections break and every client inside is told. Does nothing to a dead one. */
  kill(reason: 'memory' | 'liveness'): void {
    this.#kill(reason, '');
  }

  /** Gives the machine other cores and memory, and starts a dead process at once: it is a new machine. */
  resize(cores: number, memoryLimitBytes: number): void {
    this.cpu.setCores(cores);
    this.memory.limitBytes = memoryLimitBytes;
    this.#life.moveToNewMachine();
  }

  #kill(reason: 'memory' | 'liveness', culprit: string): void {
    if (this.#life.isGone) return;
    if (reason === 'memory') this.#memoryKills++;
    this.memory.clear();
    this.pipeline.countLostWork();
    this.cpu.clear();
    this.flowControl.clear();
    this.#life.died();
    this.#observer.apiServerDied(this.index, reason, culprit);
    this.pipeline.dropAll();
  }
}
