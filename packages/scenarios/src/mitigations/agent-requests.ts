/** Mitigations in what kind of request the agent sends, besides what its LIST asks for (agents.ts). */
import { defineMitigation, type Mitigation } from '../scenario/mitigation.ts';
import { numberOf } from './stated.ts';

/** Informers. */
export const watchingAgents: Mitigation = defineMitigation({
  id: 'watching-agents',
  theme: 'agents',
  title: 'Agents watch instead of listing',
  what: 'Each agent is an informer: it fills a store by one LIST from the watch cache and is told of changes from then on, so the steady load of LISTs is gone.',
  costs:
    'A copy of what it watches in the memory of every agent, and every change of a pod sent to every agent that watches all pods.',
  leavesOut:
    'The LIST at the start of every agent, which comes at the pace of the rollout; and the one after a break: when API servers die, all that watched there list again. Without kubernetes.profile the plain model sends no events.',
  parameters: {},
  apply({ agent }) {
    agent.mode = 'watch';
  },
});

/** LIST in pages. */
export const pagedList: Mitigation = defineMitigation({
  id: 'paged-list',
  theme: 'agents',
  title: 'Agents list in pages',
  what: 'The LIST is asked for in pages, one after the other (limit and continue), so no answer holds the memory of the whole cluster at once.',
  costs:
    'More requests and round trips for the same objects; a continue token lives for 5 to 10 minutes, and with kubernetes.profile an agent that needs longer asks for everything at once after all.',
  leavesOut:
    'CPU, of which pages take a little more. A LIST with resourceVersion 0 ignores the limit, so with cached-list there are no pages.',
  parameters: {
    limit: { kind: 'count', default: 500, description: 'objects of one page, at most, as kubectl has it' },
  },
  apply({ agent }, { limit }) {
    const now = numberOf(agent.list.limit);
    if (agent.list.limit === undefined || (now ?? 0) > limit) agent.list.limit = Math.max(1, limit);
  },
});

/** One asks for all. */
export const centralCollector: Mitigation = defineMitigation({
  id: 'central-collector',
  theme: 'agents',
  title: 'Central collector instead of one per node',
  what: 'A few collectors in each cluster watch the pods of all nodes and hand the agents what they need, so the API servers see a handful of clients whatever the size of the cluster.',
  costs: 'A service of its own to run and to scale, which the agents depend on.',
  leavesOut:
    'What else the agents ask the API for in truth; the collector as a single point of failure of telemetry. Agents that fetch a configuration after each change stay as they are.',
  parameters: {
    collectors: { kind: 'count', default: 2, description: 'collectors per cluster' },
  },
  apply({ agent }, { collectors }) {
    // Agents with a configuration to fetch, each for its node, ask themselves whatever else there is.
    if (new Map<string, unknown>(Object.entries(agent)).get('configuration') !== undefined) return;
    agent.collectors = Math.min(100, Math.max(1, collectors));
    agent.mode = 'watch';
  },
});
