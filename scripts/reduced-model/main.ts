/**
 * How well the smaller model of an incident agrees with the whole: runs of both, kept as rows, and the page made from them.
 *
 *     node --conditions=brownout-source --import tsx scripts/reduced-model/main.ts                 smaller models, and the page
 *     ... main.ts --page                                                                     the page from rows that are there
 *     ... main.ts --whole staged-rollout,serve-stale-dns                                         the whole of these, a minute each
 *
 * Rows are kept in docs/validation/reduced-model.json; those of the whole of the day as it was come from the committed counterfactuals.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  branchDocument,
  engineVersion,
  incidents,
  mitigations,
  reduced,
  runScenario,
  type RunResult,
  type ScenarioDocument,
} from '@brownout/scenarios';
import { reducedModelPage, type ReducedRow, type ReducedVariant } from './page.ts';

const incident = 'openai-2024-12-11';
const place = (path: string): string => fileURLToPath(new URL(`../../docs/validation/${path}`, import.meta.url));
const dataFile = place('reduced-model.json');

/** What is compared: the day as it was, and one mitigation of each kind - rollout, agents, servers, names, people. */
const variants: readonly ReducedVariant[] = [
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

const kept = [
  'clustersLost',
  'firstSaturation',
  'firstUserError',
  'peakErrorShare',
  'outageSeconds',
  'usersAffectedShare',
  'firstClusterRecovered',
  'lastClusterRecovered',
  'lockoutSeconds',
];

/** Seeds of the smaller model. */
const seeds = ['1', '2', '3', '4', '5'];

function documentOf({ mitigations: texts, assignments = [] }: ReducedVariant): ScenarioDocument {
  const document = incidents.find(({ id }) => id === incident)!.document();
  return branchDocument(document, { mitigations: texts, assignments }, mitigations).document;
}

function rowOf(variant: string, model: ReducedRow['model'], result: RunResult, cpuSeconds: number): ReducedRow {
  const measures = Object.fromEntries(kept.map((name) => [name, rounded(result.kpis[name])]));
  const lost = Object.entries(result.kpis.byCluster).flatMap(([id, kpis]) => (kpis['clustersLost'] === 1 ? [id] : []));
  const { seed, digest, eventCount: events, documentHash: hash } = result;
  return { variant, model, seed, hash, digest, events, cpuSeconds: Number(cpuSeconds.toFixed(1)), lost, measures };
}

function rounded(value: unknown): number | null {
  return typeof value === 'number' ? Number(value.toPrecision(6)) : null;
}

function make(variant: ReducedVariant, model: ReducedRow['model'], seed: string): ReducedRow {
  const document = documentOf(variant);
  const started = process.cpuUsage().user;
  const result = runScenario(model === 'whole' ? document : reduced(document).document, { seed });
  const row = rowOf(variant.id, model, result, (process.cpuUsage().user - started) / 1e6);
  process.stderr.write(
    `${variant.id} ${model} ${seed}: ${row.events} events, ${row.cpuSeconds} s, lost ${row.lost.join(' ')}\n`,
  );
  return row;
}

function readRows(): ReducedRow[] {
  if (!existsSync(dataFile)) return [];
  return (JSON.parse(readFileSync(dataFile, 'utf8')) as { rows: ReducedRow[] }).rows;
}

function writeRows(rows: readonly ReducedRow[]): void {
  const order = (row: ReducedRow): string =>
    `${variants.findIndex(({ id }) => id === row.variant)} ${row.model} ${row.seed.padStart(4, '0')}`;
  const lines = [...rows].sort((a, b) => (order(a) < order(b) ? -1 : 1)).map((row) => `    ${JSON.stringify(row)}`);
  const head = `  "schema": "brownout/reduced-model@1",\n  "incident": "${incident}",\n  "engine": "${engineVersion}",`;
  writeFileSync(dataFile, `{\n${head}\n  "rows": [\n${lines.join(',\n')}\n  ]\n}\n`);
}

/** Rows of the whole that other validation has committed. */
function committedRows(): ReducedRow[] {
  const data = JSON.parse(readFileSync(place(`data/${incident}.counterfactuals.json`), 'utf8')) as {
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
          const measures = Object.fromEntries(kept.map((name) => [name, rounded(cell(name))]));
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

const [flag, list = ''] = process.argv.slice(2);

/** Somebody else may have added rows meanwhile, so they are read again each time. */
function add(row: ReducedRow): void {
  const others = readRows().filter(
    ({ variant, model, seed }) => variant !== row.variant || model !== row.model || seed !== row.seed,
  );
  writeRows([...others, row]);
}

if (flag === '--whole') {
  for (const id of list.split(',')) {
    const variant = variants.find((one) => one.id === id);
    if (variant === undefined) {
      throw new RangeError(`--whole: expected one of ${variants.map((one) => one.id).join(', ')}, got ${id}`);
    }
    add(make(variant, 'whole', '1'));
  }
} else if (flag !== '--page') {
  for (const seed of seeds) for (const variant of variants) add(make(variant, 'reduced', seed));
}
writeFileSync(
  place('reduced-model.md'),
  reducedModelPage(variants, [...committedRows(), ...readRows()], place('reduced-model.md')),
);
