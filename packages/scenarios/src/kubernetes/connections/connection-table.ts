/**
 * HTTP/2 connections with their streams, where they are counted: a client keeps one connection as long as it has room for
 * another stream and has not been idle for too long. With all streams of its connections taken it dials one more, as Go's
 * transport does unless told to wait (`StrictMaxConcurrentStreams` in golang.org/x/net `http2/transport.go`).
 *
 * A client's first connection is also in its group's columns, where everybody looks; further ones are only here.
 */
import type { Duration, Simulation } from '@brownout/core';
import type { ClientGroup } from '../client/client-group.ts';
import type { RequestTable } from '../requests/api-request.ts';

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

const NONE: readonly number[] = [];

/** All connections of one control plane. */
export class ConnectionTable {
  readonly #simulation: Simulation;
  readonly #options: ConnectionOptions;
  readonly #requests: RequestTable;
  readonly #servers: readonly Server[];
  /** Columns by connection. */
  readonly #server: number[] = [];
  readonly #life: number[] = [];
  readonly #streams: number[] = [];
  readonly #idleSince: number[] = [];
  readonly #isClosing: boolean[] = [];
  readonly #free: number[] = [];
  /** Usable connections by group and client. */
  readonly #open: (readonly number[])[][] = [];

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
    return this.#server.length - this.#free.length;
  }

  /** Opens a stream on a connection the client has; the server it leads to, or -1 when it must dial. */
  openStream(group: ClientGroup, number: number, client: number, request: number): number {
    for (const connection of this.#usable(group, number, client)) {
      if (this.#streams[connection]! >= this.#options.streams) continue;
      this.#take(connection, request);
      return this.#server[connection]!;
    }
    return -1;
  }

  /** The client has dialled, and opens its first stream. */
  dialled(number: number, client: number, request: number, server: number): void {
    const connection = this.#free.pop() ?? this.#server.length;
    this.#server[connection] = server;
    this.#life[connection] = this.#servers[server]!.life;
    this.#streams[connection] = 0;
    this.#isClosing[connection] = false;
    const ofGroup = (this.#open[number] ??= []);
    ofGroup[client] = [...(ofGroup[client] ?? NONE), connection];
    this.#take(connection, request);
  }

  /** The stream of a request has ended. */
  closeStream(request: number): void {
    const connection = this.#requests.connection[request]!;
    if (connection < 0) return;
    this.#requests.connection[request] = -1;
    this.#streams[connection]! -= 1;
    if (this.#streams[connection]! > 0) return;
    this.#idleSince[connection] = this.#simulation.now;
    if (this.#isClosing[connection] === true) this.#free.push(connection);
  }

  /** The server has sent GOAWAY on the connection of a request: no further streams on it. */
  goAway(group: ClientGroup, number: number, client: number, request: number): void {
    const connection = this.#requests.connection[request]!;
    const open = this.#open[number]?.[client] ?? NONE;
    if (connection < 0 || !open.includes(connection)) return;
    if (this.#server[connection] === group.server[client]) group.server[client] = -1;
    this.#close(number, client, connection);
  }

  /** Connections of a client that lead somewhere; the others are closed on the way. */
  #usable(group: ClientGroup, number: number, client: number): readonly number[] {
    const open = this.#open[number]?.[client] ?? NONE;
    const hasDisconnected = group.server[client] === -1;
    for (const connection of open) {
      if (hasDisconnected || !this.#isAlive(connection)) this.#close(number, client, connection);
    }
    return this.#open[number]?.[client] ?? NONE;
  }

  #isAlive(connection: number): boolean {
    const server = this.#servers[this.#server[connection]!]!;
    if (server.life !== this.#life[connection] || server.isGoingAway) return false;
    const idle = this.#simulation.now - this.#idleSince[connection]!;
    return this.#streams[connection]! > 0 || idle < this.#options.idleTimeout;
  }

  #close(number: number, client: number, connection: number): void {
    this.#open[number]![client] = this.#open[number]![client]!.filter((other) => other !== connection);
    if (this.#streams[connection] === 0) this.#free.push(connection);
    else this.#isClosing[connection] = true;
  }

  #take(connection: number, request: number): void {
    this.#streams[connection]! += 1;
    this.#requests.connection[request] = connection;
  }
}
