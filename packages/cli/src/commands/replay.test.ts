import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RunResult } from '@brownout/scenarios';
import { describe, expect, it } from 'vitest';
import { brownout, runHere, temporaryFolder } from '../../test/context.ts';
import { RunFailure, type RunInBackground } from '../background-run.ts';

const example = fileURLToPath(new URL('../../../../docs/guides/two-clusters.yaml', import.meta.url));
const replay = ['replay', example, '--until', '8min'];

describe('replay', () => {
  it('tells the story and says where the result went', async () => {
    const { exitCode, stdout, stderr, folder } = await brownout(replay);
    expect(exitCode).toBe(0);
    expect(stderr).toBe('');
    for (const title of [
      'WHAT HAPPENED, WHEN',
      'OVER TIME',
      'CLUSTER BY CLUSTER',
      'IN NUMBERS',
      'ASSUMED',
      'In short:',
    ]) {
      expect(stdout).toContain(title);
    }
    const [, resultPath = '', reportPath = ''] = /^Result: (.*)\nReport: (.*)\n$/m.exec(stdout) ?? [];
    expect(resultPath).toMatch(/^brownout-out\/two-clusters-1-until-8min-[0-9a-f]{8}\/result\.json$/);
    const result = JSON.parse(readFileSync(join(folder, resultPath), 'utf8')) as RunResult;
    expect(result).toMatchObject({ schema: 'brownout/result@1', scenario: 'two-clusters', seed: '1' });
    expect(readFileSync(join(folder, reportPath), 'utf8')).toContain('WHAT HAPPENED, WHEN');
  });

  it('--json prints one JSON document and nothing else', async () => {
    const { exitCode, stdout, stderr, folder } = await brownout([...replay, '--json', '--out', 'here'], {
      isTerminal: true,
    });
    const result = JSON.parse(stdout) as RunResult;
    expect(result.schema).toBe('brownout/result@1');
    expect(readFileSync(join(folder, 'here/result.json'), 'utf8')).toBe(stdout);
    expect(stderr).toContain('Result: here/result.json');
    expect(stdout).not.toContain('\u001b');
    expect(exitCode).toBe(0);
  });

  it('the same seed gives the same bytes, another seed another run', async () => {
    const [first, again, other] = await Promise.all(
      ['7', '7', '8'].map(async (seed) => (await brownout([...replay, '--json', '--seed', seed])).stdout),
    );
    expect(again).toBe(first);
    expect(other).not.toBe(first);
  });

  it('--no-trigger takes the rollout away, and the day is quiet', async () => {
    const { stdout } = await brownout([...replay, '--no-trigger']);
    expect(stdout).toContain('A quiet day');
    expect(stdout).toMatch(/CHANGED FOR THIS RUN\nrollout: \{ waves: .* -> null\n/);
    expect(stdout).toContain('two-clusters-1-no-trigger-until-8min');
  });

  it('--set prints what it changed and lists it as assumed', async () => {
    const { stdout } = await brownout([
      ...replay,
      '--set',
      'clusters[large].podsPerNode=1',
      '--set',
      'clusters[0].nodes=25',
    ]);
    expect(stdout).toContain(
      'CHANGED FOR THIS RUN\nclusters[large].podsPerNode: 30 -> 1\nclusters[0].nodes=25 (as it was)\n',
    );
    expect(stdout).toContain('clusters[1].podsPerNode = 1 · set for this run');
  });

  it('mitigations are printed as differences, and set beside the baseline once that was run', async () => {
    const folder = temporaryFolder();
    const mitigated = [...replay, '--mitigate', 'serve-stale-dns:window=12h', '--mitigate', 'break-glass'];
    const first = await brownout(mitigated, { folder });
    expect(first.stdout).toContain('dns.registry.serveStale: (absent) -> "12 h"');
    expect(first.stdout).toContain('operators.breakGlass: null -> ');
    expect(first.stdout).toContain('Replay it without --mitigate as well to see the KPIs of both runs side by side.');
    expect(first.stdout).toContain('/two-clusters-1-serve-stale-dns+break-glass-until-8min-');
    await brownout(replay, { folder });
    const second = await brownout(mitigated, { folder });
    expect(second.stdout).toContain('IN NUMBERS, BESIDE THE BASELINE');
    expect(second.stdout).not.toContain('Replay it without');
  });

  it('a baseline of another seed or another document is not used', async () => {
    const folder = temporaryFolder();
    await brownout(replay, { folder });
    const name = /brownout-out\/[^/]+/.exec((await brownout(replay, { folder })).stdout)?.[0] ?? '';
    const path = join(folder, name, 'result.json');
    writeFileSync(path, readFileSync(path, 'utf8').replace(/"documentHash": "./, '"documentHash": "x'));
    const { stdout } = await brownout([...replay, '--mitigate', 'break-glass'], { folder });
    expect(stdout).not.toContain('BESIDE THE BASELINE');
  });

  it('names of folders hold no path, whatever the seed', async () => {
    const { stdout, folder } = await brownout([...replay, '--seed', '../../x']);
    expect(stdout).toContain('Result: brownout-out/two-clusters-.._.._x-');
    expect(existsSync(join(folder, '..', 'x'))).toBe(false);
  });
});

describe('on a terminal', () => {
  const terminal = { isTerminal: true, columns: 80 };

  it('colours the story, and not under NO_COLOR or on a dumb terminal', async () => {
    expect((await brownout(replay, terminal)).stdout).toContain('\u001b[31m');
    for (const environment of [{ NO_COLOR: '1' }, { TERM: 'dumb' }]) {
      const { stdout } = await brownout(replay, { ...terminal, environment });
      expect(stdout).not.toContain('\u001b');
    }
  });

  it('files are never coloured, and pipes only when forced', async () => {
    const { stdout, folder } = await brownout(replay, { ...terminal });
    const report = /Report: (.*)\n/.exec(stdout)?.[1] ?? '';
    expect(readFileSync(join(folder, report), 'utf8')).not.toContain('\u001b');
    expect((await brownout(replay)).stdout).not.toContain('\u001b');
    expect((await brownout(replay, { environment: { FORCE_COLOR: '1' } })).stdout).toContain('\u001b');
  });

  it.each([60, 80, 120, 500])('no line is wider than %i columns, and none than 132', async (columns) => {
    const { stdout } = await brownout([...replay, '--out', 'x'], {
      isTerminal: true,
      columns,
      environment: { NO_COLOR: '1' },
    });
    for (const line of stdout.split('\n')) expect(line.length, line).toBeLessThanOrEqual(Math.min(columns, 132));
  });

  it('shows progress on standard error and clears it', async () => {
    const run: RunInBackground = (request, onProgress) => {
      onProgress(-120, 480);
      onProgress(180, 480);
      return runHere(request, onProgress);
    };
    const { stderr } = await brownout(replay, { ...terminal, run });
    expect(stderr).toMatch(/\rreplaying █+░+ +50 % {2}10:03 \(\+3 min\).*\u001b\[K/);
    expect(stderr.endsWith('\r\u001b[K')).toBe(true);
    expect((await brownout(replay, { run })).stderr).toBe('');
  });
});

describe('when things go wrong', () => {
  it('a run that breaks down is our defect: exit 1, and how to get there again', async () => {
    const run: RunInBackground = () => ({
      result: Promise.reject(new RunFailure('SimulationError: books do not balance', 125.5)),
      abort: () => undefined,
    });
    const { exitCode, stderr, stdout } = await brownout([...replay, '--seed', '5'], { run });
    expect(stderr).toContain('this is a defect of brownout');
    expect(stderr).toContain('SimulationError: books do not balance\nagain: the same command with --until 6s\n');
    expect([exitCode, stdout]).toEqual([1, '']);
  });

  it('an interrupt ends the run where it is, keeps what there is, and says how far it got', async () => {
    let interrupt: () => void = () => undefined;
    const run: RunInBackground = (request, onProgress) =>
      runHere(request, (now, end) => {
        if (now > -60) interrupt();
        onProgress(now, end);
      });
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'out'));
    const { exitCode, stdout } = await brownout(
      ['replay', example, '--set', 'clusters[large].nodes=400', '--out', 'out'],
      {
        run,
        folder,
        onInterrupt: (listener) => (interrupt = listener),
      },
    );
    expect(exitCode).toBe(130);
    expect(stdout).toMatch(/^So far: /m);
    expect(stdout).toMatch(/Interrupted: the run got as far as 10:\d\d \([+-].* (s|min)\)\.\n/);
    const result = JSON.parse(readFileSync(join(folder, 'out/result.json'), 'utf8')) as RunResult;
    expect(result.horizon.endSeconds).toBeLessThan(2_700);
    expect(result.warnings.join()).toContain('stopped at');
  });
});
