/** A study of the real command in a process of its own, interrupted by a real signal and resumed. */
import { readRecords, replicationLine } from '@brownout/scenarios';
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../test/context.ts';
import { mainProgram } from '../test/main-program.ts';
import { tinyText } from '../test/tiny-document.ts';

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `brownout <args>` in `folder`; `onTick` is called often while it lasts. */
function start(folder: string, args: readonly string[], onTick?: (interrupt: () => void) => void): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [mainProgram(), ...args], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    const timer = setInterval(() => onTick?.(() => child.kill('SIGINT')), 2);
    child.on('error', reject);
    child.on('close', (code) => {
      clearInterval(timer);
      resolve({ code, stdout, stderr });
    });
  });
}

function rowsOf(path: string): string[] {
  if (!existsSync(path)) return [];
  return readRecords(readFileSync(path, 'utf8')).records.map(({ replication }) => replicationLine(replication));
}

it('stopped by SIGINT after its first row and resumed, it has the rows of a study that was not', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'tiny.yaml'), await tinyText('20 min'));
  const replications = 8;
  const args = ['replay', 'tiny.yaml', '--replications', String(replications), '--workers', '2', '--out'];
  const path = join(folder, 'a/replications.ndjson');
  let isSent = false;
  const stopped = await start(folder, [...args, 'a'], (interrupt) => {
    if (isSent || rowsOf(path).length === 0) return;
    isSent = true;
    interrupt();
  });
  const made = rowsOf(path).length;
  expect(stopped.code, stopped.stderr).toBe(130);
  expect(stopped.stderr + stopped.stdout).toContain('Stopping; once more ends at once.\n');
  expect(stopped.stdout + stopped.stderr).toContain(`Interrupted after ${made} of ${replications} runs`);
  expect(stopped.stdout + stopped.stderr).toContain(
    'Go on with: brownout replay tiny.yaml --replications 8 --workers 2 --out a --resume\n',
  );
  expect(made).toBeLessThan(replications);

  const resumed = await start(folder, [...args, 'a', '--resume', '--json']);
  const whole = await start(folder, [...args, 'b', '--json']);
  expect([resumed.code, whole.code]).toEqual([0, 0]);
  expect(resumed.stderr).toContain(`a/replications.ndjson: ${made} replications are there already\n`);
  expect(resumed.stdout).toBe(whole.stdout);
  expect(rowsOf(path).sort()).toEqual(rowsOf(join(folder, 'b/replications.ndjson')).sort());
  expect(rowsOf(path)).toHaveLength(replications);
});
