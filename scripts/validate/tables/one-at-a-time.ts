/** The priors that decide most, each at the ends of its range while all others keep their central value. */
import { withPriors } from '@brownout/scenarios';
import type { PlanSize, Studied } from '../incident-plan.ts';
import { fixedVariant, type TablePlan } from '../plan.ts';

/** The ends shift medians by more than a few runs scatter; more would not change what is said of them. */
const mostReplications = 10;

/** Two variants per decisive prior, `<prior>-low` and `<prior>-high`; no variants while it is not known which those are. */
export function oneAtATimeTable({ incident, study }: Studied, { replications, decisive }: PlanSize): TablePlan {
  const often = Math.min(mostReplications, replications);
  return {
    id: 'one-at-a-time',
    title: 'one prior at a time',
    variants: decisive.flatMap((name) => {
      const [low, high] = study.priors[name]!.range;
      return ([['low', low] as const, ['high', high] as const] as const).map(([end, value]) =>
        fixedVariant(
          `${name}-${end}`,
          `${name} = ${value}`,
          often,
          withPriors(incident.document(), study.priors, { [name]: value }),
        ),
      );
    }),
  };
}
