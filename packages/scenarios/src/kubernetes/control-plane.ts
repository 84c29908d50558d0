/**
 * The way from clients to API servers and back: balancer, connections, deadlines, network block. Every attempt that a
 * client sends ends exactly once, with a status.
 *
 *   ClientGroup --send--> balancer (health-checked, random) --> ApiServer --> Etcd
 *        ^                                                         |
 *        +------------- reply: status, Retry-After <---------------+      (or the client's deadline, whichever is first)
 */
import { type Duration, type EventType, noEvent, type Simulation, type Stream, type TimeoutType } from '@brownout/core';
import { Phase, RequestTable, Status } from './requests/api-request.ts';
import { ApiServer, type ApiServerObserver, type ApiServerOptions } from './api-server/api-server.ts';
import type { RequestRouter } from './api-server/request-pipeline.ts';
import type { ClientGroup } from './client/client-group.ts';
import { Etcd, type EtcdObserver, type EtcdOptions } from './etcd/etcd.ts';
import type { OperationTable } from './requests/operation.ts';

/** Sizes and timings of a control plane. */
export interface ControlPlaneOptions {
  readonly apiServers: number;
  readonly apiServer: ApiServerOptions;
  readonly etcd: EtcdOptions;
  /** Health checks of the balancer in front of the API servers. */
  readonly healthCheckInterval: Duration;
  readonly healthyThreshold: number;
  readonly unhealthyThreshold: number;
  /** Round trip between client and server. */
  readonly roundTrip: Duration;
  /** Whether light requests may take the short way on idle servers (see express-lane.ts); default true. */
  readonly usesExpressLane?: boolean;
  /** One more API server outside the balancer, for those who are pinned to it; absent = none. */
  readonly breakGlass?: { readonly cores: number; readonly memoryLimitBytes: number };
  /** Where a server's requests are served from once they have their seats; absent = as their operations declare. */
  readonly router?: (server: ApiServer) => RequestRouter;
}

/** What happens in a control plane, for trace and report. */
export interface ControlPlaneObserver extends EtcdObserver {
  apiServerDied(server: number, reason: 'memory' | 'liveness', culprit: string): void;
  apiServerReady(server: number): void;
}

/** A running control plane. */
export class ControlPlane implements ApiServerObserver {
  readonly requests: RequestTable = new RequestTable();
  readonly servers: readonly ApiServer[];
  /** The servers behind the balancer. */
  readonly balanced: readonly ApiServer[];
  /** Index of the break-glass server, -1 when there is none. */
  readonly breakGlassServer: number;
  readonly etcd: Etcd;
  readonly #simulation: Simulation;
  readonly #options: ControlPlaneOptions;
  readonly #observer: ControlPlaneObserver;
  readonly #operations: OperationTable;
  readonly #usesExpressLane: boolean;
  readonly #balancer: Stream;
  readonly #groups: ClientGroup[] = [];
  readonly #timeouts: TimeoutType[] = [];
  readonly #timeoutOfGroup: TimeoutType[] = [];
  readonly #refused: EventType;
  readonly #enterRotation: EventType;
  readonly #leaveRotation: EventType;
  /** Servers that the balancer sends new connections to. */
  #rotation: number[];
  #isBlocked = false;

  constructor(
    simulation: Simulation,
    name: string,
    options: ControlPlaneOptions,
    operations: OperationTable,
    observer: ControlPlaneObserver,
  ) {
    this.#simulation = simulation;
    this.#options = options;
    this.#observer = observer;
    this.#operations = operations;
    this.#usesExpressLane = options.usesExpressLane ?? true;
    this.#balancer = simulation.streams.get(`${name}/balancer`);
    this.#refused = simulation.event(`${name} refused`, (request) => this.requestAnswered(request, Status.refused, 0));
    this.#enterRotation = simulation.event(`${name} in rotation`, (server) => this.#enter(server));
    this.#leaveRotation = simulation.event(`${name} out of rotation`, (server) => this.#leave(server));
    this.etcd = new Etcd(simulation, `${name}/etcd`, options.etcd, {
      requests: this.requests,
      operations,
      client: this,
      observer,
    });
    const sizes = Array.from({ length: options.apiServers }, () => options.apiServer);
    if (options.breakGlass !== undefined) sizes.push({ ...options.apiServer, ...options.breakGlass });
    this.servers = sizes.map(
      (size, index) =>
        new ApiServer(simulation, `${name}/api-server-${index}`, index, size, {
          requests: this.requests,
          operations,
          etcd: this.etcd,
          groups: this.#groups,
          observer: this,
          ...(options.router === undefined ? {} : { router: options.router }),
        }),
    );
    this.balanced = this.servers.slice(0, options.apiServers);
    this.breakGlassServer = options.breakGlass === undefined ? -1 : options.apiServers;
    this.#rotation = this.balanced.map((server) => server.index);
  }

  /** Whether the network path from outside the control plane is blocked. */
  get isBlocked(): boolean {
    return this.#isBlocked;
  }

  /** Balanced servers that take requests now. */
  get readyCount(): number {
    return this.balanced.reduce((count, server) => count + (server.isReady ? 1 : 0), 0);
  }

  /** All client groups, in the order they joined. */
  get groups(): readonly ClientGroup[] {
    return this.#groups;
  }

  /** A group of clients joins; returns the number it sends with. */
  join(group: ClientGroup): number {
    const number = this.#groups.push(group) - 1;
    this.#classify(group);
    let timeout = this.#timeouts.find((candidate) => candidate.delay === group.timeout);
    if (timeout === undefined) {
      timeout = this.#simulation.timeout('client deadline', group.timeout, (request) => this.#deadline(request));
      this.#timeouts.push(timeout);
    }
    this.#timeoutOfGroup.push(timeout);
    return number;
  }

  /** A client sends one attempt; the group's `onReply` follows exactly once. */
  send(
    groupNumber: number,
    client: number,
    operation: number,
    subject: number = client,
    isRepetition = false,
    isUnauthorized = false,
  ): void {
    const group = this.#groups[groupNumber]!;
    const request = this.requests.open(groupNumber, client, operation);
    this.requests.subject[request] = subject;
    group.sent++;
    if (!isRepetition) group.firstAttempts++;
    const connected = group.server[client]!;
    const isCut = this.#isBlocked && !group.isInside;
    const isConnected = connected >= 0 && this.servers[connected]!.life === group.life[client];
    if (isConnected && !isCut && !isUnauthorized && this.#operations.isLight[operation] === 1) {
      const { express } = this.servers[connected]!;
      if (this.#usesExpressLane && express.isOpen(group.level, operation)) {
        express.take(request);
        return;
      }
    }
    this.requests.deadline[request] = this.#timeoutOfGroup[groupNumber]!.start(request);
    if (isUnauthorized) this.requests.isUnauthorized[request] = 1;
    if (isCut) return;
    if (isConnected) {
      this.servers[connected]!.receive(request, false);
      return;
    }
    const server = group.pinnedServer >= 0 ? this.servers[group.pinnedServer] : this.#pick();
    if (server === undefined) return;
    if (!server.isReady) {
      this.requests.phase[request] = Phase.refusing;
      group.server[client] = -1;
      this.#refused.after(this.#options.roundTrip, request);
      return;
    }
    group.server[client] = server.index;
    group.life[client] = server.life;
    server.receive(request, true);
  }

  /** Whether the client's connection is alive: its server has not died since it connected. */
  isConnected(group: ClientGroup, client: number): boolean {
    const server = group.server[client]!;
    return server >= 0 && this.servers[server]!.life === group.life[client] && (!this.#isBlocked || group.isInside);
  }

  /** Drops all packets from outside the control plane's own network; established connections fall silent too. */
  block(): void {
    this.#isBlocked = true;
  }

  /** Lets packets through again. */
  unblock(): void {
    this.#isBlocked = false;
  }

  /** Part of the contract with `Etcd`. */
  etcdAnswered(request: number, ok: boolean): void {
    const server = this.requests.server[request]!;
    if (server < 0) this.requests.close(request);
    else this.servers[server]!.etcdAnswered(request, ok);
  }

  /** Part of the contract with `ApiServer`: the end of a request on the server's side. */
  requestAnswered(request: number, status: Status, retryAfterSeconds: number): void {
    const phase = this.requests.phase[request]!;
    const isInEtcd = phase === Phase.reading || phase === Phase.writing;
    const isGone = this.requests.isGone[request] === 1;
    const groupNumber = this.requests.group[request]!;
    const subject = this.requests.subject[request]!;
    if (!isGone && !isInEtcd && this.#isBlocked && !this.#groups[groupNumber]!.isInside) {
      // The answer is dropped on its way: the client waits for its own deadline.
      this.requests.phase[request] = Phase.hanging;
      this.requests.server[request] = -1;
      if (this.requests.deadline[request] === noEvent) {
        // It came by the express lane, which needs no deadline as long as answers get through.
        this.requests.deadline[request] = this.#timeoutOfGroup[groupNumber]!.start(request);
      }
      return;
    }
    if (!isGone) this.#simulation.cancel(this.requests.deadline[request]! as never);
    if (isInEtcd) {
      this.requests.server[request] = -1;
      this.requests.isGone[request] = 1;
    } else {
      this.requests.close(request);
    }
    if (!isGone) this.#reply(groupNumber, subject, status, retryAfterSeconds);
  }

  /** Part of the contract with `ApiServer`. */
  apiServerDied(server: number, reason: 'memory' | 'liveness', culprit: string): void {
    const { healthCheckInterval, unhealthyThreshold } = this.#options;
    this.#leaveRotation.after((healthCheckInterval * unhealthyThreshold) as Duration, server);
    this.#observer.apiServerDied(server, reason, culprit);
  }

  /** Part of the contract with `ApiServer`. */
  apiServerReady(server: number): void {
    const { healthCheckInterval, healthyThreshold } = this.#options;
    this.#enterRotation.after((healthCheckInterval * healthyThreshold) as Duration, server);
    this.#observer.apiServerReady(server);
  }

  /** Throws when an attempt was lost or counted twice: recounts the table row by row. */
  checkBooks(): void {
    const waiting = new Float64Array(this.#groups.length);
    this.requests.forEachOpen((request) => {
      if (this.requests.isGone[request] === 0 && this.requests.client[request]! >= 0) {
        waiting[this.requests.group[request]!]! += 1;
      }
    });
    this.#groups.forEach((group, index) => group.checkBooks(waiting[index]!));
  }

  /** Asks once a client, not once a request. All servers have the same configuration and number things alike. */
  #classify(group: ClientGroup): void {
    const { configuration } = this.#options.apiServer.flowControl;
    for (let client = 0; client < group.clients; client++) {
      const { level, flow } = configuration.classify(group.describe(client));
      group.level = level;
      group.flow[client] = flow;
    }
    for (const server of this.servers) group.patience = server.flowControl.patience(group.timeout);
  }

  #reply(groupNumber: number, subject: number, status: Status, retryAfterSeconds: number): void {
    const group = this.#groups[groupNumber]!;
    group.ended[status]! += 1;
    group.onReply(subject, status, retryAfterSeconds);
  }

  #deadline(request: number): void {
    const groupNumber = this.requests.group[request]!;
    const subject = this.requests.subject[request]!;
    const server = this.requests.server[request]!;
    const isFree = server < 0 || this.servers[server]!.abandon(request);
    if (isFree && this.requests.phase[request] !== Phase.refusing) this.requests.close(request);
    else this.requests.isGone[request] = 1;
    this.#reply(groupNumber, subject, Status.timedOut, 0);
  }

  #pick(): ApiServer | undefined {
    const count = this.#rotation.length;
    if (count === 0) return undefined;
    return this.servers[this.#rotation[this.#balancer.integer(count)]!];
  }

  #enter(server: number): void {
    if (server < this.balanced.length && this.servers[server]!.isReady && !this.#rotation.includes(server)) {
      this.#rotation = [...this.#rotation, server].sort((a, b) => a - b);
    }
  }

  #leave(server: number): void {
    if (!this.servers[server]!.isReady) this.#rotation = this.#rotation.filter((other) => other !== server);
  }
}
