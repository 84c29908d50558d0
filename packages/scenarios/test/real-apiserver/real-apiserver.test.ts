/** The comparison page is what the tests find; its verdicts hold where they must. */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import type { ControlPlaneDocument } from '../../src/scenario/control-plane/document.ts';
import { runControlPlane } from '../../src/scenario/control-plane/run.ts';
import { documentHash } from '../../src/scenario/hash.ts';
import { loadDocument } from '../../src/scenario/load.ts';
import { comparisonPage, experiment } from './comparison.ts';
import { turnLatency } from './turns.ts';
import { schedulerLatency } from './measured.ts';

const pages = join(import.meta.dirname, '../../../../docs/validation');
const hint = 'If the new numbers are right: BROWNOUT_UPDATE=1 npx vitest run packages/scenarios/test/real-apiserver';

it('the page that sets simulation beside measurement is up to date', async () => {
  const file = join(pages, 'real-apiserver.md');
  const page = await comparisonPage();
  if (process.env['BROWNOUT_UPDATE'] === '1') writeFileSync(file, page);
  expect(page, hint).toBe(existsSync(file) ? readFileSync(file, 'utf8') : '');
  expect(page).not.toContain('not understood');
});

it('the predictions are those of the documents and of the model as they are', async () => {
  const page = readFileSync(join(pages, 'real-apiserver-predictions.md'), 'utf8');
  const again = 'node --conditions=brownout-source --import tsx examples/real-apiserver/run.ts --write';
  for (const name of ['e1', 'e2', 'e3', 'e4', 'e5', 'e6', 'e7', 'e8', 'e9', 'e10-500', 'e10-1000']) {
    const hash = documentHash(await experiment(name));
    expect(page, `${name}: ${again}`).toContain(`\`${name}.yaml\` (${hash})`);
  }
  const program = ['--conditions=brownout-source', '--import', 'tsx', 'examples/real-apiserver/run.ts', 'e3'];
  const { stdout } = await promisify(execFile)(process.execPath, program, { cwd: join(pages, '../..') });
  expect(page, again).toContain(stdout);
});

it('the document of the guide is valid, and runs', async () => {
  const guide = readFileSync(join(pages, '../guides/control-plane-documents.md'), 'utf8');
  const [, text = ''] = /```yaml\n([\s\S]*?)```/.exec(guide) ?? [];
  const { data } = await loadDocument(text, 'pollers.yaml');
  const document = data as ControlPlaneDocument;
  const result = runControlPlane({ ...document, phases: document.phases.slice(0, 1) });
  expect(result.runs[0]!.phases[0]!.clients.map(({ name }) => name)).toEqual(['agents', 'nodes']);
});

it.each(schedulerLatency)('turns of 20 ms say how long $computing computing goroutines delay a request', (measured) => {
  const { computing, once, twice } = measured;
  expect(Math.abs(turnLatency(computing, 1) / once - 1)).toBeLessThan(0.35);
  expect(Math.abs(turnLatency(computing, 2) / twice - 1)).toBeLessThan(0.1);
});
