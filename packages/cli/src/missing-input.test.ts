/** What is answered to an invocation that lacks something. */
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { incidents } from '@brownout/scenarios';
import { expect, it } from 'vitest';
import { brownout, temporaryFolder } from '../test/context.ts';

const ids = incidents.map(({ id }) => id).join(', ');

it('no scenario: what is expected, which there are, and a line to type', async () => {
  const { exitCode, stdout, stderr } = await brownout(['replay']);
  expect(stderr).toBe(
    `replay: expected <scenario>: the id of an incident (see brownout list) or a file (.yaml, .json, .ts)\nknown: ${ids}\nsuch as: brownout replay openai-2024-12-11\n`,
  );
  expect([exitCode, stdout]).toEqual([2, '']);
});

it('no result: the newest ones, as far as there are any', async () => {
  const folder = temporaryFolder();
  expect((await brownout(['report'], { folder })).stderr).not.toContain('known:');
  for (const [index, name] of ['old', 'middle', 'new', 'newest'].entries()) {
    const path = join(folder, 'brownout-out', name);
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, 'result.json'), '{}');
    utimesSync(join(path, 'result.json'), 1_000_000 + index, 1_000_000 + index);
  }
  mkdirSync(join(folder, 'brownout-out', 'empty'));
  const { exitCode, stderr } = await brownout(['--quiet', 'report'], { folder });
  const paths = ['newest', 'new', 'middle'].map((name) => join('brownout-out', name));
  expect(stderr).toContain(`\nknown: ${paths.join(', ')}\nsuch as: brownout report outage\n`);
  expect(exitCode).toBe(2);
});

it.each<[string, string]>([
  ['export outage', 'export: expected --format <format>: ndjson, csv, parquet, openmetrics, vega-lite or svg\n'],
  ['calibrate before.txt', 'calibrate: expected <after>: a later one of the same process;'],
  ['import', 'import: expected <files>: saved files, plain or gzip;'],
  ['merge share.ndjson', 'merge: expected --out <file>: where the whole goes'],
  ['completion', 'completion: expected <shell>: which one\nknown: bash, zsh, fish\n'],
  ['replay x --seed', 'replay: expected a value behind --seed <seed>: seed of the random streams'],
  [
    'sweep x --design',
    'sweep: expected a value behind --design <name>: grid, latin-hypercube, sobol or morris\nknown: grid, ',
  ],
  [
    'drill',
    `drill: expected the id of an incident, a file, or --session <file>\nknown: ${ids}\nsuch as: brownout drill `,
  ],
])('%s', async (line, beginning) => {
  const { exitCode, stdout, stderr } = await brownout(line.split(' '));
  expect(stderr.slice(0, beginning.length)).toBe(beginning);
  expect(stderr).toMatch(/\nsuch as: brownout \S+ .*\n$/);
  expect([exitCode, stdout]).toEqual([2, '']);
});

it.each(['compare', 'sweep', 'tip', 'plan', 'validate', 'alerts --rules r.yaml'])(
  '%s names the incidents',
  async (line) => {
    const { stderr } = await brownout(line.split(' '));
    expect(stderr).toContain(`\nknown: ${ids}\n`);
  },
);
