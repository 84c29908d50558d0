/** Mitigations in the API servers' own flow control: who may have how many seats. */
import { profileNamed, type ProfileName } from '../kubernetes/profiles/release.ts';
import { defineMitigation, type Mitigation, type ScenarioDraft } from '../scenario/mitigation.ts';
import { bareOf, numberOf } from './stated.ts';

/** Precedence of the schema: before those of service accounts (900, 9,000), behind those of the control plane (800). */
const PRECEDENCE = 850;

/** A priority level of the agents' own. */
export const agentPriorityLevel: Mitigation = defineMitigation({
  id: 'agent-priority-level',
  theme: 'flow control',
  title: 'Priority level for the agents',
  what: 'A FlowSchema puts the requests of the agents into a priority level of their own with few seats that can neither be lent nor borrowed; what finds no seat waits in a short queue or is refused with 429.',
  costs: 'Two objects to maintain per agent; agents that are served late, or not, on a busy day.',
  leavesOut:
    'Seats count requests, not bytes: a LIST may take 15 % of a level, so six or seven are admitted at once however small the level is, and their memory must fit. Agents are refused all day long where their load is too much.',
  parameters: {
    shares: {
      kind: 'count',
      default: 5,
      description: 'nominalConcurrencyShares; all default levels together have 245',
    },
    queues: { kind: 'count', default: 16, description: 'queues of the level; 0 = refuse at once' },
    queueLength: { kind: 'count', default: 10, description: 'requests that may wait in each queue' },
  },
  apply({ kubernetes, agent }, { shares, queues, queueLength }) {
    const name = `agents-${agent.name}`;
    const namespace = agent.namespace === 'kube-system' ? 'kube-system' : 'telemetry';
    kubernetes.priorityLevelConfigurations = put(kubernetes.priorityLevelConfigurations, {
      metadata: { name },
      spec: {
        type: 'Limited',
        limited: {
          nominalConcurrencyShares: shares,
          lendablePercent: 0,
          borrowingLimitPercent: 0,
          limitResponse:
            queues === 0
              ? { type: 'Reject' }
              : {
                  type: 'Queue',
                  queuing: { queues, handSize: Math.min(queues, 4), queueLengthLimit: Math.max(1, queueLength) },
                },
        },
      },
    });
    kubernetes.flowSchemas = put(kubernetes.flowSchemas, {
      metadata: { name },
      spec: {
        matchingPrecedence: PRECEDENCE,
        priorityLevelConfiguration: { name },
        distinguisherMethod: { type: 'ByUser' },
        rules: [
          {
            subjects: [{ kind: 'ServiceAccount', serviceAccount: { namespace, name: agent.name } }],
            resourceRules: [
              { verbs: ['*'], apiGroups: ['*'], resources: ['*'], namespaces: ['*'], clusterScope: true },
            ],
          },
        ],
      },
    });
  },
});

/** Fewer seats for everybody. */
export const fewerSeats: Mitigation = defineMitigation({
  id: 'fewer-seats',
  theme: 'flow control',
  title: 'Smaller seat limits',
  what: 'Each API server executes fewer requests at once, so fewer large answers are in memory together; the rest waits in queues or is refused.',
  costs: 'On a quiet day a machine that could do more; a busy day reaches the limit, and with it 429s, sooner.',
  leavesOut:
    'A LIST takes at most 10 seats (100 from 1.34 on) and 15 % of its level: below some 60 seats of the level it only becomes narrower, and as many are admitted at once; and the level of the agents borrows what others leave idle.',
  parameters: {
    reads: { kind: 'count', default: 100, description: '--max-requests-inflight, at most' },
    writes: { kind: 'count', default: 50, description: '--max-mutating-requests-inflight, at most' },
  },
  apply({ kubernetes }, { reads, writes }) {
    // The seats of a managed control plane belong to its provider.
    if (isManaged(kubernetes)) return;
    const flags = kubernetes.flags?.['kube-apiserver'];
    for (const [key, flag, limit] of [
      ['maxRequestsInflight', 'max-requests-inflight', Math.max(1, reads)],
      ['maxMutatingRequestsInflight', 'max-mutating-requests-inflight', writes],
    ] as const) {
      if ((numberOf(kubernetes[key]) ?? 0) > limit) kubernetes[key] = limit;
      if (flags !== undefined && (numberOf(flags[flag]) ?? 0) > limit) (flags as Record<string, unknown>)[flag] = limit;
    }
  },
});

/** Whether the document names a managed profile. */
export function isManaged({ profile }: ScenarioDraft['kubernetes']): boolean {
  const name = bareOf(profile);
  return typeof name === 'string' && name.startsWith('managed') && profileNamed(name as ProfileName).isManaged;
}

/** The list with this object in the place of the one of the same name, or at its end. */
function put<T extends { readonly metadata: { readonly name: string } }>(list: T[] | undefined, object: T): T[] {
  const found = list?.findIndex(({ metadata }) => metadata.name === object.metadata.name) ?? -1;
  if (found < 0) return [...(list ?? []), object];
  return list!.map((one, index) => (index === found ? object : one));
}
