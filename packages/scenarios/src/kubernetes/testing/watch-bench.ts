/**
 * A workbench for tests of watches: a control plane with a watch cache of pods, writers that move the revision, and
 * reflectors of any number of clients, with costs that are plain numbers.
 */
import { ms, seconds, type Simulation } from '@brownout/core';
import { ClientGroup } from '../client/client-group.ts';
import type { ReflectorOperations, ReflectorsOptions } from '../client/reflector-options.ts';
import { Reflectors } from '../client/reflectors.ts';
import { ControlPlane, type ControlPlaneOptions } from '../control-plane.ts';
import { serviceAccountIdentity } from '../flow-control/identity.ts';
import { Status } from '../requests/api-request.ts';
import { type OperationCosts, OperationTable } from '../requests/operation.ts';
import type { CachedRead, WatchCacheOptions } from '../watch-cache/options.ts';
import { watchCacheFeatures } from '../watch-cache/features.ts';
import { cachedType, watchedType } from '../watch-cache/watched-type.ts';
import { type BenchOptions, controlPlaneOptions, type FlatCost, flatCosts } from './bench.ts';

/** What tests of watches vary; everything left out costs nothing. */
export interface WatchBenchOptions extends BenchOptions {
  /** Minor number of the release; default 31. */
  readonly release?: number;
  /** Stored pods; default 1,000. */
  readonly pods?: number;
  /** Costs of one LIST of all pods from the cache and from etcd, of setting up a watch, and of one page of a filling. */
  readonly listFromCache?: FlatCost;
  readonly listFromEtcd?: FlatCost;
  readonly watch?: FlatCost;
  readonly watchList?: FlatCost;
  readonly page?: FlatCost;
  /** CPU per event in microseconds: decode, encode, send. */
  readonly fanOut?: readonly [decode: number, encode: number, send: number];
  /** Events a client's side takes before a client that does not read blocks; default 0. */
  readonly clientBufferEvents?: number;
  readonly selector?: 'none' | 'indexed';
  /** Objects of a page where etcd serves a LIST; absent = all at once. */
  readonly pageLimit?: number;
  readonly cache?: Partial<WatchCacheOptions>;
  readonly controlPlane?: Partial<ControlPlaneOptions>;
}

/** A control plane with watches on the workbench. */
export interface WatchBench {
  readonly controlPlane: ControlPlane;
  /** Deaths and returns of API servers, with their times in seconds. */
  readonly events: readonly string[];
  /** What they send. */
  readonly operations: ReflectorOperations;
  /** Clients that watch pods. */
  reflectors(options?: Partial<ReflectorsOptions>): WatchedClients;
  /** Somebody who writes: pods are about a node, leases are of no interest to anybody. */
  readonly writer: Writer;
}

/** Reflectors, and what they told. */
export interface WatchedClients {
  readonly reflectors: Reflectors;
  /** How often each client's store was filled, how many events it got, how often it lost its stream. */
  readonly synced: Float64Array;
  readonly events: Float64Array;
  readonly lost: Float64Array;
}

/** Costs in milliseconds and bytes as formulas. */
export function flat({ cpuMs = 0, etcdMs = 0, bytes = 0, etcdBytes = 0 }: FlatCost = {}): OperationCosts {
  const of = (value: number) => ({ evaluate: (): number => value });
  return {
    apiServerCpu: of(cpuMs * 1000),
    etcdCpu: of(etcdMs * 1000),
    apiServerMemory: of(bytes),
    etcdMemory: of(etcdBytes),
  };
}

/** Writes pods and leases, at an instant or at a rate. */
export class Writer {
  readonly #simulation: Simulation;
  readonly #controlPlane: ControlPlane;
  readonly #group: number;
  /** Writes that were committed. */
  committed = 0;

  constructor(simulation: Simulation, controlPlane: ControlPlane) {
    this.#simulation = simulation;
    this.#controlPlane = controlPlane;
    this.#group = controlPlane.join(
      new ClientGroup({
        name: 'writer',
        describe: () => ({ user: 'system:admin', groups: ['system:masters'], verb: 'update', resource: 'pods' }),
        timeout: seconds(60),
        clients: 1,
        isInside: true,
        countsForAvailability: false,
        onReply: (_subject, status) => {
          if (status === Status.ok) this.committed++;
        },
      }),
    );
  }

  /** Writes pods of the given node, or objects that nobody watches. */
  write(times: number, what: 'pod' | 'lease' = 'pod', node = 0): void {
    const operation = this.#controlPlane.operations.number(what === 'pod' ? 'pod-bind' : 'lease-update');
    for (let i = 0; i < times; i++) this.#controlPlane.send(this.#group, 0, operation, node);
  }

  /** Writes at even gaps, for ever. */
  writeEvery(gapMs: number, what: 'pod' | 'lease' = 'pod', nodes = 1): void {
    let node = 0;
    const next = this.#simulation.timeout(`${what} writer`, ms(gapMs), () => {
      this.write(1, what, node++ % nodes);
      next.start();
    });
    next.start();
  }
}

/** Makes a control plane of one API server of one core with a watch cache of pods. */
export function createWatchBench(simulation: Simulation, options: WatchBenchOptions = {}): WatchBench {
  const { pods = 1_000, release = 31, fanOut = [0, 0, 0] } = options;
  const cached = cachedType({
    resource: 'pods',
    hasIndex: true,
    page: flat(options.page),
    fanOut: { decodeCpu: fanOut[0], encodeCpu: fanOut[1], sendCpu: fanOut[2] },
    clientBufferEvents: options.clientBufferEvents ?? 0,
  });
  const features = watchCacheFeatures(release);
  const watched = watchedType({
    features,
    name: 'watch-pods',
    resource: 'pods',
    selector: options.selector ?? 'none',
    ...(options.pageLimit === undefined ? {} : { pageLimit: options.pageLimit }),
    costs: {
      listFromCache: flat(options.listFromCache),
      listFromEtcd: flat(options.listFromEtcd),
      watch: flat(options.watch),
      confirmCpu: { evaluate: () => 100 },
      ...(features.watchListClient ? { watchList: flat(options.watchList ?? options.listFromCache) } : {}),
    },
  });
  const declared = [...cached.declared, ...watched.declared];
  const operations = new OperationTable(options.costs ?? flatCosts({}), () => options.listSeats ?? 1, declared);
  operations.resize({ pods, nodes: 0 });
  const reads: readonly CachedRead[] = watched.reads;
  const watchCache = { features, types: [cached.type], reads, bookmarkCpu: 0, ...options.cache };
  const events: string[] = [];
  const log = (what: string): void => void events.push(`${what} at ${(simulation.now / seconds(1)).toFixed(1)} s`);
  const controlPlane = new ControlPlane(
    simulation,
    'bench',
    { ...controlPlaneOptions(options), watchCache, ...options.controlPlane },
    operations,
    {
      apiServerDied: (server, reason) => log(`api-server ${server} died: ${reason}`),
      apiServerReady: (server) => log(`api-server ${server} ready`),
      etcdMemberKilled: (member) => log(`etcd ${member} killed`),
      etcdMemberBack: (member) => log(`etcd ${member} back`),
    },
  );
  return {
    controlPlane,
    events,
    operations: watched.operations,
    writer: new Writer(simulation, controlPlane),
    reflectors: (chosen) => watchers(simulation, controlPlane, { operations: watched.operations, ...chosen }),
  };
}

function watchers(
  simulation: Simulation,
  controlPlane: ControlPlane,
  options: Partial<ReflectorsOptions> & Pick<ReflectorsOptions, 'operations'>,
): WatchedClients {
  const clients = options.clients ?? 1;
  const synced = new Float64Array(clients);
  const events = new Float64Array(clients);
  const lost = new Float64Array(clients);
  const reflectors = new Reflectors(
    simulation,
    'bench',
    {
      name: 'watchers',
      clients,
      describe: (client) => ({
        ...serviceAccountIdentity({ namespace: `team-${client}`, name: 'watcher' }),
        resource: 'pods',
      }),
      resource: 'pods',
      ...options,
    },
    controlPlane,
    {
      onSynced: (client) => void synced[client]!++,
      onChange: (client, count) => void (events[client]! += count),
      onLost: (client) => void lost[client]!++,
    },
  );
  return { reflectors, synced, events, lost };
}
