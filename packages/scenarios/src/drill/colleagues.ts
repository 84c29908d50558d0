/**
 * Who does what nobody's role covers: simulated colleagues, by those steps of the document's playbook that are left to them.
 * The document of a drill is the document with that part of its playbook and nothing else changed; without any step left
 * nobody works.
 */
import type { PlaybookStep } from '../operations/playbook/playbook.ts';
import type { Scenario, ScenarioDocument } from '../scenario/document.ts';
import type { PlaybookStepDocument } from '../scenario/sections/playbook-step.ts';
import { abilityFor } from './buttons.ts';
import type { Difficulty } from './difficulty.ts';
import type { Ability } from './roles.ts';
import { usualSteps } from './usual-steps.ts';

/** The document that a drill runs, and whether anybody is at work in it. */
export interface DrillDocument {
  readonly document: ScenarioDocument;
  readonly crew: 'simulated' | 'none';
}

/** Steps that move users or stop a rollout, and leave the clusters alone. */
const outer: readonly PlaybookStep['action']['action'][] = ['stop-rollout', 'steer-traffic', 'move-traffic'];

/** See the head of this file. `held` is what trainees are able to do themselves. */
export function drillDocument(
  document: ScenarioDocument,
  scenario: Scenario,
  who: Difficulty['colleagues'],
  held: ReadonlySet<Ability>,
): DrillDocument {
  if (who === 'nobody') return { document, crew: 'none' };
  const { playbook } = document.operators;
  const read = scenario.operators.playbook;
  const steps = playbook?.steps ?? usualSteps(document);
  const kept = [
    ...steps.filter((step, index) => isLeftTo(who, held, step, read?.steps?.[index])),
    ...(playbook?.also ?? []).filter((step, index) => isLeftTo(who, held, step, read?.also?.[index])),
  ];
  if (!kept.some(isWork)) return { document, crew: 'none' };
  const ids = kept.map(idOf);
  const left = kept.map((step) => withoutOthers(step, ids));
  const { also: _, ...rest } = playbook ?? {};
  return {
    document: { ...document, operators: { ...document.operators, playbook: { ...rest, steps: left } } },
    crew: 'simulated',
  };
}

/** `read` is the step as it was read, with its path; the usual steps say theirs. */
function isLeftTo(
  who: Difficulty['colleagues'],
  held: ReadonlySet<Ability>,
  step: PlaybookStepDocument,
  read: PlaybookStep | undefined,
): boolean {
  const { action } = step;
  const ability = abilityFor(action, read?.path ?? step.path);
  if (ability === undefined) return who === 'all';
  return !held.has(ability) && (who === 'all' || outer.includes(action));
}

/** Anything but what people do among themselves. */
function isWork({ action }: PlaybookStepDocument): boolean {
  return action !== 'take-on' && action !== 'hand-back' && action !== 'verify';
}

function idOf(step: PlaybookStepDocument): string {
  return step.id ?? step.action;
}

const lists = ['succeeded', 'failed', 'gaveUp', 'started', 'ended'] as const;

/** A step that waits for others waits only for those that are left: nobody tells it about the rest. */
function withoutOthers(step: PlaybookStepDocument, ids: readonly string[]): PlaybookStepDocument {
  if (step.when === undefined) return step;
  const when: Record<string, unknown> = { ...step.when };
  for (const list of lists) {
    const left = step.when[list]?.filter((id) => ids.includes(id)) ?? [];
    if (left.length > 0) when[list] = left;
    else delete when[list];
  }
  return { ...step, when } as PlaybookStepDocument;
}
