/** Mitigations in what people see, how fast they are, and what they can do. */
import { idsBefore } from '../operations/playbook/conditions.ts';
import { defineMitigation, type Mitigation, type ScenarioDraft } from '../scenario/mitigation.ts';
import { hasUsualSteps, writtenSteps } from './playbook-steps.ts';
import { isLonger, shareOf } from './stated.ts';

/** Name of the rule that `earlier-alert` adds. */
const MEMORY_ALERT = 'API server memory';

/** The right thing, sooner. */
export const earlierAlert: Mitigation = defineMitigation({
  id: 'earlier-alert',
  theme: 'people',
  title: 'Earlier alert on the right KPI',
  what: 'A page on the memory of the largest API server, which rises before anything fails, at the first scrape that sees it; people come before clients see errors.',
  costs: 'Pages in the night for a server that would have borne it.',
  leavesOut:
    'People are called sooner, and not faster once they are: where memory fills, and the kernel empties it, between two scrapes, it is no earlier than the errors.',
  parameters: {
    memory: { kind: 'share', default: 0.7, description: 'share of the memory limit above which it pages' },
    hold: {
      kind: 'duration',
      default: '0 s',
      description: 'how long it must hold; a killed server has forgotten its memory',
    },
  },
  apply({ operators }, { memory, hold }) {
    const rule = { name: MEMORY_ALERT, metric: 'apiserver_memory_share' as const, above: memory, for: hold };
    const rules = operators.alerts ?? [];
    const isThere = rules.some(({ name }) => name === MEMORY_ALERT);
    if (!isThere && rules.length >= 100) return;
    operators.alerts = isThere ? rules.map((one) => (one.name === MEMORY_ALERT ? rule : one)) : [...rules, rule];
  },
});

/** Users go where it works. */
export const trafficShift: Mitigation = defineMitigation({
  id: 'traffic-shift',
  theme: 'people',
  title: 'Faster steering, more headroom',
  what: 'Traffic leaves a failing cluster sooner after the diagnosis, and the others can take more of it.',
  costs: 'Capacity that is idle on every other day in every cluster.',
  leavesOut: 'Where all clusters fail together there is nowhere to go; the control plane is as lost as before.',
  parameters: {
    steering: { kind: 'duration', default: '2 min', description: 'from diagnosis to the first traffic moved, at most' },
    headroom: { kind: 'share', default: 1, description: 'traffic a cluster can take beyond its own, at least' },
  },
  apply({ operators, users }, { steering, headroom }) {
    if (hasUsualSteps(operators) && isLonger(operators.steering, steering)) operators.steering = steering;
    for (const step of writtenSteps(operators)) {
      if (step.action === 'steer-traffic' && isLonger(step.time, steering)) step.time = steering;
    }
    if ((shareOf(users.headroom) ?? 1) < headroom) users.headroom = headroom;
  },
});

/** The three recoveries, singly, in pairs, together. */
export const recoveryActions: Mitigation = defineMitigation({
  id: 'recovery-actions',
  theme: 'people',
  title: 'Only these recovery actions',
  what: 'People attack a lost cluster by the named means only: scale-down (fewer nodes ask), block-admin-api (nobody asks), scale-up (larger API servers).',
  costs: 'The others are not tried; one that the document does not have takes the stated time.',
  leavesOut:
    'Which of them people would choose; it is a question to the model rather than advice. From a playbook of its own the document loses steps of the other means and those that wait for them, and gains none.',
  parameters: {
    use: {
      kind: 'names',
      default: ['block-admin-api'],
      options: ['scale-down', 'block-admin-api', 'scale-up'],
      description: 'means that are used: scale-down/block-admin-api/scale-up',
    },
    takes: { kind: 'duration', default: '30 min', description: 'time of a means that the document leaves out' },
  },
  apply({ operators }, { use, takes }) {
    const { recovery, playbook } = operators;
    for (const [name, key] of hasUsualSteps(operators) ? recoveries : []) {
      if (recovery === undefined) continue;
      if (!use.includes(name)) recovery[key] = null;
      else if (recovery[key] === null) recovery[key] = takes;
    }
    const dropped = recoveries.filter(([name]) => !use.includes(name)).map(([, , action]) => action);
    if (playbook?.steps !== undefined) dropSteps(playbook, dropped);
  },
});

type Playbook = NonNullable<ScenarioDraft['operators']['playbook']>;

/** Takes steps out of a playbook, and with them those that wait for one of them. A playbook needs a step: one stays. */
function dropSteps(playbook: Playbook, actions: readonly string[]): void {
  let steps = playbook.steps ?? [];
  const gone = new Set(steps.filter(({ action }) => actions.includes(action)).map(({ id, action }) => id ?? action));
  for (let size = -1; size !== gone.size; ) {
    size = gone.size;
    for (const { id, action, when = {} } of steps) {
      if (idsBefore(when).some((one) => gone.has(one))) gone.add(id ?? action);
    }
  }
  steps = steps.filter(({ id, action }) => !gone.has(id ?? action));
  if (gone.size > 0 && steps.length > 0) playbook.steps = steps;
}

const recoveries = [
  ['scale-down', 'scaleDown', 'scale-cluster-down'],
  ['block-admin-api', 'blockAdminApi', 'block-admin-api'],
  ['scale-up', 'scaleUp', 'scale-api-servers-up'],
] as const;
