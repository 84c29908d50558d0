/**
 * Light requests that were not simulated, and went well over the connection that their clients have: everything that others could
 * notice of them but their time. See nodes/lease-aggregate.ts for who leaves requests out.
 */
import type { ApiServer } from '../api-server/api-server.ts';
import type { ClientGroup } from '../client/client-group.ts';
import type { Etcd } from '../etcd/etcd.ts';
import { Status } from '../requests/api-request.ts';
import type { RequestObserver } from '../requests/request-observer.ts';
import type { Dialler } from './dialler.ts';

/** What is booked on. */
export interface LightBooksParts {
  readonly groups: readonly ClientGroup[];
  readonly servers: readonly ApiServer[];
  readonly dialler: Dialler;
  readonly etcd: Etcd;
  /** Who is told of requests now. */
  readonly observer: () => RequestObserver | undefined;
}

/** The books of one control plane. */
export class LightBooks {
  readonly #parts: LightBooksParts;

  constructor(parts: LightBooksParts) {
    this.#parts = parts;
  }

  /** Whether nothing but sums come of many of them: then `bookMany` and `used` stand for `bookOne`, up to rounding. */
  areSums(operation: number): boolean {
    const { dialler, etcd, observer } = this.#parts;
    return observer() === undefined && !dialler.closesByChance && etcd.sumsLightWrites(operation);
  }

  /** The server that a client has a connection to, -1 = none. */
  serverOf(group: ClientGroup, client: number): number {
    return this.#parts.dialler.serverOf(group, client);
  }

  /** A client's connection has been used. */
  used(group: ClientGroup, client: number): void {
    this.#parts.dialler.answeredUnseen(group, client);
  }

  /** Books one request of a client. */
  bookOne(groupNumber: number, client: number, operation: number): void {
    const { groups, servers, dialler, observer } = this.#parts;
    const group = groups[groupNumber]!;
    const server = Math.max(0, dialler.serverOf(group, client));
    group.sent++;
    group.firstAttempts++;
    group.ended[Status.ok]! += 1;
    servers[server]!.express.bookLight(operation, client);
    observer()?.booked?.(groupNumber, operation, server);
    dialler.answeredUnseen(group, client);
  }

  /** Books `count` requests that went to one server, but for the use of their connections. */
  bookMany(groupNumber: number, server: number, operation: number, count: number): void {
    const { groups, servers } = this.#parts;
    const group = groups[groupNumber]!;
    group.sent += count;
    group.firstAttempts += count;
    group.ended[Status.ok]! += count;
    servers[server]!.express.bookManyLight(operation, count);
  }
}
