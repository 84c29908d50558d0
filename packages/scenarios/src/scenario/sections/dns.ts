/** The section of a document about name resolution. */
import type { Duration } from '@brownout/core';
import * as z from 'zod';
import type { Written } from '../document.ts';
import { count, duration } from '../quantity.ts';

/** A DNS tier in front of CoreDNS that reads the API (mechanisms D6 and D7). */
export interface RegistrySection {
  readonly nodesPerInstance: number;
  readonly ttl: Duration;
  readonly negativeTtl: Duration;
  readonly lookupTimeout: Duration;
  /** How long an application waits for its lookup. */
  readonly patience: Duration;
  /** How long after its TTL a record is answered while the API does not answer; default 0 = not at all. */
  readonly serveStale: Duration;
}

/** Name resolution. */
export interface DnsSection {
  readonly registry: RegistrySection | null;
}

/** The rules of this section. */
export const dnsSection: z.ZodType<DnsSection, Written<DnsSection>> = z.strictObject({
  registry: z
    .strictObject({
      nodesPerInstance: count({ min: 1 }).describe('one instance of the tier per so many nodes'),
      ttl: duration({ min: 1 }),
      negativeTtl: duration({ min: 1 }),
      lookupTimeout: duration({ min: 1 }),
      patience: duration({ min: 1 }).describe('how long an application waits for its lookup'),
      serveStale: duration().prefault('0 s').describe('answer this long after the TTL while the API does not'),
    })
    .nullable()
    .describe('a DNS tier in front of CoreDNS that reads the API (mechanisms D6 and D7); null = none'),
});
