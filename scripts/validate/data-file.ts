/**
 * The rows of one table as they are committed: every run with its seed, document hash, digest and measures, one line each,
 * so that a difference shows which runs moved.
 */
import { engineVersion } from '@brownout/scenarios';
import type { PlanSize } from './incident-plan.ts';
import type { TableResult, VariantResult } from './results.ts';
import type { RunRow } from './row.ts';

/** One committed run, as it is compared with a new one. */
export type DataRow = Pick<RunRow, 'seed' | 'hash' | 'digest' | 'events' | 'measures' | 'resources'>;

/** A data file that has been read. */
export interface DataFile {
  readonly incident: string;
  readonly table: string;
  readonly title: string;
  readonly engine: string;
  /** What the plan was made with. */
  readonly size: PlanSize;
  readonly variants: readonly DataVariant[];
}

/** One variant of it. */
export interface DataVariant {
  readonly id: string;
  readonly title: string;
  /** Runs asked for. */
  readonly asked: number;
  readonly rows: readonly DataRow[];
}

const schema = 'brownout/validation@1';
/** Between cluster and resource, and between clusters. */
const resourceMark = '=';
const listMark = ' ';

/** Name of the file of a table; the stem is that of `stemOf`. */
export function dataFileName(stem: string, table: string): string {
  return `${stem}.${table}.json`;
}

/** The text of a data file. */
export function dataText(incident: string, size: PlanSize, result: TableResult): string {
  const rows = result.variants.flatMap((variant) => variant.rows);
  const measures = [...new Set(rows.flatMap((row) => Object.keys(row.measures)))];
  const head = { schema, incident, table: result.id, title: result.title, engine: engineVersion, size };
  const warnings = [...new Set(rows.flatMap((row) => row.warnings))];
  const lines = [
    '{',
    ...Object.entries({ ...head, warnings }).map(
      ([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)},`,
    ),
    `  "columns": ${JSON.stringify(['seed', 'hash', 'digest', 'events', 'resources', ...measures])},`,
    '  "variants": [',
    result.variants.map((variant) => variantText(variant, measures)).join(',\n'),
    '  ]',
    '}',
  ];
  return `${lines.join('\n')}\n`;
}

/** Reads a data file. Throws TypeError when it is none of ours. */
export function readData(text: string, origin: string): DataFile {
  const data = JSON.parse(text) as Partial<StoredData>;
  if (data.schema !== schema || data.columns === undefined || data.variants === undefined) {
    throw new TypeError(`${origin}: expected data of schema "${schema}", got "${String(data.schema)}"`);
  }
  const measures = data.columns.slice(5);
  const { incident, table, title, engine, size } = data as StoredData;
  return {
    incident,
    table,
    title,
    engine,
    size,
    variants: data.variants.map(({ rows, ...variant }) => ({
      ...variant,
      rows: rows.map((cells) => readRow(cells, measures)),
    })),
  };
}

interface StoredData {
  readonly schema: string;
  readonly incident: string;
  readonly table: string;
  readonly title: string;
  readonly engine: string;
  readonly size: PlanSize;
  readonly columns: readonly string[];
  readonly variants: readonly (Omit<DataVariant, 'rows'> & { readonly rows: readonly (readonly unknown[])[] })[];
}

function variantText({ id, title, asked, rows }: VariantResult, measures: readonly string[]): string {
  const lines = rows.map((row) => `        ${JSON.stringify(cellsOf(row, measures))}`);
  const head = `    { "id": ${JSON.stringify(id)}, "title": ${JSON.stringify(title)}, "asked": ${asked}, "rows": [`;
  return lines.length === 0 ? `${head}] }` : `${head}\n${lines.join(',\n')}\n      ] }`;
}

function cellsOf(row: RunRow, measures: readonly string[]): unknown[] {
  const resources = Object.entries(row.resources).map((pair) => pair.join(resourceMark));
  const values = measures.map((name) => row.measures[name] ?? null);
  return [Number(row.seed), row.hash, row.digest, row.events, resources.join(listMark), ...values];
}

function readRow(cells: readonly unknown[], measures: readonly string[]): DataRow {
  const [seed, hash, digest, events, resources, ...values] = cells;
  const pairs = String(resources).split(listMark).filter(Boolean);
  return {
    seed: String(seed),
    hash: String(hash),
    digest: String(digest),
    events: Number(events),
    resources: Object.fromEntries(pairs.map((pair) => pair.split(resourceMark) as [string, string])),
    measures: Object.fromEntries(measures.map((name, i) => [name, values[i] as number | null])),
  };
}
