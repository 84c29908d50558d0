/** Every mitigation, at its default parameters, beside the incident as it was: paired by seed. */
import { applyMitigations, mitigations, parseMitigationList } from '@brownout/scenarios';
import type { PlanSize, Studied } from '../incident-plan.ts';
import { fixedVariant, type TablePlan, type Variant } from '../plan.ts';

/** Pairs that are said to do together what neither does alone. */
const combinations = ['cached-list+own-node-selector'];

/** `as-it-was`, then a variant per mitigation that changes something in this incident. */
export function mitigationsTable({ incident }: Studied, { replications }: PlanSize): TablePlan {
  const document = incident.document();
  const known = new Set(mitigations.map(({ id }) => id));
  const lists = [...known, ...combinations.filter((list) => list.split('+').every((id) => known.has(id)))];
  return {
    id: 'mitigations',
    title: 'mitigations against the incident as it was',
    variants: [
      fixedVariant('as-it-was', 'the incident as it was', replications, document),
      ...lists.flatMap((list): Variant[] => {
        const { document: changed, applied } = applyMitigations(document, parseMitigationList(list, mitigations));
        if (applied.every(({ difference }) => difference.length === 0)) return [];
        return [fixedVariant(list, applied.map(({ title }) => title).join(' + '), replications, changed)];
      }),
    ],
  };
}

/** Mitigations that change nothing in this incident and are therefore not run. */
export function idleMitigations({ incident }: Studied): string[] {
  const document = incident.document();
  return mitigations
    .filter(({ id }) => {
      const { applied } = applyMitigations(document, parseMitigationList(id, mitigations));
      return applied.every(({ difference }) => difference.length === 0);
    })
    .map(({ id }) => id);
}
