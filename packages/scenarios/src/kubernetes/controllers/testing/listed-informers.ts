/**
 * Informers for tests of single controllers, without a watch cache: a process that starts lists every type it watches; when
 * a connection breaks it lists again after a back-off. Whole clusters use reflectors (reflector-informers.ts).
 *
 * Source: client-go tools/cache/reflector.go: back-off 0.8 s, doubling to 30 s, as much again at random; a watch that ends
 * with an error is followed by a list.
 */
import { type EventType, ms, seconds, type Simulation, type Stream } from '@brownout/core';
import { type DoublingBackoff, jitteredWaitAfter } from '../../client/backoff.ts';
import { ClientGroup } from '../../client/client-group.ts';
import type { ControlPlane } from '../../control-plane.ts';
import type { Identity } from '../../flow-control/identity.ts';
import { Status } from '../../requests/api-request.ts';
import type { InformerObserver, InformerSet } from '../informers.ts';

/** One type that is listed and watched. */
export interface InformerType {
  /** Upstream plural name, for flow control. */
  readonly resource: string;
  /** Operation number of its LIST. */
  readonly list: number;
}

const REFLECTOR: DoublingBackoff = { first: ms(800), longest: seconds(30) };
/** A LIST has no timeout of its own; the API server's request timeout ends it. */
const LIST_TIMEOUT = seconds(60);

/** Whether a type is being listed, watched, or neither. */
const State = { off: 0, listing: 1, watching: 2 } as const;

/** Informers that list through a control plane, one connection for all types. */
export class ListedInformers implements InformerSet {
  readonly #controlPlane: ControlPlane;
  readonly #types: readonly InformerType[];
  readonly #observer: InformerObserver;
  readonly #backoff: Stream;
  readonly #group: number;
  readonly #clients: ClientGroup;
  readonly #list: EventType;
  readonly #state: Uint8Array;
  readonly #attempts: Uint8Array;
  #life = 0;
  #watching = 0;
  #hasSynced = false;

  constructor(
    simulation: Simulation,
    name: string,
    types: readonly InformerType[],
    parts: { readonly controlPlane: ControlPlane; readonly identity: Identity; readonly observer: InformerObserver },
  ) {
    if (types.length === 0) throw new RangeError(`informers "${name}": types must not be empty`);
    this.#controlPlane = parts.controlPlane;
    this.#types = types;
    this.#observer = parts.observer;
    this.#backoff = simulation.streams.get(`${name}/informers/backoff`);
    this.#state = new Uint8Array(types.length);
    this.#attempts = new Uint8Array(types.length);
    this.#clients = new ClientGroup({
      name: `${name}-informers`,
      describe: (type) => ({ ...parts.identity, verb: 'list', resource: types[type]!.resource }),
      timeout: LIST_TIMEOUT,
      clients: types.length,
      isInside: true,
      countsForAvailability: true,
      onReply: (ticket, status) => this.#listed(ticket, status),
    });
    this.#clients.pinnedServer = parts.controlPlane.breakGlassServer;
    this.#group = parts.controlPlane.join(this.#clients);
    this.#list = simulation.event(`${name} informer list`, (ticket) => this.#send(ticket));
  }

  get hasSynced(): boolean {
    return this.#hasSynced;
  }

  get isCurrent(): boolean {
    return this.#watching === this.#types.length && this.#types.every((_, type) => this.#isOpen(type));
  }

  /** Lists every type at once, as a shared informer factory does. */
  start(): void {
    this.stop();
    for (let type = 0; type < this.#types.length; type++) {
      this.#state[type] = State.listing;
      this.#attempts[type] = 0;
      this.#send(this.#ticket(type));
    }
  }

  stop(): void {
    this.#life++;
    this.#state.fill(State.off);
    this.#watching = 0;
    this.#hasSynced = false;
  }

  /** The process has been running for long: filled and watching, without a request. Connects to server `server`. */
  startFilled(server = 0): void {
    this.stop();
    this.#state.fill(State.watching);
    this.#watching = this.#types.length;
    this.#hasSynced = true;
    for (let type = 0; type < this.#types.length; type++) {
      this.#clients.connect(type, server, this.#controlPlane.servers[server]!.life);
    }
  }

  /** Some server died or some path was cut: watches over broken connections are listed again after a back-off. */
  connectionsBroke(): void {
    let broken = 0;
    for (let type = 0; type < this.#types.length; type++) {
      if (this.#state[type] !== State.watching || this.#isOpen(type)) continue;
      this.#state[type] = State.listing;
      this.#attempts[type] = 0;
      this.#watching--;
      broken++;
      this.#later(type);
    }
    if (broken > 0) this.#observer.informersBroke();
  }

  #isOpen(type: number): boolean {
    return this.#controlPlane.isConnected(this.#clients, type);
  }

  #later(type: number): void {
    const wait = jitteredWaitAfter(this.#attempts[type]!, REFLECTOR, this.#backoff);
    this.#attempts[type] = Math.min(this.#attempts[type]! + 1, 20);
    this.#list.after(wait, this.#ticket(type));
  }

  #send(ticket: number): void {
    const type = this.#typeOf(ticket);
    if (type < 0 || this.#state[type] !== State.listing) return;
    this.#controlPlane.send(this.#group, type, this.#types[type]!.list, ticket, this.#attempts[type]! > 0);
  }

  #listed(ticket: number, status: number): void {
    const type = this.#typeOf(ticket);
    if (type < 0 || this.#state[type] !== State.listing) return;
    if (status !== Status.ok) {
      this.#later(type);
      return;
    }
    this.#state[type] = State.watching;
    this.#attempts[type] = 0;
    this.#watching++;
    if (this.#watching < this.#types.length) return;
    this.#hasSynced = true;
    this.#observer.informersSynced();
  }

  /** Tickets carry the life they were made in, so that what an earlier process asked for meets nobody. */
  #ticket(type: number): number {
    return (this.#life % 1_000_000) * this.#types.length + type;
  }

  #typeOf(ticket: number): number {
    const type = ticket % this.#types.length;
    return ticket === this.#ticket(type) ? type : -1;
  }
}
