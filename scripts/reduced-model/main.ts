/**
 * How well the smaller model of an incident agrees with the whole: runs of both, kept as rows, and the page made from them.
 *
 *     node --conditions=brownout-source --import tsx scripts/reduced-model/main.ts                 smaller models, and the page
 *     ... main.ts --page                                                                     the page from rows that are there
 *     ... main.ts --whole staged-rollout,serve-stale-dns                                         the whole of these, a minute each
 *
 * Rows are kept in docs/validation/reduced-model.json; those of the whole of the day as it was come from the committed counterfactuals.
 */
import { writeFileSync } from 'node:fs';
import { reduced, runScenario, type RunResult } from '@brownout/scenarios';
import { reducedModelPage } from './page.ts';
import {
  addRow,
  committedRows,
  documentOf,
  keptMeasures,
  pageFile,
  readRows,
  type ReducedRow,
  type ReducedVariant,
  rounded,
  seeds,
  variants,
} from './rows.ts';

function rowOf(variant: string, model: ReducedRow['model'], result: RunResult, cpuSeconds: number): ReducedRow {
  const measures = Object.fromEntries(keptMeasures.map((name) => [name, rounded(result.kpis[name])]));
  const lost = Object.entries(result.kpis.byCluster).flatMap(([id, kpis]) => (kpis['clustersLost'] === 1 ? [id] : []));
  const { seed, digest, eventCount: events, documentHash: hash } = result;
  return { variant, model, seed, hash, digest, events, cpuSeconds: Number(cpuSeconds.toFixed(1)), lost, measures };
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

const [flag, list = ''] = process.argv.slice(2);

if (flag === '--whole') {
  for (const id of list.split(',')) {
    const variant = variants.find((one) => one.id === id);
    if (variant === undefined) {
      throw new RangeError(`--whole: expected one of ${variants.map((one) => one.id).join(', ')}, got ${id}`);
    }
    addRow(make(variant, 'whole', '1'));
  }
} else if (flag !== '--page') {
  for (const seed of seeds) for (const variant of variants) addRow(make(variant, 'reduced', seed));
}
writeFileSync(pageFile, reducedModelPage(variants, [...committedRows(), ...readRows()], pageFile));
