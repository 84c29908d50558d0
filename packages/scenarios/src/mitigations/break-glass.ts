/** Mitigation: a way in that the load of the cluster cannot close. */
import { defineMitigation, type Mitigation } from '../scenario/mitigation.ts';
import { type StepDraft, writtenSteps } from './playbook-steps.ts';

/** Steps that are requests to the API servers. */
const apiActions: readonly StepDraft['action'][] = ['roll-back', 'delete-daemonset', 'flow-schema', 'revoke-role'];

/** One more API server per cluster, outside the balancer. */
export const breakGlass: Mitigation = defineMitigation({
  id: 'break-glass',
  theme: 'people',
  title: 'Break-glass API server',
  what: 'Each cluster has an API server outside the balancer that only operators and controllers use, over a way of its own that no block of the network closes, so its cores and memory are free when the others drown.',
  costs: 'A machine per cluster that holds the whole watch cache and is idle until the day it is needed.',
  leavesOut:
    'It shares etcd with the others, so an etcd that drowns closes this door too; it prevents nothing, and nodes still learn of the deletion through the servers that drown.',
  parameters: {
    cores: { kind: 'number', default: 8, description: 'cores of each break-glass server' },
    memory: { kind: 'text', default: '96 GiB', description: 'its memory; must exceed what an idle API server holds' },
  },
  apply(draft, { cores, memory }) {
    const { operators } = draft;
    operators.breakGlass = { cores, memory };
    for (const step of writtenSteps(operators)) if (apiActions.includes(step.action)) step.path = 'break-glass';
  },
});
