/**
 * Builds the packages from bottom to top: TypeScript in `src` to JavaScript, declarations and source maps in `dist`.
 *
 *     node scripts/build.mjs [package ...]
 *
 * A package finds the ones below it through their `dist`, exactly as users do. Core and scenarios are compiled without
 * the types of Node and of the browser, so anything that exists in only one of them does not compile. A package whose
 * exports have a condition `node` is bundled for it as well (build/bundle.mjs), and one with a page of its own bundles that
 * by its `build.mjs`.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleForNode } from './build/bundle.mjs';

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
  // Made beside the build before, which stays until this one is whole.
  const made = join(folder, 'dist-next');
  rmSync(made, { recursive: true, force: true });
  const { status } = spawnSync(process.execPath, [compiler, '-p', 'tsconfig.build.json', '--outDir', made], {
    cwd: folder,
    stdio: 'inherit',
  });
  if (status !== 0) {
    process.stderr.write(`build: packages/${name} does not compile\n`);
    process.exit(1);
  }
  await bundleForNode(folder, made);
  const bundler = join(folder, 'build.mjs');
  if (existsSync(bundler)) {
    for (const page of ['report', 'exercise']) {
      const out = join(made, `${page}.html`);
      const bundling = [bundler, '--page', page, '--out', out];
      const { status: bundled } = spawnSync(process.execPath, bundling, { stdio: 'inherit' });
      if (bundled !== 0) {
        process.stderr.write(`build: the ${page} page of packages/${name} cannot be bundled\n`);
        process.exit(1);
      }
    }
  }
  rmSync(join(folder, 'dist'), { recursive: true, force: true });
  renameSync(made, join(folder, 'dist'));
  process.stdout.write(`packages/${name}: built in ${((performance.now() - started) / 1000).toFixed(1)} s\n`);
}
