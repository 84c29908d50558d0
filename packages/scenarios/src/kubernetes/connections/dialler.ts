/**
 * How attempts get to an API server: over the connection their client has, or over a new one through the balancer. Answers
 * that cost no API server anything - a refused connection, a closed door - come back from here.
 */
import type { Duration, EventType, Simulation } from '@brownout/core';
import type { ApiServer } from '../api-server/api-server.ts';
import type { ClientGroup } from '../client/client-group.ts';
import { Phase, type RequestTable, Status } from '../requests/api-request.ts';
import type { Balancer } from './balancer.ts';
import { type ConnectionOptions, ConnectionTable } from './connection-table.ts';
import { DOOR_RETRY_AFTER } from './door.ts';
import { GoAway } from './go-away.ts';

/** How connections behave. */
export interface DiallerOptions {
  /** Round trip between client and server. */
  readonly roundTrip: Duration;
  /** `--goaway-chance`, 0 to 0.02; default 0. */
  readonly goawayChance?: number;
  /** Streams and idle time of connections; absent = one connection per client carries everything, for ever. */
  readonly connections?: ConnectionOptions;
}

/** What a dialler connects. */
export interface DiallerParts {
  readonly requests: RequestTable;
  readonly servers: readonly ApiServer[];
  readonly balancer: Balancer;
  /** An attempt comes back without having reached a server. */
  readonly onTurnedAway: (request: number, status: Status, retryAfterSeconds: number) => void;
  /** Nobody will ever answer an attempt. */
  readonly onSilence: (group: ClientGroup, request: number) => void;
  /** A client tries to connect, before anything is known about how that ends; -1 = no server takes connections. */
  readonly onDialled?: (group: number, client: number, server: number) => void;
}

/** The connections of all clients of one control plane. */
export class Dialler {
  readonly #roundTrip: Duration;
  readonly #parts: DiallerParts;
  readonly #table: ConnectionTable | undefined;
  readonly #goAway: GoAway | undefined;
  readonly #refused: EventType;

  constructor(simulation: Simulation, name: string, options: DiallerOptions, parts: DiallerParts) {
    const { connections, goawayChance = 0 } = options;
    this.#roundTrip = options.roundTrip;
    this.#parts = parts;
    this.#refused = simulation.event(`${name} refused`, (request) => this.#turnedAway(request));
    if (connections !== undefined) this.#table = new ConnectionTable(simulation, connections, parts);
    if (goawayChance > 0) this.#goAway = new GoAway(simulation.streams.get(`${name}/goaway`), goawayChance);
  }

  /** The server that an attempt can go to over a connection its client has, on a stream it takes; -1 when it must dial. */
  connectedServer(group: ClientGroup, client: number, request: number): number {
    if (this.#table !== undefined) return this.#table.openStream(group, group.transport, client, request);
    return this.#firstServer(group, client);
  }

  /** The server that a client's next attempt would go to without dialling; -1 = it must dial. */
  serverOf(group: ClientGroup, client: number): number {
    if (this.#table !== undefined) return this.#table.serverOf(group, group.transport, client);
    return this.#firstServer(group, client);
  }

  /** Whether an answer may close the connection that it came over. */
  get closesByChance(): boolean {
    return this.#goAway !== undefined;
  }

  /** An attempt that was not simulated has been answered over the client's connection: it is in use, and may be closed. */
  answeredUnseen(group: ClientGroup, client: number): void {
    this.#table?.used(group.transport, client);
    if (this.#goAway?.strikes() !== true) return;
    if (this.#table !== undefined) this.#table.goAwayAfterUse(group, group.transport, client);
    else group.disconnect(client);
  }

  /** An attempt goes out over a new connection. */
  dial(group: ClientGroup, groupNumber: number, client: number, request: number): void {
    const { servers, balancer } = this.#parts;
    const server = group.pinnedServer >= 0 ? servers[group.pinnedServer] : balancer.pick();
    this.#parts.onDialled?.(groupNumber, client, server === undefined ? -1 : server.index);
    if (server === undefined) {
      this.#parts.onSilence(group, request);
    } else if (server.isSilent) {
      server.receive(request, true);
    } else if (!server.isReady) {
      group.disconnect(client);
      this.turnAway(request, Status.refused);
    } else {
      // A client with several connections is known by its first.
      if (this.#table === undefined || this.#firstServer(group, client) < 0) {
        group.connect(client, server.index, server.life);
      }
      this.#table?.dialled(group, group.transport, client, request, server.index);
      server.receive(request, true);
    }
  }

  /** An answer that costs no API server anything comes back after one round trip. */
  turnAway(request: number, status: Status): void {
    this.#parts.requests.phase[request] = Phase.refusing;
    this.#parts.requests.refusal[request] = status;
    this.#refused.after(this.#roundTrip, request);
  }

  /** A server has answered; with the answer may come GOAWAY, and the client's next attempt dials again. */
  answered(group: ClientGroup, request: number): void {
    if (this.#goAway !== undefined) this.#mayGoAway(this.#goAway, group, request);
    this.#table?.closeStream(request);
  }

  /** The client waits no longer. */
  abandoned(request: number): void {
    this.#table?.closeStream(request);
  }

  #firstServer(group: ClientGroup, client: number): number {
    const server = group.server[client]!;
    return server >= 0 && this.#parts.servers[server]!.life === group.life[client] ? server : -1;
  }

  #turnedAway(request: number): void {
    const status = this.#parts.requests.refusal[request] as Status;
    this.#parts.onTurnedAway(request, status, status === Status.tooManyRequests ? DOOR_RETRY_AFTER : 0);
  }

  #mayGoAway(goAway: GoAway, group: ClientGroup, request: number): void {
    const server = this.#parts.requests.server[request]!;
    if (server < 0 || !goAway.strikes()) return;
    const client = this.#parts.requests.client[request]!;
    if (this.#table !== undefined) this.#table.goAway(group, group.transport, client, request);
    else if (group.server[client] === server) group.disconnect(client);
  }
}
