/** What recipes need to know of a playbook: its steps, and whether they take the place of other keys of `operators`. */
import type { ScenarioDraft } from '../scenario/mitigation.ts';

type Operators = ScenarioDraft['operators'];

/** A step in a draft. */
export type StepDraft = NonNullable<NonNullable<Operators['playbook']>['steps']>[number];

/** All steps that a document writes down, those of `also` last; to be changed in place. */
export function writtenSteps({ playbook }: Operators): StepDraft[] {
  return [...(playbook?.steps ?? []), ...(playbook?.also ?? [])];
}

/**
 * Whether the usual steps are done. Where a document has `playbook.steps`, nothing reads `steering`, `escalation`,
 * `recovery`, `rollback.pause` and `rollback.requests` (scenario/build-operators.ts); `rollback.requestTimeout` is read always.
 */
export function hasUsualSteps({ playbook }: Operators): boolean {
  return playbook?.steps === undefined;
}
