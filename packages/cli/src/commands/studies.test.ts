import {
  readRecords,
  replicationLine,
  type CompareResult,
  type ReplicatedResult,
  type SweepResult,
} from '@brownout/scenarios';
import { appendFileSync, readFileSync, readdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { brownout, temporaryFolder, type Invocation } from '../../test/context.ts';
import { tinyDocument, tinyText } from '../../test/tiny-document.ts';

const tiny = await tinyText('1 min');

function folderWith(text = tiny): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'tiny.yaml'), text);
  return folder;
}

async function run(args: string, folder = folderWith()): Promise<Invocation> {
  return await brownout(
    args.split(' ').map((arg) => arg.replaceAll('_', ' ')),
    { folder },
  );
}

/** Rows of the only file of replications below the folder, sorted, without the header. */
function rowsIn(folder: string): string[] {
  const text = readFileSync(recordPath(folder), 'utf8');
  return readRecords(text)
    .records.map(({ replication }) => replicationLine(replication))
    .sort();
}

function recordPath(folder: string): string {
  const [path = ''] = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ndjson'),
  );
  return join(folder, path);
}

const replay = 'replay tiny.yaml --replications 3';
const compare = 'compare tiny.yaml --replications 2 --mitigate break-glass --mitigate serve-stale-dns:window=12h';
const sweep = 'sweep tiny.yaml --vary clusters[0].nodes=2..4:2 --replications 2';

/** The cluster of eight nodes, what makes two of it, and a measure of it before that and of one of the two. */
const second = (await tinyDocument()).clusters[1]!.id;
const split = '--mitigate smaller-clusters:nodes=4';
const [before, after] = [`byCluster.${second}.peakErrorShare`, `byCluster.${second}-1.peakErrorShare`];

describe('replay with several replications', () => {
  it('gives each KPI with its interval, and the story of the first seed', async () => {
    const { exitCode, stdout, stderr, folder } = await run(replay);
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toContain('THE RUN WITH SEED 1');
    expect(stdout).toContain('IN NUMBERS, OVER 3 RUNS\nSeeds 1 to 3.');
    const [, path = ''] = /^Result: (.*)$/m.exec(stdout) ?? [];
    expect(path).toMatch(/^brownout-out\/tiny-1-replications-[0-9a-f]{8}\/result\.json$/);
    const result = JSON.parse(readFileSync(join(folder, path), 'utf8')) as ReplicatedResult;
    expect(result).toMatchObject({ schema: 'brownout/result@1', replications: 3, seed: '1' });
    expect(Object.keys(result.kpis['outageSeconds']!)).toEqual(
      expect.arrayContaining(['median', 'mean', 'lo', 'hi', 'q05', 'q95', 'n', 'censored']),
    );
    expect(rowsIn(folder)).toHaveLength(3);
  });

  it('--json prints one document, the same bytes again', async () => {
    const [first, again] = [await run(`${replay} --json`), await run(`${replay} --json`)];
    expect((JSON.parse(first.stdout) as ReplicatedResult).runs.map(({ seed }) => seed)).toEqual(['1', '2', '3']);
    expect(again.stdout).toBe(first.stdout);
    expect(first.stderr).toMatch(/^Result: .*\nReport: .*\n$/);
  });

  it('goes on from a torn file, and ends with the rows of an uninterrupted study', async () => {
    const whole = rowsIn((await run(replay)).folder);
    const folder = folderWith();
    await run('replay tiny.yaml --replications 2', folder);
    const path = recordPath(folder);
    truncateSync(path, readFileSync(path).length - 7);
    const { exitCode, stderr } = await run(`${replay} --resume`, folder);
    expect(stderr).toMatch(/replications\.ndjson:3: torn while it was written; cut off, its run is made again\n/);
    expect(stderr).toContain('replications.ndjson: 1 replications are there already');
    expect(exitCode).toBe(0);
    expect(rowsIn(folder)).toEqual(whole);
  });

  it('does not overwrite what is there, and says how to go on', async () => {
    const { folder } = await run(replay);
    const before = readFileSync(recordPath(folder), 'utf8');
    const { exitCode, stdout, stderr } = await run(replay, folder);
    expect(stderr).toContain('holds 3 replications of this study already. To go on from them, add --resume.');
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(readFileSync(recordPath(folder), 'utf8')).toBe(before);
  });

  it('finds two outcomes of one run, and counts neither', async () => {
    const { folder } = await run(replay);
    const path = recordPath(folder);
    const [record] = readRecords(readFileSync(path, 'utf8')).records;
    appendFileSync(path, `${replicationLine({ ...record!.replication, events: 1 })}\n`);
    const { exitCode, stderr } = await run(`${replay} --resume`, folder);
    expect(stderr).toMatch(/replications of seed 1 .* differ: .*:2 and .*:5/);
    expect(exitCode).toBe(2);
  });
});

describe('thresholds', () => {
  it('come first; missing one is exit code 99, also with --json', async () => {
    const missed = await run('replay tiny.yaml --threshold outageSeconds_<_1_min --threshold outageSeconds_>_1_min');
    expect(missed.stdout).toMatch(
      /^THRESHOLDS\n✓ outageSeconds < 1 min {2}got 0 s\n✗ outageSeconds > 1 min {2}got 0 s\n/,
    );
    const json = await run(`${replay} --json --threshold q95(outageSeconds)_>_1_min`);
    expect((JSON.parse(json.stdout) as ReplicatedResult).thresholds).toMatchObject([
      { holds: false, value: 0, count: 3 },
    ]);
    expect([missed.exitCode, json.exitCode]).toEqual([99, 99]);
    expect((await run('replay tiny.yaml --threshold outageSeconds_<_1_min')).exitCode).toBe(0);
  });

  it('of a document are judged like those typed, and checked by validate', async () => {
    const folder = folderWith(`${tiny}thresholds: ["outageSeconds > 1 h"]\n`);
    const { exitCode, stdout } = await run('replay tiny.yaml', folder);
    expect([exitCode, stdout.split('\n')[1]]).toEqual([99, '✗ outageSeconds > 1 h  got 0 s']);
    const wrong = folderWith(`${tiny}thresholds: ["outageSecond > 1 h"]\n`);
    for (const command of ['validate', 'replay', 'compare']) {
      const { exitCode: code, stderr } = await run(`${command} tiny.yaml`, wrong);
      expect([code, stderr]).toEqual([2, expect.stringContaining('did you mean "outageSeconds"?')]);
    }
  });
});

describe('compare', () => {
  it('ranks the variants and writes what each run measured', async () => {
    const { exitCode, stdout, stderr, folder } = await run(compare);
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toContain('RANKING by outageSeconds');
    expect(stdout).toContain('dns.registry.serveStale: (absent) -> "12 h"');
    expect(rowsIn(folder)).toHaveLength(6);
    const [, path = ''] = /^Result: (.*)$/m.exec(stdout) ?? [];
    const result = JSON.parse(readFileSync(join(folder, path), 'utf8')) as CompareResult;
    expect(result.variants.map(({ name }) => name)).toEqual(['baseline', 'break-glass', 'serve-stale-dns:window=12h']);
    expect(result.measures[0]).toMatchObject({ measure: 'outageSeconds', comparison: { n: 2 } });
  });

  it('takes more variants and more replications on top of what is there', async () => {
    const folder = folderWith();
    await run('compare tiny.yaml --replications 2 --mitigate break-glass --out o', folder);
    const { exitCode } = await run(`${compare} --replications 3 --out o --resume`, folder);
    expect(exitCode).toBe(0);
    expect(rowsIn(folder)).toHaveLength(9);
  });

  it('judges thresholds for every variant', async () => {
    const { exitCode, stdout } = await run(`${compare} --threshold outageSeconds_>_1_s --json`);
    expect(exitCode).toBe(99);
    expect(
      (JSON.parse(stdout) as { thresholds: { variant: string }[] }).thresholds.map(({ variant }) => variant),
    ).toEqual(['break-glass', 'serve-stale-dns:window=12h']);
  });

  it('runs until a difference is known well enough', async () => {
    const args = 'compare tiny.yaml --mitigate break-glass --measures goodputShare --half-width 0.5 --replications 70';
    const { exitCode, stdout } = await run(args);
    expect(exitCode).toBe(0);
    expect(stdout.replaceAll('\n', ' ')).toContain('the precision asked for is reached');
  });
});

describe('sweep', () => {
  it('tabulates points, and thresholds are judged at each', async () => {
    const { exitCode, stdout, folder } = await run(`${sweep} --threshold outageSeconds_<_1_s`);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('✓ outageSeconds < 1 s  met at all 2 points');
    expect(stdout).toContain('SWEEP tiny');
    expect(rowsIn(folder)).toHaveLength(4);
    const missed = await run(`${sweep} --threshold outageSeconds_>_1_s --json`);
    expect(missed.exitCode).toBe(99);
    expect((JSON.parse(missed.stdout) as SweepResult).rows).toHaveLength(2);
  });
});

describe('clusters that a mitigation makes', () => {
  it('are what a sweep of the mitigated scenario names', async () => {
    const names = `--measures ${after} --threshold ${after}_<_2`;
    const { exitCode, stderr } = await run(
      `sweep tiny.yaml --vary clusters[${second}-1].nodes=2..4:2 ${split} ${names}`,
    );
    expect([exitCode, stderr]).toEqual([0, '']);
  });

  it('are named by the thresholds of variants that all have them', async () => {
    const { exitCode, stderr } = await run(`compare tiny.yaml --replications 2 ${split} --threshold ${after}_<_2`);
    expect([exitCode, stderr]).toEqual([0, '']);
  });
});

describe('bad input for any of their options is exit code 2 and one clear message', () => {
  it.each<[string, string]>([
    [`${replay} --workers 0`, '--workers: expected a whole number from 1 to 1024, got "0"'],
    ['replay tiny.yaml --replications 1.5', '--replications: expected a whole number from 1 to 10000, got "1.5"'],
    ['compare tiny.yaml --mitigate break-glass --replications 1', '--replications: expected a whole number from 2 to'],
    ['replay tiny.yaml --threshold outage_<_3', 'unknown measure "outage"; did you mean "outageSeconds"?'],
    ['replay tiny.yaml --threshold outageSeconds_<_3_GiB', 'expected seconds or a time such as "5 min", got "3 GiB"'],
    ['compare tiny.yaml', 'compare: expected at least one --mitigate, such as --mitigate staged-rollout'],
    ['compare tiny.yaml --mitigate break-glass --mitigate break-glass', '--mitigate break-glass stands there twice'],
    ['compare tiny.yaml --mitigate brake-glass', 'unknown mitigation; did you mean "break-glass"?'],
    ['compare tiny.yaml --mitigate break-glass --measures outage', 'unknown measure "outage"; did you mean'],
    ['compare tiny.yaml --mitigate break-glass --half-width 3_GiB', 'got "3 GiB"'],
    ['compare tiny.yaml --mitigate break-glass --half-width 0', '--half-width: expected more than 0, got "0"'],
    ['compare tiny.yaml --mitigate break-glass --relative 2', '--relative: expected a share such as 0.1 or "10 %"'],
    ['compare tiny.yaml --mitigate break-glass --seed a_b', '--seed: expected 1 to 64 printable characters'],
    ['compare tiny.yaml --mitigate break-glass --until 8', '--until: expected a time after the trigger such as 2h'],
    ['compare tiny.yaml --mitigate break-glass --set clusters[0].node=5', 'did you mean "clusters[0].nodes"?'],
    ['sweep tiny.yaml', 'sweep: expected at least one --vary'],
    ['sweep tiny.yaml --vary clusters[0].node=1..2', 'did you mean "clusters[0].nodes"?'],
    [`${sweep} --design sobl`, '--design: unknown design "sobl"; did you mean "sobol"?'],
    [`${sweep} --design sobol --points x`, '--points: expected a whole number from 1 to 100000, got "x"'],
    [`${sweep.replace(':2', '')} --points 10`, 'a grid has its counts in its factors, got 10 points'],
    [`${sweep} --design morris --points 1`, 'expected at least 1 factor and 2 trajectories'],
    [`${sweep} --vary clusters[0].nodes=2..4`, 'factor "clusters[0].nodes" is there twice'],
    [
      'sweep tiny.yaml --vary clusters[0].nodes=2..900:400 --vary clusters[1].nodes=2..900:400',
      'grid: expected at most 100000 points, got 160000',
    ],
    [`${sweep} ${split} --measures ${before}`, `--measures: unknown measure "${before}"`],
    [`${sweep} ${split} --threshold ${before}_<_2`, `unknown measure "${before}"`],
    [`sweep tiny.yaml ${split} --vary clusters[${second}].nodes=2..4`, `clusters[${second}]`],
    [
      `${compare} ${split} --measures ${before}`,
      `with smaller-clusters:nodes=4: --measures: unknown measure "${before}"`,
    ],
    [`${compare} ${split} --measures ${after}`, `with baseline: --measures: unknown measure "${after}"`],
    [`${compare} ${split} --threshold ${before}_<_2`, 'with smaller-clusters:nodes=4: condition'],
    ['compare tiny.yaml --mitigate', 'compare: expected a value behind --mitigate <list>: one variant'],
  ])('%s', async (args, message) => {
    const { exitCode, stdout, stderr, folder } = await run(args);
    expect(stderr).toContain(message);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(readdirSync(folder)).toEqual(['tiny.yaml']);
  });
});

describe('an interrupt', () => {
  it('leaves what is made on disk, compares whole pairs and says how to go on', async () => {
    const folder = folderWith();
    const args = `${compare} --replications 5 --out o`.split(' ');
    let made = 0;
    const { exitCode, stdout, stderr } = await brownout(args, {
      folder,
      // The second whole row of three variants is made with the sixth run.
      onMade: (interrupt) => (++made === 7 ? interrupt() : undefined),
    });
    expect(exitCode).toBe(130);
    expect(stdout).toContain('2 runs of each of 3 variants under the same seeds, from seed 1 on; stopped early.');
    expect(stderr).toContain('Stopping; once more ends at once.\n');
    expect(stderr).toContain('the first 2 runs of each variant are compared; 7 runs are in o/replications.ndjson.');
    expect(stderr).toContain(`Go on with: brownout ${args.join(' ')} --resume\n`);
    expect(rowsIn(folder)).toHaveLength(7);
    expect((await brownout([...args, '--resume'], { folder })).exitCode).toBe(0);
    expect(rowsIn(folder)).toEqual(rowsIn((await run(args.join(' '))).folder));
  });
});

describe('a run that breaks down', () => {
  it('is our defect: the others are kept, its document is written, and the command that makes it again is printed', async () => {
    const { exitCode, stderr, folder } = await brownout(`${replay} --out o`.split(' '), {
      folder: folderWith(),
      breaking: ['2'],
    });
    expect(exitCode).toBe(1);
    expect(stderr).toContain('this is a defect of brownout');
    const [, file = ''] = /again: brownout replay (\S+) --seed 2\n/.exec(stderr) ?? [];
    expect(JSON.parse(readFileSync(join(folder, file), 'utf8'))).toMatchObject({ id: 'tiny' });
    expect(stderr).toContain('The other runs are made and kept: 2 are in o/replications.ndjson; --resume uses them.');
  });
});
