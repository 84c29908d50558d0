/** Runs every example and compares what it prints with the text beside it: the documentation shows both. */
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { bundledPrograms } from '../packages/cli/src/source-programs.ts';

const root: string = join(import.meta.dirname, '..');
const folder: string = join(root, 'examples');
const run = promisify(execFile);
const LARGEST_OUTPUT_BYTES = 10_000_000;
const updateHint = 'If the new output is right: BROWNOUT_UPDATE=1 npx vitest run test/examples.test.ts';

const examples: readonly string[] = namesInFolder()
  .filter((name) => /^\d\d-[a-z0-9-]+\.ts$/.test(name))
  .sort();

/** The first as its heading says to run it, the others bundled: reading all sources anew takes longer than most of them run. */
const bundles: readonly string[] = bundledPrograms(examples.map((name) => pathToFileURL(join(folder, name)))).map(
  (bundle) => fileURLToPath(bundle),
);

it.concurrent.each(examples)('%s prints what the documentation shows', { timeout: 300_000 }, async (name) => {
  const expected = join(folder, name.replace(/\.ts$/, '.out'));
  const index = examples.indexOf(name);
  const sources = ['--conditions=brownout-source', '--import', 'tsx', join('examples', name)];
  const command = index === 0 ? sources : [bundles[index]!];
  const { stdout, stderr } = await run(process.execPath, command, { cwd: root, maxBuffer: LARGEST_OUTPUT_BYTES });
  expect(stderr, `examples/${name} wrote to standard error`).toBe('');
  if (process.env['BROWNOUT_UPDATE'] === '1') writeFileSync(expected, stdout);
  expect(stdout, updateHint).toBe(existsSync(expected) ? readFileSync(expected, 'utf8') : '');
});

it('every example has its expected output, and every output its example', () => {
  const stem = (name: string): string => name.replace(/\.(ts|out)$/, '');
  const outputs = namesInFolder()
    .filter((name) => name.endsWith('.out'))
    .map(stem)
    .sort();
  expect(outputs, updateHint).toEqual(examples.map(stem));
});

function namesInFolder(): readonly string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}
