/**
 * The queries that CoreDNS has to answer, and the cores it has for them. Queries are a rate, spread evenly over the endpoints
 * of the Service; a replica that is asked for more than its cores can answer leaves the rest unanswered, and those are asked
 * again. Mechanism D8: an agent on the same node takes cores away while it runs, down to what CoreDNS has requested.
 *
 *   lookups x queries per lookup x attempts, or what the caches on the nodes ask --> endpoints --> cores / CPU per query
 *
 * What is dropped is taken to be dropped at the socket, so that what is answered is answered in time, and the probe of
 * /health, which comes over TCP, gets its turn (assumed). Left out: memory of queries that wait for a forwarder.
 */
import { type Duration, type EventType, seconds, type Simulation } from '@brownout/core';
import type { CoreDnsDeployment } from './core-dns-deployment.ts';
import type { CoreDnsPods } from './core-dns-pods.ts';
import type { NodeLocalCache } from './node-local-cache.ts';
import { attemptsPerQuery, type ResolverOptions } from './resolver.ts';

/** A node that CoreDNS shares with an agent. */
export interface SharedNodeOptions {
  /** Cores of a node that CoreDNS could use while no agent runs. */
  readonly freeCores: number;
  /** Cores that an agent uses while it runs, on average. */
  readonly agentCores: number;
  /** Cores that CoreDNS keeps in any case: its CPU request, 0.1 in the manifests. */
  readonly requestedCores: number;
}

/** What is asked, and with what it is answered. */
export interface CoreDnsLoadOptions {
  /** Lookups of cluster names by all applications, per second. */
  readonly lookupsPerSecond: number;
  /** Queries that a lookup costs on average when all are answered. */
  readonly queriesPerLookup: number;
  /** Share of queries that are for names of the cluster's zone, and share of those that do not exist; default all and none. */
  readonly inZone?: number;
  readonly denied?: number;
  readonly resolver: ResolverOptions;
  readonly queryCpu: Duration;
  /** Cores a replica may use. */
  readonly cores: number;
  /** Absent: CoreDNS has its cores for itself, mechanism D8 is off. */
  readonly sharedNode?: SharedNodeOptions;
}

const STEP = seconds(1);

/** The load on one Deployment. */
export class CoreDnsLoad {
  readonly #options: CoreDnsLoadOptions;
  readonly #parts: {
    readonly deployment: CoreDnsDeployment;
    readonly pods: CoreDnsPods;
    readonly nodeLocal: NodeLocalCache | undefined;
    readonly isAgentRunning: (node: number) => boolean;
  };
  readonly #step: EventType;
  #queriesPerSecond = 0;

  constructor(
    simulation: Simulation,
    name: string,
    options: CoreDnsLoadOptions,
    parts: {
      readonly deployment: CoreDnsDeployment;
      readonly pods: CoreDnsPods;
      readonly nodeLocal: NodeLocalCache | undefined;
      readonly isAgentRunning: (node: number) => boolean;
    },
  ) {
    this.#options = options;
    this.#parts = parts;
    this.#step = simulation.event(`${name} load`, () => {
      this.#step.after(STEP);
      this.#book();
      this.spread();
    });
    this.#step.after(STEP);
    this.spread();
  }

  /** Queries a second that the Service is asked now. */
  get queriesPerSecond(): number {
    return this.#queriesPerSecond;
  }

  /** Cores of a replica now. */
  coresOf(replica: number): number {
    const { cores, sharedNode } = this.#options;
    if (sharedNode === undefined) return cores;
    const isShared = this.#parts.isAgentRunning(this.#parts.pods.node[replica]!);
    const { freeCores, agentCores, requestedCores } = sharedNode;
    return Math.min(cores, Math.max(requestedCores, freeCores - (isShared ? agentCores : 0)));
  }

  /** Gives every endpoint its share of the queries that come now. */
  spread(): void {
    const { deployment, nodeLocal } = this.#parts;
    const { queryCpu } = this.#options;
    const endpoints = deployment.endpoints;
    this.#queriesPerSecond = nodeLocal?.queriesPerSecond ?? this.#directQueries();
    const each = endpoints.length === 0 ? 0 : this.#queriesPerSecond / endpoints.length;
    for (const replica of endpoints) {
      const process = deployment.processes[replica]!;
      const cores = this.coresOf(replica);
      if (process.cpu.cores !== cores) process.cpu.setCores(cores);
      const capacity = (cores * seconds(1)) / queryCpu;
      process.unansweredShare = each > capacity ? 1 - capacity / each : 0;
    }
  }

  /** The queries of the step that ends now, for metrics. */
  #book(): void {
    const { deployment } = this.#parts;
    const { inZone = 1, denied = 0 } = this.#options;
    const { endpoints } = deployment;
    const each = (this.#queriesPerSecond * STEP) / seconds(1) / endpoints.length;
    for (const replica of endpoints) deployment.processes[replica]!.book({ queries: each, inZone, denied });
  }

  /** Queries a second of applications that ask the Service themselves, repeated attempts included. */
  #directQueries(): number {
    const { lookupsPerSecond, queriesPerLookup, resolver } = this.#options;
    const { endpoints, failingTryShare } = this.#parts.deployment;
    const failing = endpoints.length === 0 ? 1 : failingTryShare;
    return lookupsPerSecond * queriesPerLookup * attemptsPerQuery(resolver, failing);
  }
}
