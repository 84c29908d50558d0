/**
 * One kube-apiserver process: connections, authentication, a seat from API Priority and Fairness, then cores, memory
 * and etcd. The process dies when it outgrows its memory or fails its liveness probe; the kubelet of its machine starts
 * it again with a crash back-off, and it must fill its watch cache from etcd before it is ready.
 *
 *   connect (CPU) -> authenticate -> seat? --no--> 429 (CPU)
 *                                     | yes
 *        quorum read:  etcd -> decode, encode (CPU, memory held)
 *        cache read:           scan, encode (CPU, memory held)
 *        write:                CPU -> etcd commit
 */
import {
  createProcessor,
  type Duration,
  type EventHandle,
  type EventType,
  noEvent,
  noTime,
  type Processor,
  type Simulation,
} from '@brownout/core';
import { Phase, type RequestTable, Status } from '../requests/api-request.ts';
import type { ClientGroup } from '../client/client-group.ts';
import { CrashBackoff, type CrashBackoffOptions } from './crash-backoff.ts';
import type { Etcd } from '../etcd/etcd.ts';
import { ExpressLane } from './express-lane.ts';
import type { FlowControlConfiguration } from '../flow-control/configuration.ts';
import { createFlowControl, type FlowControl } from '../flow-control/flow-control.ts';
import type { RejectReason } from '../flow-control/seat-pool.ts';
import { MemoryAccount } from './memory-account.ts';
import { type OperationTable, operationNumber, PATH_QUORUM_READ, PATH_WRITE } from '../requests/operation.ts';
import { RequestList } from '../requests/request-list.ts';

/** Size of an API server and the costs that belong to no operation. */
export interface ApiServerOptions extends CrashBackoffOptions {
  readonly cores: number;
  /** Bytes at which the kernel kills the process. */
  readonly memoryLimitBytes: number;
  /** CPU of setting up one connection (TLS, HTTP/2), in core-microseconds. */
  readonly connectionCpu: Duration;
  /** CPU of refusing a request with 401 or 429, in core-microseconds. */
  readonly refusalCpu: Duration;
  /** From exec to the first instruction that serves: image present, flags parsed, hooks run. */
  readonly startTime: Duration;
  readonly flowControl: { readonly configuration: FlowControlConfiguration; readonly requestTimeout: Duration };
}

/** Told what became of a request, and of the process. */
export interface ApiServerObserver {
  /** The request leaves the server. `isLast` is false when etcd still works on it and its row must stay. */
  requestAnswered(request: number, status: Status, retryAfterSeconds: number): void;
  /** `culprit` is the group whose request took the last of the memory; '' for a failed probe. */
  apiServerDied(server: number, reason: 'memory' | 'liveness', culprit: string): void;
  apiServerReady(server: number): void;
}

type State = 'ready' | 'starting' | 'waiting-to-restart';

const CACHE_FILL = operationNumber('cache-fill');

/** A running (or crashed) API server. */
export class ApiServer {
  readonly index: number;
  readonly cpu: Processor;
  readonly flowControl: FlowControl;
  readonly express: ExpressLane;
  /** Counts the lives of the process: a connection made in an earlier life is broken. */
  life = 1;
  readonly #simulation: Simulation;
  readonly #options: ApiServerOptions;
  readonly #requests: RequestTable;
  readonly #operations: OperationTable;
  readonly #etcd: Etcd;
  readonly #groups: readonly ClientGroup[];
  /** Seats one request may take, by priority level. */
  readonly #seatLimits: readonly number[];
  readonly #observer: ApiServerObserver;
  readonly #restart: EventType;
  readonly #started: EventType;
  readonly #outOfMemory: EventType;
  #isDoomed = false;
  #culprit = '';
  #wastedCpu = 0;
  #restartEvent: EventHandle = noEvent;
  #state: State = 'ready';
  readonly #memory: MemoryAccount;
  readonly #backoff: CrashBackoff;
  readonly #inside: RequestList;
  #fill = -1;
  #memoryKills = 0;
  #rejections = 0;

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
    },
  ) {
    this.index = index;
    this.#simulation = simulation;
    this.#options = options;
    this.#requests = parts.requests;
    this.#operations = parts.operations;
    this.#etcd = parts.etcd;
    this.#groups = parts.groups;
    this.#seatLimits = options.flowControl.configuration.seats.map((level) => level.requestSeatLimit);
    this.#observer = parts.observer;
    this.#backoff = new CrashBackoff(options);
    this.#inside = new RequestList(parts.requests);
    this.#memory = new MemoryAccount(options.memoryLimitBytes);
    this.cpu = createProcessor(simulation, {
      name: `${name}/cpu`,
      cores: options.cores,
      onServed: (request) => this.#cpuDone(request),
    });
    this.flowControl = createFlowControl(simulation, {
      ...options.flowControl,
      name: `${name}/flow-control`,
      handlers: {
        onExecute: (request) => this.#execute(request),
        onReject: (request, reason, retryAfter) => this.#reject(request, reason, retryAfter),
      },
    });
    this.express = new ExpressLane(simulation, name, { ...parts, server: this });
    this.#restart = simulation.event(`${name} restart`, () => this.#start());
    this.#started = simulation.event(`${name} started`, (life) => this.#fillCache(life));
    this.#outOfMemory = simulation.event(`${name} out of memory`, (life) => this.#killIfAlive(life), 'release');
  }

  get isReady(): boolean {
    return this.#state === 'ready';
  }

  /** Kills for memory so far. */
  get memoryKills(): number {
    return this.#memoryKills;
  }

  /** CPU spent on requests whose client had gone or whose server died, in core-microseconds. */
  get wastedCpu(): number {
    return this.#wastedCpu;
  }

  /** Requests refused with 429 so far. */
  get rejections(): number {
    return this.#rejections;
  }

  /** Resident memory now, in bytes; 0 while the process is gone. */
  get memoryBytes(): number {
    return this.#state === 'waiting-to-restart' ? 0 : this.#operations.apiServerBaselineBytes + this.#memory.heldBytes;
  }

  /** Highest memory of any life, in bytes: the limit when one was killed for it. */
  get peakMemoryBytes(): number {
    return this.#memory.peakBytes;
  }

  get memoryLimitBytes(): number {
    return this.#memory.limitBytes;
  }

  /** CPU used so far, in core-microseconds. */
  get busyTime(): number {
    return this.cpu.books().busyTime + this.express.busyTime;
  }

  /** A request arrives, over a connection that may have to be set up first. */
  receive(request: number, needsConnection: boolean): void {
    this.#link(request);
    if (needsConnection) {
      this.#requests.phase[request] = Phase.connecting;
      this.cpu.arrive(request, this.#options.connectionCpu);
    } else {
      this.#admit(request);
    }
  }

  /**
   * The client has gone. Waiting requests leave; what is being executed goes on to its end, because neither an etcd
   * range nor decoding and encoding looks at the connection. True when the row is free now.
   */
  abandon(request: number): boolean {
    const phase = this.#requests.phase[request]!;
    if (phase === Phase.queued) {
      this.flowControl.withdraw(request);
    } else if (phase === Phase.connecting || phase === Phase.rejecting) {
      this.cpu.withdraw(request);
    } else {
      this.#requests.isGone[request] = 1;
      return false;
    }
    this.#inside.remove(request);
    return true;
  }

  /** etcd has answered a request of this server. */
  etcdAnswered(request: number, ok: boolean): void {
    if (this.#requests.phase[request] === Phase.expressWriting) {
      this.express.etcdAnswered(request, ok);
    } else if (request === this.#fill) {
      if (ok) this.#computeFill(request);
      else this.#etcd.submit(request);
    } else if (!ok) {
      this.#finish(request, Status.serverError);
    } else if (this.#requests.phase[request] === Phase.reading) {
      this.#compute(request);
    } else {
      this.#finish(request, Status.ok);
    }
  }

  /** Kills the process; connections break and every client inside is told. Does nothing to a dead one. */
  kill(reason: 'memory' | 'liveness'): void {
    if (this.#state === 'waiting-to-restart') return;
    if (reason === 'memory') this.#memoryKills++;
    this.life++;
    this.#isDoomed = false;
    this.#state = 'waiting-to-restart';
    this.#memory.clear();
    this.#countLostWork();
    this.cpu.clear();
    this.flowControl.clear();
    if (this.#fill >= 0) this.#orphan(this.#fill);
    this.#fill = -1;
    this.#restartEvent = this.#restart.after(this.#backoff.died(this.#simulation.now));
    this.#observer.apiServerDied(this.index, reason, reason === 'memory' ? this.#culprit : '');
    this.#dropAll();
  }

  /** Gives the machine other cores and memory, and starts a dead process at once: it is a new machine. */
  resize(cores: number, memoryLimitBytes: number): void {
    this.cpu.setCores(cores);
    this.#memory.limitBytes = memoryLimitBytes;
    this.#backoff.forget();
    if (this.#simulation.cancel(this.#restartEvent)) this.#start();
  }

  #admit(request: number): void {
    const requests = this.#requests;
    if (requests.isUnauthorized[request] === 1) {
      this.#refuse(request, Status.unauthorized, 0);
      return;
    }
    requests.phase[request] = Phase.queued;
    const group = this.#groups[requests.group[request]!]!;
    const wanted = this.#operations.seats[requests.operation[request]!]!;
    const most = this.#seatLimits[group.level]!;
    const flow = group.flow[requests.client[request]!]!;
    this.flowControl.submit(request, group.level, flow, wanted > most ? most : wanted, 0, noTime, group.patience);
  }

  #execute(request: number): void {
    const operation = this.#requests.operation[request]!;
    if (this.#operations.path[operation] === PATH_QUORUM_READ) {
      this.#requests.phase[request] = Phase.reading;
      this.#etcd.submit(request);
    } else {
      this.#compute(request);
    }
  }

  #compute(request: number): void {
    const operation = this.#requests.operation[request]!;
    const bytes = this.#operations.apiServerMemory[operation]!;
    this.#requests.phase[request] = Phase.computing;
    this.#requests.heldBytes[request] = bytes;
    this.#memory.hold(bytes);
    this.cpu.arrive(request, this.#operations.apiServerCpu[operation]! as Duration);
    this.#checkMemory(this.#groups[this.#requests.group[request]!]!.name);
  }

  #cpuDone(request: number): void {
    switch (this.#requests.phase[request]) {
      case Phase.connecting:
        this.#admit(request);
        return;
      case Phase.rejecting:
        this.#inside.remove(request);
        this.#observer.requestAnswered(
          request,
          this.#requests.refusal[request] as Status,
          this.#requests.retryAfter[request]!,
        );
        return;
      default:
        if (request === this.#fill) this.#becomeReady();
        else if (this.#operations.path[this.#requests.operation[request]!] === PATH_WRITE) this.#write(request);
        else this.#finish(request, Status.ok);
    }
  }

  #write(request: number): void {
    this.#requests.phase[request] = Phase.writing;
    this.#etcd.submit(request);
  }

  #finish(request: number, status: Status): void {
    const hasComputed = this.#requests.phase[request] !== Phase.reading;
    if (hasComputed && (this.#requests.isGone[request] === 1 || status !== Status.ok)) {
      this.#wastedCpu += this.#operations.apiServerCpu[this.#requests.operation[request]!]!;
    }
    this.#memory.release(this.#requests.heldBytes[request]!);
    this.#inside.remove(request);
    this.#requests.phase[request] = Phase.refusing;
    this.flowControl.finish(request);
    this.#observer.requestAnswered(request, status, 0);
  }

  #reject(request: number, _reason: RejectReason, retryAfterSeconds: number): void {
    this.#rejections++;
    this.#refuse(request, Status.tooManyRequests, retryAfterSeconds);
  }

  #refuse(request: number, status: Status, retryAfterSeconds: number): void {
    this.#requests.phase[request] = Phase.rejecting;
    this.#requests.refusal[request] = status;
    this.#requests.retryAfter[request] = retryAfterSeconds;
    this.cpu.arrive(request, this.#options.refusalCpu);
  }

  #checkMemory(culprit: string): void {
    if (!this.#memory.isExceededAt(this.memoryBytes) || this.#isDoomed) return;
    this.#isDoomed = true;
    this.#culprit = culprit;
    this.#outOfMemory.after(noTime, this.life);
  }

  /** The kernel kills between two steps of the process, never inside one. */
  #killIfAlive(life: number): void {
    if (life === this.life) this.kill('memory');
  }

  #start(): void {
    this.#state = 'starting';
    this.#backoff.started(this.#simulation.now);
    this.#started.after(this.#options.startTime, this.life);
  }

  /** The watch cache is filled by one big read of every object, before the server is ready. */
  #fillCache(life: number): void {
    if (life !== this.life) return;
    const request = this.#requests.open(0, -1, CACHE_FILL);
    this.#requests.server[request] = this.index;
    this.#requests.phase[request] = Phase.reading;
    this.#fill = request;
    this.#etcd.submit(request);
  }

  #computeFill(request: number): void {
    this.#requests.phase[request] = Phase.computing;
    this.cpu.arrive(request, this.#operations.apiServerCpu[CACHE_FILL]! as Duration);
    this.#checkMemory('watch cache');
  }

  #becomeReady(): void {
    this.#requests.close(this.#fill);
    this.#fill = -1;
    this.#state = 'ready';
    this.#observer.apiServerReady(this.index);
  }

  #countLostWork(): void {
    this.#inside.forEach((request) => {
      this.#wastedCpu += this.cpu.attained(request);
    });
  }

  /** Everybody inside is told that the connection broke. Rows that etcd still works on stay open without a server. */
  #dropAll(): void {
    this.#inside.drain((request) => this.#observer.requestAnswered(request, Status.reset, 0));
  }

  /** etcd goes on with what a dead server asked for; its answer meets nobody. */
  #orphan(request: number): void {
    if (this.#requests.phase[request] === Phase.computing) this.#requests.close(request);
    else this.#requests.server[request] = -1;
  }

  #link(request: number): void {
    this.#requests.server[request] = this.index;
    this.#inside.add(request);
  }
}
