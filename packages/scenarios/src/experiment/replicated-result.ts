/** What several runs of one scenario gave together: the story of the first of them, and each KPI over all. */
import { summarise, type Summary } from '@brownout/core';
import type { RunResult } from '../scenario/result.ts';
import type { ConditionAnswer } from './condition-answer.ts';
import { comparedValue, type Replication } from './replication.ts';

/** KPIs by name. */
export type SummarisedValues = Readonly<Record<string, Summary>>;

/** KPIs by name, and the same under each cluster and product. */
export interface SummarisedKpis {
  readonly [name: string]: Summary | Readonly<Record<string, SummarisedValues>>;
  readonly byCluster: Readonly<Record<string, SummarisedValues>>;
  readonly byProduct: Readonly<Record<string, SummarisedValues>>;
}

/** A `brownout/result@1` of more than one replication. */
export interface ReplicatedResult extends Omit<RunResult, 'kpis' | 'replications'> {
  readonly replications: number;
  readonly kpis: SummarisedKpis;
  /** All runs, in the order of their seeds. Timeline, series and causes above are those of the first. */
  readonly runs: readonly Pick<Replication, 'seed' | 'digest' | 'events'>[];
  /** Only where there are thresholds. */
  readonly thresholds?: readonly ConditionAnswer[];
}

/** Each measure over all runs, as `comparedValue` has it (level of the intervals default 0.95). Throws RangeError without runs. */
export function summariseMeasures(runs: readonly Pick<Replication, 'measures'>[], level = 0.95): SummarisedValues {
  if (runs.length === 0) throw new RangeError('summariseMeasures: expected at least one run, got none');
  const names = Object.keys(runs[0]!.measures);
  return Object.fromEntries(
    names.map((name) => [
      name,
      summarise(
        runs.map(({ measures }) => comparedValue(measures, name) ?? null),
        level,
      ),
    ]),
  );
}

/** The result of all runs, of which `first` is the first. */
export function replicatedResult(
  first: RunResult,
  runs: readonly Replication[],
  thresholds: readonly ConditionAnswer[] = [],
): ReplicatedResult {
  return {
    ...first,
    replications: runs.length,
    kpis: nested(summariseMeasures(runs)),
    runs: runs.map(({ seed, digest, events }) => ({ seed, digest, events })),
    ...(thresholds.length === 0 ? {} : { thresholds }),
  };
}

/** `byCluster.large.outageSeconds` as `byCluster: { large: { outageSeconds } }`. */
function nested(summaries: SummarisedValues): SummarisedKpis {
  const groups: Readonly<Record<'byCluster' | 'byProduct', Record<string, Record<string, Summary>>>> = {
    byCluster: {},
    byProduct: {},
  };
  const plain: Record<string, Summary> = {};
  for (const [name, summary] of Object.entries(summaries)) {
    const [, group, id, own] = /^(byCluster|byProduct)\.(.*)\.([^.]+)$/.exec(name) ?? [];
    if (group === undefined) plain[name] = summary;
    else (groups[group as 'byCluster' | 'byProduct'][id!] ??= {})[own!] = summary;
  }
  return { ...plain, ...groups };
}
