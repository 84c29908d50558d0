/** What people did on 11 December 2024: the steps as published, with times from priors.ts. */
import { type Prior, statedFrom } from '../../experiment/prior.ts';
import type { ScenarioDocument } from '../../scenario/document.ts';
import { assumed, type Sourced } from '../../scenario/provenance.ts';
import { priors } from './priors.ts';

/** A time people need: the median is a prior, and one in ten takes twice as long. */
export function humanTime(median: Prior<string>): { distribution: 'lognormal'; median: Sourced<string>; p90: string } {
  return { distribution: 'lognormal', median: statedFrom(median), p90: doubled(median.value) };
}

function doubled(text: string): string {
  const [amount, unit] = text.split(' ');
  return `${Number(amount) * 2} ${unit}`;
}

/** What people did, as published, in the order in which one thing makes sense after the other; times are priors. */
export const steps: NonNullable<ScenarioDocument['operators']['playbook']>['steps'] = [
  { action: 'stop-rollout', crew: 0 },
  {
    action: 'steer-traffic',
    above: assumed(0.05, 'errors that no longer look like noise'),
    time: humanTime(priors.steeringMedian),
    crew: 0,
  },
  {
    action: 'roll-back',
    time: humanTime(priors.rollbackMedian),
    crew: 0,
    retry: { pause: humanTime(priors.rollbackPauseMedian) },
  },
  {
    action: 'take-on',
    when: { wait: humanTime(priors.escalationMedian), state: { alertFiring: true } },
    unless: { agentsGone: true },
  },
  {
    action: 'block-admin-api',
    time: humanTime(priors.blockMedian),
    when: { succeeded: ['take-on'] },
    unless: { agentsGone: true },
    crew: 0,
  },
  {
    id: 'delete-inside',
    action: 'delete-daemonset',
    path: 'inside',
    when: { succeeded: ['block-admin-api'] },
    crew: 0,
  },
  {
    id: 'let-nodes-in',
    action: 'block-admin-api',
    letThrough: 'system',
    when: { succeeded: ['delete-inside'], wait: '2 min' },
    crew: 0,
  },
  {
    action: 'unblock-admin-api',
    when: { succeeded: ['let-nodes-in'], state: { agentsGone: true } },
    crew: 0,
  },
  {
    action: 'scale-api-servers-up',
    factor: assumed(2, 'the next machine size but one'),
    time: humanTime(priors.scaleUpMedian),
    when: { succeeded: ['take-on'] },
    unless: { agentsGone: true },
    crew: 0,
  },
  {
    action: 'scale-cluster-down',
    share: assumed(0.3, 'share of nodes given up; not published'),
    nodesPerMinute: assumed(100, 'what a cloud API takes away'),
    time: humanTime(priors.scaleDownMedian),
    when: { succeeded: ['take-on'] },
    unless: { agentsGone: true },
    crew: 0,
  },
  {
    action: 'stop-scale-down',
    when: { started: ['scale-cluster-down'], state: { agentsGone: true } },
    crew: 0,
  },
  {
    action: 'limit-start-ups',
    limit: assumed(500, 'starts at once: each is done well before its time-out'),
    time: humanTime(priors.limitStartUpsMedian),
    when: { succeeded: ['take-on'], state: { agentsGone: true, userErrorsAbove: 0.01 } },
    crew: 0,
  },
  {
    action: 'verify',
    time: humanTime(priors.verificationMedian),
    when: { succeeded: ['take-on'], state: { agentsGone: true } },
    crew: 0,
  },
  {
    action: 'give-nodes-back',
    nodesPerMinute: assumed(100, 'as fast as they were taken'),
    time: humanTime(priors.giveBackMedian),
    when: { succeeded: ['scale-cluster-down', 'verify'] },
    crew: 0,
  },
  { action: 'hand-back', when: { ended: ['verify'] }, crew: 0 },
];
