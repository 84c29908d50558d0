import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { incidents, mitigations, profiles } from '@brownout/scenarios';
import { describe, expect, it } from 'vitest';
import { brownout, temporaryFolder } from '../test/context.ts';
import type { RunInBackground } from './background-run.ts';

const example = fileURLToPath(new URL('../../../docs/guides/two-clusters.yaml', import.meta.url));
const replay = ['replay', example, '--until', '8min'];

/** Bad input never starts a run. */
const noRun: RunInBackground = () => {
  throw new Error('a run was started');
};

describe('bad input ends with exit code 2, one clear message and no stack trace', () => {
  it.each<[string, string[], string]>([
    ['an unknown command', ['repaly'], "error: unknown command 'repaly'\n(Did you mean replay?)\n"],
    ['an unknown option', ['list', '--jsn'], "error: unknown option '--jsn'\n(Did you mean --json?)\n"],
    [
      'an unknown incident',
      ['replay', 'openai-2024-12-1'],
      'unknown incident "openai-2024-12-1"; did you mean "openai-2024-12-11"?\n',
    ],
    [
      'an incident like no other',
      ['replay', 'xyzzy'],
      'unknown incident "xyzzy"; known: telemetry-rollout, openai-2024-11-25, openai-2024-12-04, openai-2024-12-11\n',
    ],
    [
      'an unknown mitigation',
      [...replay, '--mitigate', 'staged_rolout'],
      'mitigation "staged_rolout": unknown mitigation; did you mean "staged-rollout"?\n',
    ],
    [
      'an unknown parameter',
      [...replay, '--mitigate', 'staged-rollout:bakes=1min'],
      'mitigation "staged-rollout": unknown parameter "bakes"; did you mean "bake"?\n',
    ],
    [
      'a parameter without its unit',
      [...replay, '--mitigate', 'staged-rollout:bake=30'],
      'mitigation "staged-rollout": bake: expected a duration such as 30min, got "30": the unit is missing\n',
    ],
    [
      'an unknown path',
      [...replay, '--set', 'clusters[large].node=5'],
      'assignment "clusters[large].node=5": unknown path "clusters[1].node"; did you mean "clusters[1].nodes"?\n',
    ],
    [
      'a wrong value',
      [...replay, '--set', 'clusters[0].nodes=many'],
      'assignment "clusters[0].nodes=many": clusters[0].nodes: expected a whole number such as 12, got "many"\n',
    ],
    [
      'a seed with spaces',
      [...replay, '--seed', 'a b'],
      '--seed: expected 1 to 64 printable characters without spaces, got "a b"\n',
    ],
    [
      'a time without unit',
      ['replay', example, '--until', '8'],
      '--until: expected a time after the trigger such as 2h, got "8": the unit is missing\n',
    ],
    [
      'a time beyond the end',
      ['replay', example, '--until', '5h'],
      '--until: the scenario runs from -2 min to 45 min after the trigger, got "5h"\n',
    ],
    [
      'an unknown example',
      ['schema', '--example', 'openai'],
      'unknown incident "openai"; did you mean "openai-2024-11-25", "openai-2024-12-04" or "openai-2024-12-11"?\n',
    ],
    [
      'a folder as a file',
      ['validate', './docs/'],
      'cannot read "./docs/": expected a file ending in .yaml, .yml, .json, .ts, .mts, .js, .mjs\n',
    ],
  ])('%s', async (_name, args, message) => {
    const { exitCode, stdout, stderr } = await brownout(args, { run: noRun });
    expect(stderr).toBe(message);
    expect(stdout).toBe('');
    expect(exitCode).toBe(2);
  });

  it.each<[string, string, string | RegExp]>([
    ['bad.yaml', 'id: [1', /^bad\.yaml:1:7: malformed YAML: /],
    ['bad.json', '{"id": }', /^bad\.json:1:8: malformed JSON: /],
    [
      'unit.yaml',
      'version: 1\nhorizon: { start: -2, end: 45 min }',
      /^unit\.yaml:2:19 horizon\.start: expected a duration with a unit such as "-2 s", got -2$/m,
    ],
    ['key.yaml', 'version: 1\nclustres: []', /^key\.yaml:2:1: unknown key "clustres"; did you mean "clusters"\?$/m],
    ['list.yaml', '- 1', /^list\.yaml:1:1: expected keys and values, got \[1\]$/m],
    [
      'nothing.mjs',
      'export const x = 1;',
      '"nothing.mjs" exports none of document, scenario and default; expected a scenario document\n',
    ],
    ['broken.mjs', 'export const = 1;', /^cannot import "broken\.mjs": /],
    ['throws.mjs', 'throw new Error("no luck");', 'cannot import "throws.mjs": no luck\n'],
  ])('a file: %s', async (name, text, message) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, name), text);
    const { exitCode, stdout, stderr } = await brownout(['validate', name], { folder });
    if (typeof message === 'string') expect(stderr).toBe(message);
    else expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^ +at /m);
    expect([exitCode, stdout]).toEqual([2, '']);
  });

  it('a file that is not there, with the one that may be meant', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'mine.yaml'), '');
    const { exitCode, stderr } = await brownout(['replay', 'mien.yaml'], { folder });
    expect(stderr).toBe('cannot read "mien.yaml": no such file; did you mean "mine.yaml"?\n');
    expect(exitCode).toBe(2);
  });

  it('a folder that cannot be written to, before the run rather than after it', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'file'), '');
    const { exitCode, stderr } = await brownout([...replay, '--out', 'file/x'], { folder, run: noRun });
    expect(stderr).toBe('cannot write to "file/x": a file is in the way\n');
    expect(exitCode).toBe(2);
  });

  it('no arguments at all: the help, on standard error', async () => {
    const { exitCode, stdout, stderr } = await brownout([]);
    expect(stderr).toContain('Usage: brownout');
    expect([exitCode, stdout]).toEqual([2, '']);
  });
});

describe('list, validate, schema', () => {
  it('list names every incident, mitigation and profile', async () => {
    const { exitCode, stdout } = await brownout(['list']);
    for (const { id } of [...incidents, ...mitigations]) expect(stdout).toContain(`  ${id}  `);
    for (const { name } of profiles) expect(stdout).toMatch(new RegExp(`[ ,]${name.replaceAll('.', '\\.')}[ ,\n]`));
    expect(exitCode).toBe(0);
  });

  it('list shows what is named, and nothing else', async () => {
    const { stdout } = await brownout(['list', 'break-glass', 'openai-2024-12-04']);
    expect(stdout).toMatch(/^INCIDENTS\n {2}openai-2024-12-04 {2}/);
    expect(stdout).toMatch(/\n\nMITIGATIONS\n {2}\S.*\n {2}break-glass {2}/);
    expect(stdout.match(/costs: /g)).toHaveLength(1);
    expect(stdout).not.toContain('PROFILES');
  });

  it('list says how a set of means is typed', async () => {
    const { stdout } = await brownout(['list', 'recovery-actions']);
    expect(stdout).toContain('      use=block-admin-api  ');
  });

  it('list --short is a line each', async () => {
    const { stdout } = await brownout(['list', '--short']);
    const all = [...incidents, ...mitigations].map(({ id }) => id).concat(profiles.map(({ name }) => name));
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => line.split(' ')[0]),
    ).toEqual(all);
  });

  it('list knows a name that is nearly right', async () => {
    const { exitCode, stderr } = await brownout(['list', 'break-glas']);
    expect(stderr).toContain('no incident, mitigation or profile "break-glas"; did you mean "break-glass"?');
    expect(exitCode).toBe(2);
  });

  it('list --json is data', async () => {
    const { stdout } = await brownout(['list', '--json']);
    const catalogue = JSON.parse(stdout) as { readonly incidents: unknown[]; readonly mitigations: unknown[] };
    expect(catalogue.mitigations).toHaveLength(mitigations.length);
    expect(catalogue.incidents).toHaveLength(incidents.length);
    expect(JSON.parse(stdout)).toMatchObject({
      profiles: expect.arrayContaining([expect.objectContaining({ name: '2024', release: '1.30', isManaged: false })]),
    });
  });

  it('validate says what a valid document describes', async () => {
    const { exitCode, stdout } = await brownout(['validate', example]);
    expect(stdout).toContain('is valid\ntwo-clusters: Two clusters and an agent that lists all pods\n');
    expect(stdout).toContain('2 clusters, 225 nodes, the largest with 200; from -2 min to 45 min after the trigger');
    expect(stdout).toContain('\nKubernetes: profile 2024, run as 1.30\n');
    expect(exitCode).toBe(0);
  });

  it('validate says which flags are set, and which of them do nothing here', async () => {
    const folder = temporaryFolder();
    const { stdout: whole } = await brownout(['schema', '--example', 'telemetry-rollout']);
    const flags = '  profile: "1.31"\n  flags:\n    kube-apiserver: { goaway-chance: 0.001, event-ttl: 30m }\n';
    writeFileSync(join(folder, 'mine.yaml'), whole.replace(/^kubernetes:\n/m, `kubernetes:\n${flags}`));
    const { stdout } = await brownout(['validate', 'mine.yaml'], { folder });
    expect(stdout).toContain(
      'Kubernetes: profile 1.31; 2 flags set\naccepted, not modelled: kube-apiserver event-ttl\n',
    );
  });

  it('an incident printed as an example is a valid document again', async () => {
    const folder = temporaryFolder();
    const { stdout } = await brownout(['schema', '--example']);
    writeFileSync(join(folder, 'mine.yaml'), stdout);
    expect((await brownout(['validate', 'mine.yaml'], { folder })).exitCode).toBe(0);
  });

  it('schema prints JSON Schema', async () => {
    const { stdout } = await brownout(['schema']);
    expect(JSON.parse(stdout)).toMatchObject({ type: 'object', properties: { clusters: { type: 'array' } } });
  });

  it('a document may come from a module: a value or a function', async () => {
    const folder = temporaryFolder();
    const { stdout } = await brownout(['schema', '--example']);
    writeFileSync(join(folder, 'data.json'), JSON.stringify((await import('yaml')).parse(stdout)));
    const source =
      'import { readFileSync } from "node:fs"; const data = JSON.parse(readFileSync(new URL("data.json", import.meta.url)));';
    writeFileSync(join(folder, 'value.mjs'), `${source} export const document = data;`);
    writeFileSync(join(folder, 'made.mjs'), `${source} export default () => data;`);
    for (const name of ['data.json', 'value.mjs', 'made.mjs']) {
      expect((await brownout(['validate', name], { folder })).exitCode, name).toBe(0);
    }
  });
});
