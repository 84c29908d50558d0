/**
 * Zones of the control plane's machines, for faults: a zone that fails takes its API servers and etcd members with it,
 * without a word to anybody who is connected to them.
 */
import { type Duration, type EventHandle, type EventType, noEvent, type Simulation } from '@brownout/core';
import { silenceTimeout } from '../client/client-group.ts';
import type { Etcd } from '../etcd/etcd.ts';
import type { ApiServer } from '../api-server/api-server.ts';

/** Who is where, and when it is noticed that somebody is gone. */
export interface ZoneOptions {
  /** Zone of each balanced API server, by index; default: all in one zone called ''. */
  readonly zones?: readonly string[];
  /** Number of the etcd zone (`RaftOptions.zones`) that goes with a zone; absent = etcd's members are somewhere else. */
  readonly etcdZones?: Readonly<Record<string, number>>;
  /** When clients notice that a machine is gone without a word; default 45 s, as client-go's health checks do. */
  readonly silenceTimeout?: Duration;
}

/** The zones of one control plane. */
export class Zones {
  readonly #options: ZoneOptions;
  readonly #servers: readonly ApiServer[];
  readonly #etcd: Etcd;
  readonly #noticed: EventType;
  readonly #simulation: Simulation;
  /** When clients of a server will notice, by server. */
  readonly #noticing: Map<number, EventHandle> = new Map();

  constructor(
    simulation: Simulation,
    name: string,
    options: ZoneOptions,
    parts: { readonly servers: readonly ApiServer[]; readonly etcd: Etcd },
  ) {
    const { servers } = parts;
    this.#simulation = simulation;
    this.#options = options;
    this.#servers = servers;
    this.#etcd = parts.etcd;
    this.#noticed = simulation.event(`${name} silence noticed`, (server) => servers[server]!.connectionsTimeOut());
  }

  /** Power or network of a zone is lost. */
  fail(zone: string): void {
    for (const server of this.serversIn(zone)) {
      if (!server.isGone) {
        const after = this.#options.silenceTimeout ?? silenceTimeout;
        this.#noticing.set(server.index, this.#noticed.after(after, server.index));
      }
      server.loseMachine();
    }
    const etcdZone = this.#options.etcdZones?.[zone];
    if (etcdZone !== undefined) this.#etcd.loseZone(etcdZone);
  }

  /** The zone is back: its machines boot, but for `keptAway`, the indices of servers that something else keeps away. */
  restore(zone: string, keptAway: readonly number[] = []): void {
    const etcdZone = this.#options.etcdZones?.[zone];
    if (etcdZone !== undefined) this.#etcd.restoreZone(etcdZone);
    for (const server of this.serversIn(zone)) {
      if (keptAway.includes(server.index)) continue;
      this.#simulation.cancel(this.#noticing.get(server.index) ?? noEvent);
      server.returnMachine();
    }
  }

  /** Its API servers, those kept for later included. Throws when there is none. */
  serversIn(zone: string): readonly ApiServer[] {
    const found = this.#servers.filter(({ index }) => (this.#options.zones?.[index] ?? '') === zone);
    if (found.length === 0) throw new RangeError(`zones: no API server is in zone "${zone}"`);
    return found;
  }
}
