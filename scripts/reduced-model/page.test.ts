/**
 * The page on the smaller model is what the script makes of the committed rows, and those are of the documents and the engine as
 * they are. If what changed is right: `scripts/reduced-model/main.ts`, with `--whole` for what is run whole.
 */
import { readFileSync } from 'node:fs';
import { documentHash, engineVersion, reduced, runScenario } from '@brownout/scenarios';
import { expect, it } from 'vitest';
import { reducedModelPage } from './page.ts';
import { committedRows, documentOf, pageFile, readRows, rowsFile, rowsText, seeds, variants } from './rows.ts';

const rows = readRows();

it('page and rows are what the script writes', () => {
  expect(readFileSync(rowsFile, 'utf8')).toBe(rowsText(rows));
  expect(readFileSync(rowsFile, 'utf8')).toContain(`"engine": "${engineVersion}"`);
  expect(readFileSync(pageFile, 'utf8')).toBe(reducedModelPage(variants, [...committedRows(), ...rows], pageFile));
});

it('every change has its runs, of the whole at least one, and of no other document', () => {
  for (const variant of variants) {
    const whole = documentOf(variant);
    const of = { whole: documentHash(whole), reduced: documentHash(reduced(whole).document) };
    const own = [...committedRows(), ...rows].filter((row) => row.variant === variant.id);
    expect(own.filter(({ model }) => model === 'whole').length, variant.id).toBeGreaterThan(0);
    expect(own.flatMap(({ model, seed }) => (model === 'reduced' ? [seed] : []))).toEqual(seeds);
    for (const { model, hash } of own) expect(hash, `${variant.id} ${model}`).toBe(of[model]);
  }
});

it('a run of the smaller model made again is the same', () => {
  const row = rows.find(({ variant, model, seed }) => variant === 'as-it-was' && model === 'reduced' && seed === '2')!;
  const { document } = reduced(documentOf(variants.find(({ id }) => id === row.variant)!));
  const { digest, kpis } = runScenario(document, { seed: row.seed });
  expect(digest).toBe(row.digest);
  expect(kpis['outageSeconds']).toBe(row.measures['outageSeconds']);
});
