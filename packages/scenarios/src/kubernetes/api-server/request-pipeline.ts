/**
 * The way of one request through one API server process. The order is that of the upstream filter chain: TLS,
 * authentication, flow control, authorization, handler (apiserver `pkg/server/config.go`).
 *
 *   receive -> connect (CPU) -> admit: authenticate, seat? --no--> refuse: 401, 429 (CPU)
 *                                                | yes
 *           execute:  authorize, then a router says where from
 *             forbidden:                  refuse: 403 (CPU, seat held)
 *             cache read:                 compute: scan, encode (CPU, memory held)        -> send -> finish
 *             quorum read:  etcd       -> compute: decode, encode (CPU, memory held)      -> send -> finish
 *             write:        compute: decode, admission -> reviews (CPU) -> webhooks -> etcd commit  -> finish
 *             hang:         holds its seat until `resume`
 *             refused:      gives its seat back, 429 with the router's Retry-After
 *
 * A client that leaves, or the server's own `--request-timeout`, ends the context of a request; see `Cancellation`.
 */
import {
  type Duration,
  type EventType,
  noEvent,
  noTime,
  realZero,
  seconds,
  type Simulation,
  type TimeoutType,
} from '@brownout/core';
import type { ClientGroup } from '../client/client-group.ts';
import { Phase, type RequestTable, Status } from '../requests/api-request.ts';
import { operationNumber, type OperationTable, PATH_QUORUM_READ, PATH_WRITE } from '../requests/operation.ts';
import { Cancellation, type PipelineServer } from './cancellation.ts';
import { InsideRequests } from './inside-requests.ts';
import type { PipelineOptions, PipelineParts } from './pipeline-options.ts';
import { holdsSeat, Refusals } from './refusals.ts';
import { RequestMemory } from './request-memory.ts';
import { Route } from './request-router.ts';

const SECOND = seconds(1);
const PROBE = operationNumber('probe');

/** Everything that requests go through in one API server. */
export class RequestPipeline {
  readonly inside: InsideRequests;
  readonly refusals: Refusals;
  readonly #server: PipelineServer;
  readonly #options: PipelineOptions;
  readonly #parts: PipelineParts;
  readonly #requests: RequestTable;
  readonly #operations: OperationTable;
  readonly #groups: readonly ClientGroup[];
  /** Seats one request may take, by priority level. */
  readonly #seatLimits: readonly number[];
  readonly #cancellation: Cancellation;
  readonly #memory: RequestMemory;
  readonly #deadline: TimeoutType | undefined;
  readonly #sent: EventType;
  /** Seconds late arrivals are told to wait for; -1 = they are served. */
  #lateRetryAfter = -1;
  #wastedCpu = realZero;

  constructor(
    simulation: Simulation,
    name: string,
    server: PipelineServer,
    options: PipelineOptions,
    parts: PipelineParts,
  ) {
    const { flowControl } = options;
    this.#server = server;
    this.#options = options;
    this.#parts = parts;
    this.#requests = parts.requests;
    this.#operations = parts.operations;
    this.#groups = parts.groups;
    this.#seatLimits = flowControl.configuration.seats.map((level) => level.requestSeatLimit);
    this.inside = new InsideRequests(simulation, server.index, parts.requests, parts.observer);
    const { cpu, flowControl: seats } = server;
    this.refusals = new Refusals(options.refusalCpu, { ...parts, cpu, flowControl: seats, inside: this.inside });
    this.#memory = new RequestMemory(simulation, name, options, { ...parts, memory: server.memory, cpu });
    const { inside } = this;
    this.#cancellation = new Cancellation(server, options.cancellation, { ...parts, inside, memory: this.#memory });
    this.#sent = simulation.event(`${name} sent`, (request) => this.#finish(request, Status.ok));
    if (options.enforcesRequestTimeout === true) {
      const timeOut = (request: number): void => this.#timeOut(request);
      this.#deadline = simulation.timeout(`${name} request timeout`, flowControl.requestTimeout, timeOut);
    }
  }

  /** CPU spent on requests whose client had gone or whose server died, in core-microseconds. */
  get wastedCpu(): number {
    return this.#wastedCpu + this.#cancellation.wastedCpu;
  }

  /** A request arrives, over a connection that may have to be set up first. */
  receive(request: number, needsConnection: boolean): void {
    this.inside.enter(request);
    const isBounded = this.#deadline !== undefined && !this.#groups[this.#requests.group[request]!]!.isLongRunning;
    if (isBounded) this.#requests.serverDeadline[request] = this.#deadline.start(request);
    if (needsConnection || this.#options.schedulingQuantum !== undefined) {
      this.#occupy(request, Phase.connecting, needsConnection ? this.#options.connectionCpu : noTime);
    } else {
      this.#admit(request);
    }
  }

  /** The client has gone. True when the row is free now. */
  abandon(request: number): boolean {
    if (this.#cancellation.cancel(request)) return true;
    this.#requests.isGone[request] = 1;
    return false;
  }

  /** A request has its seat. */
  execute(request: number): void {
    const { router, check } = this.#parts;
    if (check !== undefined && this.#requests.operation[request] === PROBE) {
      check.ask(request);
      return;
    }
    if (this.#groups[this.#requests.group[request]!]!.isForbidden) {
      this.refusals.begin(request, Status.forbidden);
      return;
    }
    this.#follow(request, router === undefined ? this.#declaredRoute(request) : router.route(request));
  }

  #follow(request: number, route: Route): void {
    if (route === Route.compute) {
      this.#compute(request);
    } else if (route === Route.etcd) {
      this.#requests.phase[request] = Phase.reading;
      this.#parts.etcd.submit(request);
    } else if (route === Route.hang) {
      this.#requests.phase[request] = Phase.awaitingCache;
    } else {
      const { retryAfterSeconds, refusalStatus = Status.tooManyRequests } = this.#parts.router!;
      if (!holdsSeat(refusalStatus)) this.#server.flowControl.finish(request);
      if (refusalStatus === Status.tooManyRequests) this.refusals.rejectOne(request, retryAfterSeconds);
      else this.refusals.begin(request, refusalStatus, retryAfterSeconds);
    }
  }

  /** What a hanging request waited for has come: the router is asked again. */
  resume(request: number): void {
    if (this.#requests.phase[request] === Phase.awaitingCache) this.execute(request);
  }

  /** The etcd check has a result for a probe. */
  checked(request: number, isWell: boolean): void {
    if (isWell) this.#compute(request);
    else this.refusals.begin(request, Status.serverError);
  }

  /** The cores are done with a request. */
  cpuDone(request: number): void {
    const requests = this.#requests;
    switch (requests.phase[request]) {
      case Phase.connecting:
        return this.#admit(request);
      case Phase.rejecting:
        return this.refusals.end(request);
      case Phase.replying:
        return this.#finish(request, Status.ok);
      default:
        this.#memory.computed(request);
        if (this.#operations.path[requests.operation[request]!] === PATH_WRITE) this.#askWebhooks(request);
        else this.#send(request);
    }
  }

  /** The admission webhooks have spoken. */
  admissionDecided(request: number, isAdmitted: boolean): void {
    this.#requests.stage[request] = noEvent;
    if (isAdmitted) this.#write(request);
    else this.#finish(request, Status.serverError);
  }

  /** etcd has answered a request of this server. */
  etcdAnswered(request: number, ok: boolean): void {
    const { router } = this.#parts;
    if (!ok) this.#finish(request, Status.serverError);
    else if (this.#requests.phase[request] === Phase.reading)
      this.#follow(request, router?.afterEtcd?.(request) ?? Route.compute);
    else if (this.#options.schedulingQuantum === undefined) this.#finish(request, Status.ok);
    else this.#occupy(request, Phase.replying, noTime);
  }

  /** The process is shutting down: arrivals but probes are told to come back after so long, on another connection. */
  refuseArrivals(retryAfterSeconds: number): void {
    this.#lateRetryAfter = retryAfterSeconds;
  }

  /** The process dies: what its cores have done so far was for nothing, and no timer of a request means anything. */
  die(): void {
    this.#lateRetryAfter = -1;
    this.#memory.clear();
    this.inside.stopAllTimers();
    this.inside.forEach((request) => {
      this.#wastedCpu += this.#server.cpu.attained(request);
    });
  }

  #timeOut(request: number): void {
    const { observer, requests } = this.#parts;
    requests.serverDeadline[request] = noEvent;
    if (requests.isGone[request] === 1) return;
    // An answer that has begun can only be cut off (apiserver `pkg/server/filters/timeout.go`).
    const status = requests.phase[request] === Phase.sending ? Status.reset : Status.gatewayTimeout;
    if (this.#cancellation.cancel(request)) observer.requestAnswered(request, status, 0);
    else observer.requestGivenUp(request, status);
  }

  #admit(request: number): void {
    const requests = this.#requests;
    this.#parts.observer.requestObserver?.arrived(request);
    const group = this.#groups[requests.group[request]!]!;
    if (this.#lateRetryAfter >= 0 && requests.operation[request] !== PROBE) {
      group.disconnect(requests.client[request]!);
      this.refusals.begin(request, Status.tooManyRequests, this.#lateRetryAfter);
      return;
    }
    if (requests.isUnauthorized[request] === 1) {
      this.refusals.begin(request, Status.unauthorized);
      return;
    }
    requests.phase[request] = Phase.queued;
    const wanted = this.#operations.seats[requests.operation[request]!]!;
    const most = this.#seatLimits[group.level]!;
    const flow = group.flowOf(requests.client[request]!);
    const seats = wanted > most ? most : wanted;
    const after = this.#parts.router?.writeEstimate?.(request, most);
    const { finalSeats = 0, additionalLatency = noTime } = after ?? {};
    this.#server.flowControl.submit(request, group.level, flow, seats, finalSeats, additionalLatency, group.patience);
  }

  #declaredRoute(request: number): Route {
    const operation = this.#requests.operation[request]!;
    return this.#operations.path[operation] === PATH_QUORUM_READ ? Route.etcd : Route.compute;
  }

  #compute(request: number): void {
    const cpu = this.#operations.apiServerCpu[this.#requests.operation[request]!]!;
    this.#occupy(request, Phase.computing, cpu as Duration);
    this.#memory.take(request);
  }

  #askWebhooks(request: number): void {
    const operation = this.#requests.operation[request]!;
    const { webhooks } = this.#parts;
    if (webhooks === undefined || !webhooks.concern(operation)) {
      this.#write(request);
    } else if (this.#requests.isGone[request] === 1) {
      this.#finish(request, Status.serverError);
    } else if (this.#requests.phase[request] === Phase.computing && webhooks.reviewCpu(operation) > 0) {
      this.#occupy(request, Phase.reviewing, webhooks.reviewCpu(operation) as Duration);
    } else {
      this.#requests.phase[request] = Phase.admitting;
      this.#requests.stage[request] = webhooks.ask(request, operation);
    }
  }

  #write(request: number): void {
    if (this.#cancellation.stopsWrites && this.#requests.isGone[request] === 1) {
      this.#finish(request, Status.serverError);
    } else {
      this.#requests.phase[request] = Phase.writing;
      this.#parts.etcd.submit(request);
    }
  }

  #occupy(request: number, phase: number, work: Duration): void {
    this.#requests.phase[request] = phase;
    this.#server.cpu.arrive(request, work);
  }

  /** The answer leaves at the pace of its client, which holds seat and memory until it has taken the last byte. */
  #send(request: number): void {
    const { bytesPerSecond } = this.#groups[this.#requests.group[request]!]!;
    const { compression = 1 } = this.#options;
    const bytes = this.#operations.responseBytes[this.#requests.operation[request]!]! / compression;
    const time = Math.round((bytes / bytesPerSecond) * SECOND);
    if (time === 0 || this.#requests.isGone[request] === 1) {
      this.#finish(request, Status.ok);
    } else {
      this.#requests.phase[request] = Phase.sending;
      this.#requests.stage[request] = this.#sent.after(time as Duration, request);
    }
  }

  #finish(request: number, status: Status): void {
    const hasComputed = this.#requests.phase[request] !== Phase.reading;
    if (hasComputed && (this.#requests.isGone[request] === 1 || status !== Status.ok)) {
      this.#wastedCpu += this.#operations.apiServerCpu[this.#requests.operation[request]!]!;
    }
    this.#requests.stage[request] = noEvent;
    this.inside.leave(request);
    this.#requests.phase[request] = Phase.refusing;
    this.#cancellation.giveBack(request);
    this.#parts.observer.requestAnswered(request, status, 0);
  }
}
