/** What every command does on a terminal, and in a pipe: colours, widths, messages, data. */
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { captureFolder } from '../test/captures.ts';
import { brownout } from '../test/context.ts';
import { tinyText } from '../test/tiny-document.ts';

const escape = '\u001b';
const controlPlane = `version: 1
kind: control-plane
id: pollers
title: Pollers
apiServers: { cores: 4, memory: 8 GiB }
etcd: { cores: 2, memory: 4 GiB }
stored: { pods: { count: 100, json: 5 kB, stored: 2 kB } }
clients:
  - { kind: agents, name: pollers, user: 'poller-{n}', request: { verb: list }, timeout: 10 s, period: 5 s }
phases:
  - { name: all, lasts: 20 s, load: { pollers: 10 } }
`;

let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'brownout-terminal-'));
  writeFileSync(join(folder, 'tiny.yaml'), await tinyText());
  writeFileSync(join(folder, 'wrong.yaml'), 'version: 1\nclustres: []\n');
  writeFileSync(join(folder, 'pollers.yaml'), controlPlane);
  for (const when of ['before', 'after']) {
    copyFileSync(join(captureFolder, `metrics-${when}.txt.gz`), join(folder, `${when}.gz`));
  }
  for (const name of ['nodes', 'pods', 'daemonsets']) {
    copyFileSync(join(captureFolder, `${name}.json.gz`), join(folder, `${name}.json.gz`));
  }
  const { exitCode, stderr } = await brownout(['replay', 'tiny.yaml', '--out', 'run'], { folder });
  expect(exitCode, stderr).toBe(0);
  for (const share of ['1/2', '2/2']) {
    const made = await brownout([...sweep, '--shard', share, '--out', 'shares'], { folder });
    expect(made.exitCode, made.stderr).toBe(0);
  }
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const sweep = ['sweep', 'tiny.yaml', '--vary', 'agent.period=15s,30s'];
const shares = ['shares/replications-1-of-2.ndjson', 'shares/replications-2-of-2.ndjson'];
let merges = 0;

/** Every command that prints a result, once; those with `--json` in both ways. */
const invocations: readonly (readonly [name: string, words: () => readonly string[], hasJson: boolean])[] = [
  ['list', () => ['list'], true],
  ['schema', () => ['schema'], false],
  ['validate', () => ['validate', 'tiny.yaml'], true],
  ['replay', () => ['replay', 'tiny.yaml', '--out', 'r'], true],
  ['replay, many', () => ['replay', 'tiny.yaml', '--replications', '3', '--out', 'm'], true],
  ['replay, control plane', () => ['replay', 'pollers.yaml', '--out', 'c'], true],
  ['compare', () => ['compare', 'tiny.yaml', '--mitigate', 'break-glass', '--replications', '3', '--out', 'o'], true],
  ['sweep', () => [...sweep, '--out', 's'], true],
  [
    'tip',
    () => [
      ...['tip', 'tiny.yaml', '--vary', 'clusters[1].nodes=2..9', '--when', 'peakErrorShare > 2', '--budget', '10'],
      ...['--out', 't'],
    ],
    true,
  ],
  ['plan', () => ['plan', 'tiny.yaml', '--goal', 'clustersLost == 0', '--choose', 'break-glass', '--out', 'p'], true],
  ['report', () => ['report', 'run', '--format', 'markdown', '--out', '-'], false],
  ['export', () => ['export', 'run', '--format', 'csv'], false],
  [
    'import',
    () => ['import', 'nodes.json.gz', 'pods.json.gz', 'daemonsets.json.gz', '--out', `imported-${merges++}.yaml`],
    true,
  ],
  ['calibrate', () => ['calibrate', 'before.gz', 'after.gz'], true],
  ['merge', () => ['merge', ...shares, '--out', `merged-${merges++}.ndjson`], true],
  ['completion', () => ['completion', 'bash'], false],
];

/** Studies that end are not begun again in a folder that holds them. */
function fresh(words: readonly string[]): readonly string[] {
  const out = words.indexOf('--out');
  if (out < 0 || !/^[a-z]$/.test(words[out + 1]!)) return words;
  return words.map((word, index) => (index === out + 1 ? `${word}-${merges++}` : word));
}

describe.each(invocations)('%s', (_name, words, hasJson) => {
  it('has colours on a terminal at most, and none with NO_COLOR', async () => {
    const plain = await brownout(fresh(words()), { folder, isTerminal: true, environment: { NO_COLOR: '1' } });
    expect(plain.exitCode, plain.stderr).toBe(0);
    expect(plain.stdout).not.toContain(`${escape}[`);
    const piped = await brownout(fresh(words()), { folder });
    expect(piped.stdout + piped.stderr).not.toContain(escape);
  });

  it('says nothing on standard error with --quiet', async () => {
    const { exitCode, stderr, stdout } = await brownout(fresh([...words(), '--quiet']), { folder, isTerminal: true });
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).not.toBe('');
  });

  it.skipIf(!hasJson)('prints one JSON document with --json, even on a terminal', async () => {
    const { stdout } = await brownout(fresh([...words(), '--json']), { folder, isTerminal: true });
    expect(() => JSON.parse(stdout) as unknown).not.toThrow();
    expect(stdout.endsWith('\n')).toBe(true);
  });
});

it('validate --json says what is wrong and where, as data', async () => {
  const { exitCode, stdout, stderr } = await brownout(['validate', 'wrong.yaml', '--json'], { folder });
  const { valid, problems } = JSON.parse(stdout) as { readonly valid: boolean; readonly problems: readonly object[] };
  expect([exitCode, valid, stderr]).toEqual([2, false, '']);
  expect(problems).toContainEqual({
    path: '',
    message: 'unknown key "clustres"; did you mean "clusters"?',
    line: 2,
    column: 1,
  });
});

it('errors are told with --quiet too', async () => {
  const { exitCode, stderr } = await brownout(['validate', 'wrong.yaml', '--quiet'], { folder });
  expect(exitCode).toBe(2);
  expect(stderr).toContain('unknown key "clustres"');
});

describe('nothing for people is wider than the terminal', () => {
  const forPeople = ['list', 'replay', 'replay, many', 'compare', 'sweep', 'tip', 'plan', 'calibrate'];
  it.each(invocations.filter(([name]) => forPeople.includes(name)))('%s', async (_name, words) => {
    for (const columns of [72, 120]) {
      const { stdout } = await brownout(fresh(words()), {
        folder,
        isTerminal: true,
        columns,
        environment: { NO_COLOR: '1' },
      });
      const wide = stdout.split('\n').filter((line) => line.length > columns);
      expect(wide).toEqual([]);
    }
  });

  it('help', async () => {
    const { stdout: all } = await brownout(['--help'], { columns: 80 });
    const [list = ''] = all.split('\nExamples:');
    const names = [...list.matchAll(/^ {2}([a-z]+) /gm)].map(([, name]) => name!);
    for (const name of names) {
      const { stdout } = await brownout([name, '--help'], { columns: 80 });
      const [text = ''] = stdout.split('\nExamples:');
      expect(text.split('\n').filter((line) => line.length > 80 && !line.startsWith('  kubectl'))).toEqual([]);
    }
  });
});
