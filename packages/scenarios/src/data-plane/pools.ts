/**
 * Connection pools: for every link of the call graph and every instance of the caller an *edge* with a few connections, each a
 * row in columns. A connection is good until its life is over or its other end dies; only then is the name looked up again.
 *
 *   connected --life over, peer gone--> look up (runtime's cache, then the cluster's DNS) --ok--> an address --alive--> connected
 *                                            ^                  |                                     |
 *                                            +--back-off--------+--failed                             +--dead: back-off
 *
 * An edge works while one of its connections lives, and is broken when none is left. One lookup at a time serves the edge.
 */
import { type Duration, type EventHandle, type EventType, noEvent, type Simulation, type Stream } from '@brownout/core';
import { jitteredWaitAfter } from '../kubernetes/client/backoff.ts';
import type { CallGraph } from './call-graph.ts';
import { EdgeMap } from './edge-map.ts';
import type { Instances } from './instances.ts';
import type { PoolOptions, LookupOptions } from './options.ts';
import { residualLife } from './residual-life.ts';

/** What an edge that cannot get a connection suffers from. */
export const EdgeTrouble = {
  none: 0,
  /** The name cannot be resolved. */
  name: 1,
  /** The address that was given out is dead. */
  address: 2,
} as const;

/** Surroundings of the pools. */
export interface PoolParts {
  readonly graph: CallGraph;
  readonly instances: Instances;
  /** Probability that a lookup of a name on a node fails now. */
  readonly failureProbability: (node: number, name: number) => number;
  /** An edge of this instance has a connection again. */
  readonly onConnected: (instance: number) => void;
  /** A lookup or a dial of this instance failed, and the edge has been without connection since then. */
  readonly onStillBroken: (instance: number, since: number) => void;
}

/** The pools of a cluster. */
export class Pools {
  readonly #simulation: Simulation;
  readonly #parts: PoolParts;
  readonly #pools: PoolOptions;
  readonly #resolver: LookupOptions;
  readonly #lives: Stream;
  readonly #dice: Stream;
  readonly #peers: Stream;
  readonly #end: EventType;
  readonly #retry: EventType;
  readonly #map: EdgeMap;
  /** Whether the runtime of a service remembers addresses. */
  readonly #hasCache: Uint8Array;
  /** By edge. */
  readonly #live: Uint16Array;
  readonly #failures: Uint8Array;
  readonly #trouble: Uint8Array;
  readonly #retryEvent: Float64Array;
  /** When the last connection was lost, -1 = the edge works or its caller is not there. */
  readonly #brokenSince: Float64Array;
  /** When its name was last resolved; -Infinity = not in this life of the caller. */
  readonly #resolvedAt: Float64Array;
  /** By row, `edge * connections + place`: the instance at the other end, -1 = no connection. */
  readonly #peer: Int32Array;
  readonly #endEvent: Float64Array;
  #broken = 0;
  #lookups = 0;
  #failedLookups = 0;
  #deadDials = 0;

  constructor(simulation: Simulation, name: string, pools: PoolOptions, resolver: LookupOptions, parts: PoolParts) {
    const { graph, instances } = parts;
    this.#simulation = simulation;
    this.#parts = parts;
    this.#pools = pools;
    this.#resolver = resolver;
    this.#lives = simulation.streams.get(`${name}/connection-life`);
    this.#dice = simulation.streams.get(`${name}/lookup`);
    this.#peers = simulation.streams.get(`${name}/peer`);
    this.#end = simulation.event(`${name} connection ends`, (row) => this.#ended(row));
    this.#retry = simulation.event(`${name} name looked up again`, (edge) => this.#tryAgain(edge));
    this.#map = new EdgeMap(graph, instances);
    const edges = this.#map.count;
    this.#live = new Uint16Array(edges).fill(pools.connections);
    this.#failures = new Uint8Array(edges);
    this.#trouble = new Uint8Array(edges);
    this.#retryEvent = new Float64Array(edges).fill(noEvent);
    this.#brokenSince = new Float64Array(edges).fill(-1);
    this.#resolvedAt = new Float64Array(edges);
    this.#peer = new Int32Array(edges * pools.connections);
    this.#endEvent = new Float64Array(edges * pools.connections);
    const runtimes = simulation.streams.get(`${name}/runtime`);
    this.#hasCache = Uint8Array.from({ length: instances.services }, () =>
      runtimes.uniform() < resolver.cacheShare ? 1 : 0,
    );
    this.#fill();
  }

  /** Edges there are, and those of running callers that are without a connection. */
  get edges(): number {
    return this.#live.length;
  }

  get broken(): number {
    return this.#broken;
  }

  /** Lookups sent to the cluster's DNS so far, those of them that failed, and dials of dead addresses. */
  get counts(): { readonly lookups: number; readonly failedLookups: number; readonly deadDials: number } {
    return { lookups: this.#lookups, failedLookups: this.#failedLookups, deadDials: this.#deadDials };
  }

  /** The edge that an instance uses on a link out of its service. */
  edgeOf(link: number, instance: number): number {
    return this.#map.edgeOf(link, instance);
  }

  isLive(edge: number): boolean {
    return this.#live[edge]! > 0;
  }

  /** Connections of an edge. */
  live(edge: number): number {
    return this.#live[edge]!;
  }

  /** The instance at the other end of a connection of an edge, -1 = none. */
  peer(edge: number, place: number): number {
    return this.#peer[edge * this.#pools.connections + place]!;
  }

  /** What a broken edge suffers from: one of `EdgeTrouble`. */
  trouble(edge: number): number {
    return this.#trouble[edge]!;
  }

  /** Whether all edges of an instance work. */
  isConnected(instance: number): boolean {
    for (const link of this.#map.linksFrom(instance)) if (!this.isLive(this.#map.edgeOf(link, instance))) return false;
    return true;
  }

  /** An instance that has just started connects to everything it calls. */
  connectAll(instance: number): void {
    for (const link of this.#map.linksFrom(instance)) {
      const edge = this.#map.edgeOf(link, instance);
      this.#renew(edge);
      this.#settle(edge);
    }
  }

  /** The process of an instance is gone: its connections, its lookups and what its runtime remembered. */
  dropFrom(instance: number): void {
    for (const link of this.#map.linksFrom(instance)) {
      const edge = this.#map.edgeOf(link, instance);
      for (let place = 0; place < this.#pools.connections; place++) this.#drop(edge, place);
      this.#cancelRetry(edge);
      this.#failures[edge] = 0;
      this.#resolvedAt[edge] = -Infinity;
      if (this.#brokenSince[edge]! >= 0) this.#broken--;
      this.#brokenSince[edge] = -1;
      this.#parts.instances.noteChange(this.#map.callerServiceOf(edge));
    }
  }

  /** The other end of connections is gone: their callers look for another. */
  dropTo(instance: number): void {
    const { instances } = this.#parts;
    const { connections } = this.#pools;
    for (const link of this.#map.linksTo(instance)) {
      const first = link * instances.replicas;
      for (let edge = first; edge < first + instances.replicas; edge++) {
        let lost = 0;
        for (let place = 0; place < connections; place++) {
          if (this.#peer[edge * connections + place] !== instance) continue;
          this.#drop(edge, place);
          lost++;
        }
        if (lost === 0) continue;
        this.#renew(edge);
        this.#settle(edge);
      }
    }
  }

  /** The pools have been running for long: connections are in the middle of their lives. */
  #fill(): void {
    const { instances } = this.#parts;
    const { connections, lifetime } = this.#pools;
    for (let row = 0; row < this.#peer.length; row++) {
      const callee = this.#map.calleeServiceOf(Math.floor(row / connections));
      this.#peer[row] = instances.pickListed(callee, this.#peers);
      this.#endEvent[row] = this.#end.after(residualLife(lifetime, this.#lives), row);
    }
  }

  #ended(row: number): void {
    const edge = Math.floor(row / this.#pools.connections);
    this.#peer[row] = -1;
    this.#endEvent[row] = noEvent;
    this.#live[edge]!--;
    this.#renew(edge);
    this.#settle(edge);
  }

  #tryAgain(edge: number): void {
    this.#retryEvent[edge] = noEvent;
    this.#renew(edge);
    this.#settle(edge);
    const since = this.#brokenSince[edge]!;
    if (since >= 0) this.#parts.onStillBroken(this.#map.callerOf(edge), since);
  }

  /** Looks the name up and dials for every connection that is missing; while a retry is due, that does it. */
  #renew(edge: number): void {
    if (this.#retryEvent[edge] !== noEvent) return;
    if (!this.#resolve(edge)) {
      this.#later(edge, EdgeTrouble.name, this.#resolver.timeout * this.#resolver.attempts);
      return;
    }
    let dead = 0;
    for (let place = 0; place < this.#pools.connections; place++) {
      if (this.#peer[edge * this.#pools.connections + place]! < 0 && !this.#connect(edge, place)) dead++;
    }
    this.#deadDials += dead;
    if (dead > 0) this.#later(edge, EdgeTrouble.address, this.#pools.connectTimeout);
    else this.#failures[edge] = 0;
  }

  #resolve(edge: number): boolean {
    const { instances } = this.#parts;
    const { now } = this.#simulation;
    const isRemembered = now - this.#resolvedAt[edge]! < this.#resolver.cacheTtl;
    if (isRemembered && this.#hasCache[this.#map.callerServiceOf(edge)] === 1) return true;
    this.#lookups++;
    const failure = this.#parts.failureProbability(instances.node[this.#map.callerOf(edge)]!, this.#map.nameOf(edge));
    if (failure > 0 && (failure >= 1 || this.#dice.uniform() < failure)) {
      this.#failedLookups++;
      return false;
    }
    this.#resolvedAt[edge] = now;
    return true;
  }

  #connect(edge: number, place: number): boolean {
    const { instances } = this.#parts;
    const peer = instances.pickListed(this.#map.calleeServiceOf(edge), this.#peers);
    if (peer < 0 || !instances.isReady(peer)) return false;
    const row = edge * this.#pools.connections + place;
    this.#peer[row] = peer;
    this.#live[edge]!++;
    this.#endEvent[row] = this.#end.after(this.#pools.lifetime.sample(this.#lives), row);
    return true;
  }

  #later(edge: number, trouble: number, wait: number): void {
    this.#trouble[edge] = trouble;
    const backoff = jitteredWaitAfter(this.#failures[edge]!, this.#resolver.backoff, this.#dice);
    this.#failures[edge] = Math.min(this.#failures[edge]! + 1, 255);
    this.#retryEvent[edge] = this.#retry.after((wait + backoff) as Duration, edge);
  }

  /** Notes whether the edge works, after something was done to it. */
  #settle(edge: number): void {
    const isBroken = this.#live[edge] === 0;
    if (isBroken === this.#brokenSince[edge]! >= 0) {
      // An edge that worked all along, or a caller's first connection: the latter has to be heard of.
      if (!isBroken) this.#parts.onConnected(this.#map.callerOf(edge));
      return;
    }
    this.#parts.instances.noteChange(this.#map.callerServiceOf(edge));
    this.#broken += isBroken ? 1 : -1;
    this.#brokenSince[edge] = isBroken ? this.#simulation.now : -1;
    if (!isBroken) {
      this.#trouble[edge] = EdgeTrouble.none;
      this.#parts.onConnected(this.#map.callerOf(edge));
    }
  }

  #drop(edge: number, place: number): void {
    const row = edge * this.#pools.connections + place;
    if (this.#peer[row]! < 0) return;
    this.#peer[row] = -1;
    this.#live[edge]!--;
    this.#simulation.cancel(this.#endEvent[row]! as EventHandle);
    this.#endEvent[row] = noEvent;
  }

  #cancelRetry(edge: number): void {
    if (this.#retryEvent[edge] === noEvent) return;
    this.#simulation.cancel(this.#retryEvent[edge]! as EventHandle);
    this.#retryEvent[edge] = noEvent;
  }
}
