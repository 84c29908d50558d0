import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { incidents, mitigations } from '@brownout/scenarios';
import { brownout, temporaryFolder } from '../../test/context.ts';
import { completionScripts } from './scripts.ts';

/** The candidates for the end of a line, which may end in a space. */
async function candidates(line: string): Promise<readonly string[]> {
  const { stdout, exitCode } = await brownout(['complete', '--', ...line.split(' ')]);
  expect(exitCode).toBe(0);
  return stdout
    .split('\n')
    .filter((one) => one !== '')
    .map((one) => one.split('\t')[0]!);
}

describe('what could come next', () => {
  it('after nothing, every command', async () => {
    const { stdout } = await brownout(['--help']);
    const found = await candidates('brownout ');
    expect(found.length).toBeGreaterThan(10);
    for (const name of found) expect(stdout).toMatch(new RegExp(`^  ${name} `, 'm'));
    expect(found).not.toContain('complete');
  });

  it.each<[string, readonly string[]]>([
    ['brownout re', ['replay', 'report']],
    ['brownout replay openai-2024-12-1', ['openai-2024-12-11']],
    ['brownout replay my-', []],
    ['brownout replay x --mit', ['--mitigate']],
    ['brownout --qu', ['--quiet']],
    ['brownout replay x --qu', ['--quiet']],
    ['brownout replay x --mitigate staged-', ['staged-rollout']],
    ['brownout replay x --mitigate break-glass+staged-', ['break-glass+staged-rollout']],
    ['brownout replay x --mitigate=staged-', ['--mitigate=staged-rollout']],
    ['brownout replay x --mitigate staged-rollout:ba', ['staged-rollout:bake=']],
    ['brownout replay x --out ', []],
    ['brownout sweep x --design s', ['sobol']],
    ['brownout compare x --measures outageSeconds,firstA', ['outageSeconds,firstAlert']],
    ['brownout export x --table time', ['timeline']],
    ['brownout completion ', ['bash', 'zsh', 'fish']],
    ['brownout nonsense ', []],
  ])('%s', async (line, expected) => {
    expect(await candidates(line)).toEqual(expected);
  });

  it('is every incident and every mitigation where one is expected', async () => {
    expect(await candidates('brownout replay ')).toEqual(incidents.map(({ id }) => id));
    expect(await candidates('brownout replay x --mitigate ')).toEqual(mitigations.map(({ id }) => id));
  });
});

it('an unknown shell is refused with those that are known', async () => {
  const { exitCode, stderr } = await brownout(['completion', 'tcsh']);
  expect([exitCode, stderr]).toEqual([
    2,
    "error: command-argument value 'tcsh' is invalid for argument 'shell'. Allowed choices are bash, zsh, fish.\n",
  ]);
});

/** A folder whose `brownout` answers `complete` as the real one would to these words, without the second that starting it takes. */
function stubFolder(): string {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'bin'));
  const answer = [
    '#!/bin/sh',
    'shift 2',
    'for last; do :; done',
    'case "$last" in',
    "  rep) printf 'replay\\truns an incident\\nreport\\twrites a result\\n' ;;",
    "  staged-rollout:ba) printf 'staged-rollout:bake=\\thow long\\n' ;;",
    "  many) printf 'many-one\\tfirst\\nmany-two\\tsecond\\n' ;;",
    'esac',
  ].join('\n');
  writeFileSync(join(folder, 'bin', 'brownout'), `${answer}\n`);
  chmodSync(join(folder, 'bin', 'brownout'), 0o755);
  for (const [shell, script] of Object.entries(completionScripts)) writeFileSync(join(folder, shell), script);
  return folder;
}

const has = (shell: string): boolean => spawnSync(shell, ['--version']).status === 0;
const called = (shell: string): string => (has(shell) ? shell : `${shell} (skipped: it is not installed)`);

/** Runs a script in a shell and returns the lines it prints. */
function ask(shell: string, script: string): readonly string[] {
  const folder = stubFolder();
  const environment = { ...process.env, PATH: `${join(folder, 'bin')}:${process.env['PATH']}`, HOME: folder };
  const { stdout, stderr } = spawnSync(shell, ['-c', script], { cwd: folder, encoding: 'utf8', env: environment });
  expect(stderr).toBe('');
  return stdout.split('\n').filter((line) => line !== '');
}

describe('each shell offers what is answered', () => {
  it.skipIf(!has('bash')).each([
    ['brownout rep', ['replay', 'report']],
    // Bash takes the colon for the end of a word: what stands before it must not come twice.
    ['brownout replay x --mitigate staged-rollout:ba', ['bake=']],
    ['brownout replay nothing', []],
  ])(`${called('bash')}: %s`, (line, expected) => {
    const script = `source ./bash; COMP_LINE='${line}'; COMP_POINT=\${#COMP_LINE}; compopt() { :; }; _brownout; printf '%s\\n' "\${COMPREPLY[@]}"`;
    expect(ask('bash', script)).toEqual(expected);
  });

  it.skipIf(!has('fish')).each([
    ['brownout rep', ['replay\truns an incident', 'report\twrites a result']],
    ['brownout replay x --mitigate staged-rollout:ba', ['staged-rollout:bake=\thow long']],
  ])(`${called('fish')}: %s`, (line, expected) => {
    expect(ask('fish', `source ./fish; complete -C '${line}'`)).toEqual(expected);
  });

  it.skipIf(!has('zsh'))(`${called('zsh')}: the words and what they are`, () => {
    const script = [
      'compadd() { print -l -- "${found[@]}" "${shown[@]}" }; compdef() { : }; _files() { print files }',
      'source ./zsh; words=(brownout rep); CURRENT=2; _brownout',
      'words=(brownout replay nothing); CURRENT=3; _brownout',
    ].join('\n');
    expect(ask('zsh', script)).toEqual([
      'replay',
      'report',
      'replay  -- runs an incident',
      'report  -- writes a result',
      'files',
    ]);
  });
});
