/** The recovery actions singly, in pairs and together, to twelve hours after the trigger. */
import type { PlanSize, Studied } from '../incident-plan.ts';
import { fixedVariant, type TablePlan } from '../plan.ts';
import { nameOf, recoveryActions, type RecoveryAction, stepOf, untilAtLeast, withRecovery } from './variations.ts';

/** Counterfactuals may take far longer than the incident did. */
const horizon = '12 h';

const names: Readonly<Record<RecoveryAction, string>> = {
  blockAdminApi: 'block the admin API',
  scaleUp: 'scale API servers up',
  scaleDown: 'scale the cluster down',
};

/** All three, then each subset down to none; only actions that the incident's operators have at all. */
export function recoveryTable({ incident }: Studied, { replications }: PlanSize): TablePlan {
  const document = untilAtLeast(incident.document(), horizon);
  const steps = document.operators.playbook?.steps;
  const present = recoveryActions.filter((action) =>
    steps === undefined
      ? (document.operators.recovery?.[action] ?? null) !== null
      : steps.some((step) => step.action === stepOf[action]),
  );
  return {
    id: 'recovery',
    title: 'recovery actions',
    variants: subsets(present).map((kept) =>
      fixedVariant(
        kept.length === 0 ? 'none' : kept.map(nameOf).join('+'),
        kept.length === 0 ? 'none: roll-back through the API alone' : kept.map((action) => names[action]).join(' + '),
        replications,
        withRecovery(document, kept),
      ),
    ),
  };
}

/** Largest first, each in the order of the list. */
function subsets(actions: readonly RecoveryAction[]): RecoveryAction[][] {
  const all = actions.reduce<RecoveryAction[][]>(
    (found, action) => [...found, ...found.map((one) => [...one, action])],
    [[]],
  );
  return all.sort((a, b) => b.length - a.length);
}
