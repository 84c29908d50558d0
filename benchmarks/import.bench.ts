/**
 * How long importing the built packages takes, in processes of their own, taken in turn; files are in the system's cache after
 * the first, which is dropped. Asked for: under 150 ms each. Beside them, the libraries that only reading a document needs. Prints
 * one JSON line.
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
  const began = performance.now();
  await import(${JSON.stringify(name)});
  console.log(performance.now() - began);`;

/** Milliseconds of one import, from a folder where the package is installed. */
function millisecondsOf(name: string, folder: string): number {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', program(name)], {
    cwd: join(import.meta.dirname, '..', 'packages', folder),
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  if (status !== 0) throw new Error(`import of ${name}: exit ${status}\n${stderr}`);
  return Number(stdout);
}

const measured = new Map<string, number[]>(imported.map(([name]) => [name, []]));
for (let round = 0; round < rounds; round++) {
  for (const [name, folder] of imported) {
    const milliseconds = millisecondsOf(name, folder);
    if (round > 0) measured.get(name)!.push(milliseconds);
  }
}
const rows = [...measured].map(([name, all]) => ({
  name,
  milliseconds: Math.round(median(all)),
  least: Math.round(Math.min(...all)),
  most: Math.round(Math.max(...all)),
}));
process.stdout.write(`${JSON.stringify(rows)}\n`);
