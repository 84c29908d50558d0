/**
 * The requests of reflectors: one at a time for each client, repeated as client-go does within a request, and paced by
 * the client's token bucket. LISTs and WATCHes of a client share its connection; a WATCH has more time.
 */
import {
  type Duration,
  type EventHandle,
  type EventType,
  noEvent,
  seconds,
  type Simulation,
  type Stream,
} from '@brownout/core';
import type { ControlPlane } from '../control-plane.ts';
import { Status } from '../requests/api-request.ts';
import { ClientGroup, type ClientGroupOptions } from './client-group.ts';
import { Paces } from './paced-client.ts';
import type { ReflectorsOptions, SharedConnections } from './reflector-options.ts';
import { RequestRetries } from './request-retry.ts';

/** `timeoutSeconds` of a watch: uniform from 5 to 10 minutes. */
export const SHORTEST_WATCH: Duration = seconds(300);
const LONGEST_WATCH: Duration = seconds(600);
/** A dial that nobody answers (client-go, rest/transport.go). */
/** Watches wait for a seat as long as requests that may take 60 s, although they themselves may take longer. */
const PATIENCE_OF = seconds(60);

/** Whose requests they are. */
export interface RequestOwner {
  /** Operation of an attempt that is sent now, of a request that began as `operation`. */
  asks(client: number, operation: number): number;
  /** A request is over, with the status of its last attempt. */
  ended(client: number, isList: boolean, status: number, retryAfterSeconds: number): void;
}

type ConnectedOptions = ReflectorsOptions & { readonly connections: SharedConnections };

/** Draws the timeout of a watch, in whole seconds. */
export function watchTimeout(stream: Stream): Duration {
  const span = SHORTEST_WATCH + stream.uniform() * (LONGEST_WATCH - SHORTEST_WATCH);
  return seconds(Math.floor(span / seconds(1)));
}

/** See above. */
export class ReflectorRequests {
  /** Connections of the clients. */
  readonly connections: ClientGroup;
  /** Numbers of the two groups at the control plane: LISTs and WATCHes. */
  readonly groups: readonly [lists: number, watches: number];
  readonly #simulation: Simulation;
  readonly #controlPlane: ControlPlane;
  readonly #isInside: boolean;
  readonly #owner: RequestOwner;
  readonly #retries: RequestRetries;
  readonly #paces: Paces | undefined;
  readonly #again: EventType;
  readonly #attempt: EventType;
  /** Operation of the present request, -1 = none; whether it is a LIST; what it waits for. */
  readonly #operation: Int16Array;
  readonly #isList: Uint8Array;
  readonly #pending: Float64Array;

  constructor(
    simulation: Simulation,
    name: string,
    options: ConnectedOptions,
    controlPlane: ControlPlane,
    owner: RequestOwner,
  ) {
    const { clients, pace, isInside = false, listTimeout = PATIENCE_OF } = options;
    this.#simulation = simulation;
    this.#controlPlane = controlPlane;
    this.#isInside = isInside;
    this.#owner = owner;
    this.#retries = new RequestRetries(clients);
    this.#paces = pace === undefined ? undefined : new Paces(simulation, clients, pace);
    this.#operation = new Int16Array(clients).fill(-1);
    this.#isList = new Uint8Array(clients);
    this.#pending = new Float64Array(clients).fill(noEvent);
    this.connections = this.#group(options, 'watch', LONGEST_WATCH);
    const watches = controlPlane.join(this.connections);
    this.groups = [controlPlane.join(this.#group(options, 'list', listTimeout)), watches];
    this.connections.patience = controlPlane.servers[0]!.flowControl.patience(PATIENCE_OF);
    this.#again = simulation.event(`${name} ${options.name} retry`, (client) => this.#whenPaced(client), 'arrival');
    this.#attempt = simulation.event(`${name} ${options.name} attempt`, (client) => this.#send(client), 'arrival');
  }

  /** Begins a request. A LIST waits for its token, the first attempt of a WATCH does not. */
  begin(client: number, isList: boolean, operation: number): void {
    this.#retries.reset(client);
    this.#operation[client] = operation;
    this.#isList[client] = isList ? 1 : 0;
    if (isList) this.#whenPaced(client);
    else this.#send(client);
  }

  /** The client has gone: what is on its way meets nobody. */
  cancel(client: number): void {
    this.#operation[client] = -1;
    this.#simulation.cancel(this.#pending[client]! as EventHandle);
  }

  #group(options: ConnectedOptions, verb: 'list' | 'watch', timeout: Duration): ClientGroup {
    const { name, describe, clients, countsForAvailability = true } = options;
    const isList = verb === 'list';
    return new ClientGroup({
      name: isList ? name : `${name}-watch`,
      describe: (client) => ({ ...describe(client), verb }),
      clients,
      timeout,
      isInside: this.#isInside,
      countsForAvailability,
      isLongRunning: !isList,
      onReply: (client, status, retryAfterSeconds) => this.#answered(client, isList, status, retryAfterSeconds),
      ...this.#shared(options.connections, isList),
    });
  }

  #shared({ beside, lastStreamAt }: SharedConnections, isList: boolean): Partial<ClientGroupOptions> {
    return { streamsBeside: isList ? this.connections : beside, lastStreamAt };
  }

  #whenPaced(client: number): void {
    const wait = this.#paces === undefined ? 0 : this.#paces.take(client);
    if (wait > 0) this.#pending[client] = this.#attempt.after(wait as Duration, client);
    else this.#send(client);
  }

  #send(client: number): void {
    const group = this.groups[this.#isList[client] === 1 ? 0 : 1];
    const operation = this.#owner.asks(client, this.#operation[client]!);
    this.#controlPlane.send(group, client, operation, client, this.#retries.count(client) > 0);
  }

  #answered(client: number, isList: boolean, status: number, retryAfterSeconds: number): void {
    const isCut = this.#controlPlane.isCut(this.connections);
    if (status === Status.timedOut && isCut) this.connections.disconnect(client);
    if (this.#operation[client]! < 0 || (this.#isList[client] === 1) !== isList) return;
    const wait = this.#retries.ended(client, isList ? 'read' : 'watch', status, retryAfterSeconds);
    if (wait >= 0) {
      this.#pending[client] = this.#again.after(wait as Duration, client);
      return;
    }
    this.#operation[client] = -1;
    this.#owner.ended(client, isList, status, retryAfterSeconds);
  }
}
