/**
 * The one table of what is assumed about the incident: nothing here was published. Each prior has a central value, which
 * the scenario uses, and a range within which we would not be surprised; sweeps draw from that range.
 */

import type { Prior } from '../../experiment/prior.ts';

export type { Prior };

function prior<T extends string | number>(value: T, range: readonly [T, T], note: string): Prior<T> {
  return { value, range, note };
}

/** Priors that are plain numbers. */
export type NumberPrior =
  | 'podsPerNode'
  | 'servicesPerCluster'
  | 'apiServerCores'
  | 'dnsNodesPerInstance'
  | 'lookupsPerRequest'
  | 'userHeadroom'
  | 'crew';

/** Priors that are times or sizes with a unit. */
export type TimePrior =
  | 'apiServerMemoryLarge'
  | 'agentPeriod'
  | 'agentTimeout'
  | 'agentStart'
  | 'dnsTtl'
  | 'dnsNegativeTtl'
  | 'dnsLookupTimeout'
  | 'pagingMedian'
  | 'diagnosisMedian'
  | 'steeringMedian'
  | 'escalationMedian'
  | 'blockMedian'
  | 'scaleUpMedian'
  | 'scaleDownMedian'
  | 'verificationMedian';

/** Everything assumed about the incident. */
export const priors: Record<NumberPrior, Prior<number>> & Record<TimePrior, Prior<string>> = {
  podsPerNode: prior(10, [5, 30], 'GPU nodes run few, large pods; no figure published'),
  servicesPerCluster: prior(300, [100, 1000], 'names looked up through the tier; no figure published'),
  apiServerCores: prior(32, [16, 64], 'dedicated machines outside the cluster; size not published'),
  apiServerMemoryLarge: prior(
    '96 GiB',
    ['80 GiB', '160 GiB'],
    'must exceed the 70 GB heap published for 7,500 nodes in 2021',
  ),
  agentPeriod: prior('60 s', ['15 s', '120 s'], 'a usual collection interval; not published'),
  agentTimeout: prior('60 s', ['10 s', '60 s'], 'the API server gives up after 60 s; not published'),
  agentStart: prior('15 s', ['5 s', '60 s'], 'image pull and start of a small agent'),
  dnsTtl: prior(
    '20 min',
    ['10 min', '30 min'],
    'published: records ran out over the following 20 minutes; their TTL was not',
  ),
  dnsNodesPerInstance: prior(100, [10, 500], 'size of the assumed registry-backed tier'),
  dnsNegativeTtl: prior('5 s', ['1 s', '30 s'], 'CoreDNS caches failures 5 s'),
  dnsLookupTimeout: prior('30 s', ['2 s', '30 s'], 'lookup timeout published for the incident of 4 December 2024'),
  lookupsPerRequest: prior(8, [3, 15], 'names a user request needs on its way through the services'),
  userHeadroom: prior(0.3, [0.1, 0.5], 'traffic the other clusters can take; not published'),
  crew: prior(2, [1, 6], 'clusters worked on at once, scaled to the number of clusters modelled'),
  pagingMedian: prior('1 min', ['30 s', '3 min'], 'from alert to a person at work'),
  diagnosisMedian: prior('3 min', ['1 min', '10 min'], 'published: alert 15:13, cause identified 15:16'),
  steeringMedian: prior('11 min', ['5 min', '20 min'], 'published: cause 15:16, traffic steered from 15:27'),
  escalationMedian: prior(
    '30 min',
    ['15 min', '60 min'],
    'how long roll-back through the API is tried first; not published',
  ),
  blockMedian: prior('40 min', ['15 min', '75 min'], "to block a cluster's admin API at the network; not published"),
  scaleUpMedian: prior('50 min', ['20 min', '90 min'], 'to replace API servers by larger machines; not published'),
  scaleDownMedian: prior('45 min', ['20 min', '90 min'], 'to have the cloud take nodes away; not published'),
  verificationMedian: prior('20 min', ['5 min', '40 min'], 'to make sure a cluster is well before the next'),
};
