/** The conditions of a step that are about other steps. */
import { noCause } from '../chronicle.ts';
import type { Assignment } from './assignment.ts';
import type { StepConditions } from './playbook.ts';

/** Finds what became of another step, of the same cluster or of none. */
export type FindAssignment = (id: string) => Assignment;

/** The lists of a condition that name other steps. */
export type StepList = 'succeeded' | 'failed' | 'gaveUp' | 'started' | 'ended';

const lists: Readonly<Record<StepList, (other: Assignment) => boolean>> = {
  succeeded: (other) => other.state === 'succeeded',
  failed: (other) => other.failures > 0,
  gaveUp: (other) => other.state === 'gave-up',
  started: (other) => other.hasStarted,
  ended: (other) => other.hasEnded,
};

/** Their names. */
export const listNames: readonly StepList[] = Object.keys(lists) as StepList[];

/** Ids of all steps that a step waits for. */
export function idsBefore(when: { readonly [Name in StepList]?: readonly string[] | undefined }): string[] {
  return listNames.flatMap((name) => when[name] ?? []);
}

/** Whether all of them have come as far as they must. */
export function stepsHold(when: StepConditions, find: FindAssignment): boolean {
  return listNames.every((name) => (when[name] ?? []).every((id) => lists[name](find(id))));
}

/** The latest note about any of them; `noCause` when there is none. */
export function noteBefore(when: StepConditions, find: FindAssignment): number {
  return Math.max(noCause, ...idsBefore(when).map((id) => find(id).note));
}
