/** Mitigations in what people do beyond the usual: steps and credentials of their playbook. */
import { defineMitigation, type Mitigation } from '../scenario/mitigation.ts';
import { isLonger } from './stated.ts';

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
    'Everything up to the diagnosis; and a rate that a healthy server bears may be too much for one that has just started. People who had no playbook get the usual steps and this one: for an exact comparison give the baseline operators.playbook {} as well.',
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

/** Id of the step that `warm-caches` adds. */
const WARM = 'warm-caches';

/** Downloads near by when they are needed. */
export const warmCaches: Mitigation = defineMitigation({
  id: 'warm-caches',
  theme: 'people',
  title: 'Caches warmed during the outage',
  what: 'Once the cause is known, people put what starting instances download into caches near each affected cluster, so that most of it no longer comes through the limit that all of a cluster share.',
  costs: 'People and bandwidth while both are short; a procedure that is rehearsed.',
  leavesOut:
    'Instances that download already go on as they began. Caches that are warm before the day are start-up-cache. Without start-up downloads in the document it changes nothing, and people who had no playbook get the usual steps and this one.',
  parameters: {
    time: { kind: 'duration', default: '15 min', description: 'from the diagnosis to warm caches, at most' },
  },
  apply({ operators, dataPlane }, { time }) {
    if (dataPlane?.startUp?.download === undefined) return;
    const playbook = operators.playbook ?? {};
    const steps = [...(playbook.steps ?? []), ...(playbook.also ?? [])];
    const own = steps.filter(({ action }) => action === 'warm-caches');
    for (const step of own) if (isLonger(step.time, time)) step.time = time;
    if (own.length > 0 || steps.some(({ id }) => id === WARM)) return;
    const step = { id: WARM, action: 'warm-caches' as const, time, crew: 0 };
    operators.playbook = { ...playbook, also: [...(playbook.also ?? []).slice(0, 19), step] };
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
    'A server without memory or CPU answers nobody, exempt or not. Operators without a playbook, or with one that does not say `credential: admin`, have such a certificate as it is.',
  parameters: {},
  apply({ operators: { playbook } }) {
    if (playbook?.credential === 'admin') playbook.credential = 'system-masters';
  },
});
