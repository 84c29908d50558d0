/** What is asked of runs of the smaller model, whose minutes are not to be believed: questions that are answered yes or no. */
import type { AcceptanceBand } from '@brownout/scenarios';
import type { PlanSize, Studied } from './incident-plan.ts';

const always = Infinity;
/** Longer than any run: keeps out what never came. */
const day = 86_400;

/** In the form of bands: inside means yes. Their measures are what the priors are correlated with. */
export const questions: readonly AcceptanceBand[] = [
  {
    id: 'lost',
    title: 'a cluster is lost',
    runs: 'as-it-was',
    measure: 'clustersLost',
    from: 1,
    to: always,
    shownAs: 'percent',
  },
  {
    id: 'outage',
    title: 'users have an outage: more than 1 % of requests fail, for a minute or longer',
    runs: 'as-it-was',
    measure: 'outageSeconds',
    from: 60,
    to: always,
    shownAs: 'minutes',
  },
  {
    id: 'recovery',
    title: 'every cluster that is lost recovers before the day ends',
    runs: 'as-it-was',
    measure: 'lastClusterRecovered',
    from: 0,
    to: day,
    shownAs: 'minutes',
  },
  {
    id: 'roll-back',
    title: 'with roll-back through the API alone, agents are gone from a lost cluster within the two and a half hours',
    runs: 'roll-back-only',
    measure: 'rollbackSeconds',
    from: 0,
    to: day,
    shownAs: 'minutes',
  },
];

/** The study whose bands say which priors decide: its own for the whole, the questions for the smaller model. */
export function decidedBy(studied: Studied, { model }: Pick<PlanSize, 'model'>): Studied {
  return model === undefined ? studied : { ...studied, study: { ...studied.study, bands: questions } };
}
