/** From the section on name resolution to CoreDNS, what stands around it, and the tier in front of it. */
import { type Duration, forever, hours, noTime, seconds, type ServeStale } from '@brownout/core';
import type { ClusterOptions } from '../kubernetes/cluster.ts';
import type { CompleteOptions } from '../kubernetes/complete-cluster.ts';
import type { ClusterDnsOptions } from '../kubernetes/dns/cluster-dns.ts';
import { roomForRelists } from '../kubernetes/dns/core-dns-memory.ts';
import {
  type CoreDnsMemoryOptions,
  type CoreDnsOptions,
  manifestCache,
  manifestMemoryLimit,
  observedListFactor,
} from '../kubernetes/dns/core-dns-options.ts';
import { manifestNodeLocalCache } from '../kubernetes/dns/node-local-cache.ts';
import { asIs, podResolver, queriesPerLookup, type ResolverOptions } from '../kubernetes/dns/resolver.ts';
import { coreDnsOf } from '../kubernetes/profiles/options.ts';
import type { KubernetesSettings } from '../kubernetes/profiles/settings.ts';
import type { Scenario } from './document.ts';
import type { RunCluster } from './reduction.ts';
import type { DnsSection, RegistrySection, ServeStaleSection } from './sections/dns.ts';
import type { DnsMechanismsSection } from './sections/dns-mechanisms.ts';

type ClusterSection = Scenario['clusters'][number];

/** plugin/health in the manifests. */
const LAMEDUCK = seconds(5);
/** plugin/cache, README: serve_stale without a duration. */
const STALE_DURATION = hours(1);
/** How long a LIST lies in memory beside the store (assumed; as in the calibration of `observedListFactor`). */
const LIST_HOLD = seconds(1);
/** CPU request of the manifests, in cores. */
const REQUESTED_CORES = 0.1;

/** Switches of the tier in front of CoreDNS and of the network, which any document has. */
const plainMechanisms: ReadonlySet<string> = new Set(['registryLookups', 'cacheExpiry', 'blockedWatches']);

/** Whether a document says anything about name resolution besides the tier in front of it. */
export function hasDnsDetails({ registry: _, ...details }: DnsSection): boolean {
  return Object.values(details).some((each) => each !== undefined);
}

/** Whether it says anything that only CoreDNS in detail can do. */
export function needsCoreDnsDetails({ mechanisms = {}, ...dns }: DnsSection): boolean {
  const switches = Object.entries(mechanisms).filter(
    ([name, value]) => value !== undefined && !plainMechanisms.has(name),
  );
  return switches.length > 0 || hasDnsDetails(dns);
}

/** CoreDNS and what stands around it, for the complete parts of a cluster. */
export function dnsOptions(
  scenario: Scenario,
  cluster: ClusterSection,
  settings: KubernetesSettings,
): Pick<CompleteOptions, 'coreDns' | 'dns'> {
  const coreDns = coreDnsOf(settings);
  const { dns } = scenario;
  if (!hasDnsDetails(dns)) return { coreDns };
  const resolver = resolverOf(dns);
  return { coreDns: coreDnsWith(dns, cluster, coreDns, resolver), dns: surroundings(scenario, cluster, resolver) };
}

/** Instances of the tier in front of CoreDNS in a cluster. */
export function registryInstances(
  { nodes }: Pick<ClusterSection, 'nodes'>,
  { nodesPerInstance }: Pick<RegistrySection, 'nodesPerInstance'>,
): number {
  return Math.max(1, Math.ceil(nodes / nodesPerInstance));
}

/** The tier in front of CoreDNS; absent where there is none, or where applications do not depend on it (D6 off). */
export function registryDnsOf(scenario: Scenario, cluster: ClusterSection): Pick<ClusterOptions, 'registryDns'> {
  const { registry, mechanisms } = scenario.dns;
  if (registry === null || mechanisms?.registryLookups === false) return {};
  const isEndless = registry.serveStale >= scenario.horizon.end - scenario.horizon.start;
  return {
    registryDns: {
      instances: registryInstances(cluster, registry),
      names: cluster.services,
      ttl: registry.ttl,
      negativeTtl: registry.negativeTtl,
      ...(registry.maxNegativeTtl === undefined ? {} : { maxNegativeTtl: registry.maxNegativeTtl }),
      ...(registry.reads === undefined ? {} : { reads: registry.reads }),
      lookupTimeout: registry.lookupTimeout,
      ...(registry.rateLimit === undefined ? {} : { pace: registry.rateLimit }),
      patience: registry.patience,
      serveStale: isEndless || mechanisms?.cacheExpiry === false ? forever : registry.serveStale,
      ...(registry.serveStaleMode === undefined ? {} : { serveStaleMode: registry.serveStaleMode }),
    },
  };
}

/** Whom a network block lets through unless it says so itself (D9). */
export function blockOf(scenario: Scenario): Pick<ClusterOptions, 'blockLetsThrough'> {
  return scenario.dns.mechanisms?.blockedWatches === false ? { blockLetsThrough: 'system' } : {};
}

function resolverOf({ resolver }: DnsSection): ResolverOptions {
  return {
    ndots: resolver?.ndots ?? podResolver.ndots,
    searchDomains: resolver?.searchDomains ?? podResolver.searchDomains,
    timeout: resolver?.timeout ?? podResolver.timeout,
    attempts: resolver?.attempts ?? podResolver.attempts,
    families: resolver?.families ?? podResolver.families,
  };
}

function coreDnsWith(
  { coreDns, mechanisms }: DnsSection,
  cluster: ClusterSection,
  usual: CoreDnsOptions,
  { attempts }: ResolverOptions,
): CoreDnsOptions {
  const { cache: usualCache, ...others } = usual;
  const isCached = coreDns?.clusterZoneCache ?? usualCache !== undefined;
  const longest = coreDns?.cacheTtl;
  const cache = {
    ...(usualCache ?? manifestCache),
    ...(longest === undefined ? {} : { successTtlCap: longest, denialTtlCap: longest }),
    ...(coreDns?.serveStale === undefined ? {} : { serveStale: serveStaleOf(coreDns.serveStale) }),
  };
  const memory = memoryOf(coreDns?.memoryLimit, mechanisms, cluster);
  return {
    ...others,
    attempts,
    lameduck: coreDns?.lameduck ?? LAMEDUCK,
    ...(isCached ? { cache } : {}),
    ...(memory === undefined ? {} : { memory }),
  };
}

/** A limit that is stated counts as it is, unless the switches say that relists fit (D2 off). */
function memoryOf(
  limit: number | undefined,
  mechanisms: DnsMechanismsSection | undefined,
  { nodes, podsPerNode, services, scale }: RunCluster,
): CoreDnsMemoryOptions | undefined {
  const isTight = mechanisms?.relistMemory ?? false;
  if (limit === undefined && !isTight) return undefined;
  const memory: CoreDnsMemoryOptions = {
    limitBytes: limit ?? manifestMemoryLimit,
    pods: nodes * podsPerNode * (scale?.nodes ?? 1),
    services,
    listFactor: observedListFactor,
    listHold: LIST_HOLD,
  };
  if (mechanisms === undefined || isTight) return memory;
  return { ...memory, limitBytes: Math.max(memory.limitBytes, roomForRelists(memory)) };
}

function surroundings(scenario: Scenario, cluster: ClusterSection, resolver: ResolverOptions): ClusterDnsOptions {
  const { dns, horizon } = scenario;
  const { mechanisms = {}, headlessShare = 0 } = dns;
  const cache = dns.nodeLocalCache;
  const stale = mechanisms.cacheExpiry === false ? endlessly : cache?.serveStale && serveStaleOf(cache.serveStale);
  return {
    resolver,
    headless: Math.round(headlessShare * cluster.services),
    publishesNotReady: !(mechanisms.notReadyEndpoints ?? false),
    toleratesUnreachable: !(mechanisms.podEviction ?? false),
    changesPerSecond: mechanisms.addressChanges ?? 0,
    restarts: (mechanisms.coreDnsRestarts ?? []).map(({ at, replicas = cluster.coreDnsReplicas }) => ({
      at: Math.max(noTime, at - horizon.start) as Duration,
      replicas,
    })),
    ...(cache === undefined || cache === null
      ? {}
      : {
          nodeLocalCache: {
            ttl: cache.ttl ?? manifestNodeLocalCache.ttl,
            retry: cache.denialTtl ?? manifestNodeLocalCache.retry,
            ...(stale === undefined ? {} : { serveStale: stale }),
          },
        }),
    ...loadOf(dns, cluster, resolver),
  };
}

function loadOf(dns: DnsSection, cluster: ClusterSection, resolver: ResolverOptions): Pick<ClusterDnsOptions, 'load'> {
  if (dns.lookups === undefined) return {};
  const { perNode, externalShare = 0 } = dns.lookups;
  const sharedNode = dns.mechanisms?.sharedNode;
  const outside = queriesPerLookup(resolver, 1, asIs);
  const each = (1 - externalShare) * queriesPerLookup(resolver, 0, 0) + externalShare * outside;
  // A name from outside is denied under every search domain before it is tried as it is.
  const inZone = 1 - (externalShare * resolver.families) / each;
  return {
    load: {
      lookupsPerSecond: perNode * cluster.nodes,
      queriesPerLookup: each,
      inZone,
      denied: (externalShare * (outside - resolver.families)) / each / inZone,
      ...(sharedNode === undefined || sharedNode === null
        ? {}
        : { sharedNode: { ...sharedNode, requestedCores: sharedNode.requestedCores ?? REQUESTED_CORES } }),
    },
  };
}

const endlessly: ServeStale = { window: forever, mode: 'verify' };

function serveStaleOf({ duration = STALE_DURATION, mode = 'immediate' }: ServeStaleSection): ServeStale {
  return { window: duration, mode };
}
