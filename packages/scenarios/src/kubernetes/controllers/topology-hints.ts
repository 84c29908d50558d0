/**
 * Topology hints of Services that ask for them (`service.kubernetes.io/topology-mode: Auto`): every ready endpoint names the
 * zone whose clients are to use it, dealt in proportion to the CPU of ready nodes. When a node comes, goes, or changes its
 * Ready condition, the controller counts again and looks at every Service in which a zone has too few endpoints now. Which
 * slices that look writes, the plan of the Service says: those in which an endpoint changed, and of the others those with
 * a ready endpoint without a hint, with a hint for a zone without ready nodes, or with more hints for a zone than leave the
 * others their minimum. A Service that stays within the threshold, or whose slices can stay as they are, costs no request.
 *
 *   node ready or not --> ratios of zones --> Service overloaded? --> work queue --> plan --> one write a slice
 *
 * Source: kubernetes/kubernetes staging/src/k8s.io/endpointslice/topologycache (AddHints, getAllocatedHintsByZone,
 * redistributeHints). Left out: `trafficDistribution`, whose hints follow the zone of each endpoint and make no write of their
 * own; Services that a process looks at before it has counted the nodes for the first time, which upstream lose their hints
 * once. A hint for a zone that is gone stays with an endpoint that is still ready there, and such a slice is written again at
 * every look, as upstream; it costs as any other, though nothing in it changes.
 */
import type { Simulation } from '@brownout/core';
import type { NodeStore } from '../nodes/node-store.ts';
import { allocationsOf, isOverloaded, transfersOf, type ZoneAllocations } from './topology-allocation.ts';
import { TopologyNodes } from './topology-nodes.ts';

/** No hint. Others are the number of a zone and one. */
const NONE = 0;
/** Why a slice is to be written. */
const Write = { none: 0, endpoints: 1, hints: 2 } as const;

/** What the hints are made of. */
export interface TopologyHintsParts {
  /** Endpoints of each Service that asks for hints, the Services with the lowest numbers. */
  readonly endpoints: readonly number[];
  readonly maxEndpointsPerSlice: number;
  readonly store: NodeStore;
  /** Node that an endpoint runs on. */
  readonly nodeOf: (service: number, endpoint: number) => number;
  /** A zone has too few endpoints of the Service: it is to be looked at. */
  readonly overloaded: (service: number) => void;
}

/** The hints as they are stored, and what the running process knows. */
export class TopologyHints {
  /** Writes of slices in which hints changed and no endpoint. */
  hintWrites = 0;
  /** The nodes that the zones' shares come from. */
  readonly nodes: TopologyNodes;
  readonly #size: number;
  readonly #overloaded: (service: number) => void;
  readonly #zones: number;
  /** Per Service and endpoint: its zone, the hint that is stored, and what the plan says: the hint and whether it is ready. */
  readonly #zone: readonly Uint16Array[];
  readonly #stored: readonly Uint16Array[];
  readonly #hint: readonly Uint16Array[];
  readonly #ready: readonly Uint8Array[];
  /** Per Service and slice: a value of `Write`, until it is written. */
  readonly #toWrite: readonly Uint8Array[];
  /** Memory of the process: hints of each Service by zone, and whether it has any. */
  readonly #counts: Int32Array;
  readonly #hasHints: Uint8Array;
  /** Slices that the plan writes, in the order in which hints are dealt to them. */
  readonly #order: number[] = [];
  readonly #inSlice: Int32Array;

  constructor(simulation: Simulation, name: string, parts: TopologyHintsParts) {
    const { endpoints, store, nodeOf } = parts;
    this.#size = parts.maxEndpointsPerSlice;
    this.#zones = store.zones;
    this.#overloaded = parts.overloaded;
    this.nodes = new TopologyNodes(simulation, name, store, () => this.#checkServices());
    this.#zone = endpoints.map((count, service) =>
      Uint16Array.from({ length: count }, (_, endpoint) => store.zone[nodeOf(service, endpoint)]!),
    );
    this.#stored = endpoints.map((count) => new Uint16Array(count));
    this.#hint = endpoints.map((count) => new Uint16Array(count));
    this.#ready = endpoints.map((count) => new Uint8Array(count).fill(1));
    this.#toWrite = endpoints.map((count) => new Uint8Array(Math.ceil(count / this.#size)));
    this.#counts = new Int32Array(endpoints.length * this.#zones);
    this.#hasHints = new Uint8Array(endpoints.length);
    this.#inSlice = new Int32Array(this.#zones);
    for (let service = 0; service < endpoints.length; service++) {
      this.#toWrite[service]!.fill(Write.endpoints);
      this.#deal(service);
      this.#toWrite[service]!.fill(Write.none);
      this.#stored[service]!.set(this.#hint[service]!);
    }
  }

  /** Whether the Service asks for hints. */
  has(service: number): boolean {
    return service < this.#zone.length;
  }

  /** Hints that the stored slices of a Service have for a zone. */
  stored(service: number, zone: number): number {
    return this.#stored[service]!.reduce((sum, hint) => sum + (hint === zone + 1 ? 1 : 0), 0);
  }

  /** Whether endpoints of the plan are ready, endpoint by endpoint: what its writes say. */
  plannedReady(service: number): Uint8Array {
    return this.#ready[service]!;
  }

  /** A process begins to lead: it has counted the nodes, and knows no Service. */
  start(): void {
    this.#counts.fill(0);
    this.#hasHints.fill(0);
    this.nodes.start();
  }

  stop(): void {
    this.nodes.stop();
  }

  /** Works out what is to be written of a Service whose endpoints are ready, and served, as given. */
  plan(service: number, ready: Uint8Array, served: Uint8Array): void {
    const toWrite = this.#toWrite[service]!;
    toWrite.fill(Write.none);
    for (let endpoint = 0; endpoint < ready.length; endpoint++) {
      if (ready[endpoint] !== served[endpoint]) toWrite[Math.floor(endpoint / this.#size)] = Write.endpoints;
    }
    this.#ready[service]!.set(ready);
    this.#deal(service);
  }

  /** A slice that the plan has yet to write; negative when there is none. */
  nextWrite(service: number): number {
    return this.#toWrite[service]!.findIndex((reason) => reason !== Write.none);
  }

  /** A slice is stored as planned. */
  written(service: number, slice: number): void {
    const toWrite = this.#toWrite[service]!;
    if (toWrite[slice] === Write.hints) this.hintWrites++;
    toWrite[slice] = Write.none;
    const first = slice * this.#size;
    this.#stored[service]!.set(this.#hint[service]!.subarray(first, first + this.#size), first);
  }

  #checkServices(): void {
    for (let service = 0; service < this.#hasHints.length; service++) {
      if (this.#hasHints[service] === 0) continue;
      if (isOverloaded(this.nodes.ratios, this.#counts, service * this.#zones)) this.#overloaded(service);
    }
  }

  /** Deals hints to the slices that are to be written, and finds those that must be for their hints. */
  #deal(service: number): void {
    const endpoints = this.#ready[service]!.reduce((sum, each) => sum + each, 0);
    const allocations = allocationsOf(this.nodes.ratios, endpoints);
    const counts = this.#counts.subarray(service * this.#zones, (service + 1) * this.#zones).fill(0);
    this.#hasHints[service] = allocations === undefined ? 0 : 1;
    if (allocations === undefined) {
      this.#removeHints(service);
      return;
    }
    this.#chooseSlices(service, counts, allocations);
    for (const slice of this.#order) this.#hintOwnZones(service, slice, counts);
    const { giving, receiving } = transfersOf(allocations, counts);
    for (const slice of this.#order) this.#redistribute(service, slice, giving, receiving, counts);
  }

  #removeHints(service: number): void {
    const toWrite = this.#toWrite[service]!;
    const stored = this.#stored[service]!;
    for (let endpoint = 0; endpoint < stored.length; endpoint++) {
      const slice = Math.floor(endpoint / this.#size);
      if (stored[endpoint] !== NONE && toWrite[slice] === Write.none) toWrite[slice] = Write.hints;
    }
    this.#hint[service]!.fill(NONE);
  }

  /** Slices that are written anyway come first, then those whose hints cannot stay; the others count. */
  #chooseSlices(service: number, counts: Int32Array, allocations: ZoneAllocations): void {
    const toWrite = this.#toWrite[service]!;
    this.#order.length = 0;
    for (let slice = 0; slice < toWrite.length; slice++) if (toWrite[slice] !== Write.none) this.#order.push(slice);
    for (let slice = 0; slice < toWrite.length; slice++) {
      if (toWrite[slice] !== Write.none || this.#keeps(service, slice, counts, allocations)) continue;
      toWrite[slice] = Write.hints;
      this.#order.push(slice);
    }
  }

  /** Whether the stored hints of a slice can stay beside those that `counts` has; if so they are added to it. */
  #keeps(service: number, slice: number, counts: Int32Array, { maximum }: ZoneAllocations): boolean {
    const stored = this.#stored[service]!;
    const ready = this.#ready[service]!;
    const inSlice = this.#inSlice.fill(0);
    const end = Math.min(stored.length, (slice + 1) * this.#size);
    for (let endpoint = slice * this.#size; endpoint < end; endpoint++) {
      if (ready[endpoint] === 0) continue;
      const zone = stored[endpoint]! - 1;
      if (zone < 0 || maximum[zone] === 0) return false;
      inSlice[zone]!++;
    }
    for (let zone = 0; zone < this.#zones; zone++) {
      if (inSlice[zone]! > 0 && inSlice[zone]! + counts[zone]! > maximum[zone]!) return false;
    }
    for (let zone = 0; zone < this.#zones; zone++) counts[zone]! += inSlice[zone]!;
    return true;
  }

  #hintOwnZones(service: number, slice: number, counts: Int32Array): void {
    const hint = this.#hint[service]!;
    const end = Math.min(hint.length, (slice + 1) * this.#size);
    for (let endpoint = slice * this.#size; endpoint < end; endpoint++) {
      const zone = this.#zone[service]![endpoint]!;
      const isReady = this.#ready[service]![endpoint] === 1;
      hint[endpoint] = isReady ? zone + 1 : NONE;
      if (isReady) counts[zone]!++;
    }
  }

  #redistribute(service: number, slice: number, giving: Int32Array, receiving: Int32Array, counts: Int32Array): void {
    const end = Math.min(this.#hint[service]!.length, (slice + 1) * this.#size);
    for (let endpoint = slice * this.#size; endpoint < end; endpoint++) {
      const giver = this.#zone[service]![endpoint]!;
      if (this.#ready[service]![endpoint] === 0 || giving[giver] === 0) continue;
      const receiver = receiving.findIndex((number) => number > 0);
      if (receiver < 0) return;
      this.#hint[service]![endpoint] = receiver + 1;
      giving[giver]!--;
      receiving[receiver]!--;
      counts[giver]!--;
      counts[receiver]!++;
    }
  }
}
