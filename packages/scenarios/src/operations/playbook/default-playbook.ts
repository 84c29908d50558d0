/**
 * What operators did before there were playbooks, as one: the change is taken back through the API, again and again; after
 * the escalation a team takes each cluster on whose alert still fires, and tries three other ways side by side; when the
 * agents are gone it lifts its block and makes sure that the cluster is well.
 */
import { minutes, noTime } from '@brownout/core';
import type { HumanTime, OperatorsOptions } from '../operators.ts';
import type { PlaybookAction, PlaybookStep, StepConditions, StepPath } from './playbook.ts';

const atOnce: HumanTime = { sample: () => noTime };

/** Steps that do what the fields say. */
export function defaultSteps(options: OperatorsOptions, hasBreakGlass: boolean): PlaybookStep[] {
  const { blockAdminApi, scaleUp, scaleUpFactor: factor, scaleDown, scaleDownShare: share, verification } = options;
  const steps: PlaybookStep[] = [
    { ...step('stop-rollout', { action: 'stop-rollout' }, 'tools'), scope: 'once' },
    {
      ...step('steer', { action: 'steer-traffic', above: 0.01, calm: minutes(10) }, 'tools'),
      scope: 'once',
      time: options.steering,
    },
    rollBack('roll-back', hasBreakGlass ? 'break-glass' : 'api', {}, options),
    {
      ...step('take-on', { action: 'take-on' }, 'tools', { wait: options.escalation, state: { alertFiring: true } }),
      unless: { agentsGone: true },
      crew: 1,
    },
  ];
  const taken: StepConditions = { succeeded: ['take-on'] };
  const other = (id: string, action: PlaybookAction, path: StepPath, time: HumanTime | null): void => {
    if (time !== null) steps.push({ ...step(id, action, path, taken), unless: { agentsGone: true }, time });
  };
  other('block', { action: 'block-admin-api' }, 'network', blockAdminApi);
  other('scale-up', { action: 'scale-api-servers-up', factor, manner: 'in-place' }, 'cloud-api', scaleUp);
  other('scale-down', { action: 'scale-cluster-down', share, nodesPerMinute: Infinity }, 'cloud-api', scaleDown);
  if (blockAdminApi !== null) {
    const blocked: StepConditions = { succeeded: ['block'] };
    steps.push(rollBack('roll-back-inside', hasBreakGlass ? 'break-glass' : 'inside', blocked, options));
    const lifted: StepConditions = { ...blocked, state: { agentsGone: true } };
    steps.push(step('unblock', { action: 'unblock-admin-api' }, 'network', lifted));
  }
  const well: StepConditions = { ...taken, state: { agentsGone: true } };
  steps.push({ ...step('verify', { action: 'verify', looksAt: 'nothing' }, 'tools', well), time: verification });
  steps.push(step('hand-back', { action: 'hand-back' }, 'tools', { ended: ['verify'] }));
  return steps;
}

/** A step that takes nobody and no time, is never dropped and tried once a minute. */
function step(id: string, action: PlaybookAction, path: StepPath, when: StepConditions = {}): PlaybookStep {
  const retry = { pause: { sample: () => minutes(1) }, attempts: Infinity };
  return { id, action, path, scope: 'affected', time: atOnce, when, unless: {}, failureChance: 0, retry, crew: 0 };
}

function rollBack(id: string, path: StepPath, when: StepConditions, options: OperatorsOptions): PlaybookStep {
  return {
    ...step(id, { action: 'roll-back' }, path, when),
    retry: { pause: options.rollbackPause, attempts: Infinity },
    requests: options.rollbackRequests,
  };
}
