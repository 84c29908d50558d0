/** Imports point down: between packages, and between the layers inside core and scenarios. */
import { importsOf, packageOf, resolveRelative } from './imports.ts';
import { isShippedSource, type Tree, type Violation } from './tree.ts';

/** The packages from bottom to top; one may import those before it. */
export const packageOrder: readonly (readonly [folder: string, name: string])[] = [
  ['core', '@brownout/core'],
  ['scenarios', '@brownout/scenarios'],
  ['viewer', '@brownout/viewer'],
  ['cli', 'brownout'],
];

/**
 * The layers of a package from bottom to top: a file imports its own layer or a lower one. A name ending in `/` is a
 * folder. Files on one line share a layer.
 */
export const layerOrder: Readonly<Record<string, readonly (readonly string[])[]>> = {
  core: [
    ['time.ts', 'errors.ts', 'power.ts', 'real-zero.ts', 'double-bits.ts', 'digest.ts'],
    ['random/'],
    ['analytic/'],
    ['calendar.ts', 'event-front.ts', 'event-records.ts', 'event-ring.ts', 'delay-line.ts', 'bucket-width.ts'],
    ['event-type.ts'],
    ['simulation.ts', 'signal.ts'],
    ['process.ts'],
    ['trace.ts', 'trace-store.ts', 'metrics/'],
    ['queueing/', 'traffic/', 'cache/'],
    ['experiment/'],
    ['testing/'],
    ['index.ts'],
  ],
  scenarios: [
    ['version.ts'],
    ['kubernetes/'],
    ['data-plane/'],
    ['operations/'],
    ['scenario/'],
    ['live/'],
    ['experiment/'],
    ['incidents/', 'mitigations/'],
    ['charts/', 'drill/', 'export/', 'import/', 'report/'],
    ['index.ts'],
  ],
};

/** Every arrow that points up. */
export function checkLayers(tree: Tree): Violation[] {
  const violations: Violation[] = [];
  for (const path of tree.keys()) {
    if (!path.startsWith('packages/') || !/\.tsx?$/.test(path)) continue;
    violations.push(...checkPackageOrder(tree, path));
    if (isShippedSource(path)) violations.push(...checkLayerOrder(tree, path));
  }
  return violations;
}

/** Every ring of files that need each other at run time. */
export function checkCycles(tree: Tree): Violation[] {
  const violations: Violation[] = [];
  const done = new Set<string>();
  const walk = (path: string, stack: readonly string[]): void => {
    if (done.has(path)) return;
    const here = [...stack, path];
    for (const { specifier, line, isTypeOnly } of importsOf(tree, path)) {
      const target = resolveRelative(path, specifier);
      if (isTypeOnly || target === undefined || !tree.has(target)) continue;
      const start = here.indexOf(target);
      if (start < 0) {
        walk(target, here);
        continue;
      }
      const ring = [...here.slice(start), target].map((file) => file.replace(/^packages\//, '')).join(' -> ');
      violations.push({ path, line, rule: 'cycle', message: `${ring}. Move what both need into a file of its own.` });
    }
    done.add(path);
  };
  for (const path of tree.keys()) if (isShippedSource(path)) walk(path, []);
  return violations;
}

function checkPackageOrder(tree: Tree, path: string): Violation[] {
  const violations: Violation[] = [];
  const own = packageOrder.findIndex(([folder]) => path.startsWith(`packages/${folder}/`));
  if (own < 0) {
    return [
      {
        path,
        line: 1,
        rule: 'layers',
        message: 'a package without a place. Add it to packageOrder in test/tidy/layers.ts.',
      },
    ];
  }
  const order = packageOrder.map(([, name]) => name);
  for (const { specifier, line } of importsOf(tree, path)) {
    const target = resolveRelative(path, specifier);
    if (target !== undefined && !target.startsWith(path.split('/').slice(0, 2).join('/'))) {
      const message = `"${specifier}" reaches into another package. Import what it exports, by package name.`;
      violations.push({ path, line, rule: 'layers', message });
    }
    const rank = order.indexOf(packageOf(specifier) ?? '');
    if (rank > own || (rank === own && isShippedSource(path))) {
      const message = `${order[own]} imports "${specifier}"; packages import downwards only: ${order.join(' < ')}. Move the code down, or hand the value in.`;
      violations.push({ path, line, rule: 'layers', message });
    }
  }
  return violations;
}

function checkLayerOrder(tree: Tree, path: string): Violation[] {
  const [, folder = '', , ...rest] = path.split('/');
  const layers = layerOrder[folder];
  if (layers === undefined) return [];
  const own = rankOf(layers, rest.join('/'));
  if (own < 0) {
    return [
      {
        path,
        line: 1,
        rule: 'layers',
        message: 'a file without a layer. Add it to layerOrder in test/tidy/layers.ts.',
      },
    ];
  }
  const violations: Violation[] = [];
  for (const { specifier, line } of importsOf(tree, path)) {
    const target = resolveRelative(path, specifier);
    if (target === undefined) continue;
    const rank = rankOf(layers, target.split('/').slice(3).join('/'));
    if (rank <= own) continue;
    const message = `layer ${nameOf(layers[own])} imports "${specifier}" of layer ${nameOf(layers[rank])}, which is above it. Move the code down, or hand the value in.`;
    violations.push({ path, line, rule: 'layers', message });
  }
  return violations;
}

function rankOf(layers: readonly (readonly string[])[], file: string): number {
  return layers.findIndex((layer) =>
    layer.some((name) => (name.endsWith('/') ? file.startsWith(name) : file === name)),
  );
}

function nameOf(layer: readonly string[] | undefined): string {
  return (layer ?? []).map((name) => name.replace(/\/$|\.ts$/, '')).join(', ');
}
