/**
 * Packages as users get them, built once for all test files that need them: those run side by side, and a build begins by
 * removing what is there.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const root: string = join(import.meta.dirname, '..');
const packages = ['core', 'scenarios', 'viewer', 'cli'] as const;
const cache: string = join(root, 'node_modules', '.cache');
const stampFile: string = join(cache, 'built-packages');
const lockFile: string = join(cache, 'built-packages.lock');
const pollMilliseconds = 200;
const longestBuildMilliseconds = 20 * 60_000;

/** What the build of a package depends on, apart from installed packages. */
const inputs = [
  'src',
  'page',
  'exercise',
  'package.json',
  'build.mjs',
  'index.html',
  'exercise.html',
  'tsconfig.build.json',
  'tsconfig.page.json',
];

/** The same, of all packages. */
const shared = ['tsconfig.base.json', 'tsconfig.build.json', 'pnpm-lock.yaml'];

/** Builds all packages unless they are built from exactly these sources. */
export async function buildPackages(): Promise<void> {
  mkdirSync(cache, { recursive: true });
  const wanted = fingerprint();
  const unlock = await lock();
  try {
    const isThere = packages.every((name) => existsSync(join(root, 'packages', name, 'dist', 'index.js')));
    if (isThere && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === wanted) return;
    rmSync(stampFile, { force: true });
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'scripts/build.mjs')], {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    if (status !== 0) throw new Error(`scripts/build.mjs failed (${status}):\n${stdout}\n${stderr}`);
    writeFileSync(stampFile, wanted);
  } finally {
    unlock();
  }
}

function fingerprint(): string {
  const hash = createHash('sha256');
  const add = (file: string): void =>
    void hash
      .update(`${file}\0`)
      .update(readFileSync(join(root, file)))
      .update('\0');
  for (const file of ['scripts/build.mjs', ...filesIn('scripts/build'), ...shared]) add(file);
  for (const name of packages) {
    for (const input of inputs) {
      const path = join('packages', name, input);
      if (!existsSync(join(root, path))) continue;
      if (/\.\w+$/.test(input)) add(path);
      else for (const file of filesIn(path)) add(file);
    }
  }
  return hash.digest('hex');
}

function filesIn(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.test.ts'))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .sort();
}

/** Waits until nobody else builds; a lock whose holder is gone is taken over. */
async function lock(): Promise<() => void> {
  for (;;) {
    try {
      writeFileSync(lockFile, String(process.pid), { flag: 'wx' });
      return () => rmSync(lockFile, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    if (isAbandoned()) rmSync(lockFile, { force: true });
    await sleep(pollMilliseconds);
  }
}

/** Whoever held it is gone, or has it for longer than any build takes: process ids come again. */
function isAbandoned(): boolean {
  try {
    const holder = Number(readFileSync(lockFile, 'utf8'));
    const age = Date.now() - statSync(lockFile).mtimeMs;
    return (holder > 0 && !isAlive(holder)) || age > longestBuildMilliseconds;
  } catch (error) {
    // Given back in the meantime.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

function isAlive(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
