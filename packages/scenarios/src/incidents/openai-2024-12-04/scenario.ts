/**
 * The two outages of 4 December 2024 as causes: the global balancer refuses the API's requests for four minutes; later an
 * upgrade of a DNS cache leaves the identity system without answers for an hour and a half, and every request waits out a
 * lookup before it goes on with an old address. Who gives up meanwhile is a matter of patience. No control plane is involved, so
 * one cluster stands for all.
 */
import { kubernetes2024, measuredCosts } from '../../scenario/defaults.ts';
import { assumed, documented } from '../../scenario/provenance.ts';
import type { ScenarioDocument } from '../../scenario/document.ts';
import { statedFrom } from '../../experiment/prior.ts';
import { openai20241211 as december } from '../openai-2024-12-11/scenario.ts';
import { publishedFacts } from './facts.ts';
import { priors } from './priors.ts';

/** The people of the week after, without what only helps where starting instances download something. */
const operators: ScenarioDocument['operators'] = {
  ...december.operators,
  playbook: {
    ...december.operators.playbook,
    steps: december.operators.playbook?.steps?.filter(({ action }) => action !== 'limit-start-ups'),
  },
};

const report = 'OpenAI Status, incident of 4 December 2024';
const standsForAll = 'control planes take no part in this: one quiet cluster stands for all';

/** The document. */
export const openai20241204: ScenarioDocument = {
  version: 1,
  id: 'openai-2024-12-04',
  title: 'OpenAI, 4 December 2024: load balancer and DNS cache',
  summary:
    'The global balancer refuses the API for four minutes; then an upgrade of a DNS cache makes every request wait for a lookup of 30 seconds, and impatient clients give up.',
  clock: { zero: '2024-12-04T15:48:00-08:00', zone: 'PST' },
  horizon: { start: '-10 min', end: '150 min' },
  kubernetes: { ...kubernetes2024, heartbeats: 'aggregated' },
  costs: measuredCosts,
  clusters: [
    {
      id: 'production',
      nodes: assumed(150, standsForAll),
      podsPerNode: assumed(10, standsForAll),
      services: assumed(300, standsForAll),
      traffic: 1,
      apiServers: { replicas: 3, cores: assumed(4, standsForAll), memory: assumed('16 GiB', standsForAll) },
      etcd: { members: 3, cores: 4, memory: '16 GiB' },
      coreDnsReplicas: 10,
    },
  ],
  agent: {
    name: 'none',
    namespace: 'other',
    list: { resourceVersion: '0', encoding: 'json', selector: 'own-node' },
    period: '60 s',
    periodJitter: 0,
    timeout: '60 s',
    startDelay: '15 s',
  },
  rollout: null,
  dns: { registry: null },
  users: {
    headroom: 0.3,
    products: [
      {
        id: 'api',
        title: 'API',
        requests: assumed('3000/s', 'only ratios matter'),
        lookups: 5,
        patience: {
          distribution: 'lognormal',
          median: statedFrom(priors.apiPatienceMedian),
          p90: statedFrom(priors.apiPatienceP90),
        },
      },
      {
        id: 'chatgpt',
        title: 'ChatGPT',
        requests: assumed('6000/s', 'only ratios matter'),
        lookups: 8,
        // Published: in ChatGPT people saw a wait of 30 s, and then the answer. Nobody is said to have given up.
      },
    ],
  },
  operators,
  faults: [
    {
      kind: 'balancer-refuses',
      at: '0 min',
      until: documented('4 min', report),
      products: ['api'],
      share: documented(1, report),
    },
    {
      kind: 'names-unresolvable',
      at: documented('19 min', report),
      until: documented('109 min', report),
      share: statedFrom(priors.identityShare),
      lookupTimeout: documented('30 s', report),
      fallback: 'stale',
    },
  ],
  published: publishedFacts,
};
