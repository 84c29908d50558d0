/** Size and timings of the DNS tier in front of the cluster's own, and what it asks the API for. */
import { type Duration, minutes } from '@brownout/core';
import { waitAfter } from '../client/backoff.ts';
import type { PaceOptions } from '../client/paced-client.ts';
import type { DeclaredOperation } from '../requests/operation.ts';
import { operationOf } from '../unit-costs/unit-costs.ts';

/** Size and timings of the tier. */
export interface RegistryDnsOptions {
  readonly instances: number;
  /** Names each instance holds: the services of the cluster. */
  readonly names: number;
  /**
   * What the tier asks the API for when a record has run out: the Endpoints object of the name (a GET, the default), or its
   * EndpointSlices (`sliceLookups`, to be declared), whose cost grows with all slices of the cluster.
   */
  readonly reads?: 'endpoints' | 'endpoint-slices';
  readonly ttl: Duration;
  /** How long a failed lookup is remembered before the API is asked again. */
  readonly negativeTtl: Duration;
  /**
   * With every further failure of the same name in a row that time doubles, up to this one; an answer ends it. What failed
   * because of the client-side limit counts as well. RFC 9520, 3.2: a resolver should lengthen the time, exponentially or in
   * even steps, to 5 min at most. Default: `negativeTtl`, so it stays the same. No jitter, since the RFC has none.
   */
  readonly maxNegativeTtl?: Duration | undefined;
  /** How long the instance waits for the API. */
  readonly lookupTimeout: Duration;
  /**
   * The client-side limit of each instance: questions wait for it in their order, and one that would wait longer than
   * `lookupTimeout` fails at once, as in client-go. Default: none.
   */
  readonly pace?: PaceOptions | undefined;
  /** How long an application waits for the instance before its own lookup fails. */
  readonly patience: Duration;
  /** How long after its TTL a record is still answered while the API cannot refresh it; 0 = off, `forever` = no limit. */
  readonly serveStale: Duration;
  /**
   * `immediate` (default): answered at once and refreshed afterwards. `verify`: applications wait for the refresh, and only
   * when it has failed is the stale record answered; they fail first where their patience ends before `lookupTimeout`.
   */
  readonly serveStaleMode?: 'immediate' | 'verify';
}

/** Under what name `sliceLookups` are declared. */
export const sliceLookupsName = 'registry-list-slices';

/**
 * Finding the slices of a Service: they have names of their own, so there is no GET for them, only a LIST by the label
 * `kubernetes.io/service-name`, and etcd knows no labels. Of the API server that is a quorum read of all slices.
 */
export function sliceLookups(names: number): DeclaredOperation {
  const form = { verb: 'list', resource: 'endpointslices', encoding: 'protobuf', matching: 1 / names } as const;
  return operationOf(sliceLookupsName, { ...form, selector: 'scanned' });
}

/** The longest time for which a resolver may remember a failure (RFC 9520, 3.2; RFC 2308, 7). */
export const longestNegativeTtl: Duration = minutes(5);

/** The negative TTLs after the first failure in a row, the second, and so on; the last one stays. */
export function negativeTtls({ negativeTtl: first, maxNegativeTtl: longest = first }: RegistryDnsOptions): Duration[] {
  if (longest !== first && !(longest > first && longest <= longestNegativeTtl)) {
    throw new RangeError(
      `maxNegativeTtl must be from negativeTtl, ${first} us, to 5 min, ${longestNegativeTtl} us, got ${longest} us`,
    );
  }
  const times = [first];
  while (times.at(-1)! < longest) times.push(waitAfter(times.length, { first, longest }));
  return times;
}
