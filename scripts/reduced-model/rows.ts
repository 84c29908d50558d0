/** Rows of the page on the smaller model: what is compared, where rows are kept, and how they are written. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { branchDocument, engineVersion, incidents, mitigations, type ScenarioDocument } from '@brownout/scenarios';

/** One run. */
export interface ReducedRow {
  readonly variant: string;
  readonly model: 'whole' | 'reduced';
  readonly seed: string;
  readonly hash: string;
  readonly digest: string;
  readonly events: number;
  /** CPU of the process, user time; 0 = not measured. */
  readonly cpuSeconds: number;
  /** Clusters that were lost. */
  readonly lost: readonly string[];
  readonly measures: Readonly<Record<string, number | null>>;
}

/** What is compared. */
export interface ReducedVariant {
  readonly id: string;
  readonly title: string;
  readonly mitigations: readonly string[];
  readonly assignments?: readonly string[];
}

/** The incident that is compared. */
export const comparedIncident: string = 'openai-2024-12-11';
const place = (path: string): string => fileURLToPath(new URL(`../../docs/validation/${path}`, import.meta.url));

/** Where rows are kept, and the page that is made from them. */
export const rowsFile: string = place('reduced-model.json');
export const pageFile: string = place('reduced-model.md');

/** The day as it was, and one mitigation of each kind - rollout, agents, servers, names, people. */
export const variants: readonly ReducedVariant[] = [
  { id: 'as-it-was', title: 'the day as it was', mitigations: [] },
  { id: 'no-trigger', title: 'without the rollout', mitigations: [], assignments: ['rollout=null'] },
  { id: 'no-dns-tier', title: 'no DNS tier that asks the API', mitigations: [], assignments: ['dns.registry=null'] },
  { id: 'staged-rollout', title: 'staged rollout with a gate', mitigations: ['staged-rollout'] },
  {
    id: 'own-node-cached',
    title: 'agents ask for their own pods, from the cache',
    mitigations: ['own-node-selector', 'cached-list'],
  },
  { id: 'larger-api-servers', title: 'larger API servers', mitigations: ['larger-api-servers'] },
  { id: 'longer-dns-ttl', title: 'longer DNS TTL', mitigations: ['longer-dns-ttl'] },
  { id: 'agent-priority-level', title: 'a priority level for the agents', mitigations: ['agent-priority-level'] },
];

/** Measures that are kept of a run. */
export const keptMeasures: readonly string[] = [
  'clustersLost',
  'firstSaturation',
  'firstAlert',
  'firstUserError',
  'peakErrorShare',
  'outageSeconds',
  'usersAffectedShare',
  'firstClusterRecovered',
  'lastClusterRecovered',
  'lockoutSeconds',
];

/** Seeds of the smaller model; the whole takes a minute for one, so it has seed 1. */
export const seeds: readonly string[] = ['1', '2', '3', '4'];

/** The document of a variant, whole. */
export function documentOf({ mitigations: texts, assignments = [] }: ReducedVariant): ScenarioDocument {
  const document = incidents.find(({ id }) => id === comparedIncident)!.document();
  return branchDocument(document, { mitigations: texts, assignments }, mitigations).document;
}

/** A measure as a row keeps it; `null` = did not happen. */
export function rounded(value: unknown): number | null {
  return typeof value === 'number' ? Number(value.toPrecision(6)) : null;
}

/** The rows of the file. */
export function readRows(): ReducedRow[] {
  if (!existsSync(rowsFile)) return [];
  return (JSON.parse(readFileSync(rowsFile, 'utf8')) as { rows: ReducedRow[] }).rows;
}

/** The file with these rows: one a line, in the order of variants, models and seeds. */
export function rowsText(rows: readonly ReducedRow[]): string {
  const order = (row: ReducedRow): string =>
    `${variants.findIndex(({ id }) => id === row.variant)} ${row.model} ${row.seed.padStart(4, '0')}`;
  const lines = [...rows].sort((a, b) => (order(a) < order(b) ? -1 : 1)).map((row) => `    ${JSON.stringify(row)}`);
  const head = `  "schema": "brownout/reduced-model@1",\n  "incident": "${comparedIncident}",\n  "engine": "${engineVersion}",`;
  return `{\n${head}\n  "rows": [\n${lines.join(',\n')}\n  ]\n}\n`;
}

/** Puts a row into the file. Somebody else may have added rows meanwhile, so they are read again each time. */
export function addRow(row: ReducedRow): void {
  const others = readRows().filter(
    ({ variant, model, seed }) => variant !== row.variant || model !== row.model || seed !== row.seed,
  );
  writeFileSync(rowsFile, rowsText([...others, row]));
}

/** Rows of the whole that other validation has committed. */
export function committedRows(): ReducedRow[] {
  const data = JSON.parse(readFileSync(place(`data/${comparedIncident}.counterfactuals.json`), 'utf8')) as {
    columns: string[];
    variants: { id: string; rows: (string | number | null)[][] }[];
  };
  return data.variants.flatMap(({ id, rows }) =>
    variants.some((one) => one.id === id)
      ? rows.map((cells): ReducedRow => {
          const cell = (name: string): string | number | null => cells[data.columns.indexOf(name)] ?? null;
          const lost = data.columns.flatMap((name) =>
            /\/clustersLost$/.test(name) && cell(name) === 1 ? [name.split('/')[0]!] : [],
          );
          const measures = Object.fromEntries(keptMeasures.map((name) => [name, rounded(cell(name))]));
          return {
            variant: id,
            model: 'whole',
            seed: String(cell('seed')),
            hash: String(cell('hash')),
            digest: String(cell('digest')),
            events: Number(cell('events')),
            cpuSeconds: 0,
            lost,
            measures,
          };
        })
      : [],
  );
}
