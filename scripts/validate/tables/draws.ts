/** The incident under other values of everything that is assumed: how much the verdicts owe to the priors. */
import { drawPriors, type PriorValues, type ScenarioDocument, withPriors } from '@brownout/scenarios';
import type { PlanSize, Studied } from '../incident-plan.ts';
import { seededVariant, type TablePlan } from '../plan.ts';
import { rollbackOnly } from './variations.ts';

/** Seed of the design. Runs take the number of their draw as seed, so luck varies along with the priors. */
const designSeed = '1';

/** The values of each draw; seed n of the table has those at n - 1. */
export function drawnValues({ study }: Studied, { draws }: Pick<PlanSize, 'draws'>): PriorValues[] {
  return Object.keys(study.priors).length === 0 || draws < 1 ? [] : drawPriors(study.priors, draws, designSeed);
}

/** One run of the incident per draw. */
export function drawsTable(studied: Studied, size: PlanSize): TablePlan {
  return tableOf(studied, size, { id: 'draws', title: 'draws from the priors', vary: (document) => document });
}

/** One run per draw with roll-back as the only recovery. */
export function rollbackDrawsTable(studied: Studied, size: PlanSize): TablePlan {
  const needsRollback = studied.study.bands.some(({ runs }) => runs === 'roll-back-only');
  const table = { id: 'draws-roll-back', title: 'draws from the priors, roll-back through the API alone' };
  return tableOf(studied, needsRollback ? size : { ...size, draws: 0 }, { ...table, vary: rollbackOnly });
}

function tableOf(
  studied: Studied,
  size: PlanSize,
  table: { readonly id: string; readonly title: string; readonly vary: (one: ScenarioDocument) => ScenarioDocument },
): TablePlan {
  const { id, title, vary } = table;
  const values = drawnValues(studied, size);
  if (values.length === 0) return { id, title, variants: [] };
  const { incident, study } = studied;
  const document = (seed: number): ScenarioDocument =>
    vary(withPriors(incident.document(), study.priors, values[seed - 1]!));
  return { id, title, variants: [seededVariant('draw', title, values.length, document)] };
}
