/** The section of a document about name resolution. */
import type { Duration } from '@brownout/core';
import * as z from 'zod';
import { lazily } from '../lazily.ts';
import type { Written } from '../document.ts';
import { bytes, count, duration, number, rate, share } from '../quantity.ts';
import { type DnsMechanismsSection, dnsMechanismsSection } from './dns-mechanisms.ts';

/** A DNS tier in front of CoreDNS that reads the API (mechanisms D6 and D7). */
export interface RegistrySection {
  readonly nodesPerInstance: number;
  readonly ttl: Duration;
  readonly negativeTtl: Duration;
  /** Longest time for which a failure is remembered, doubling from `negativeTtl`; default `negativeTtl`. */
  readonly maxNegativeTtl?: Duration | undefined;
  /** What it asks the API for: the Endpoints of a name (default) or its EndpointSlices, a LIST by label. */
  readonly reads?: 'endpoints' | 'endpoint-slices' | undefined;
  readonly lookupTimeout: Duration;
  /** Client-side limit of each instance; default none. */
  readonly rateLimit?: { readonly qps: number; readonly burst: number } | undefined;
  /** How long an application waits for its lookup. */
  readonly patience: Duration;
  /** How long after its TTL a record is answered while the API does not answer; default 0 = not at all. */
  readonly serveStale: Duration;
  /** Whether it answers first and refreshes then (default), or the other way round. */
  readonly serveStaleMode?: 'immediate' | 'verify' | undefined;
}

/** Answering with what has run out. */
export interface ServeStaleSection {
  /** How long after it ran out; default 1 h (plugin/cache). */
  readonly duration?: Duration | undefined;
  /** Answer and refresh afterwards (default), or try to refresh first. */
  readonly mode?: 'immediate' | 'verify' | undefined;
}

/** CoreDNS; what is left out is as the manifests of the profile have it. */
export interface CoreDnsSection {
  /** Memory of a container; default 170 MiB where memory matters (mechanism D2), else no limit. */
  readonly memoryLimit?: number | undefined;
  /** The argument of `cache`: longest TTL of an answer in it; default 30 s. */
  readonly cacheTtl?: Duration | undefined;
  /** Whether cluster names go through the cache, which recent kubeadm manifests switch off; default as the profile. */
  readonly clusterZoneCache?: boolean | undefined;
  /** Default off. */
  readonly serveStale?: ServeStaleSection | undefined;
  /** How long a process that is told to stop answers on; default 5 s. */
  readonly lameduck?: Duration | undefined;
}

/** NodeLocal DNSCache. */
export interface NodeLocalCacheSection {
  /** Default 30 s. */
  readonly ttl?: Duration | undefined;
  /** Of denials and failures; default 5 s. */
  readonly denialTtl?: Duration | undefined;
  /** Default off. */
  readonly serveStale?: ServeStaleSection | undefined;
}

/** What /etc/resolv.conf says in a pod. */
export interface ResolverSection {
  /** Default 5. */
  readonly ndots?: number | undefined;
  /** Default 3. */
  readonly searchDomains?: number | undefined;
  /** Default 5 s. */
  readonly timeout?: Duration | undefined;
  /** Default 2. */
  readonly attempts?: number | undefined;
  /** 2 = A and AAAA for each name (default), 1 = A only. */
  readonly families?: 1 | 2 | undefined;
}

/** What applications look up, as a load on CoreDNS. */
export interface LookupsSection {
  /** Per second on each node. */
  readonly perNode: number;
  /** Share of them that are names from outside the cluster, which go through the whole search list; default 0. */
  readonly externalShare?: number | undefined;
}

/** Name resolution. Everything but `registry` needs a document that names its `kubernetes.profile`. */
export interface DnsSection {
  readonly registry: RegistrySection | null;
  readonly coreDns?: CoreDnsSection | undefined;
  /** Default null = none. */
  readonly nodeLocalCache?: NodeLocalCacheSection | null | undefined;
  readonly resolver?: ResolverSection | undefined;
  /** Default: queries take no CPU. */
  readonly lookups?: LookupsSection | undefined;
  /** Share of the names that belong to headless Services; default 0. */
  readonly headlessShare?: number | undefined;
  /** By which ways the API can take names along; default as the other keys say, and none of those that need a switch. */
  readonly mechanisms?: DnsMechanismsSection | undefined;
}

const serveStale = lazily(() =>
  z
    .strictObject({
      duration: duration().optional().describe('how long after it ran out; default 1 h'),
      mode: z
        .enum(['immediate', 'verify'])
        .optional()
        .describe('answer and refresh (default), or try to refresh first'),
    })
    .optional()
    .describe('answer what has run out; default off'),
);

const coreDns = lazily(() =>
  z.strictObject({
    memoryLimit: bytes({ min: 1 }).optional().describe('of a container; default 170 MiB where memory matters'),
    cacheTtl: duration({ min: 1 }).optional().describe('longest TTL in its cache; default 30 s'),
    clusterZoneCache: z.boolean().optional().describe('whether cluster names are cached; default as the profile'),
    serveStale: serveStale(),
    lameduck: duration().optional().describe('how long a process that is told to stop answers on; default 5 s'),
  }),
);

const nodeLocalCache = lazily(() =>
  z.strictObject({
    ttl: duration({ min: 1_000_000 }).optional().describe('of an answer; default 30 s'),
    denialTtl: duration({ min: 1_000_000 }).optional().describe('of denials and failures; default 5 s'),
    serveStale: serveStale(),
  }),
);

const resolver = lazily(() =>
  z.strictObject({
    ndots: count({ min: 0 }).optional().describe('names with fewer dots are searched first; default 5'),
    searchDomains: count({ min: 0 }).optional().describe('domains of the search list; default 3'),
    timeout: duration({ min: 1 }).optional().describe('of one attempt; default 5 s'),
    attempts: count({ min: 1 }).optional().describe('of one query; default 2'),
    families: z
      .union([z.literal(1), z.literal(2)])
      .optional()
      .describe('queries for each name: 2 = A and AAAA (default)'),
  }),
);

const lookups = lazily(() =>
  z.strictObject({
    perNode: rate().describe('lookups on each node, such as "50/s"'),
    externalShare: share().optional().describe('share of names from outside the cluster; default 0'),
  }),
);

/** The rules of this section. */
export const dnsSection: () => z.ZodType<DnsSection, Written<DnsSection>> = lazily(() =>
  z.strictObject({
    registry: z
      .strictObject({
        nodesPerInstance: count({ min: 1 }).describe('one instance of the tier per so many nodes'),
        ttl: duration({ min: 1 }),
        negativeTtl: duration({ min: 1 }).describe('how long a failed lookup is remembered'),
        maxNegativeTtl: duration({ min: 1 })
          .optional()
          .describe(
            'longest time for which a failure is remembered: it doubles from negativeTtl with every failure in a row, to 5 min at most; default: always negativeTtl',
          ),
        reads: z
          .enum(['endpoints', 'endpoint-slices'])
          .optional()
          .describe('what it asks the API for: the Endpoints of a name (default), or its EndpointSlices by label'),
        lookupTimeout: duration({ min: 1 }),
        rateLimit: z
          .strictObject({
            qps: number({ min: 0.001 }).describe('questions of one instance a second in the long run'),
            burst: count({ min: 1 }).describe('questions that may go at once after a pause'),
          })
          .optional()
          .describe('client-side limit of each instance, as client-go has it; default none'),
        patience: duration({ min: 1 }).describe('how long an application waits for its lookup'),
        serveStale: duration().prefault('0 s').describe('answer this long after the TTL while the API does not'),
        serveStaleMode: z
          .enum(['immediate', 'verify'])
          .optional()
          .describe('answer stale data at once (default), or when the API has not answered'),
      })
      .nullable()
      .describe('a DNS tier in front of CoreDNS that reads the API (mechanisms D6 and D7); null = none'),
    coreDns: coreDns().optional(),
    nodeLocalCache: nodeLocalCache().nullable().optional().describe('NodeLocal DNSCache; default null = none'),
    resolver: resolver().optional(),
    lookups: lookups().optional().describe('lookups of applications as a load on CoreDNS; default none'),
    headlessShare: share().optional().describe('share of the names of headless Services; default 0'),
    mechanisms: dnsMechanismsSection().optional().describe('by which ways the API can take names along'),
  }),
);
