/** What is left to simulated colleagues: a part of the document's playbook, and no more than that. */
import { describe, expect, it } from 'vitest';
import { incidents } from '../incidents/index.ts';
import { parseScenario } from '../scenario/parse.ts';
import type { ScenarioDocument } from '../scenario/document.ts';
import { drillDocument } from './colleagues.ts';
import { abilities, type Ability } from './roles.ts';
import { smallDocument } from './testing/small-drill.ts';

const december = incidents.find(({ id }) => id === 'openai-2024-12-11')!.document();

function left(
  document: ScenarioDocument,
  who: 'all' | 'outer' | 'nobody',
  held: readonly Ability[],
): string[] | 'nobody' {
  const made = drillDocument(document, parseScenario(document, 'x'), who, new Set(held));
  if (made.crew === 'none') return 'nobody';
  // It must be a document that runs.
  parseScenario(made.document, 'drill');
  return made.document.operators.playbook!.steps!.map((step) => step.id ?? step.action);
}

describe('of a playbook that is written', () => {
  it('everything is left where trainees can do none of it', () => {
    expect(left(december, 'all', ['declare'])).toEqual(
      december.operators.playbook!.steps!.map((step) => step.id ?? step.action),
    );
  });

  it('the steps go that trainees can take themselves, and nobody waits for them', () => {
    expect(left(december, 'all', ['network', 'inside', 'kubectl-write', 'pipeline'])).toEqual([
      'steer-traffic',
      'take-on',
      'scale-api-servers-up',
      'scale-cluster-down',
      'stop-scale-down',
      'limit-start-ups',
      'verify',
      'give-nodes-back',
      'hand-back',
    ]);
  });

  it('only what stops rollouts and moves users is left in part', () => {
    expect(left(december, 'outer', [])).toEqual(['stop-rollout', 'steer-traffic']);
    expect(left(december, 'outer', ['pipeline'])).toEqual(['steer-traffic']);
    expect(left(december, 'outer', ['pipeline', 'traffic'])).toBe('nobody');
  });

  it('nothing is left where trainees can do all of it', () => {
    expect(left(december, 'all', abilities)).toBe('nobody');
    expect(left(december, 'nobody', [])).toBe('nobody');
  });
});

it('a document without a playbook has the usual steps', () => {
  expect(left(smallDocument(), 'all', ['cloud'])).toEqual([
    'stop-rollout',
    'steer',
    'roll-back',
    'take-on',
    'block',
    'roll-back-inside',
    'unblock',
    'verify',
    'hand-back',
  ]);
});
