/** What a benchmark ran on, and the compiler for the baselines. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';

const FLAGS = ['-O3', '-march=native', '-std=c++17', '-Wall', '-Wextra'];

/** Lines that say which machine, versions and commit a result belongs to. */
export function describeMachine(folder: string): string[] {
  const [cpu] = cpus();
  const compiler = firstLine('g++', ['--version'], folder);
  const commit = firstLine('git', ['rev-parse', '--short', 'HEAD'], folder);
  const changes = spawnSync('git', ['status', '--porcelain', '--', '.', '../packages/core/src'], {
    cwd: folder,
    encoding: 'utf8',
  });
  const isChanged = changes.status === 0 && changes.stdout.trim() !== '';
  return [
    `- Machine: ${cpus().length} x ${cpu?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform} ${process.arch}`,
    `- Node ${process.versions.node} (V8 ${process.versions.v8}), ${compiler === '' ? 'no g++' : `${compiler} ${FLAGS.join(' ')}`}`,
    `- Commit ${commit}${isChanged ? ', with uncommitted changes' : ''}`,
    `- Load average at the start: ${loadavg()[0]!.toFixed(1)}`,
  ];
}

/** Compiles baselines/*.cpp into .build/; false, with a message, when there is no g++. */
export function compileBaselines(folder: string): boolean {
  if (firstLine('g++', ['--version'], folder) === '') {
    process.stderr.write('g++ was not found: the C++ baselines are left out, and with them every ratio over them\n');
    return false;
  }
  mkdirSync(join(folder, '.build'), { recursive: true });
  for (const file of readdirSync(join(folder, 'baselines')).filter((name) => name.endsWith('.cpp'))) {
    const output = join('.build', file.replace('.cpp', ''));
    const { status, stderr } = spawnSync('g++', [...FLAGS, '-o', output, join('baselines', file)], {
      cwd: folder,
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`g++ failed on ${file}\n${stderr}`);
  }
  return true;
}

function firstLine(command: string, words: readonly string[], cwd: string): string {
  const { status, stdout } = spawnSync(command, words, { cwd, encoding: 'utf8' });
  return status === 0 ? (stdout.split('\n')[0] ?? '').trim() : '';
}
