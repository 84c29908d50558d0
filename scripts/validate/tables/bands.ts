/** The incident as it was, and with roll-back as the only recovery: what the acceptance bands are judged by. */
import type { PlanSize, Studied } from '../incident-plan.ts';
import { fixedVariant, type TablePlan } from '../plan.ts';
import { rollbackOnly } from './variations.ts';

/** `as-it-was` and, when a band asks for it, `roll-back-only`. */
export function bandsTable({ incident, study }: Studied, { replications }: PlanSize): TablePlan {
  const document = incident.document();
  const needsRollback = study.bands.some(({ runs }) => runs === 'roll-back-only');
  return {
    id: 'bands',
    title: 'acceptance bands at the committed priors',
    variants: [
      fixedVariant('as-it-was', 'the incident as it was', replications, document),
      ...(needsRollback
        ? [fixedVariant('roll-back-only', 'roll-back through the API alone', replications, rollbackOnly(document))]
        : []),
    ],
  };
}
