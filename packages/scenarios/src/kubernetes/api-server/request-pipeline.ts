/**
 * The way of one request through one API server process.
 *
 *   receive -> connect (CPU) -> admit: authenticate, seat? --no--> refuse: 429 (CPU)
 *                                                | yes
 *           execute:  a router says where from    v
 *             cache read:                 compute: scan, encode (CPU, memory held)        -> finish
 *             quorum read:  etcd       -> compute: decode, encode (CPU, memory held)      -> finish
 *             write:        compute: decode, admission (CPU) -> etcd commit               -> finish
 *             hang:         holds its seat until `resume`
 *             refused:      gives its seat back, 429 with the router's Retry-After
 */
import { type Duration, noTime, type Processor } from '@brownout/core';
import type { ClientGroup } from '../client/client-group.ts';
import type { Etcd } from '../etcd/etcd.ts';
import type { FlowControlConfiguration } from '../flow-control/configuration.ts';
import type { FlowControl } from '../flow-control/flow-control.ts';
import type { RejectReason } from '../flow-control/seat-pool.ts';
import { Phase, type RequestTable, Status } from '../requests/api-request.ts';
import { type OperationTable, PATH_QUORUM_READ, PATH_WRITE } from '../requests/operation.ts';
import { RequestList } from '../requests/request-list.ts';
import type { MemoryAccount } from './memory-account.ts';

/** What becomes of a request that has its seat. */
export const Route = {
  /** On the server's cores: served from the watch cache, or a write before its commit. */
  compute: 0,
  /** To etcd first. */
  etcd: 1,
  /** It waits, seat in hand, until `RequestPipeline.resume`. */
  hang: 2,
  /** 429 with `retryAfterSeconds` of the router. */
  refuse: 3,
} as const;

/** One of the values of `Route`. */
export type Route = (typeof Route)[keyof typeof Route];

/** Decides, for one server, where requests that have got their seats are served from. */
export interface RequestRouter {
  route(request: number): Route;
  /** Seconds that the request refused last is told to wait. */
  readonly retryAfterSeconds: number;
}

/** Told when a request leaves the server. */
export interface PipelineObserver {
  requestAnswered(request: number, status: Status, retryAfterSeconds: number): void;
}

/** The server that a pipeline belongs to. */
export interface PipelineServer {
  readonly index: number;
  readonly cpu: Processor;
  readonly flowControl: FlowControl;
  readonly memory: MemoryAccount;
}

/** CPU of the steps that belong to no operation, in core-microseconds, and the seat rule. */
export interface PipelineOptions {
  /** CPU of setting up one connection (TLS, HTTP/2). */
  readonly connectionCpu: Duration;
  /** CPU of refusing a request with 401 or 429. */
  readonly refusalCpu: Duration;
  readonly flowControl: { readonly configuration: FlowControlConfiguration };
}

/** Everything that is inside one API server. */
export class RequestPipeline {
  readonly #server: PipelineServer;
  readonly #options: PipelineOptions;
  readonly #requests: RequestTable;
  readonly #operations: OperationTable;
  readonly #etcd: Etcd;
  readonly #groups: readonly ClientGroup[];
  readonly #observer: PipelineObserver;
  readonly #router: RequestRouter | undefined;
  /** Seats one request may take, by priority level. */
  readonly #seatLimits: readonly number[];
  readonly #inside: RequestList;
  #wastedCpu = 0;
  #rejections = 0;

  constructor(
    server: PipelineServer,
    options: PipelineOptions,
    parts: {
      readonly requests: RequestTable;
      readonly operations: OperationTable;
      readonly etcd: Etcd;
      readonly groups: readonly ClientGroup[];
      readonly observer: PipelineObserver;
      /** Absent: every operation takes its path as declared. */
      readonly router?: RequestRouter | undefined;
    },
  ) {
    this.#server = server;
    this.#options = options;
    this.#requests = parts.requests;
    this.#operations = parts.operations;
    this.#etcd = parts.etcd;
    this.#groups = parts.groups;
    this.#observer = parts.observer;
    this.#router = parts.router;
    this.#seatLimits = options.flowControl.configuration.seats.map((level) => level.requestSeatLimit);
    this.#inside = new RequestList(parts.requests);
  }

  /** CPU spent on requests whose client had gone or whose server died, in core-microseconds. */
  get wastedCpu(): number {
    return this.#wastedCpu;
  }

  /** Requests refused with 429 so far. */
  get rejections(): number {
    return this.#rejections;
  }

  /** A request arrives, over a connection that may have to be set up first. */
  receive(request: number, needsConnection: boolean): void {
    this.#requests.server[request] = this.#server.index;
    this.#inside.add(request);
    if (needsConnection) {
      this.#requests.phase[request] = Phase.connecting;
      this.#server.cpu.arrive(request, this.#options.connectionCpu);
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
      this.#server.flowControl.withdraw(request);
    } else if (phase === Phase.connecting || phase === Phase.rejecting) {
      this.#server.cpu.withdraw(request);
    } else if (phase === Phase.awaitingCache) {
      this.#requests.phase[request] = Phase.refusing;
      this.#server.flowControl.finish(request);
    } else {
      this.#requests.isGone[request] = 1;
      return false;
    }
    this.#inside.remove(request);
    return true;
  }

  /** A request has its seat. */
  execute(request: number): void {
    const route = this.#router === undefined ? this.#declaredRoute(request) : this.#router.route(request);
    if (route === Route.compute) {
      this.#compute(request);
    } else if (route === Route.etcd) {
      this.#requests.phase[request] = Phase.reading;
      this.#etcd.submit(request);
    } else if (route === Route.hang) {
      this.#requests.phase[request] = Phase.awaitingCache;
    } else {
      this.#server.flowControl.finish(request);
      this.#rejections++;
      this.#refuse(request, Status.tooManyRequests, this.#router!.retryAfterSeconds);
    }
  }

  /** What a hanging request waited for has come: the router is asked again. */
  resume(request: number): void {
    if (this.#requests.phase[request] === Phase.awaitingCache) this.execute(request);
  }

  /** Flow control says no. */
  reject(request: number, _reason: RejectReason, retryAfterSeconds: number): void {
    this.#rejections++;
    this.#refuse(request, Status.tooManyRequests, retryAfterSeconds);
  }

  /** The cores are done with a request. */
  cpuDone(request: number): void {
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
        if (this.#operations.path[this.#requests.operation[request]!] === PATH_WRITE) this.#write(request);
        else this.#finish(request, Status.ok);
    }
  }

  /** etcd has answered a request of this server. */
  etcdAnswered(request: number, ok: boolean): void {
    if (!ok) this.#finish(request, Status.serverError);
    else if (this.#requests.phase[request] === Phase.reading) this.#compute(request);
    else this.#finish(request, Status.ok);
  }

  /** The process is about to lose everything: what its cores have done so far was for nothing. */
  countLostWork(): void {
    this.#inside.forEach((request) => {
      this.#wastedCpu += this.#server.cpu.attained(request);
    });
  }

  /** Everybody inside is told that the connection broke. Rows that etcd still works on stay open without a server. */
  dropAll(): void {
    this.#inside.drain((request) => this.#observer.requestAnswered(request, Status.reset, 0));
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
    const seats = wanted > most ? most : wanted;
    this.#server.flowControl.submit(request, group.level, flow, seats, 0, noTime, group.patience);
  }

  #declaredRoute(request: number): Route {
    const operation = this.#requests.operation[request]!;
    return this.#operations.path[operation] === PATH_QUORUM_READ ? Route.etcd : Route.compute;
  }

  #compute(request: number): void {
    const operation = this.#requests.operation[request]!;
    const bytes = this.#operations.apiServerMemory[operation]!;
    this.#requests.phase[request] = Phase.computing;
    this.#requests.heldBytes[request] = bytes;
    this.#server.cpu.arrive(request, this.#operations.apiServerCpu[operation]! as Duration);
    this.#server.memory.hold(bytes, this.#groups[this.#requests.group[request]!]!.name);
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
    this.#server.memory.release(this.#requests.heldBytes[request]!);
    this.#inside.remove(request);
    this.#requests.phase[request] = Phase.refusing;
    this.#server.flowControl.finish(request);
    this.#observer.requestAnswered(request, status, 0);
  }

  #refuse(request: number, status: Status, retryAfterSeconds: number): void {
    this.#requests.phase[request] = Phase.rejecting;
    this.#requests.refusal[request] = status;
    this.#requests.retryAfter[request] = retryAfterSeconds;
    this.#server.cpu.arrive(request, this.#options.refusalCpu);
  }
}
