/** Mitigations in what people do beyond the usual: steps and credentials of their playbook. */
import { defineMitigation, type Mitigation } from '../scenario/mitigation.ts';

/** Id of the step that `emergency-throttle` adds. */
const THROTTLE = 'emergency-throttle';

/** The agents, turned away at the door. */
export const emergencyThrottle: Mitigation = defineMitigation({
  id: 'emergency-throttle',
  theme: 'people',
  title: 'Emergency throttle by user agent',
  what: 'Once the cause is known, the proxy in front of the API servers lets no request of the agents through, or a few, and answers the rest with 429, without asking the API for anything.',
  costs: 'A proxy that knows user agents in front of every control plane, and a switch that is tried now and then.',
  leavesOut:
    'Everything up to the diagnosis; and a rate that a healthy server bears may be too much for one that has just started. People who had no playbook get the usual steps and this one: compare with operators.playbook {} where hairs are split.',
  parameters: {
    requestsPerSecond: {
      kind: 'number',
      default: 0,
      description: 'of all agents of a cluster together; 0 = none gets through',
    },
    time: { kind: 'duration', default: '2 min', description: 'from the diagnosis to the throttle' },
  },
  apply({ operators }, { requestsPerSecond, time }) {
    const playbook = operators.playbook ?? {};
    const step = {
      id: THROTTLE,
      action: 'throttle-user-agent' as const,
      requestsPerSecond: Math.max(0, requestsPerSecond),
      time,
      crew: 0,
    };
    // A document that calls a step of its own so has said what it means by it.
    if (playbook.steps?.some(({ id, action }) => (id ?? action) === THROTTLE) === true) return;
    const others = (playbook.also ?? []).filter(({ id }) => id !== THROTTLE);
    operators.playbook = { ...playbook, also: [...others.slice(0, 19), step] };
  },
});

/** Requests of operators past flow control. */
export const exemptOperators: Mitigation = defineMitigation({
  id: 'exempt-operators',
  theme: 'people',
  title: 'Exempt level for operators',
  what: 'Operators hold a certificate of the group system:masters, whose requests flow control exempts: they wait in no queue.',
  costs: 'A credential that nothing restrains, to be locked away and audited.',
  leavesOut:
    'A server without memory or CPU answers nobody, exempt or not. Operators without a playbook have such a certificate as it is.',
  parameters: {},
  apply({ operators: { playbook } }) {
    if (playbook?.credential === 'admin') playbook.credential = 'system-masters';
  },
});
