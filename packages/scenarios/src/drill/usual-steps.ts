/** What the keys of `operators` say, written as the steps of a playbook: the same people doing the same, step by step. */
import type { ScenarioDocument } from '../scenario/document.ts';
import type { Stated } from '../scenario/provenance.ts';
import type { PlaybookStepDocument } from '../scenario/sections/playbook-step.ts';

type Time = PlaybookStepDocument['time'];

type Operators = ScenarioDocument['operators'];

const isGone = { unless: { agentsGone: true }, crew: 0 };
const taken = { succeeded: ['take-on'] };

/** See above; default-playbook.ts makes the same of a scenario in the form of the model. */
export function usualSteps({ operators }: ScenarioDocument): PlaybookStepDocument[] {
  const { steering, escalation, recovery, breakGlass } = operators;
  return [
    { action: 'stop-rollout', crew: 0 },
    { id: 'steer', action: 'steer-traffic', above: 0.01, calm: '10 min', crew: 0, ...timeOf(steering) },
    rollBack(operators, 'roll-back', breakGlass === null ? 'api' : 'break-glass'),
    {
      action: 'take-on',
      when: { ...(escalation === undefined ? {} : { wait: escalation }), state: { alertFiring: true } },
      unless: { agentsGone: true },
      crew: 1,
    },
    ...(recovery === undefined ? [] : recoverySteps(operators, recovery)),
    { action: 'hand-back', when: recovery === undefined ? taken : { ended: ['verify'] }, crew: 0 },
  ];
}

function recoverySteps(operators: Operators, recovery: NonNullable<Operators['recovery']>): PlaybookStepDocument[] {
  const { blockAdminApi, scaleUp, scaleUpFactor, scaleDown, scaleDownShare: share, verification } = recovery;
  const steps: PlaybookStepDocument[] = [];
  if (blockAdminApi !== null) {
    const inside = operators.breakGlass === null ? 'inside' : 'break-glass';
    const lifted = { succeeded: ['block'], state: { agentsGone: true } };
    steps.push(
      { id: 'block', action: 'block-admin-api', when: taken, ...isGone, ...timeOf(blockAdminApi) },
      { ...rollBack(operators, 'roll-back-inside', inside), when: { succeeded: ['block'] } },
      { id: 'unblock', action: 'unblock-admin-api', when: lifted, crew: 0 },
    );
  }
  if (scaleUp !== null) {
    const factor = scaleUpFactor as Stated<number>;
    steps.push({ id: 'scale-up', action: 'scale-api-servers-up', factor, when: taken, ...isGone, ...timeOf(scaleUp) });
  }
  if (scaleDown !== null) {
    const time = timeOf(scaleDown);
    steps.push({ id: 'scale-down', action: 'scale-cluster-down', share, when: taken, ...isGone, ...time });
  }
  const well = { ...taken, state: { agentsGone: true } };
  steps.push({ action: 'verify', looksAt: 'nothing', when: well, crew: 0, ...timeOf(verification) });
  return steps;
}

function rollBack({ rollback }: Operators, id: string, path: PlaybookStepDocument['path']): PlaybookStepDocument {
  const { pause, requests } = rollback;
  return {
    id,
    action: 'roll-back',
    path,
    crew: 0,
    retry: pause === undefined ? {} : { pause },
    ...(requests === undefined ? {} : { requests: requests as Stated<number> }),
  };
}

function timeOf(time: Time | null): { readonly time?: Time } {
  return time === null || time === undefined ? {} : { time };
}
