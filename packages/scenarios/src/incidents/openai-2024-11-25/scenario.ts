/**
 * The outage of 25 November 2024 as causes: labels of namespaces are changed in all clusters at once, and the networking agent
 * of every node writes anew what it keeps in the API about each of its pods. Every other agent watches those objects, so the
 * number of deliveries grows with the square of the cluster. Clusters, machines, names, people and their times are those of 11
 * December 2024, unchanged.
 */
import { kubernetes2024 } from '../../scenario/defaults.ts';
import { assumed, derived, documented } from '../../scenario/provenance.ts';
import type { ScenarioDocument } from '../../scenario/document.ts';
import { statedFrom } from '../../experiment/prior.ts';
import { priors as shared } from '../openai-2024-12-11/priors.ts';
import { openai20241211 as december } from '../openai-2024-12-11/scenario.ts';
import { publishedFacts } from './facts.ts';
import { priors } from './priors.ts';

const onlyRatios = 'only ratios matter';
const lookups = statedFrom(shared.lookupsPerRequest);

/** The document. */
export const openai20241125: ScenarioDocument = {
  ...december,
  id: 'openai-2024-11-25',
  title: 'OpenAI, 25 November 2024: namespace labels',
  summary:
    'Labels of namespaces change in every cluster at once; the networking agent of each node writes its pods anew, every agent hears of every write, and the control planes of the large clusters have the square of their size to deliver.',
  clock: { zero: '2024-11-25T10:15:00-08:00', zone: 'PST' },
  horizon: { start: '-10 min', end: '5 h' },
  // Watch caches, their watchers and those who fall behind are what this day is about: the parts of a release in full.
  kubernetes: { ...kubernetes2024, crashBackoff: december.kubernetes.crashBackoff, profile: '2024' },
  agent: {
    name: 'network-agent',
    namespace: 'kube-system',
    configuration: {
      delay: { distribution: 'exponential', mean: statedFrom(priors.changeDelay) },
    },
    list: {
      resourceVersion: '0',
      encoding: 'json',
      selector: 'none',
    },
    period: documented('10 s', 'run interval of the controller of an endpoint (cilium, endpointsynchronizer.go)'),
    periodJitter: 0,
    timeout: statedFrom(shared.agentTimeout),
    startDelay: '0 s',
    requests: [
      { kind: 'watch' },
      {
        kind: 'write',
        perChange: derived(
          shared.podsPerNode.value * priors.writesPerPod.value,
          'pods on a node, with the writes that each needs',
        ),
        tellsAgents: true,
      },
    ],
    rateLimit: {
      qps: documented(10, 'cilium: default of --k8s-client-qps'),
      burst: documented(20, 'cilium: default of --k8s-client-burst'),
    },
  },
  rollout: {
    waves: [{ clusters: december.clusters.map(({ id }) => String(id)), at: '0 min' }],
  },
  users: {
    headroom: statedFrom(shared.userHeadroom),
    products: [
      { id: 'paid', title: 'ChatGPT, paying users', requests: assumed('2000/s', onlyRatios), lookups },
      { id: 'enterprise', title: 'ChatGPT, enterprise users', requests: assumed('1000/s', onlyRatios), lookups },
      { id: 'free', title: 'ChatGPT, other users', requests: assumed('3000/s', onlyRatios), lookups },
      {
        id: 'api',
        title: 'API',
        requests: assumed('3000/s', onlyRatios),
        lookups: assumed(5, 'a shorter path than ChatGPT'),
      },
    ],
  },
  published: publishedFacts,
};
