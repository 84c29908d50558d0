/**
 * What an experiment gave, as data: for each point of a design the values of every measure, one for each replication. Text
 * tables, heat maps and spreadsheets are views of it and are made elsewhere.
 */
import type { DesignPoint, FactorValue } from './factor.ts';
import { meanInterval } from './interval.ts';
import { ascending, median, medianInterval } from './median.ts';

/** The values of one measure at one point, by replication; `null` = did not happen before the end of the run. */
export type ResponseValues = readonly (number | null)[];

/** One point of the design and what came of it. */
export interface ResponseRow {
  /** A value for each factor, in their order. */
  readonly point: DesignPoint;
  /** By measure. */
  readonly values: Readonly<Record<string, ResponseValues>>;
}

/** Factors, measures and rows. Plain data. */
export interface ResponseTable {
  readonly factors: readonly string[];
  readonly measures: readonly string[];
  readonly rows: readonly ResponseRow[];
}

/** The number that stands for several replications. */
export interface ResponseSummary {
  /** A mean, or the median where one value of the measure did not happen: no mean can stand for those. */
  readonly centre: 'mean' | 'median';
  /** `null` = did not happen, in half of the replications or more; and where nothing was measured. */
  readonly value: number | null;
  /** Ends of the interval, `null` = did not happen; left out below two replications, where no spread can be seen. */
  readonly interval?: { readonly low: number | null; readonly high: number | null };
  /** Replications behind it, and how many of them did not happen. */
  readonly count: number;
  readonly missing: number;
}

/** Columns with their names, row by row: the form of a spreadsheet. */
export interface DataTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly FactorValue[])[];
}

/** Throws RangeError where a row lacks a factor or a measure, or has other replications than the first. */
export function checkResponses({ factors, measures, rows }: ResponseTable): void {
  const count = rows[0]?.values[measures[0] ?? '']?.length;
  for (const [index, { point, values }] of rows.entries()) {
    if (point.length !== factors.length) {
      throw new RangeError(`response table: row ${index}: expected ${factors.length} factors, got ${point.length}`);
    }
    for (const measure of measures) {
      const got = values[measure]?.length;
      if (got === count && got !== undefined) continue;
      throw new RangeError(
        `response table: row ${index}: expected ${count ?? 0} replications of "${measure}", got ${got ?? 'none'}`,
      );
    }
  }
}

/** The mean with Student's interval, or the median with that of order statistics; see `centreOf`. */
export function summarise(values: ResponseValues, centre: 'mean' | 'median', level = 0.95): ResponseSummary {
  const numbers = values.map((value) => value ?? Infinity);
  const head = { centre, count: values.length, missing: values.filter((value) => value === null).length };
  if (numbers.length === 0) return { ...head, value: null };
  if (numbers.length === 1) return { ...head, value: values[0]! };
  if (centre === 'mean') {
    const { mean, low, high } = meanInterval(numbers, level);
    return { ...head, value: mean, interval: { low, high } };
  }
  const { median: middle, low, high } = medianInterval(numbers, level);
  return { ...head, value: finite(middle), interval: { low: finite(low), high: finite(high) } };
}

/** How a measure of this table must be summarised everywhere: by the median as soon as one value did not happen. */
export function centreOf(table: ResponseTable, measure: string): 'mean' | 'median' {
  checkMeasure(table, measure);
  return table.rows.some(({ values }) => values[measure]!.includes(null)) ? 'median' : 'mean';
}

/** The summary of a measure at every point, in the order of the rows. */
export function responsesOf(table: ResponseTable, measure: string, level = 0.95): ResponseSummary[] {
  const centre = centreOf(table, measure);
  return table.rows.map(({ values }) => summarise(values[measure]!, centre, level));
}

/** One row for each point, measure and replication: what statistics programs like to read. */
export function longForm({ factors, measures, rows }: ResponseTable): DataTable {
  return {
    columns: ['point', ...factors, 'replication', 'measure', 'value'],
    rows: rows.flatMap(({ point, values }, index) =>
      measures.flatMap((measure) =>
        values[measure]!.map((value, replication) => [index, ...point, replication, measure, value]),
      ),
    ),
  };
}

/** One row for each point: its factors, and of each measure `<name>`, `<name>.low`, `<name>.high`, `<name>.missing`. */
export function wideForm(table: ResponseTable, level = 0.95): DataTable {
  const summaries = table.measures.map((measure) => responsesOf(table, measure, level));
  return {
    columns: [
      'point',
      ...table.factors,
      ...table.measures.flatMap((name) => [name, `${name}.low`, `${name}.high`, `${name}.missing`]),
    ],
    rows: table.rows.map(({ point }, index) => [
      index,
      ...point,
      ...summaries.flatMap((list) => {
        const { value, interval, missing } = list[index]!;
        return [value, interval?.low ?? null, interval?.high ?? null, missing];
      }),
    ]),
  };
}

/** What one value of a factor does on average over all points that have it. */
export interface MainEffectLevel {
  readonly value: FactorValue;
  readonly points: number;
  readonly response: ResponseSummary;
}

/** One factor by its values, numbers in rising order and others as they first appear. */
export interface MainEffect {
  readonly factor: string;
  readonly levels: readonly MainEffectLevel[];
  /** Largest response less the smallest; `null` where one of them did not happen. */
  readonly size: number | null;
}

/**
 * The main effect of every factor on a measure. Points share the random numbers of a replication, so each replication is
 * averaged over its points first and the interval is taken over replications, which are independent.
 */
export function mainEffects(table: ResponseTable, measure: string, level = 0.95): MainEffect[] {
  const centre = centreOf(table, measure);
  return table.factors.map((factor, index) => {
    const levels = distinct(table.rows.map(({ point }) => point[index]!)).map((value): MainEffectLevel => {
      const rows = table.rows.filter(({ point }) => point[index] === value);
      const byReplication = rows[0]!.values[measure]!.map((_, replication) =>
        averaged(
          rows.map(({ values }) => values[measure]![replication]!),
          centre,
        ),
      );
      return { value, points: rows.length, response: summarise(byReplication, centre, level) };
    });
    const responses = levels.map(({ response }) => response.value ?? Infinity);
    return { factor, levels, size: finite(Math.max(...responses) - Math.min(...responses)) };
  });
}

function averaged(values: ResponseValues, centre: 'mean' | 'median'): number | null {
  const numbers = values.map((value) => value ?? Infinity);
  if (centre === 'median') return finite(median(numbers));
  return numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
}

function distinct(values: readonly FactorValue[]): FactorValue[] {
  const once = [...new Set(values)];
  const numbers = once.filter((value) => typeof value === 'number');
  return numbers.length === once.length ? numbers.sort(ascending) : once;
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function checkMeasure({ measures }: ResponseTable, measure: string): void {
  if (measures.includes(measure)) return;
  throw new RangeError(`response table: no measure "${measure}"; there are ${measures.join(', ')}`);
}
