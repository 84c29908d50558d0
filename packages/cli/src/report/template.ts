/** Where the template of report pages comes from: the installed package brings it, a checkout makes it from its sources. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Sink } from '../context.ts';

/** The text of the template. Says on `stderr` when it has to be made first, which takes some seconds, once. */
export async function reportTemplate(stderr: Sink): Promise<string> {
  const manifest = createRequire(import.meta.url).resolve('@brownout/viewer/package.json');
  const folder = dirname(manifest);
  const maker = join(folder, 'build.mjs');
  // The maker is not published: where it is, the sources are, and they may be newer than what was built.
  const file = existsSync(maker) ? await made(maker, stderr) : join(folder, 'dist', 'report.html');
  return await readFile(file, 'utf8');
}

/** Runs the maker in a process of its own; the last line that it prints is the path. */
function made(maker: string, stderr: Sink): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [maker], { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      stderr.write(text);
    });
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(output.trim().split('\n').at(-1) ?? '');
      else reject(new Error(`the report page cannot be built (exit code ${code}): ${said.trim()}`));
    });
  });
}
