/**
 * What takes part in the build for Node: imports of late libraries and of late parts become names that load them when they are
 * first used (on-first-use.mjs). The sources know nothing of it.
 */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseAst } from 'rolldown/parseAst';
import { latePartsOf } from './late-parts.mjs';

const onFirstUse = join(dirname(fileURLToPath(import.meta.url)), 'on-first-use.mjs');

/** Libraries that are loaded when they are first used, and how they are imported. */
export const lateLibraries = [
  'zod',
  'mathjs/lib/browser/math.js',
  'jstat',
  'immer',
  'seedrandom',
  'node:crypto',
  'node:zlib',
];

/** The entry that holds the late parts of a package; its file is named by on-first-use.mjs. */
export const lateEntry = 'brownout:late';

/**
 * @param {string} folder of the package
 * @returns {{ plugin: import('rolldown').Plugin, entries: Record<string, string> }} and the entries that it adds
 */
export function lateOf(folder) {
  const { exports, takenBy, kindOf } = latePartsOf(folder);
  const lines = [...exports].map(([path, names]) => {
    const list = [...names].map(([own, name]) => (own === name ? name : `${own} as ${name}`));
    return `export { ${list.join(', ')} } from ${JSON.stringify(path)};`;
  });
  /** @type {import('rolldown').Plugin} */
  const plugin = {
    name: 'brownout-late',
    resolveId: (id) => (id === lateEntry ? id : undefined),
    load: (id) => (id === lateEntry ? lines.join('\n') : undefined),
    transform(code, id) {
      const isPlain = !takenBy.has(id) && lateLibraries.every((name) => !code.includes(`'${name}'`));
      if (isPlain || id.startsWith('\0')) return undefined;
      /** @type {{ start: number, end: number, text: string }[]} */
      const changes = [];
      for (const statement of /** @type {any[]} */ (parseAst(code, { lang: 'ts' }).body)) {
        if (statement.type !== 'ImportDeclaration' || !lateLibraries.includes(statement.source.value)) continue;
        if (statement.importKind !== 'type') changes.push({ ...statement, text: libraryNames(statement) });
      }
      for (const { from, names, isExport, start, end } of takenBy.get(id) ?? []) {
        const text = names.map(({ imported, local }) => {
          const name = exports.get(from)?.get(imported);
          const value =
            kindOf(from, imported) === 'class'
              ? `brownoutLate.lateClass('${name}')`
              : `(...values) => brownoutLate.late().${name}(...values)`;
          return `${isExport ? 'export ' : ''}const ${local} = ${value};`;
        });
        changes.push({ start, end, text: text.join(' ') });
      }
      return changes.length === 0 ? undefined : withChanges(code, id, changes);
    },
  };
  return { plugin, entries: exports.size === 0 ? {} : { late: lateEntry } };
}

/**
 * Declares the names that an import of a library declares; of a library's named exports, only functions can be late.
 * @param {any} statement
 * @returns {string}
 */
function libraryNames({ source, specifiers }) {
  const library = `brownoutLate.onFirstUse('${source.value}')`;
  const values = specifiers.filter((/** @type {any} */ { importKind }) => importKind !== 'type');
  if (values[0].type !== 'ImportSpecifier') return `const ${values[0].local.name} = ${library};`;
  const names = values.map(
    (/** @type {any} */ { imported, local }) =>
      `const ${local.name} = (...values) => brownoutLibrary.${imported.name}(...values);`,
  );
  return [`const brownoutLibrary = ${library};`, ...names].join(' ');
}

/**
 * The module with its statements changed; every line stays where it was.
 * @param {string} code
 * @param {string} id
 * @param {{ start: number, end: number, text: string }[]} changes
 */
function withChanges(code, id, changes) {
  let changed = code;
  for (const { start, end, text } of changes.toSorted((a, b) => b.start - a.start)) {
    const lines = changed.slice(start, end).split('\n').length - 1;
    changed = changed.slice(0, start) + text + '\n'.repeat(lines) + changed.slice(end);
  }
  const mappings = code.split('\n').map((_, index) => (index === 0 ? 'AAAA' : 'AACA'));
  return {
    code: `import * as brownoutLate from ${JSON.stringify(onFirstUse)}; ${changed}`,
    map: { version: 3, sources: [id], sourcesContent: [code], names: [], mappings: mappings.join(';') },
  };
}
