/**
 * Builds the packages from bottom to top: TypeScript in `src` to JavaScript, declarations and source maps in `dist`.
 *
 *     node scripts/build.mjs [package ...]
 *
 * A package finds the ones below it through their `dist`, exactly as users do. Core and scenarios are compiled without
 * the types of Node and of the browser, so anything that exists in only one of them does not compile. A package with a
 * page of its own bundles it by its `build.mjs`.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');

/** From bottom to top; those that do not exist are left out. */
const order = ['core', 'scenarios', 'viewer', 'cli'];

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !order.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`build: no package "${unknown[0]}"; there are ${order.join(', ')}\n`);
  process.exit(2);
}

for (const name of order) {
  const folder = join(root, 'packages', name);
  if ((wanted.length > 0 && !wanted.includes(name)) || !existsSync(join(folder, 'tsconfig.build.json'))) continue;
  const started = performance.now();
  rmSync(join(folder, 'dist'), { recursive: true, force: true });
  const { status } = spawnSync(process.execPath, [compiler, '-p', 'tsconfig.build.json'], {
    cwd: folder,
    stdio: 'inherit',
  });
  if (status !== 0) {
    process.stderr.write(`build: packages/${name} does not compile\n`);
    process.exit(1);
  }
  const bundler = join(folder, 'build.mjs');
  if (existsSync(bundler)) {
    const out = join(folder, 'dist', 'report.html');
    const { status: bundled } = spawnSync(process.execPath, [bundler, '--out', out], { stdio: 'inherit' });
    if (bundled !== 0) {
      process.stderr.write(`build: the page of packages/${name} cannot be bundled\n`);
      process.exit(1);
    }
  }
  process.stdout.write(`packages/${name}: built in ${((performance.now() - started) / 1000).toFixed(1)} s\n`);
}
