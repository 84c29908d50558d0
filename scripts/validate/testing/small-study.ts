/** A small incident that runs in part of a second, and rows that no run made. */
import { assumed } from '@brownout/scenarios';
import { smallScenario } from '../../../packages/scenarios/test/small-scenario.ts';
import type { Studied } from '../incident-plan.ts';
import type { VariantResult } from '../results.ts';
import type { RunRow } from '../row.ts';

const note = 'people at work';

/** Two clusters and an agent, for twelve minutes; one prior, two bands. */
export function smallStudy(): Studied {
  const small = smallScenario({ end: '12 min' });
  const document = { ...small, operators: { ...small.operators, crew: assumed(1, note) } };
  return {
    incident: { id: 'small', title: 'Two clusters', document: () => document },
    study: {
      priors: { crew: { value: 1, range: [1, 6], note } },
      bands: [
        {
          id: '1-alert',
          title: 'first alert',
          runs: 'as-it-was',
          measure: 'firstAlert',
          from: 300,
          to: 600,
          shownAs: 'minutes',
          published: 420,
        },
        {
          id: '2-tries',
          title: 'tries that succeed',
          runs: 'roll-back-only',
          measure: 'rollbackSuccessShare',
          from: 0,
          to: 0.1,
          shownAs: 'percent',
        },
      ],
    },
  };
}

/** A row with these measures. */
export function row(seed: number, measures: RunRow['measures'], other: Partial<RunRow> = {}): RunRow {
  return {
    hash: 'hash',
    seed: String(seed),
    engine: '0',
    sources: 'now',
    digest: `digest-${seed}`,
    events: 1_000,
    measures,
    resources: {},
    warnings: [],
    ...other,
  };
}

/** A variant of rows that have one measure each. */
export function variantOf(
  id: string,
  measure: string,
  values: readonly (number | null)[],
  asked: number = values.length,
): VariantResult {
  return { id, title: `variant ${id}`, asked, rows: values.map((value, i) => row(i + 1, { [measure]: value })) };
}
