/**
 * Makes `dist/node` of a package: all of its modules in a few files, which Node and Deno take (the condition `node` in the
 * package's exports). Reading some hundred small modules takes them longer than running what is in them, and so does reading
 * what a program does not use: that is in a file which is loaded when it is used (late.mjs). Bundlers and browsers take the
 * modules in `dist` as the compiler leaves them, so that what a program does not use can be left out.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { rolldown } from 'rolldown';
import { lateLibraries, lateOf } from './late.mjs';

/** Entries that load what the index loads without harm; all others are programs, or plain data such as the incidents. */
const largeEntries = ['index', 'late', 'analytic', 'testing', 'kubernetes'];

/**
 * The entries of a package that have a build for Node: name of the file without its ending, and its source.
 * @param {string} folder
 * @returns {Record<string, string>}
 */
export function nodeEntries(folder) {
  const { bin, exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  /** @type {Record<string, string>} */
  const entries = {};
  for (const conditions of Object.values(exports)) {
    if (typeof conditions !== 'object' || conditions.node === undefined) continue;
    const name = /^\.\/dist\/node\/(.+)\.js$/.exec(conditions.node)?.[1];
    if (name === undefined) throw new Error(`${folder}: "node": "${conditions.node}" is not in ./dist/node`);
    entries[name] = join(folder, conditions['brownout-source']);
  }
  if (Object.keys(entries).length === 0) return entries;
  for (const source of [...(bin === undefined ? [] : [join(folder, 'src', 'main.ts')]), ...threadPrograms(folder)]) {
    const name = basename(source, '.ts');
    if (name in entries) throw new Error(`${folder}: two programs are called ${name}`);
    entries[name] = source;
  }
  return entries;
}

/**
 * Programs of threads: whoever starts one names it by its place beside itself, which in the build is beside all others.
 * @param {string} folder
 * @returns {Set<string>}
 */
function threadPrograms(folder) {
  /** @type {Set<string>} */
  const found = new Set();
  for (const file of readdirSync(join(folder, 'src'), { recursive: true, withFileTypes: true })) {
    if (!file.isFile() || !file.name.endsWith('.ts') || file.name.endsWith('.test.ts')) continue;
    const text = readFileSync(join(file.parentPath, file.name), 'utf8');
    for (const [, path = ''] of text.matchAll(/new URL\('(\.[^']+\.ts)', import\.meta\.url\)/g)) {
      found.add(join(file.parentPath, path));
    }
  }
  return found;
}

/**
 * Bundles the entries of a package that have a build for Node, if there are any, into `node` in the folder `out`.
 * @param {string} folder
 * @param {string} out
 */
export async function bundleForNode(folder, out) {
  const entries = nodeEntries(folder);
  if (Object.keys(entries).length === 0) return;
  const late = lateOf(folder);
  const input = { ...entries, ...late.entries };
  const bundle = await rolldown({
    input,
    platform: 'node',
    external: (id) => !/^(\.|\/|[A-Za-z]:|brownout:)/.test(id),
    plugins: [late.plugin],
    // Some are loaded late by one and at once by another.
    checks: { ineffectiveDynamicImport: false, bundlerTimings: false },
  });
  const { output } = await bundle.write({
    dir: join(out, 'node'),
    format: 'esm',
    sourcemap: true,
    chunkFileNames: 'shared-[hash].js',
    comments: { jsdoc: false },
    codeSplitting: { groups: groupsOf(input) },
  });
  await bundle.close();
  for (const part of output) {
    const early = part.type === 'chunk' ? part.imports.filter((name) => lateLibraries.includes(name)) : [];
    if (early.length > 0) throw new Error(`${folder}: ${part.fileName} loads ${early.join(', ')} when it is imported`);
  }
}

/**
 * Into which file a module goes. Everything that the index needs from the start is in one, for a file costs more time than what
 * may be too much in it; but entries that are to be small, and start without the index, share a file of what they have in common
 * with others. What none needs from the start is loaded when it is asked for.
 * @param {Record<string, string>} input
 * @returns {import('rolldown').CodeSplittingGroup[]}
 */
function groupsOf(input) {
  const sources = Object.values(input);
  /** @type {Map<string, string[]> | undefined} */
  let needed;
  return [...ranks.keys()].map((rank) => ({
    debugName: `rank ${rank}`,
    priority: ranks.length - rank,
    name: (module, context) => {
      needed ??= neededBy(input, (id) => context.getModuleInfo(id)?.importedIds ?? []);
      const entries = needed.get(module) ?? [];
      const isInRank = entries.length > 0 && ranks.findIndex((holds) => holds(entries)) === rank;
      if (!isInRank || sources.includes(module)) return null;
      return rank === 0 ? 'small' : rank === 1 ? 'index' : entries.join('+');
    },
  }));
}

/**
 * Kinds of files, by the entries that need what is in them. A file takes along what its modules import, so what more entries need
 * goes first.
 * @type {((entries: string[]) => boolean)[]}
 */
const ranks = [
  (entries) => entries.length > 1 && entries.some((entry) => !largeEntries.includes(entry)),
  (entries) => entries.includes('index'),
  (entries) => entries.length > 1,
  () => true,
];

/**
 * Names of the entries that need a module from the start, by module.
 * @param {Record<string, string>} input
 * @param {(module: string) => readonly string[]} importedBy
 * @returns {Map<string, string[]>}
 */
function neededBy(input, importedBy) {
  /** @type {Map<string, string[]>} */
  const needed = new Map();
  for (const [entry, source] of Object.entries(input)) {
    const found = new Set([source]);
    for (const module of found) {
      needed.set(module, [...(needed.get(module) ?? []), entry]);
      for (const next of importedBy(module)) found.add(next);
    }
  }
  return needed;
}
