/**
 * A branch: the same day under the same seed with something changed, beside the baseline. What is changed is data - assignments,
 * mitigations, actions of people from some time on - so a branch can be sent, and its difference shown before it is run: the
 * lines are made from immer's patches of the change itself. Both runs draw the same random numbers for the same purposes, so
 * what differs between them comes from the change, and until it has an effect they are the same run.
 */
import {
  type AppliedMitigation,
  applyMitigations,
  type Mitigation,
  parseMitigationList,
} from '../scenario/mitigation.ts';
import { scenarioJsonSchema } from '../scenario/parse.ts';
import { setPath } from '../scenario/path.ts';
import type { ScenarioDocument } from '../scenario/document.ts';

/** What a branch does to the document. */
export interface BranchChanges {
  /** `agent.period=5 min`, in this order and before the mitigations; default none. */
  readonly assignments?: readonly string[] | undefined;
  /** `staged-rollout:bake=30min`, in this order; default none. */
  readonly mitigations?: readonly string[] | undefined;
}

/** A document after the changes of a branch. */
export interface BranchDocument {
  readonly document: ScenarioDocument;
  readonly applied: readonly AppliedMitigation[];
  /** What the changes do, line by line: `agent.period: "60 s" -> "5 min"`. */
  readonly difference: readonly string[];
}

/** Does the changes. Throws `DocumentError` for those that cannot be done; the document that results is not checked. */
export function branchDocument(
  document: ScenarioDocument,
  { assignments = [], mitigations = [] }: BranchChanges,
  known: readonly Mitigation[],
): BranchDocument {
  const schema = scenarioJsonSchema();
  const difference: string[] = [];
  let changed = document;
  for (const assignment of assignments) {
    const assigned = setPath(changed, assignment, schema);
    changed = assigned.document;
    difference.push(...assigned.difference);
  }
  const chosen = mitigations.flatMap((text) => parseMitigationList(text, known));
  const mitigated = applyMitigations(changed, chosen);
  return {
    document: mitigated.document,
    applied: mitigated.applied,
    difference: [...difference, ...mitigated.applied.flatMap((one) => one.difference)],
  };
}
