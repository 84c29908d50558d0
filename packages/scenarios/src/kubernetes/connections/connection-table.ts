/**
 * HTTP/2 connections with their streams, where they are counted: a client keeps one connection as long as it has room for
 * another stream and has not been idle for too long. With all streams of its connections taken it dials one more, as Go's
 * transport does unless told to wait (`StrictMaxConcurrentStreams` in golang.org/x/net `http2/transport.go`).
 *
 * A client's first connection is also in its group's columns, where everybody looks; further ones are only here. Everything
 * is in columns: a client's connections are a chain, which is one long for nearly all of them.
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

const NONE = -1;
const INITIAL = 64;

/** All connections of one control plane. */
export class ConnectionTable {
  readonly #simulation: Simulation;
  readonly #options: ConnectionOptions;
  readonly #requests: RequestTable;
  readonly #servers: readonly Server[];
  /** Columns by connection; the next one of the same client, in the order in which they were dialled. */
  #server: Int32Array = new Int32Array(INITIAL);
  #life: Float64Array = new Float64Array(INITIAL);
  #streams: Int32Array = new Int32Array(INITIAL);
  #idleSince: Float64Array = new Float64Array(INITIAL);
  #isClosing: Uint8Array = new Uint8Array(INITIAL);
  #next: Int32Array = new Int32Array(INITIAL);
  #used = 0;
  readonly #free: number[] = [];
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
    return this.#used - this.#free.length;
  }

  /** Opens a stream on a connection the client has; the server it leads to, or -1 when it must dial. */
  openStream(group: ClientGroup, number: number, client: number, request: number): number {
    const connection = this.#usable(group, number, client);
    if (connection === NONE) return -1;
    this.#take(connection, request);
    return this.#server[connection]!;
  }

  /** The server that the next stream of a client would lead to over a connection it has; -1 = it must dial. */
  serverOf(group: ClientGroup, number: number, client: number): number {
    const connection = this.#usable(group, number, client);
    return connection === NONE ? -1 : this.#server[connection]!;
  }

  /** A stream that nobody simulated has been opened and closed on a client's connection. */
  used(number: number, client: number): void {
    const connection = this.#firstOf(number, client);
    if (connection !== NONE) this.#idleSince[connection] = this.#simulation.now;
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
    this.#streams[connection]! -= 1;
    if (this.#streams[connection]! > 0) return;
    this.#idleSince[connection] = this.#simulation.now;
    if (this.#isClosing[connection] === 1) this.#free.push(connection);
  }

  /** The server has sent GOAWAY on the connection of a request: no further streams on it. */
  goAway(group: ClientGroup, number: number, client: number, request: number): void {
    const connection = this.#requests.connection[request]!;
    if (connection < 0) return;
    let open = this.#firstOf(number, client);
    while (open !== NONE && open !== connection) open = this.#next[open]!;
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
      const next = this.#next[connection]!;
      if (hasDisconnected || !this.#isAlive(connection, heldAt)) this.#close(number, client, connection);
      else if (found === NONE && this.#streams[connection]! < this.#options.streams) found = connection;
      connection = next;
    }
    return found;
  }

  /** Whether a connection is a client's only one, alive without a look at its watches, and has room for a stream. */
  #isPlain(connection: number): boolean {
    const server = this.#servers[this.#server[connection]!]!;
    if (this.#next[connection] !== NONE || server.life !== this.#life[connection] || server.isGoingAway) return false;
    const streams = this.#streams[connection]!;
    if (streams > 0) return streams < this.#options.streams;
    return this.#simulation.now - this.#idleSince[connection]! < this.#options.idleTimeout;
  }

  /** A connection that was there before the run began, with a stream on it until `heldAt`; nobody has dialled it here. */
  #adopt(group: ClientGroup, number: number, client: number, heldAt: number): void {
    if (this.#simulation.now - heldAt >= this.#options.idleTimeout) return;
    const server = group.server[client]!;
    if (this.#servers[server]!.life === group.life[client]) this.#add(group, number, client, server);
  }

  #isAlive(connection: number, heldAt: number): boolean {
    const server = this.#servers[this.#server[connection]!]!;
    if (server.life !== this.#life[connection] || server.isGoingAway) return false;
    const idle = this.#simulation.now - Math.max(this.#idleSince[connection]!, heldAt);
    return this.#streams[connection]! > 0 || idle < this.#options.idleTimeout;
  }

  #leave(group: ClientGroup, number: number, client: number, connection: number): void {
    if (this.#server[connection] === group.server[client]) group.disconnect(client);
    this.#close(number, client, connection);
  }

  #close(number: number, client: number, connection: number): void {
    const first = this.#first[number]!;
    if (first[client] === connection) {
      first[client] = this.#next[connection]!;
    } else {
      let before = first[client]!;
      while (this.#next[before] !== connection) before = this.#next[before]!;
      this.#next[before] = this.#next[connection]!;
    }
    if (this.#streams[connection] === 0) this.#free.push(connection);
    else this.#isClosing[connection] = 1;
  }

  #add(group: ClientGroup, number: number, client: number, server: number): number {
    const connection = this.#free.pop() ?? this.#append();
    this.#server[connection] = server;
    this.#life[connection] = this.#servers[server]!.life;
    this.#streams[connection] = 0;
    this.#idleSince[connection] = this.#simulation.now;
    this.#isClosing[connection] = 0;
    this.#next[connection] = NONE;
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
    while (this.#next[last] !== NONE) last = this.#next[last]!;
    this.#next[last] = connection;
  }

  #take(connection: number, request: number): void {
    this.#streams[connection]! += 1;
    this.#requests.connection[request] = connection;
  }

  #append(): number {
    if (this.#used === this.#server.length) this.#grow();
    return this.#used++;
  }

  #grow(): void {
    const room = this.#used * 2;
    this.#server = grown(this.#server, new Int32Array(room));
    this.#life = grown(this.#life, new Float64Array(room));
    this.#streams = grown(this.#streams, new Int32Array(room));
    this.#idleSince = grown(this.#idleSince, new Float64Array(room));
    this.#isClosing = grown(this.#isClosing, new Uint8Array(room));
    this.#next = grown(this.#next, new Int32Array(room));
  }
}

function grown<T extends Int32Array | Float64Array | Uint8Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
