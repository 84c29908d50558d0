import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { brownout, temporaryFolder, type Invocation } from '../test/context.ts';
import { tinyText } from '../test/tiny-document.ts';

const tiny = await tinyText('1 min');

async function run(args: string): Promise<Invocation> {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'tiny.yaml'), tiny);
  return await brownout(args.split(' '), { folder });
}

/** Every line of standard output as JSON: throws for anything that is no row. */
function rowsIn({ stdout }: Invocation): readonly Readonly<Record<string, unknown>>[] {
  expect(stdout.endsWith('\n')).toBe(true);
  return stdout
    .slice(0, -1)
    .split('\n')
    .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
}

const vary = '--vary clusters[0].nodes=2..4';

describe('--format ndjson', () => {
  it.each([
    ['replay tiny.yaml', ['scenario', 'seed', 't', 'measure', 'of', 'unit', 'value']],
    ['replay tiny.yaml --table kpis', ['scenario', 'seed', 'measure', 'scope', 'of', 'value']],
    ['replay tiny.yaml --replications 2', ['document', 'engine', 'seed', 'until', 'digest', 'events']],
    [
      'compare tiny.yaml --replications 2 --mitigate break-glass',
      ['variant', 'replication', 'digest', 'outageSeconds'],
    ],
    [`sweep tiny.yaml ${vary}:2 --measures outageSeconds`, ['point', 'clusters[0].nodes', 'outageSeconds']],
    [`tip tiny.yaml ${vary} --when clustersLost>=1 --budget 10`, ['value', 'written', 'seed', 'isYes', 'measure']],
    ['plan tiny.yaml --goal clustersLost==0 --choose cached-list', ['set', 'cost', 'verdict', 'hits']],
  ])('%s prints rows and nothing else', async (args, columns) => {
    const invocation = await run(`${args} --format ndjson`);
    expect(invocation.exitCode, invocation.stderr).toBe(0);
    const rows = rowsIn(invocation);
    expect(Object.keys(rows[0]!).slice(0, columns.length)).toEqual(columns);
    for (const row of rows) expect(Object.keys(row)).toEqual(Object.keys(rows[0]!));
    expect(invocation.stderr).toMatch(/^Result: .*\nReport: .*\n$/);
  });
});

it('--format csv prints the same rows, --format json what --json does', async () => {
  const { stdout } = await run('replay tiny.yaml --format csv --table timeline');
  expect(stdout.split('\r\n')[0]).toBe('scenario,seed,t,clock,kind,text,cluster,published');
  const [one, other] = [await run('replay tiny.yaml --format json'), await run('replay tiny.yaml --json')];
  expect(one.stdout).toBe(other.stdout);
});

describe('is refused', () => {
  it.each([
    ['--format xml', '--format: expected one of text, json, ndjson, csv, got "xml"'],
    ['--json --format csv', '--json and --format csv: expected one of them'],
    ['--table kpis', '--table: rows are printed with --format ndjson or csv'],
    ['--table kpi --format csv', '--table: expected one of series, timeline, kpis, causes, assumptions, got "kpi"'],
    ['--table kpis --format csv --replications 2', '--table: for one run; several are one row each'],
  ])('%s', async (options, message) => {
    const { exitCode, stdout, stderr } = await run(`replay tiny.yaml ${options}`);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
  });
});
