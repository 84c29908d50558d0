/** The tables that are made of one incident. */
import type { Incident, IncidentStudy } from '@brownout/scenarios';
import { checkPlan, type TablePlan } from './plan.ts';
import { smallerTables } from './smaller.ts';
import { bandsTable } from './tables/bands.ts';
import { counterfactualsTable } from './tables/counterfactuals.ts';
import { drawsTable, rollbackDrawsTable } from './tables/draws.ts';
import { mitigationsTable } from './tables/mitigations.ts';
import { oneAtATimeTable } from './tables/one-at-a-time.ts';
import { recoveryTable } from './tables/recovery.ts';
import { thresholdTable } from './tables/threshold.ts';

/** An incident and what is assumed and asked of it. */
export interface Studied {
  readonly incident: Pick<Incident, 'id' | 'title' | 'document'>;
  readonly study: IncidentStudy;
}

/** How much is run. */
export interface PlanSize {
  /** Seeds of each variant; some tables, which need fewer, take fewer. */
  readonly replications: number;
  /** Draws from the priors: they are one design, so another number gives other draws. */
  readonly draws: number;
  /** Priors that are varied one at a time; the draws say which are worth it, so none before the draws are there. */
  readonly decisive: readonly string[];
  /** `smaller`: each document in its smaller model; left out: whole. Part of the plan, since it gives other documents. */
  readonly model?: 'smaller';
}

/** Full size, as the committed tables are made. */
export const fullSize: PlanSize = { replications: 30, draws: 200, decisive: [] };

/** All tables of an incident, in the order in which they are shown; on the smaller model those that make sense there. */
export function planFor(studied: Studied, size: PlanSize): TablePlan[] {
  const tables = [
    bandsTable(studied, size),
    drawsTable(studied, size),
    rollbackDrawsTable(studied, size),
    counterfactualsTable(studied, size),
    thresholdTable(studied, size),
    mitigationsTable(studied, size),
    recoveryTable(studied, size),
    oneAtATimeTable(studied, size),
  ].filter(({ variants }) => variants.length > 0);
  checkPlan(tables);
  return size.model === undefined ? tables : smallerTables(tables);
}
