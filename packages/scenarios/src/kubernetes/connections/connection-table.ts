/**
 * HTTP/2 connections with their streams, where they are counted: a client keeps one connection as long as it has room for
 * another stream and has not been idle for too long. With all streams of its connections taken it dials one more, as Go's
 * transport does unless told to wait (`StrictMaxConcurrentStreams` in golang.org/x/net `http2/transport.go`).
 *
 * A client's first connection is also in its group's columns, where everybody looks; further ones are only here. A client's
 * connections are a chain, which is one long for nearly all of them.
 */
import type { Duration, Simulation } from '@brownout/core';
import type { ClientGroup } from '../client/client-group.ts';
import type { RequestTable } from '../requests/api-request.ts';
import { ConnectionRecords } from './connection-records.ts';

/** Limits of connections. */
export interface ConnectionOptions {
  /** Concurrent streams of one connection: 100 at kube-apiserver (apiserver `pkg/server/secure_serving.go`). */
  readonly streams: number;
  /** A connection without streams is closed after so long: 90 s at both ends (same file; client-go's transport). */
  readonly idleTimeout: Duration;
}

/** A connection that can still be used. */
interface Server {
  readonly life: number;
  readonly isGoingAway: boolean;
}

const NONE = -1;

/** All connections of one control plane. */
export class ConnectionTable {
  readonly #simulation: Simulation;
  readonly #options: ConnectionOptions;
  readonly #requests: RequestTable;
  readonly #servers: readonly Server[];
  readonly #records: ConnectionRecords = new ConnectionRecords();
  /** First usable connection of each client, by group; absent until somebody of the group has dialled. */
  readonly #first: (Int32Array | undefined)[] = [];

  constructor(
    simulation: Simulation,
    options: ConnectionOptions,
    parts: { readonly requests: RequestTable; readonly servers: readonly Server[] },
  ) {
    if (!(options.streams >= 1)) throw new RangeError(`connections: streams must be >= 1, got ${options.streams}`);
    this.#simulation = simulation;
    this.#options = options;
    this.#requests = parts.requests;
    this.#servers = parts.servers;
  }

  /** Connections that carry streams or may still do so. */
  get count(): number {
    return this.#records.count;
  }

  /** Opens a stream on a connection the client has; the server it leads to, or -1 when it must dial. */
  openStream(group: ClientGroup, number: number, client: number, request: number): number {
    const connection = this.#usable(group, number, client);
    if (connection === NONE) return -1;
    this.#take(connection, request);
    return this.#records.serverOf(connection);
  }

  /** The server that the next stream of a client would lead to over a connection it has; -1 = it must dial. */
  serverOf(group: ClientGroup, number: number, client: number): number {
    const connection = this.#usable(group, number, client);
    return connection === NONE ? -1 : this.#records.serverOf(connection);
  }

  /** A stream that nobody simulated has been opened and closed on a client's connection. */
  used(number: number, client: number): void {
    const connection = this.#firstOf(number, client);
    if (connection !== NONE) this.#records.setIdleSince(connection, this.#simulation.now);
  }

  /** The server has sent GOAWAY on the connection of such a stream. */
  goAwayAfterUse(group: ClientGroup, number: number, client: number): void {
    const connection = this.#firstOf(number, client);
    if (connection !== NONE) this.#leave(group, number, client, connection);
  }

  /** The client has dialled, and opens its first stream. */
  dialled(group: ClientGroup, number: number, client: number, request: number, server: number): void {
    this.#take(this.#add(group, number, client, server), request);
  }

  /** The stream of a request has ended. */
  closeStream(request: number): void {
    const connection = this.#requests.connection[request]!;
    if (connection < 0) return;
    this.#requests.connection[request] = -1;
    if (this.#records.addStreams(connection, -1) > 0) return;
    this.#records.setIdleSince(connection, this.#simulation.now);
    if (this.#records.isClosing(connection)) this.#records.free(connection);
  }

  /** The server has sent GOAWAY on the connection of a request: no further streams on it. */
  goAway(group: ClientGroup, number: number, client: number, request: number): void {
    const connection = this.#requests.connection[request]!;
    if (connection < 0) return;
    let open = this.#firstOf(number, client);
    while (open !== NONE && open !== connection) open = this.#records.nextOf(open);
    if (open !== NONE) this.#leave(group, number, client, connection);
  }

  #firstOf(number: number, client: number): number {
    return this.#first[number]?.[client] ?? NONE;
  }

  /** The first connection of a client with room for a stream; those that lead nowhere are closed on the way. */
  #usable(group: ClientGroup, number: number, client: number): number {
    const first = this.#firstOf(number, client);
    const hasDisconnected = group.server[client] === -1;
    if (first !== NONE && !hasDisconnected && this.#isPlain(first)) return first;
    const heldAt = group.lastStreamAt?.(client) ?? -Infinity;
    if (!hasDisconnected && first === NONE) this.#adopt(group, number, client, heldAt);
    let found = NONE;
    let connection = this.#firstOf(number, client);
    while (connection !== NONE) {
      const next = this.#records.nextOf(connection);
      if (hasDisconnected || !this.#isAlive(connection, heldAt)) this.#close(number, client, connection);
      else if (found === NONE && this.#records.streamsOf(connection) < this.#options.streams) found = connection;
      connection = next;
    }
    return found;
  }

  /** Whether a connection is a client's only one, alive without a look at its watches, and has room for a stream. */
  #isPlain(connection: number): boolean {
    const records = this.#records;
    const isOnly = records.nextOf(connection) === NONE;
    return isOnly && this.#isAlive(connection, -Infinity) && records.streamsOf(connection) < this.#options.streams;
  }

  /** A connection that was there before the run began, with a stream on it until `heldAt`; nobody has dialled it here. */
  #adopt(group: ClientGroup, number: number, client: number, heldAt: number): void {
    if (this.#simulation.now - heldAt >= this.#options.idleTimeout) return;
    const server = group.server[client]!;
    if (this.#servers[server]!.life === group.life[client]) this.#add(group, number, client, server);
  }

  #isAlive(connection: number, heldAt: number): boolean {
    const server = this.#servers[this.#records.serverOf(connection)]!;
    if (server.life !== this.#records.lifeOf(connection) || server.isGoingAway) return false;
    const idle = this.#simulation.now - Math.max(this.#records.idleSince(connection), heldAt);
    return this.#records.streamsOf(connection) > 0 || idle < this.#options.idleTimeout;
  }

  #leave(group: ClientGroup, number: number, client: number, connection: number): void {
    if (this.#records.serverOf(connection) === group.server[client]) group.disconnect(client);
    this.#close(number, client, connection);
  }

  #close(number: number, client: number, connection: number): void {
    const first = this.#first[number]!;
    if (first[client] === connection) {
      first[client] = this.#records.nextOf(connection);
    } else {
      let before = first[client]!;
      while (this.#records.nextOf(before) !== connection) before = this.#records.nextOf(before);
      this.#records.setNext(before, this.#records.nextOf(connection));
    }
    if (this.#records.streamsOf(connection) === 0) this.#records.free(connection);
    else this.#records.setClosing(connection);
  }

  #add(group: ClientGroup, number: number, client: number, server: number): number {
    const connection = this.#records.add(server, this.#servers[server]!.life, this.#simulation.now);
    this.#link(group, number, client, connection);
    return connection;
  }

  #link(group: ClientGroup, number: number, client: number, connection: number): void {
    const first = (this.#first[number] ??= new Int32Array(group.server.length).fill(NONE));
    let last = first[client]!;
    if (last === NONE) {
      first[client] = connection;
      return;
    }
    while (this.#records.nextOf(last) !== NONE) last = this.#records.nextOf(last);
    this.#records.setNext(last, connection);
  }

  #take(connection: number, request: number): void {
    this.#records.addStreams(connection, 1);
    this.#requests.connection[request] = connection;
  }
}
