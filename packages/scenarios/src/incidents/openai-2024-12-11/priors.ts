/**
 * What is assumed about the incident with a range; what is assumed without one stands in the document. Nothing here was published. Each prior has a central value, which
 * the scenario uses, and a range within which we would not be surprised; sweeps draw from that range.
 */

import { type Prior, prior } from '../../experiment/prior.ts';

export type { Prior };

/** Priors that are plain numbers. */
export type NumberPrior =
  | 'podsPerNode'
  | 'servicesPerCluster'
  | 'apiServerCores'
  | 'dnsNodesPerInstance'
  | 'dnsQps'
  | 'lookupsPerRequest'
  | 'userHeadroom'
  | 'crew';

/** Priors that are times or sizes with a unit. */
export type TimePrior =
  | 'apiServerMemoryLarge'
  | 'connectionLifetime'
  | 'exitAfter'
  | 'startUpBytes'
  | 'startUpBytesPerSecond'
  | 'startUpTimeout'
  | 'agentPeriod'
  | 'agentTimeout'
  | 'agentStart'
  | 'dnsTtl'
  | 'dnsNegativeTtl'
  | 'dnsMaxNegativeTtl'
  | 'dnsLookupTimeout'
  | 'pagingMedian'
  | 'diagnosisMedian'
  | 'steeringMedian'
  | 'rollbackMedian'
  | 'rollbackPauseMedian'
  | 'escalationMedian'
  | 'blockMedian'
  | 'scaleUpMedian'
  | 'scaleDownMedian'
  | 'limitStartUpsMedian'
  | 'verificationMedian'
  | 'giveBackMedian';

/** Of the three ways out that are tried side by side. */
const calibrated =
  'calibrated: with escalation, the quickest of the three takes the published 80 min from the cause to the first cluster';

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
  dnsQps: prior(
    5,
    [5, 50],
    'client-go, DefaultQPS: a tier that asks 0.25 times a second on other days has no reason to change it',
  ),
  dnsNegativeTtl: prior('5 s', ['1 s', '30 s'], 'CoreDNS caches failures 5 s'),
  dnsMaxNegativeTtl: prior(
    '5 min',
    ['30 s', '5 min'],
    'RFC 9520, 3.2: a resolver lengthens the time while a failure persists, to 5 min at most; 30 s is the longest back-off of client-go',
  ),
  dnsLookupTimeout: prior('30 s', ['2 s', '30 s'], 'lookup timeout published for the incident of 4 December 2024'),
  lookupsPerRequest: prior(8, [3, 15], 'names a user request needs on its way through the services'),
  userHeadroom: prior(0.3, [0.1, 0.5], 'traffic the other clusters can take; not published'),
  connectionLifetime: prior(
    '3 min',
    ['15 s', '30 min'],
    'mean life of a pooled connection before its name is looked up again: 5 s (httpx) to 90 s (Go) where idle, 30 min at most in pools such as HikariCP; the middle on a log scale',
  ),
  exitAfter: prior('5 min', ['2 min', '15 min'], 'an instance without a connection it needs fails its probe and exits'),
  startUpBytes: prior(
    '10 GB',
    ['2 GB', '20 GB'],
    'what an instance downloads to start; a 17 GB image published in 2018',
  ),
  startUpBytesPerSecond: prior(
    '50 GB',
    ['20 GB', '100 GB'],
    'the resource limit that was saturated, for each cluster and second; not published',
  ),
  startUpTimeout: prior('10 min', ['5 min', '30 min'], 'after which a download is begun again; not published'),
  crew: prior(1, [1, 3], 'clusters worked on at once: hundreds of clusters stand behind the seven that are modelled'),
  pagingMedian: prior('1 min', ['30 s', '3 min'], 'from alert to a person at work'),
  diagnosisMedian: prior('3 min', ['1 min', '10 min'], 'published: alert 15:13, cause identified 15:16'),
  steeringMedian: prior('11 min', ['5 min', '20 min'], 'published: cause 15:16, traffic steered from 15:27'),
  rollbackMedian: prior(
    '10 min',
    ['3 min', '20 min'],
    'from knowing the cause to the first try to take the change back in a cluster: decide, revert, reach it; not published',
  ),
  rollbackPauseMedian: prior(
    '10 min',
    ['2 min', '30 min'],
    'between two tries in one cluster: few people, hundreds of clusters; not published',
  ),
  escalationMedian: prior(
    '30 min',
    ['15 min', '60 min'],
    'how long roll-back through the API is tried first; not published',
  ),
  blockMedian: prior('70 min', ['30 min', '120 min'], `to block a cluster's admin API at the network; ${calibrated}`),
  scaleUpMedian: prior('85 min', ['40 min', '150 min'], `to replace API servers by larger machines; ${calibrated}`),
  scaleDownMedian: prior('80 min', ['40 min', '150 min'], `to have the cloud take nodes away; ${calibrated}`),
  limitStartUpsMedian: prior(
    '20 min',
    ['10 min', '45 min'],
    'to see that starting services stand in their own way, and to let them in by turns; published as manual work',
  ),
  verificationMedian: prior(
    '35 min',
    ['10 min', '60 min'],
    'to make sure a cluster is well before the next; calibrated to the published 182 min from the first cluster to the last',
  ),
  giveBackMedian: prior(
    '15 min',
    ['5 min', '60 min'],
    'to have the cloud give back the nodes that it took from a cluster that is well again; not published',
  ),
};
