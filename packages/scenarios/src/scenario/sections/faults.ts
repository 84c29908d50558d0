/** The section of a document about faults: timed changes beside the rollout, each with its own causes and no effects. */
import type { Duration } from '@brownout/core';
import * as z from 'zod';
import { lazily } from '../lazily.ts';
import type { Written } from '../document.ts';
import { identifier } from '../identifier.ts';
import { count, duration, number, share } from '../quantity.ts';

interface Times {
  /** Relative to the trigger. */
  readonly at: Duration;
  /** Default: it does not end. */
  readonly until?: Duration | undefined;
}

interface AtClusters {
  /** Default all of them. */
  readonly clusters?: readonly string[] | undefined;
}

interface AtProducts extends AtClusters {
  /** Default all of them. */
  readonly products?: readonly string[] | undefined;
  /** Share of their requests; default 1. */
  readonly share?: number | undefined;
}

/** One fault. */
export type TimedFaultSection =
  /** The balancer over all clusters turns requests away. */
  | ({ readonly kind: 'balancer-refuses' } & Times & AtProducts)
  /**
   * The tier that answers names does not answer for some of them, and what it had has run out. A request that needs one waits
   * for `lookupTimeout`, then goes on with the old address, if `fallback` says so, or fails.
   */
  | ({
      readonly kind: 'names-unresolvable';
      readonly lookupTimeout: Duration;
      /** Default none. */
      readonly fallback?: 'stale' | 'none' | undefined;
    } & Times &
      AtProducts)
  /** The machines of the first `servers` API servers (default 1) crash; they are back at the end. */
  | ({ readonly kind: 'api-server-crash'; readonly servers?: number | undefined } & Times & AtClusters)
  /**
   * All API servers in one failure zone (`clusters[].apiServers.zones`; default the first) are gone without a word; their clients
   * notice after 45 s. Clusters that have nobody there lose nothing.
   */
  | ({ readonly kind: 'zone-loss'; readonly zone?: number | undefined } & Times & AtClusters)
  /** Every fsync of the first `members` (default all) takes `factor` times as long. Needs `kubernetes.profile`. */
  | ({
      readonly kind: 'etcd-slow-disk';
      readonly factor: number;
      readonly members?: number | undefined;
    } & Times &
      AtClusters)
  /** What answers for an admission webhook (`kubernetes.webhooks`) is silent, which is the default, or refuses connections. */
  | ({
      readonly kind: 'webhook-down';
      readonly webhook: string;
      readonly backend?: 'silent' | 'refusing' | undefined;
    } & Times &
      AtClusters)
  /** Packets to the API servers are dropped, for everybody or all but the cluster's own parts. Default nobody passes. */
  | ({ readonly kind: 'network-partition'; readonly letThrough?: 'nobody' | 'system' | undefined } & Times &
      AtClusters);

/** Timed changes; none by default. */
export type FaultsSection = readonly TimedFaultSection[];

const times = lazily(() => ({
  at: duration({ min: -Infinity }).describe('relative to the trigger'),
  until: duration({ min: -Infinity }).optional().describe('end; default it does not end'),
}));
const clusters = lazily(() => z.array(identifier()).min(1).optional().describe('default all clusters'));
const requests = lazily(() => ({
  clusters: clusters(),
  products: z.array(identifier()).min(1).optional().describe('default all products'),
  share: share().optional().describe('share of their requests; default 1'),
}));

/** What a failure zone is called in the control plane. */
export function zoneName(number: number): string {
  return `zone-${number}`;
}

const webhookDown = lazily(() =>
  z
    .strictObject({
      kind: z.literal('webhook-down'),
      ...times(),
      clusters: clusters(),
      webhook: identifier().describe('name of one of kubernetes.webhooks'),
      backend: z
        .enum(['silent', 'refusing'])
        .optional()
        .describe('silent: every call takes its whole timeout; refusing: it fails at once; default silent'),
    })
    .describe('what answers for an admission webhook breaks down'),
);

/** The rules of this section. */
export const faultsSection: () => z.ZodType<FaultsSection, Written<FaultsSection>> = lazily(() =>
  z
    .array(
      z.discriminatedUnion('kind', [
        z
          .strictObject({ kind: z.literal('balancer-refuses'), ...times(), ...requests() })
          .describe('the balancer over all clusters turns requests away'),
        z
          .strictObject({
            kind: z.literal('names-unresolvable'),
            ...times(),
            ...requests(),
            lookupTimeout: duration({ min: 1 }).describe('how long a request that needs such a name waits'),
            fallback: z
              .enum(['stale', 'none'])
              .optional()
              .describe('stale: it goes on with the old address; default none'),
          })
          .describe('some names are not answered any more'),
        z
          .strictObject({
            kind: z.literal('api-server-crash'),
            ...times(),
            clusters: clusters(),
            servers: count({ min: 1 }).optional().describe('those with the lowest numbers; default 1'),
          })
          .describe('machines of API servers crash and are back at the end'),
        z
          .strictObject({
            kind: z.literal('zone-loss'),
            ...times(),
            clusters: clusters(),
            zone: count({ min: 1 }).optional().describe('number of the failure zone; default 1'),
          })
          .describe('all API servers of a failure zone are gone without a word'),
        z
          .strictObject({
            kind: z.literal('etcd-slow-disk'),
            ...times(),
            clusters: clusters(),
            factor: number({ min: 0.001 }).describe('every fsync takes so many times as long'),
            members: count({ min: 1 }).optional().describe('those with the lowest numbers; default all'),
          })
          .describe('disks of etcd are slow; needs kubernetes.profile'),
        webhookDown(),
        z
          .strictObject({
            kind: z.literal('network-partition'),
            ...times(),
            clusters: clusters(),
            letThrough: z.enum(['nobody', 'system']).optional().describe('who still reaches the API; default nobody'),
          })
          .describe('packets to the API servers are dropped'),
      ]),
    )
    .max(50),
);
