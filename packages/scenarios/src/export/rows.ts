/** Results as tables: rows of named cells, for CSV, NDJSON, Parquet and data frames. One kind of row per table. */
import type { Replication } from '../experiment/replication.ts';
import { measureValues } from '../experiment/replication.ts';
import type { RunResult } from '../scenario/result.ts';

/** What a cell can hold; `null` = did not happen, or not known. */
export type Cell = string | number | boolean | null;

/** One row by column name. All rows of a table have the same columns in the same order. */
export type Row = Readonly<Record<string, Cell>>;

/** The tables that a run can be written as. */
export const runTables = ['series', 'timeline', 'kpis', 'causes', 'assumptions'] as const;

/** Name of a table of a run. */
export type RunTable = (typeof runTables)[number];

/** A table of a run. `series` has one row for each window and measure, so that tables of several runs can be joined. */
export function runRows(result: RunResult, table: RunTable): Row[] {
  const run = { scenario: result.scenario, seed: result.seed };
  switch (table) {
    case 'series':
      return seriesRows(result, run);
    case 'timeline':
      return result.timeline.map(({ t, clock, kind, text, cluster, published }) => ({
        ...run,
        t,
        clock,
        kind,
        text,
        cluster: cluster ?? null,
        published: published === true,
      }));
    case 'kpis':
      return Object.entries(measureValues(result)).map(([name, value]) => ({ ...run, ...placeOf(name), value }));
    case 'causes':
      return result.causes.map(({ t, clock, kind, text, cluster, because }, step) => ({
        ...run,
        step,
        t,
        clock,
        kind,
        text,
        cluster: cluster ?? null,
        because: because ?? null,
      }));
    case 'assumptions':
      return result.assumptions.map((entry) => ({ ...run, ...cellsOf(entry) }));
  }
}

/** One row for each replication, a column for each measure that any of them has. */
export function replicationRows(replications: readonly Replication[]): Row[] {
  const names = [...new Set(replications.flatMap(({ measures }) => Object.keys(measures)))];
  return replications.map(({ hash, engine, seed, until, digest, events, measures }) => ({
    document: hash,
    engine,
    seed,
    until,
    digest,
    events,
    ...Object.fromEntries(names.map((name) => [name, measures[name] ?? null])),
  }));
}

function seriesRows({ series }: RunResult, run: Row): Row[] {
  return Object.entries(series.columns).flatMap(([column, values]) => {
    const dot = column.indexOf('.');
    const [measure, of] = dot < 0 ? [column, null] : [column.slice(0, dot), column.slice(dot + 1)];
    const unit = series.units[column] ?? null;
    return values.map((value, i) => ({ ...run, t: series.t[i] ?? null, measure, of, unit, value }));
  });
}

/** `byCluster.large-1.outageSeconds` belongs to a cluster. */
function placeOf(name: string): { readonly measure: string; readonly scope: string; readonly of: string | null } {
  const match = /^(byCluster|byProduct)\.(.+)\.([^.]+)$/.exec(name);
  if (match === null) return { measure: name, scope: 'all', of: null };
  return { measure: match[3]!, scope: match[1] === 'byCluster' ? 'cluster' : 'product', of: match[2]! };
}

/** A flat record with everything that is no cell written as JSON. */
function cellsOf(entry: object): Row {
  return Object.fromEntries(
    Object.entries(entry).map(([name, value]: [string, unknown]) => [
      name,
      value === null || ['string', 'number', 'boolean'].includes(typeof value)
        ? (value as Cell)
        : (JSON.stringify(value) ?? null),
    ]),
  );
}
