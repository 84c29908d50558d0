/** Where the pages come from: the installed package brings them, a checkout makes them from its sources. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Sink } from '../context.ts';

/** The text of the template of reports. Says on `stderr` when it has to be made first, which takes some seconds, once. */
export async function reportTemplate(stderr: Sink): Promise<string> {
  return await pageText('report', stderr);
}

/** The text of the exercise page, in the same way. */
export async function exercisePage(stderr: Sink): Promise<string> {
  return await pageText('exercise', stderr);
}

async function pageText(page: 'report' | 'exercise', stderr: Sink): Promise<string> {
  const manifest = createRequire(import.meta.url).resolve('@brownout/viewer/package.json');
  const folder = dirname(manifest);
  const maker = join(folder, 'build.mjs');
  // The maker is not published: where it is, the sources are, and they may be newer than what was built.
  const file = existsSync(maker) ? await made(maker, page, stderr) : join(folder, 'dist', `${page}.html`);
  return await readFile(file, 'utf8');
}

/** Runs the maker in a process of its own; the last line that it prints is the path. */
function made(maker: string, page: string, stderr: Sink): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [maker, '--page', page], { stdio: ['ignore', 'pipe', 'pipe'] });
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
      else reject(new Error(`the page ${page} cannot be built (exit code ${code}): ${said.trim()}`));
    });
  });
}
