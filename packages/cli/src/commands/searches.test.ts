import type { PhaseDiagramResult, PlanResult, TipResult } from '@brownout/scenarios';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { brownout, temporaryFolder, type Invocation } from '../../test/context.ts';
import { tinyDocument, tinyText } from '../../test/tiny-document.ts';

const tiny = await tinyText('1 min');

async function run(args: string): Promise<Invocation> {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'tiny.yaml'), tiny);
  return await brownout(
    args.split(' ').map((arg) => arg.replaceAll('_', ' ')),
    { folder },
  );
}

const nodes = '--vary clusters[0].nodes=2..9';

/** The cluster of eight nodes, and what makes two of it. */
const second = (await tinyDocument()).clusters[1]!.id;
const split = 'smaller-clusters:nodes=4';

/** Bad input: one message, and nothing is written. */
async function expectRefused(args: string, message: string): Promise<void> {
  const { exitCode, stderr, folder } = await run(args);
  expect([exitCode, stderr]).toEqual([2, expect.stringContaining(message)]);
  expect(readdirSync(folder)).toEqual(['tiny.yaml']);
}

describe('tip', () => {
  it('finds nothing that tips where nothing does, and says so with exit code 0', async () => {
    const { exitCode, stdout } = await run(`tip tiny.yaml ${nodes} --when clustersLost_>=_1`);
    expect([exitCode, stdout.split('\n').slice(0, 4)]).toEqual([
      0,
      [
        'TIPPING POINT tiny',
        'clusters[0].nodes, asked: clustersLost >= 1',
        '',
        'clusters[0].nodes: no over the whole range',
      ],
    ]);
  });

  it('gives the same as JSON, and exit code 99 when the tipping point is not where it was expected', async () => {
    const { exitCode, stdout } = await run(
      `tip tiny.yaml ${nodes} --when peakApiServerMemoryBytes_>_1 --expect value_>_5 --json`,
    );
    const result = JSON.parse(stdout) as TipResult;
    expect(result).toMatchObject({
      schema: 'brownout/tip@1',
      tip: { status: 'always' },
      expectation: { holds: false },
    });
    expect(exitCode).toBe(99);
  });

  it('makes a phase diagram of load and trigger', async () => {
    const { exitCode, stdout } = await run(
      `tip tiny.yaml ${nodes} --trigger-size agent.startJitter=1s..20s --rows 2 --json`,
    );
    const result = JSON.parse(stdout) as PhaseDiagramResult;
    expect(result).toMatchObject({
      schema: 'brownout/phase-diagram@1',
      when: 'a cluster is lost and not back at the end',
    });
    expect([exitCode, result.diagram.rows.length]).toEqual([0, 2]);
  });

  it.each([
    [`tip tiny.yaml ${nodes}`, 'expected --when with a condition'],
    ['tip tiny.yaml --when clustersLost_>=_1', 'expected --vary with a range'],
    [`tip tiny.yaml ${nodes} --when clusterLost_>=_1`, 'did you mean "clustersLost"?'],
    [`tip tiny.yaml ${nodes} --when mean(clustersLost)_>=_1`, 'ask for median(...) or q95(...)'],
    [`tip tiny.yaml ${nodes} --when clustersLost_>=_1 --expect 5`, '--expect: expected such as "value > 6"'],
    [`tip tiny.yaml ${nodes} --when clustersLost_>=_1 --replications 3`, 'expected no --replications'],
    [
      `tip tiny.yaml ${nodes} --when p(clustersLost_>=_1)_<_10`,
      'it is compared with 0 to 1, such as 0.1 or 10 %, got 10',
    ],
    [`tip tiny.yaml ${nodes} --trigger-size agent.startJitter=1s..20s --rows 1`, '--rows: expected a whole number'],
    ['tip tiny.yaml --vary faster-rollback:pause=500ms..30s --when clustersLost_>=_1', 'in whole seconds, got "500ms"'],
    [
      'tip tiny.yaml --vary slower-agents:period=0s..2h:log --when clustersLost_>=_1',
      'a log scale needs a range above 0',
    ],
    [
      `tip tiny.yaml --vary smaller-clusters:nodes=4..8 --when byCluster.${second}-2.peakErrorShare_>_2`,
      `with smaller-clusters:nodes=8: condition "byCluster.${second}-2.peakErrorShare > 2": unknown measure`,
    ],
  ])('%s is bad input', async (args, message) => {
    await expectRefused(args, message);
  });

  it('asks about the clusters that a mitigation makes', async () => {
    const { exitCode, stderr } = await run(
      `tip tiny.yaml --vary smaller-clusters:nodes=4..5 --when byCluster.${second}-1.peakErrorShare_>_2`,
    );
    expect([exitCode, stderr]).toEqual([0, '']);
  });
});

describe('plan', () => {
  it('chooses nothing where nothing is needed', async () => {
    const { exitCode, stdout } = await run(
      'plan tiny.yaml --goal clustersLost_==_0 --choose break-glass --runners-up 0',
    );
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^as it is \(cost 0\) meets it in (\d+) of \1 runs$/m);
  });

  it('ends with exit code 99 when no set meets the goal', async () => {
    const { exitCode, stdout } = await run(
      'plan tiny.yaml --goal peakApiServerMemoryBytes_<_1 --choose break-glass --json',
    );
    expect([exitCode, (JSON.parse(stdout) as PlanResult).best]).toEqual([99, null]);
  });

  it.each([
    ['plan tiny.yaml --choose break-glass', "expected --goal, such as --goal 'outageSeconds < 5 min'"],
    ['plan tiny.yaml --goal clustersLost_==_0', 'expected at least one --choose'],
    ['plan tiny.yaml --goal clustersLost_==_0 --choose brake-glass', 'did you mean "break-glass"?'],
    [
      'plan tiny.yaml --goal clustersLost_==_0 --choose break-glass --confidence 0.4',
      '--confidence: expected more than 0.5, got "0.4"',
    ],
    [
      `plan tiny.yaml --goal byCluster.${second}.peakErrorShare_<_2 --choose break-glass --mitigate ${split}`,
      `unknown measure "byCluster.${second}.peakErrorShare"`,
    ],
    [
      `plan tiny.yaml --goal byCluster.${second}.peakErrorShare_<_2 --choose break-glass --choose ${split}`,
      `with ${split}: condition`,
    ],
    [
      `plan tiny.yaml --goal clustersLost_==_0 --harm byCluster.${second}.peakErrorShare --choose break-glass --mitigate ${split}`,
      '--harm: unknown measure',
    ],
  ])('%s is bad input', async (args, message) => {
    await expectRefused(args, message);
  });

  it('has goals for the clusters that a mitigation makes', async () => {
    const { exitCode, stderr } = await run(
      `plan tiny.yaml --goal byCluster.${second}-1.peakErrorShare_<_2 --choose break-glass --mitigate ${split} --runners-up 0`,
    );
    expect([exitCode, stderr]).toEqual([0, '']);
  });
});
