/**
 * How long importing the built packages takes, in processes of their own, taken in turn; files are in the system's cache after
 * the first, which is dropped. Asked for: under 150 ms each. Beside them, the libraries that only reading a document needs. Prints
 * one JSON line: milliseconds on the clock and of CPU time, the median and the least; on a busy machine the CPU time says more.
 *
 *     node --import tsx benchmarks/import.bench.ts [--quick]
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { median } from './runner.ts';

const isQuick = process.argv.includes('--quick');
const rounds = isQuick ? 4 : 16;
const imported = [
  ['@brownout/core', 'cli'],
  ['@brownout/scenarios', 'cli'],
  ['brownout', '..'],
  ['zod', 'scenarios'],
  ['mathjs/lib/browser/math.js', 'scenarios'],
] as const;

const program = (name: string): string => `
  const [began, used] = [performance.now(), process.cpuUsage()];
  await import(${JSON.stringify(name)});
  const { user, system } = process.cpuUsage(used);
  console.log(JSON.stringify({ clock: performance.now() - began, cpu: (user + system) / 1000 }));`;

/** Milliseconds of one import. */
interface Import {
  readonly clock: number;
  readonly cpu: number;
}

/** One import, from a folder where the package is installed. */
function importOf(name: string, folder: string): Import {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', program(name)], {
    cwd: join(import.meta.dirname, '..', 'packages', folder),
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  if (status !== 0) throw new Error(`import of ${name}: exit ${status}\n${stderr}`);
  return JSON.parse(stdout) as Import;
}

const measured = new Map<string, Import[]>(imported.map(([name]) => [name, []]));
for (let round = 0; round < rounds; round++) {
  for (const [name, folder] of imported) {
    const one = importOf(name, folder);
    if (round > 0) measured.get(name)!.push(one);
  }
}
const spread = (values: readonly number[]): object => ({
  median: Math.round(median(values)),
  least: Math.round(Math.min(...values)),
});
const rows = [...measured].map(([name, all]) => ({
  name,
  clock: spread(all.map(({ clock }) => clock)),
  cpu: spread(all.map(({ cpu }) => cpu)),
}));
process.stdout.write(`${JSON.stringify(rows)}\n`);
