/** The real command in a process of its own: its thread, its pipes, its signals, its exit codes. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RunResult } from '@brownout/scenarios';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../test/context.ts';
import { mainProgram } from '../test/main-program.ts';
import { commandVersion } from './version.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const example = 'docs/guides/two-clusters.yaml';

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command; `program` is what Node is told to run. */
function start(
  args: readonly string[],
  onStart?: (kill: (signal: NodeJS.Signals) => void) => void,
  program: readonly string[] = [mainProgram()],
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...program, ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
    onStart?.((signal) => child.kill(signal));
  });
}

it('a replay runs on its own thread and pipes clean JSON', async () => {
  const folder = temporaryFolder();
  const { code, stdout, stderr } = await start(['replay', example, '--until', '8min', '--json', '--out', folder]);
  const result = JSON.parse(stdout) as RunResult;
  expect(result.horizon.endSeconds).toBe(480);
  expect(stderr).toBe(`Result: ${join(folder, 'result.json')}\nReport: ${join(folder, 'report.txt')}\n`);
  expect(code).toBe(0);
});

it('bad input: exit code 2, nothing on standard output', async () => {
  const { code, stdout, stderr } = await start(['replay', 'openai-2024-12-12']);
  expect(stderr).toBe('unknown incident "openai-2024-12-12"; did you mean "openai-2024-12-11"?\n');
  expect([code, stdout]).toEqual([2, '']);
});

it('an interrupt stops a long run cleanly: exit code 130, the result up to then', async () => {
  const folder = join(temporaryFolder(), 'out');
  const { code, stdout } = await start(['replay', 'openai-2024-12-11', '--out', folder], (kill) => {
    // The folder is made right before the run starts, and the whole run takes far longer than half a second.
    const watch = setInterval(() => {
      if (!existsSync(folder)) return;
      clearInterval(watch);
      setTimeout(() => kill('SIGINT'), 500);
    }, 50);
  });
  expect(stdout).toMatch(/Interrupted: the run got as far as \d\d:\d\d \(.*\)\./);
  const result = JSON.parse(readFileSync(join(folder, 'result.json'), 'utf8')) as RunResult;
  expect(result.horizon.endSeconds).toBeLessThan(21_600);
  expect(code).toBe(130);
});

it('its version is that of its package, also straight from the sources', async () => {
  const { version } = JSON.parse(readFileSync(join(root, 'packages/cli/package.json'), 'utf8')) as {
    readonly version: string;
  };
  expect(commandVersion).toBe(version);
  const sources = ['--conditions=brownout-source', '--import', 'tsx', 'packages/cli/src/main.ts'];
  for (const program of [undefined, sources]) {
    const { code, stdout } = await start(['--version'], undefined, program);
    expect([code, stdout]).toEqual([0, `${version}\n`]);
  }
});
