/** What must come out quiet, what must not, and another order of the rollout than the assumed one. */
import type { ScenarioDocument } from '@brownout/scenarios';
import type { PlanSize, Studied } from '../incident-plan.ts';
import { fixedVariant, type TablePlan, type Variant } from '../plan.ts';

/** A quiet day has little luck in it, and one user error would be one too many. */
const quietReplications = 5;

/** As it was; the same day without its trigger; without the DNS tier that asks the API; clusters in random order. */
export function counterfactualsTable({ incident }: Studied, { replications }: PlanSize): TablePlan {
  const document = incident.document();
  const few = Math.min(quietReplications, replications);
  const variants: Variant[] = [fixedVariant('as-it-was', 'the incident as it was', replications, document)];
  if (document.rollout !== null) {
    variants.push(fixedVariant('no-trigger', 'the same day without the rollout', few, { ...document, rollout: null }));
  }
  if (document.dns.registry !== null) {
    const dns = { ...document.dns, registry: null };
    variants.push(fixedVariant('no-dns-tier', 'no DNS tier that asks the API', replications, { ...document, dns }));
  }
  if (movableWaves(document).length > 1) {
    const title = 'production clusters reached in random order, another in each run';
    const rollout = { ...document.rollout!, order: 'random' as const };
    variants.push(fixedVariant('random-order', title, replications, { ...document, rollout }));
  }
  return { id: 'counterfactuals', title: 'counterfactuals', variants };
}

/** Indices of the waves that reach production only: with fewer than two there is no order to change. */
function movableWaves({ rollout, clusters }: ScenarioDocument): number[] {
  const staging = new Set(clusters.filter(({ role }) => role === 'staging').map(({ id }) => id));
  const waves = rollout?.waves ?? [];
  return waves.map((_, index) => index).filter((index) => !waves[index]!.clusters.some((id) => staging.has(id)));
}
