/** Mitigations in the agent itself: what it asks for, in which encoding, and how often. */
import { defineMitigation, type Mitigation } from '../scenario/mitigation.ts';
import { isShorter } from './stated.ts';

/** LIST with `resourceVersion=0`. */
export const cachedList: Mitigation = defineMitigation({
  id: 'cached-list',
  theme: 'agents',
  title: 'Agents list from the watch cache',
  what: 'Agents send resourceVersion 0, so the API server answers from its watch cache: etcd is not asked, stored bytes are not decoded, and less memory is held per answer.',
  costs: 'An answer may be as old as the watch cache, seconds as a rule.',
  leavesOut:
    'The answer still grows with the cluster and is still encoded for every agent: a larger cluster fails all the same.',
  parameters: {},
  apply(draft) {
    draft.agent.list.resourceVersion = '0';
  },
});

/** LIST with a field selector on the own node. */
export const ownNodeSelector: Mitigation = defineMitigation({
  id: 'own-node-selector',
  theme: 'agents',
  title: 'Agents list only the pods of their own node',
  what: 'Agents send a field selector for their node, so the answer no longer grows with the cluster.',
  costs: 'An agent that needs the rest of the cluster must get it elsewhere.',
  leavesOut:
    'With resourceVersion unset etcd knows no selector: every pod is still read and decoded to answer with a few. Only together with cached-list does the cost stop growing.',
  parameters: {},
  apply(draft) {
    draft.agent.list.selector = 'own-node';
  },
});

/** The compact encoding. */
export const protobufAgents: Mitigation = defineMitigation({
  id: 'protobuf-agents',
  theme: 'agents',
  title: 'Agents ask for protobuf',
  what: 'Agents accept application/vnd.kubernetes.protobuf, which costs less to encode than JSON.',
  costs: 'Built-in types only: custom resources have no protobuf form.',
  leavesOut: 'The larger part of the cost, reading and decoding every pod, and most of the memory.',
  parameters: {},
  apply(draft) {
    draft.agent.list.encoding = 'protobuf';
  },
});

/** The same question less often. */
export const slowerAgents: Mitigation = defineMitigation({
  id: 'slower-agents',
  theme: 'agents',
  title: 'Agents ask less often',
  what: 'The time between two requests of an agent grows, and with it shrinks the steady load on the API servers.',
  costs: 'What the agents report is older.',
  leavesOut:
    'The first request of every new agent comes at the pace of the rollout, whatever the period: the burst that takes the memory is the same.',
  parameters: {
    period: { kind: 'duration', default: '10 min', description: 'time from one answer to the next request, at least' },
  },
  apply(draft, { period }) {
    const { agent } = draft;
    if (isShorter(agent.period, period)) agent.period = period;
    for (const request of agent.requests ?? []) {
      if (request.kind === 'list' && isShorter(request.period, period)) request.period = period;
    }
  },
});
