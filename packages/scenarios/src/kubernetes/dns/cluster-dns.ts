/**
 * Name resolution of a cluster in full: where CoreDNS runs, the Service in front of it, caches on the nodes, the resolvers of
 * applications with their queries, addresses that change, and restarts that somebody orders. What applications ask is the
 * outermost tier that there is.
 *
 *   application -> resolver -> NodeLocal cache, if any -> kube-dns Service -> CoreDNS
 */
import { type Duration, noTime, type ServeStale, type Simulation } from '@brownout/core';
import type { ControlPlane } from '../control-plane.ts';
import type { NodeStore } from '../nodes/node-store.ts';
import { AddressChurn } from './address-churn.ts';
import type { CoreDnsDeployment } from './core-dns-deployment.ts';
import { CoreDnsHosting } from './core-dns-hosting.ts';
import { CoreDnsLoad, type SharedNodeOptions } from './core-dns-load.ts';
import type { CoreDnsOptions } from './core-dns-options.ts';
import type { NameService } from './name-store.ts';
import { NodeLocalCache, type NodeLocalCacheOptions } from './node-local-cache.ts';
import { checkResolverOptions, type ResolverOptions, waitForSilence } from './resolver.ts';

/** A restart of CoreDNS that somebody orders: a rollout, a drain. */
export interface CoreDnsRestart {
  /** From the start of the run. */
  readonly at: Duration;
  /** Replicas that restart at once, those with the lowest numbers; at most all. */
  readonly replicas: number;
}

/** Everything around CoreDNS; each of the mechanisms D1 to D9 is off unless it is asked for. */
export interface ClusterDnsOptions {
  /** Names of headless Services, the last ones of all names; default none. */
  readonly headless?: number;
  readonly resolver: ResolverOptions;
  /** `publishNotReadyAddresses` of the Service: mechanism D3 is off. Default false. */
  readonly publishesNotReady?: boolean;
  /** CoreDNS pods tolerate unreachable nodes for ever: mechanism D4 is off. Default false. */
  readonly toleratesUnreachable?: boolean;
  /** Absent: applications ask CoreDNS. */
  readonly nodeLocalCache?: {
    readonly ttl: Duration;
    readonly retry: Duration;
    /** Absent: what has run out is gone, which is mechanism D7. */
    readonly serveStale?: ServeStale;
  };
  /** Absent: queries take no CPU. */
  readonly load?: {
    readonly lookupsPerSecond: number;
    readonly queriesPerLookup: number;
    readonly inZone?: number;
    readonly denied?: number;
    /** Mechanism D8. */
    readonly sharedNode?: SharedNodeOptions;
  };
  /** Changes of addresses of headless Services a second, mechanism D5; default none. */
  readonly changesPerSecond?: number;
  /** Mechanism D1; default none. */
  readonly restarts?: readonly CoreDnsRestart[];
}

/** What name resolution needs of the cluster. */
export interface ClusterDnsParts {
  readonly controlPlane: ControlPlane;
  readonly store: NodeStore;
  readonly isSynced: (node: number) => boolean;
  readonly isAgentRunning: (node: number) => boolean;
  /** An entry of a cache on a node has run out and cannot be answered any more. */
  readonly onFailed?: (entry: number) => void;
}

/** Name resolution of one cluster. */
export class ClusterDns {
  readonly hosting: CoreDnsHosting;
  readonly #simulation: Simulation;
  readonly #name: string;
  readonly #options: ClusterDnsOptions;
  readonly #parts: ClusterDnsParts;
  readonly #coreDns: CoreDnsOptions;
  #deployment: CoreDnsDeployment | undefined;
  #nodeLocalCache: NodeLocalCache | undefined;
  #load: CoreDnsLoad | undefined;
  #churn: AddressChurn | undefined;

  /** The pods and the Service; `run` follows when the controllers and the Deployment are there. */
  constructor(
    simulation: Simulation,
    name: string,
    options: ClusterDnsOptions,
    coreDns: CoreDnsOptions,
    parts: ClusterDnsParts,
  ) {
    checkResolverOptions(options.resolver);
    this.#simulation = simulation;
    this.#name = name;
    this.#options = options;
    this.#parts = parts;
    this.#coreDns = coreDns;
    const { publishesNotReady = false, toleratesUnreachable = false } = options;
    this.hosting = new CoreDnsHosting(
      simulation,
      name,
      {
        replicas: coreDns.replicas,
        publishesNotReady,
        toleratesUnreachable,
        propagation: coreDns.readinessDelay,
        retry: coreDns.readinessRetry,
      },
      parts,
    );
  }

  /** The caches on the nodes, if there are any. */
  get nodeLocalCache(): NodeLocalCache | undefined {
    return this.#nodeLocalCache;
  }

  /** Queries to CoreDNS, where they take CPU. */
  get load(): CoreDnsLoad | undefined {
    return this.#load;
  }

  /** Addresses that change, where they do. */
  get churn(): AddressChurn | undefined {
    return this.#churn;
  }

  /** What applications ask. */
  get nameService(): NameService {
    return this.#nodeLocalCache ?? this.#deployment!;
  }

  /** Starts everything that stands around the Deployment. */
  run(deployment: CoreDnsDeployment): void {
    this.#deployment = deployment;
    this.hosting.run(deployment);
    const { controlPlane, store, onFailed } = this.#parts;
    const { records } = deployment;
    const { nodeLocalCache, changesPerSecond = 0, restarts = [], resolver } = this.#options;
    if (nodeLocalCache !== undefined) {
      const options: NodeLocalCacheOptions = {
        ...nodeLocalCache,
        nodes: store.atStart,
        names: records.count,
        families: resolver.families,
      };
      this.#nodeLocalCache = new NodeLocalCache(
        this.#simulation,
        `${this.#name}/node-local`,
        options,
        deployment,
        onFailed,
      );
    }
    this.#startLoad(deployment);
    if (changesPerSecond > 0) {
      const churn = { changesPerSecond, nodes: store.atStart };
      this.#churn = new AddressChurn(this.#simulation, this.#name, churn, { records, controlPlane });
    }
    for (const { at, replicas } of restarts) {
      this.#simulation.after(Math.max(0, at - this.#simulation.now) as Duration, () => {
        for (let replica = 0; replica < Math.min(replicas, deployment.replicas); replica++) deployment.restart(replica);
      });
    }
  }

  /**
   * Mean time that a lookup waits for servers that do not answer, before it succeeds or fails. A stale answer in `verify`
   * comes when the query to CoreDNS has been given up, one in `immediate` at once.
   */
  lookupWait(node: number, name: number): Duration {
    const silent = this.#deployment!.silenceChance(name);
    const { resolver, nodeLocalCache } = this.#options;
    const cache = this.#nodeLocalCache;
    if (cache === undefined || nodeLocalCache === undefined) return waitForSilence(resolver, silent);
    if (cache.failureProbability(node, name) === 1) return waitForSilence(resolver, silent);
    const waits = cache.isStale(node, name) && nodeLocalCache.serveStale?.mode === 'verify';
    return waits ? (Math.round(silent * Math.min(resolver.timeout, nodeLocalCache.retry)) as Duration) : noTime;
  }

  /** Probability that a lookup is answered with an address where nobody is (D5), 0..1; ages of cached answers left out. */
  staleProbability(name: number): number {
    return this.#deployment!.staleProbability(name);
  }

  #startLoad(deployment: CoreDnsDeployment): void {
    const { load, resolver } = this.#options;
    if (load === undefined) return;
    const { queryCpu, cores } = this.#coreDns;
    this.#load = new CoreDnsLoad(
      this.#simulation,
      this.#name,
      { ...load, resolver, queryCpu, cores },
      {
        deployment,
        pods: this.hosting.pods,
        nodeLocal: this.#nodeLocalCache,
        isAgentRunning: this.#parts.isAgentRunning,
      },
    );
  }
}
