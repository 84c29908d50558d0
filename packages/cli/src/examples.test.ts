/**
 * Every line that the help shows is typed here, in the order of the page, in one folder. Runs are on this thread; that of the
 * whole incident ends where it would begin, because others make it. Lines that need a Redis or a Prometheus are run where there
 * is one.
 */
import { completeDocument, loadDocument, scenarioTemplates, type ScenarioDocument } from '@brownout/scenarios';
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { captureFolder, captureText } from '../test/captures.ts';
import { brownout, runHere, type Invocation } from '../test/context.ts';
import type { RunInBackground } from './background-run.ts';

/** In an order in which each finds the files that it reads. */
const commands = [
  'list',
  'schema',
  'validate',
  'replay',
  'compare',
  'sweep',
  'tip',
  'plan',
  'report',
  'export',
  'alerts',
  'import',
  'calibrate',
  'worker',
  'merge',
  'drill',
  'completion',
];

const hasPrometheus = ['promtool', 'prometheus'].every((program) => spawnSync(program, ['--version']).status === 0);

/** These go on until somebody ends them; that their options exist is all that is seen here. */
const neverEnding = /^brownout (worker|drill) /;

/** The run of the incident would take a minute. */
const noIncident: RunInBackground = (request, onProgress) => {
  if (request.document.id !== 'openai-2024-12-11') return runHere(request, onProgress);
  const refusal = new Error('it would begin');
  refusal.name = 'InputError';
  return { result: Promise.reject(refusal), abort: () => undefined };
};

let folder: string;

/** Lines of the help's examples. */
function linesOf(help: string): readonly string[] {
  const [, text = ''] = help.split('\nExamples:\n');
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}

/** Words as a shell would have them, and the file that standard output goes to. */
function parsed(line: string): { readonly words: readonly string[]; readonly into: string | undefined } {
  const inner = /^source <\((.*)\)$/.exec(line)?.[1] ?? line;
  const all = [...inner.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
  const arrow = all.indexOf('>');
  return arrow < 0 ? { words: all, into: undefined } : { words: all.slice(0, arrow), into: all[arrow + 1] };
}

async function type(line: string): Promise<Invocation> {
  const { words, into } = parsed(line);
  expect(words[0], line).toBe('brownout');
  const made = await brownout(words.slice(1), { folder, run: noIncident });
  if (into !== undefined) writeFileSync(join(folder, into), made.stdout);
  return made;
}

/** Small enough for a test: the template with fewer nodes. */
async function shrink(): Promise<void> {
  const file = join(folder, 'my-cluster.yaml');
  const { data } = await loadDocument(readFileSync(file, 'utf8'), 'my-cluster.yaml');
  const document = completeDocument(data, scenarioTemplates) as ScenarioDocument;
  const clusters = document.clusters.map((cluster) => ({ ...cluster, nodes: 60, podsPerNode: 5 }));
  writeFileSync(file, stringify({ ...document, clusters }));
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'brownout-examples-'));
  const root = fileURLToPath(new URL('../../..', import.meta.url));
  copyFileSync(join(root, 'examples/prometheus/rules.yaml'), join(folder, 'rules.yaml'));
  const kinds = { nodes: 'Node', pods: 'Pod', daemonsets: 'DaemonSet' };
  const items = Object.entries(kinds).flatMap(([name, kind]) => {
    const list = JSON.parse(captureText(`${name}.json.gz`)) as { readonly items: readonly object[] };
    return list.items.map((item) => ({ apiVersion: kind === 'DaemonSet' ? 'apps/v1' : 'v1', kind, ...item }));
  });
  writeFileSync(join(folder, 'cluster.json'), JSON.stringify({ kind: 'List', apiVersion: 'v1', items }));
  for (const when of ['before', 'after']) {
    copyFileSync(join(captureFolder, `metrics-${when}.txt.gz`), join(folder, `${when}.txt`));
  }
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('every command has examples, and none is forgotten here', async () => {
  const { stdout } = await brownout(['--help']);
  const [list = ''] = stdout.split('\nExamples:');
  const listed = [...list.matchAll(/^ {2}([a-z]+) /gm)].map(([, name]) => name).filter((name) => name !== 'help');
  expect(listed.toSorted()).toEqual(commands.toSorted());
  for (const line of linesOf(stdout)) expect(commands, line).toContain(parsed(line).words[1]);
});

describe.each(commands)('the examples of brownout %s', (command) => {
  it('run', async () => {
    const { stdout } = await brownout([command, '--help']);
    const lines = linesOf(stdout);
    expect(lines).not.toEqual([]);
    const own = lines.map((line) => parsed(line).words).filter(([, name]) => name === command);
    const options = own.flatMap((words) => words.filter((word) => word.startsWith('--')));
    for (const option of options) expect(stdout).toMatch(new RegExp(`^ +${option}\\b`, 'm'));
    for (const line of lines) {
      if (neverEnding.test(line) || (/^brownout alerts/.test(line) && !hasPrometheus)) continue;
      const { exitCode, stderr } = await type(line);
      if (/openai-2024-12-11/.test(line)) {
        expect(stderr, line).toBe('it would begin\n');
        continue;
      }
      expect(exitCode, `${line}\n${stderr}`).toBe(0);
    }
    if (command === 'schema') await shrink();
  }, 120_000);
});

it('files that the examples speak of are there in the end', () => {
  for (const name of [
    'outage/report.html',
    'postmortem.md',
    'series.csv',
    'timeline.svg',
    'imported.yaml',
    'whole.ndjson',
  ]) {
    expect(existsSync(join(folder, name)), name).toBe(true);
  }
});
