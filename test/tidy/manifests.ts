/** Dependencies: exact versions, declared where they are used, and each with one home. */
import { builtinModules } from 'node:module';
import { importsOf, packageOf } from './imports.ts';
import { isShippedSource, isTest, lineAt, type Tree, type Violation } from './tree.ts';

interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** Where a runtime dependency may be imported; the rest of the code talks to the module that wraps it. */
export const dependencyHomes: Readonly<Record<string, readonly string[]>> = {
  seedrandom: ['packages/core/src/random/'],
  jstat: ['packages/core/src/experiment/'],
  mathjs: ['packages/core/src/analytic/', 'packages/scenarios/src/scenario/', 'packages/scenarios/src/experiment/'],
  immer: ['packages/scenarios/src/scenario/'],
  yaml: ['packages/scenarios/src/scenario/', 'packages/cli/src/'],
  zod: ['packages/scenarios/src/'],
  commander: ['packages/cli/src/'],
  'hyparquet-writer': ['packages/cli/src/export/'],
  vega: ['packages/cli/src/charts/'],
  'vega-lite': ['packages/cli/src/charts/'],
  asciichart: ['packages/cli/src/'],
  'cli-table3': ['packages/cli/src/'],
  picocolors: ['packages/cli/src/'],
  piscina: ['packages/cli/src/pool/'],
  bullmq: ['packages/cli/src/machines/redis/'],
  ioredis: ['packages/cli/src/machines/redis/'],
  preact: ['packages/viewer/page/', 'packages/viewer/exercise/'],
  uplot: ['packages/viewer/page/', 'packages/viewer/exercise/'],
  'fast-check': ['packages/core/src/testing/'],
};

const EXACT = /^\d+\.\d+\.\d+(-[\w.]+)?$/;

/** Versions that are not exact, or differ between packages. Peers may be ranges: they are the user's choice. */
export function checkVersions(tree: Tree): Violation[] {
  const violations: Violation[] = [];
  const firstSeen = new Map<string, readonly [version: string, path: string]>();
  for (const [path, manifest, text] of manifests(tree)) {
    for (const [name, version] of Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })) {
      const line = lineAt(text, text.indexOf(`"${name}": "${version}"`));
      if (!EXACT.test(version)) {
        violations.push({
          path,
          line,
          rule: 'version',
          message: `"${name}": "${version}" is not exact. Write the version that is tested.`,
        });
      }
      const [other, where] = firstSeen.get(name) ?? [version, path];
      firstSeen.set(name, [other, where]);
      if (other === version) continue;
      violations.push({
        path,
        line,
        rule: 'version',
        message: `"${name}" is ${version} here and ${other} in ${where}. Use one version.`,
      });
    }
  }
  return violations;
}

/** Imports of packages that are undeclared or away from home, and declared dependencies that nothing imports. */
export function checkDependencies(tree: Tree): Violation[] {
  const violations: Violation[] = [];
  for (const [path, manifest, text] of manifests(tree)) {
    const folder = path.slice(0, -'package.json'.length);
    if (folder === '') continue;
    const used = new Set<string>();
    for (const file of tree.keys()) {
      if (!file.startsWith(folder) || !/\.tsx?$/.test(file)) continue;
      violations.push(...checkImports(tree, file, manifest, used));
    }
    for (const name of Object.keys(manifest.dependencies ?? {})) {
      if (used.has(name)) continue;
      const line = lineAt(text, text.indexOf(`"${name}"`));
      violations.push({
        path,
        line,
        rule: 'dependency',
        message: `"${name}" is a dependency that no source imports. Remove it, or use it.`,
      });
    }
  }
  return violations;
}

/** What is bundled into one file when a package is built needs its libraries then and never again. */
function isBundled(path: string): boolean {
  return /^packages\/[^/]+\/(?:page|exercise)\//.test(path);
}

function checkImports(tree: Tree, path: string, manifest: Manifest, used: Set<string>): Violation[] {
  const violations: Violation[] = [];
  const isShipped = isShippedSource(path);
  const runtime = { ...manifest.dependencies, ...manifest.peerDependencies };
  for (const { specifier, line } of importsOf(tree, path)) {
    const name = packageOf(specifier);
    if (name === undefined || builtinModules.includes(name) || name === manifest.name) continue;
    if (isShipped) used.add(name);
    const isDeclared =
      name in runtime ||
      (isTest(path) && (name === 'vitest' || name in (manifest.devDependencies ?? {}))) ||
      (isBundled(path) && name in (manifest.devDependencies ?? {}));
    if (!isDeclared) {
      violations.push({
        path,
        line,
        rule: 'dependency',
        message: `"${name}" is not a dependency of ${manifest.name}. Declare it, with its exact version.`,
      });
    }
    const homes = dependencyHomes[name];
    if (!(isShipped || isBundled(path)) || homes === undefined || homes.some((home) => path.startsWith(home))) continue;
    const message = `"${name}" is imported away from its home (${homes.join(', ')}). Use what that module offers, or extend dependencyHomes in test/tidy/manifests.ts with a decision page.`;
    violations.push({ path, line, rule: 'dependency home', message });
  }
  return violations;
}

function* manifests(tree: Tree): Generator<readonly [path: string, manifest: Manifest, text: string]> {
  for (const [path, text] of tree) {
    if (/^(packages\/[^/]+\/)?package\.json$/.test(path)) yield [path, JSON.parse(text) as Manifest, text];
  }
}
