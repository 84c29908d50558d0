/**
 * The way from clients to API servers and back: balancer, connections, deadlines, network block. Every attempt that a
 * client sends ends exactly once, with a status.
 *
 *   ClientGroup --send--> door --connected?--> ApiServer --> Etcd
 *        ^                  |                     ^ |
 *        |                  +--> Balancer --dial--+ |
 *        +------ reply: status, Retry-After <-------+      (or the client's deadline, whichever is first)
 */
import { type Duration, type EventHandle, noEvent, type Simulation, type TimeoutType } from '@brownout/core';
import { Phase, RequestTable, Status } from './requests/api-request.ts';
import { AdmissionWebhooks } from './api-server/admission-webhooks.ts';
import type { ApiServer, ApiServerObserver, DeathReason } from './api-server/api-server.ts';
import { type ClientGroup, silenceTimeout } from './client/client-group.ts';
import { Deadlines } from './client/deadlines.ts';
import { Balancer } from './connections/balancer.ts';
import { Dialler } from './connections/dialler.ts';
import { Door } from './connections/door.ts';
import { HealthChecks } from './connections/health-checks.ts';
import { LightBooks } from './connections/light-books.ts';
import { type BlockedBy, type LetThrough, NetworkBlock } from './connections/network-block.ts';
import { Outlook } from './connections/outlook.ts';
import { Zones } from './connections/zones.ts';
import type { ControlPlaneObserver, ControlPlaneOptions } from './control-plane-options.ts';
import { Etcd } from './etcd/etcd.ts';
import { Fleet } from './fleet.ts';
import type { AttemptObserver } from './requests/attempt-observer.ts';
import type { OperationTable } from './requests/operation.ts';
import type { RequestObserver } from './requests/request-observer.ts';
import type { TroubleObserver } from './requests/trouble-observer.ts';
import { WatchCaches } from './watch-cache/watch-caches.ts';

export type { ControlPlaneObserver, ControlPlaneOptions } from './control-plane-options.ts';

/** A running control plane. */
export class ControlPlane implements ApiServerObserver {
  readonly requests: RequestTable = new RequestTable();
  readonly servers: readonly ApiServer[];
  /** The servers behind the balancer; more after `addServer`. */
  readonly balanced: readonly ApiServer[];
  /** Index of the break-glass server, -1 when there is none. */
  readonly breakGlassServer: number;
  readonly #fleet: Fleet;
  readonly #healthChecks: HealthChecks | undefined;
  readonly etcd: Etcd;
  readonly #simulation: Simulation;
  readonly #options: ControlPlaneOptions;
  readonly #observer: ControlPlaneObserver;
  readonly operations: OperationTable;
  /** Undefined where the watch cache is not modelled in detail. */
  readonly watchCaches: WatchCaches | undefined;
  readonly #usesExpressLane: boolean;
  readonly balancer: Balancer;
  readonly door: Door;
  readonly zones: Zones;
  /** Whether attempts that must dial can be heard by anybody. */
  readonly outlook: Outlook;
  readonly webhooks: AdmissionWebhooks | undefined;
  readonly lightBooks: LightBooks;
  readonly #dialler: Dialler;
  readonly #groups: ClientGroup[] = [];
  readonly #deadlines: Deadlines;
  readonly #timeoutOfGroup: TimeoutType[] = [];
  readonly #block: NetworkBlock = new NetworkBlock();
  /** Told of every request at the API servers from now on, for metrics; default nobody. */
  requestObserver: RequestObserver | undefined;
  /** Told of failed attempts and new connections; default nobody. */
  troubleObserver: TroubleObserver | undefined;
  /** Told when attempts begin and end at their clients, for latencies; default nobody. */
  attemptObserver: AttemptObserver | undefined;

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
    this.operations = operations;
    this.#usesExpressLane = options.usesExpressLane ?? true;
    this.#deadlines = new Deadlines(simulation, (request) => this.#deadline(request));
    this.door = new Door(simulation, () => this.outlook.changed());
    this.etcd = new Etcd(simulation, `${name}/etcd`, options.etcd, {
      requests: this.requests,
      operations,
      client: this,
      observer,
    });
    if (options.webhooks !== undefined) {
      this.webhooks = new AdmissionWebhooks(simulation, `${name}/webhooks`, {
        webhooks: options.webhooks,
        operations,
        onDecided: (request, isAdmitted) =>
          this.servers[this.requests.server[request]!]!.pipeline.admissionDecided(request, isAdmitted),
      });
    }
    if (options.watchCache !== undefined) {
      this.watchCaches = new WatchCaches(simulation, name, options.watchCache, this);
    }
    this.#fleet = new Fleet(simulation, name, options, (server) => ({
      requests: this.requests,
      operations,
      etcd: this.etcd,
      groups: this.#groups,
      observer: this,
      webhooks: this.webhooks,
      watchCaches: this.watchCaches?.factory(simulation, server),
      ...(options.router === undefined ? {} : { router: options.router }),
    }));
    this.servers = this.#fleet.servers;
    this.balanced = this.#fleet.balanced;
    this.breakGlassServer = this.#fleet.breakGlassServer;
    this.balancer = this.#createBalancer(name);
    this.outlook = new Outlook({ servers: this.servers, balancer: this.balancer, block: this.#block });
    this.zones = new Zones(simulation, name, options, { servers: this.balanced, etcd: this.etcd });
    this.#dialler = this.#createDialler(name);
    this.lightBooks = this.#createLightBooks();
    const { healthCheckTimeout } = options;
    if (healthCheckTimeout !== undefined)
      this.#healthChecks = new HealthChecks(simulation, this, { ...options, healthCheckTimeout });
    this.#fleet.withholdSpares();
  }

  /** Whether the network path from outside the control plane is blocked, whoever may pass. */
  get isBlocked(): boolean {
    return this.#block.isOn;
  }

  /** Whether it is blocked for kubelets and system pods too. */
  get cutsSystem(): boolean {
    return this.#block.cutsSystem;
  }

  /** Whether it is blocked by operators, or by a fault. */
  isBlockedBy(by: BlockedBy): boolean {
    return this.#block.isBy(by);
  }

  /** Puts a spare machine into service; false when none is left (`spareApiServers`). */
  addServer(): boolean {
    const server = this.#fleet.add();
    if (server !== undefined) this.#healthChecks?.watch(server);
    return server !== undefined;
  }

  /** Whether packets of a group are dropped. */
  isCut(group: ClientGroup): boolean {
    return this.#block.cuts(group);
  }

  /** Balanced servers that take requests now. */
  get readyCount(): number {
    return this.balanced.reduce((count, server) => count + (server.isReady ? 1 : 0), 0);
  }

  /** All client groups, with their books up to now. */
  settledGroups(): readonly ClientGroup[] {
    this.outlook.settle();
    return this.#groups;
  }

  /** All client groups, in the order they joined. */
  get groups(): readonly ClientGroup[] {
    return this.#groups;
  }

  /** A group of clients joins; returns the number it sends with. */
  join(group: ClientGroup): number {
    const number = this.#groups.push(group) - 1;
    group.joined(number, () => this.outlook.changed());
    // All servers have the same configuration and number things alike.
    group.classify(this.#options.apiServer.flowControl.configuration);
    for (const server of this.servers) group.patience = server.flowControl.patience(group.timeout);
    this.#timeoutOfGroup.push(this.#deadlines.of(group.timeout));
    return number;
  }

  /** A FlowSchema for a group's requests is in force at every server; see `ClientGroup.assignLevel`. */
  assignLevel(group: ClientGroup, priorityLevel: string): void {
    group.assignLevel(this.#options.apiServer.flowControl.configuration, priorityLevel);
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
    this.attemptObserver?.sent(request);
    const connected = this.#dialler.connectedServer(group, client, request);
    const isCut = this.#block.cuts(group);
    if (connected >= 0 && !isCut && !isUnauthorized && this.operations.isLight[operation] === 1) {
      const { express } = this.servers[connected]!;
      if (this.#usesExpressLane && group.isUnhindered && express.isOpen(group.level, operation)) {
        express.take(request);
        this.requestObserver?.arrived(request);
        this.requestObserver?.executing(request);
        return;
      }
    }
    this.requests.deadline[request] = this.#timeoutOfGroup[groupNumber]!.start(request);
    if (isUnauthorized) this.requests.isUnauthorized[request] = 1;
    if (isCut) {
      this.#hearNothing(group, request, connected < 0 ? group.dialTimeout : silenceTimeout);
      return;
    }
    if (group.isThrottled && !this.door.lets(group)) this.#dialler.turnAway(request, Status.tooManyRequests);
    else if (connected >= 0 && !this.servers[connected]!.isGoingAway) this.servers[connected]!.receive(request, false);
    else this.#dialler.dial(group, groupNumber, client, request);
  }

  /** Round trip between clients and API servers. */
  get roundTrip(): Duration {
    return this.#options.roundTrip;
  }

  /** Whether the client's connection is alive: its server has not died since it connected. */
  isConnected(group: ClientGroup, client: number): boolean {
    const server = group.server[client]!;
    return server >= 0 && this.servers[server]!.life === group.life[client] && !this.#block.cuts(group);
  }

  /** Whether the client's next request needs no new connection. */
  hasOpenConnection(groupNumber: number, client: number): boolean {
    const group = this.#groups[groupNumber]!;
    return this.#dialler.serverOf(group, client) >= 0 && !this.#block.cuts(group);
  }

  /** Drops all packets from outside the control plane's own network; established connections fall silent too. */
  block(letThrough: LetThrough = 'nobody', by: BlockedBy = 'operators'): void {
    this.#block.block(letThrough, by);
    this.outlook.changed();
  }

  /** Lets packets through again, unless somebody else drops them too. */
  unblock(by: BlockedBy = 'operators'): void {
    this.#block.unblock(by);
    this.outlook.changed();
  }

  /** Part of the contract with `Etcd`. */
  etcdAnswered(request: number, ok: boolean): void {
    const server = this.requests.server[request]!;
    this.etcd.requestListener?.answered(request);
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
    this.requestObserver?.answered(request, status);
    if (!isGone && !isInEtcd && this.#block.cuts(this.#groups[groupNumber]!)) {
      // The answer is dropped on its way: the client waits for its own deadline.
      this.requests.phase[request] = Phase.hanging;
      this.requests.server[request] = -1;
      if (this.requests.deadline[request] === noEvent) {
        // It came by the express lane, which needs no deadline as long as answers get through.
        this.requests.deadline[request] = this.#timeoutOfGroup[groupNumber]!.start(request);
      }
      return;
    }
    if (!isGone) {
      this.attemptObserver?.ended(request, status);
      if (status !== Status.ok) this.troubleObserver?.attemptFailed(request, status);
      this.#simulation.cancel(this.requests.deadline[request]! as EventHandle);
      this.#dialler.answered(this.#groups[groupNumber]!, request);
    }
    if (isInEtcd) {
      this.requests.server[request] = -1;
      this.requests.isGone[request] = 1;
    } else {
      this.requests.close(request);
    }
    if (!isGone) this.#reply(groupNumber, subject, status, retryAfterSeconds);
  }

  /** Part of the contract with `ApiServer`: the client is told, but the server goes on. */
  requestGivenUp(request: number, status: Status): void {
    const groupNumber = this.requests.group[request]!;
    const isCut = this.#block.cuts(this.#groups[groupNumber]!);
    this.requestObserver?.answered(request, status);
    if (isCut) return;
    this.attemptObserver?.ended(request, status);
    this.troubleObserver?.attemptFailed(request, status);
    this.#simulation.cancel(this.requests.deadline[request]! as EventHandle);
    this.requests.isGone[request] = 1;
    this.#dialler.abandoned(request);
    this.#reply(groupNumber, this.requests.subject[request]!, status, 0);
  }

  /** Part of the contract with `ApiServer`. */
  apiServerDied(server: number, reason: DeathReason, culprit: string): void {
    this.balancer.failed(server);
    this.requestObserver?.serverEnded(server);
    this.outlook.changed();
    this.#observer.apiServerDied(server, reason, culprit);
  }

  /** Part of the contract with `ApiServer`. */
  apiServerReady(server: number): void {
    this.balancer.recovered(server);
    this.outlook.changed();
    this.#observer.apiServerReady(server);
  }

  /** Part of the contract with `ApiServer`. */
  apiServerLeaving(server: number): void {
    this.balancer.failed(server);
    this.#observer.apiServerLeaving?.(server);
  }

  /** Throws when an attempt was lost or counted twice: recounts the table row by row. */
  checkBooks(): void {
    const waiting = new Float64Array(this.#groups.length);
    this.requests.forEachOpen((request) => {
      if (this.requests.isGone[request] === 0 && this.requests.client[request]! >= 0) {
        waiting[this.requests.group[request]!]! += 1;
      }
    });
    this.outlook.settle();
    this.#groups.forEach((group, index) => group.checkBooks(waiting[index]! + this.outlook.waiting(index)));
  }

  #createBalancer(name: string): Balancer {
    return new Balancer(this.#simulation, name, this.#options, {
      servers: this.balanced,
      groups: this.#groups,
      onRotation: () => this.outlook.changed(),
    });
  }

  #createDialler(name: string): Dialler {
    return new Dialler(this.#simulation, name, this.#options, {
      requests: this.requests,
      servers: this.servers,
      balancer: this.balancer,
      onTurnedAway: (request, status, retryAfterSeconds) => this.requestAnswered(request, status, retryAfterSeconds),
      onSilence: (group, request) => this.#hearNothing(group, request, group.dialTimeout),
      onDialled: (group, client, server) => this.troubleObserver?.dialled(group, client, server),
    });
  }

  #createLightBooks(): LightBooks {
    return new LightBooks({
      groups: this.#groups,
      servers: this.servers,
      dialler: this.#dialler,
      etcd: this.etcd,
      observer: () => this.requestObserver,
    });
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
    this.#dialler.abandoned(request);
    this.requestObserver?.abandoned(request);
    this.attemptObserver?.ended(request, Status.timedOut);
    this.troubleObserver?.attemptFailed(request, Status.timedOut);
    const isFree = server < 0 || this.servers[server]!.abandon(request);
    if (isFree && this.requests.phase[request] !== Phase.refusing) this.requests.close(request);
    else this.requests.isGone[request] = 1;
    this.#reply(groupNumber, subject, Status.timedOut, 0);
  }

  /** Nobody will answer: a client that gives up dialling, or a connection, sooner than requests does so. */
  #hearNothing(group: ClientGroup, request: number, patience: Duration): void {
    if (patience >= group.timeout) return;
    this.#simulation.cancel(this.requests.deadline[request]! as EventHandle);
    this.requests.deadline[request] = this.#deadlines.of(patience).start(request);
  }
}
