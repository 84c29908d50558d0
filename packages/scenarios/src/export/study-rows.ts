/** Results of studies as tables, for CSV, NDJSON and data frames: one kind of row for each study. */
import { wideForm } from '@brownout/core';
import type { CompareResult } from '../experiment/compare.ts';
import type { PhaseDiagramResult } from '../experiment/hidden-capacity.ts';
import type { PlanResult } from '../experiment/plan.ts';
import type { SweepResult } from '../experiment/sweep.ts';
import type { TipResult } from '../experiment/tip.ts';
import type { Row } from './rows.ts';

/** One row for each run of each variant, a column for each measure. */
export function compareRows({ variants }: CompareResult): Row[] {
  return variants.flatMap(({ name, values, digests }) =>
    digests.map((digest, index) => ({
      variant: name,
      replication: index + 1,
      digest,
      ...Object.fromEntries(Object.entries(values).map(([measure, column]) => [measure, column[index] ?? null])),
    })),
  );
}

/** One row for each point: its parameters, and of each measure the value, its interval and how often it did not happen. */
export function sweepRows(result: SweepResult): Row[] {
  const { columns, rows } = wideForm(result, result.level);
  return rows.map((row) => Object.fromEntries(columns.map((column, index) => [column, row[index] ?? null])));
}

/** One row for each run of the search. */
export function tipRows({ runs }: TipResult): Row[] {
  return runs.map(({ value, written, seed, isYes, measure }) => ({ value, written, seed, isYes, measure }));
}

/** One row for each set of mitigations. */
export function planRows({ rows }: PlanResult): Row[] {
  return rows.map(({ set, cost, verdict, hits, count, low, high, medians }) => ({
    set,
    cost,
    verdict,
    hits,
    count,
    low,
    high,
    ...medians,
  }));
}

/** One row for each size of the trigger: the load at which the system stays bad after it, with its interval. */
export function phaseRows({ trigger, load, diagram, rows }: PhaseDiagramResult): Row[] {
  return diagram.rows.map(({ tip: { status, value, low, high, runs } }, index) => ({
    trigger,
    size: rows[index] ?? null,
    load,
    status,
    value,
    low,
    high,
    runs,
  }));
}
