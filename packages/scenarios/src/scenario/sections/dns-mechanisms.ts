/**
 * The part of a document that says by which ways a failure of the API can become one of name resolution: mechanisms D1 to D9.
 * Each switch turns a cause or its remedy, never an effect. With all of them off an outage of the API alone takes no name.
 */
import type { Duration } from '@brownout/core';
import * as z from 'zod';
import { lazily } from '../lazily.ts';
import type { Written } from '../document.ts';
import { count, duration, number, rate } from '../quantity.ts';

/** A restart of CoreDNS that somebody orders. */
export interface CoreDnsRestartSection {
  /** Relative to the trigger. */
  readonly at: Duration;
  /** Replicas that restart at once; default all. */
  readonly replicas?: number | undefined;
}

/** A node that CoreDNS shares with the agent. */
export interface SharedNodeSection {
  /** Cores of the node that CoreDNS could use while no agent runs. */
  readonly freeCores: number;
  /** Cores that a running agent uses, on average. */
  readonly agentCores: number;
  /** Cores that CoreDNS keeps in any case; default 0.1, the request of the manifests. */
  readonly requestedCores?: number | undefined;
}

/** The switches. */
export interface DnsMechanismsSection {
  /** D1: restarts of CoreDNS, which cannot fill its informers while the API is away. Remedy: none are ordered. Default none. */
  readonly coreDnsRestarts?: readonly CoreDnsRestartSection[] | undefined;
  /**
   * D2: the LISTs of a CoreDNS that has lost its watches may take more memory than `coreDns.memoryLimit`. Remedy (false): a
   * limit with room for any of them. Default false.
   */
  readonly relistMemory?: boolean | undefined;
  /**
   * D3: pods that the node lifecycle controller has marked NotReady leave the kube-dns Service. Remedy (false): the Service
   * publishes addresses that are not ready. Default false.
   */
  readonly notReadyEndpoints?: boolean | undefined;
  /**
   * D4: CoreDNS pods are evicted from nodes that are unreachable for 300 s. Remedy (false): they tolerate that for ever.
   * Default false.
   */
  readonly podEviction?: boolean | undefined;
  /**
   * D5: changes of the addresses of headless Services in a cluster (`headlessShare` of the names), which CoreDNS does not
   * hear of during an outage. It counts in what CoreDNS answers with; services of `dataPlane` meet addresses that are gone through their own churn.
   * Remedy: none, or Services with a virtual address. Default none.
   */
  readonly addressChanges?: number | undefined;
  /** D6: applications depend on `dns.registry`, which reads the API. Remedy (false): they ask CoreDNS. Default true. */
  readonly registryLookups?: boolean | undefined;
  /**
   * D7: what caches above CoreDNS hold runs out as they are configured. Remedy (false): all of them answer stale data without
   * limit once they could not refresh it. Default true.
   */
  readonly cacheExpiry?: boolean | undefined;
  /** D8: agents take CPU from CoreDNS on its nodes. Remedy: null, nodes or cores of its own. Default null. */
  readonly sharedNode?: SharedNodeSection | null | undefined;
  /**
   * D9: a block of the API at the network cuts kubelets and CoreDNS off too. Remedy (false): it lets the cluster's own parts
   * through. Default true.
   */
  readonly blockedWatches?: boolean | undefined;
}

const onOff = (text: string): z.ZodOptional<z.ZodBoolean> => z.boolean().optional().describe(text);

/** The rules of this section. */
export const dnsMechanismsSection: () => z.ZodType<DnsMechanismsSection, Written<DnsMechanismsSection>> = lazily(() =>
  z.strictObject({
    coreDnsRestarts: z
      .array(
        z.strictObject({
          at: duration({ min: -Infinity }).describe('relative to the trigger'),
          replicas: count({ min: 1 }).optional().describe('how many restart at once; default all'),
        }),
      )
      .optional()
      .describe('D1: restarts of CoreDNS; default none'),
    relistMemory: onOff('D2: relists may outgrow coreDns.memoryLimit; default false, a limit with room for them'),
    notReadyEndpoints: onOff('D3: pods marked NotReady leave the kube-dns Service; default false, they stay published'),
    podEviction: onOff(
      'D4: CoreDNS pods are evicted from unreachable nodes; default false, they tolerate them for ever',
    ),
    addressChanges: rate()
      .optional()
      .describe('D5: changes of addresses of headless Services in each cluster, such as "2/s"; default none'),
    registryLookups: onOff('D6: applications depend on dns.registry; default true'),
    cacheExpiry: onOff('D7: caches above CoreDNS run out; default true; false = they answer stale data without limit'),
    sharedNode: z
      .strictObject({
        freeCores: number({ min: 0.001 }).describe('cores CoreDNS could use while no agent runs'),
        agentCores: number({ min: 0 }).describe('cores a running agent uses on average'),
        requestedCores: number({ min: 0.001 }).optional().describe('cores CoreDNS keeps in any case; default 0.1'),
      })
      .nullable()
      .optional()
      .describe('D8: agents take CPU from CoreDNS; default null = it has its own'),
    blockedWatches: onOff('D9: a network block cuts kubelets and CoreDNS off too; default true'),
  }),
);
