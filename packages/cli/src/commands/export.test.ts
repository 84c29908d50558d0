import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { brownout } from '../../test/context.ts';

/** One run for all tests of this file. */
const folder: string = mkdtempSync(join(tmpdir(), 'brownout-test-'));

beforeAll(async () => {
  const { exitCode } = await brownout(['replay', 'openai-2024-12-04', '--until', '3min', '--out', 'run'], { folder });
  expect(exitCode).toBe(0);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('brownout export', () => {
  it('writes tables to standard output', async () => {
    const { stdout } = await brownout(['export', 'run', '--format', 'csv', '--table', 'kpis'], { folder });
    expect(stdout.split('\r\n')[0]).toBe('scenario,seed,measure,scope,of,value');
    const lines = await brownout(['export', 'run/result.json', '--format', 'ndjson', '--table', 'timeline'], {
      folder,
    });
    expect(JSON.parse(lines.stdout.split('\n')[0]!)).toMatchObject({ scenario: 'openai-2024-12-04', seed: '1' });
  });

  it('writes charts as data and as pictures', async () => {
    const spec = await brownout(['export', 'run', '--format', 'vega-lite', '--chart', 'user-errors'], { folder });
    expect(JSON.parse(spec.stdout)).toMatchObject({ $schema: 'https://vega.github.io/schema/vega-lite/v6.json' });
    await brownout(['export', 'run', '--format', 'svg', '--out', 'run.svg'], { folder });
    expect(readFileSync(join(folder, 'run.svg'), 'utf8')).toMatch(/^<svg /);
  });

  it('writes tables and charts of a study', async () => {
    const sweep = ['sweep', 'openai-2024-12-04', '--until', '2min', '--vary', 'clusters[production].nodes=100,200'];
    await brownout([...sweep, '--measures', 'outageSeconds', '--out', 'sweep'], { folder });
    const csv = await brownout(['export', 'sweep', '--format', 'csv'], { folder });
    expect(csv.stdout.split('\r\n')[0]).toContain('point,clusters[production].nodes,outageSeconds');
    const svg = await brownout(['export', 'sweep', '--format', 'svg', '--chart', 'outageSeconds'], { folder });
    expect(svg.stdout).toMatch(/^<svg /);
    const unknown = await brownout(['export', 'sweep', '--format', 'svg', '--chart', 'cpu'], { folder });
    expect([unknown.exitCode, unknown.stderr]).toEqual([2, expect.stringContaining('--chart: toVegaLite: expected')]);
    const metrics = await brownout(['export', 'sweep', '--format', 'openmetrics', '--out', 'x.om'], { folder });
    expect([metrics.exitCode, metrics.stderr]).toEqual([2, expect.stringContaining('is the result of a study')]);
  });

  it('writes Parquet to a file, and to nothing else', async () => {
    await brownout(['export', 'run', '--format', 'parquet', '--out', 'run.parquet'], { folder });
    expect(readFileSync(join(folder, 'run.parquet')).subarray(0, 4).toString()).toBe('PAR1');
    const { exitCode, stderr } = await brownout(['export', 'run', '--format', 'parquet'], { folder });
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('--out: Parquet is no text')]);
  });

  it('makes the run again for its metrics, and refuses a scenario that is another', async () => {
    const args = [
      'export',
      'run',
      '--format',
      'openmetrics',
      '--scrape',
      '60s',
      '--metrics',
      '^up$',
      '--out',
      'run.om',
    ];
    expect((await brownout(args, { folder })).exitCode).toBe(0);
    expect(readFileSync(join(folder, 'run.om'), 'utf8')).toMatch(
      /# TYPE up gauge\nup\{.*source="simulation"\} 1 \d+\n[\s\S]*# EOF\n$/,
    );
    const file = join(folder, 'run', 'scenario.json');
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace('"title": "', '"title": "Another '));
    const { exitCode, stderr } = await brownout(args, { folder });
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('is not the scenario of this result')]);
    writeFileSync(file, text);
  });

  it.each([
    [['export', 'nowhere', '--format', 'csv'], 'cannot read "nowhere": no such result'],
    [['export', 'run', '--format', 'cvs'], '--format: expected one of ndjson, csv, parquet'],
    [['export', 'run', '--format', 'csv', '--table', 'series2'], '--table: expected one of series'],
    [['export', 'run', '--format', 'svg', '--chart', 'x'], '--chart: expected one of overview'],
    [
      ['export', 'run', '--format', 'openmetrics', '--out', 'x', '--scrape', '0s'],
      '--scrape: expected a time from 1 s',
    ],
    [['export', 'run', '--format', 'openmetrics', '--out', 'x', '--metrics', '('], '--metrics: '],
    [
      ['export', 'run', '--format', 'openmetrics', '--out', 'x', '--cluster', 'x'],
      '--cluster: expected one of production',
    ],
    [['export', 'run', '--format', 'openmetrics'], '--out: say which file'],
    [
      ['export', 'run', '--format', 'openmetrics', '--out', 'metrics/run.om'],
      'cannot write "metrics/run.om": there is no folder "metrics"; make it first',
    ],
    [['export', 'run', '--format', 'openmetrics', '--out', 'run'], 'cannot write "run": it is a folder'],
    [['export', 'run', '--format', 'csv', '--out', 'tables/run.csv'], 'there is no folder "tables"; make it first'],
    [['export', 'run/report.txt', '--format', 'csv'], 'cannot read "run/report.txt"'],
    [['export', 'run/scenario.json', '--format', 'csv'], 'is no result of a run'],
  ])('%j is refused', async (args, message) => {
    const { exitCode, stderr } = await brownout(args, { folder });
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(message)]);
    expect(existsSync(join(folder, 'x'))).toBe(false);
  });
});

describe('brownout alerts', () => {
  it.each([
    [['alerts', 'openai-2024-12-04', '--rules', 'none.yaml'], 'cannot read "none.yaml": no such file'],
    [['alerts', 'openai-2024-12-4', '--rules', 'none.yaml'], 'did you mean "openai-2024-12-04"'],
    [['alerts', 'openai-2024-12-04', '--rules', 'run/result.json'], 'expected a list "groups" of rules'],
  ])('%j is refused', async (args, message) => {
    const { exitCode, stderr } = await brownout(args, { folder });
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(message)]);
  });
});
