/**
 * Which modules of a package Node loads with the package, and which when a function of them is first called. Most users of an
 * import run something, but not at once, and many never: a script that fails, a command that prints its help, a notebook's first cell.
 *
 * Late are the functions that the package's index exports from modules which nothing that is early needs, and what early modules
 * take from the modules named here. A function, or a class that its importers only make instances of, can be late; a value
 * cannot.
 */
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { parseAst } from 'rolldown/parseAst';

/** Where early modules end, by package: modules whose functions and classes are used when something is run. */
const lateModules = {
  scenarios: [
    'drill/colleagues.ts',
    'drill/debrief-study.ts',
    'drill/deeds.ts',
    'drill/team.ts',
    'drill/view.ts',
    'experiment/replication.ts',
    'kubernetes/dns/node-local-cache.ts',
    'live/api-view.ts',
    'live/cluster-reader.ts',
    'operations/hands.ts',
    'scenario/build-dns.ts',
    'scenario/complete.ts',
    'scenario/faults-checks.ts',
    'scenario/parse.ts',
    'scenario/reduction.ts',
    'scenario/scenario-run.ts',
    'scenario/sections/faults.ts',
    'scenario/sections/playbook-checks.ts',
    'scenario/sections/playbook-step.ts',
  ],
};

/**
 * @typedef {{ from: string, names: { imported: string, local: string }[], isExport: boolean, start: number, end: number }} Taken
 * what a module takes from another one, which `from` is the path of; `*` for all of it
 * @typedef {{ taken: Taken[], kinds: Map<string, 'function' | 'class'> }} Module
 */

/**
 * The late parts of a package, none for most.
 * @param {string} folder of the package
 * @returns {{ exports: Map<string, Map<string, string>>, takenBy: Map<string, Taken[]>, kindOf: (from: string, name: string) => 'function' | 'class' | undefined }}
 */
export function latePartsOf(folder) {
  const named = /** @type {Record<string, string[]>} */ (lateModules)[basename(folder)] ?? [];
  const ends = new Set(named.map((path) => join(folder, 'src', path)));
  /** @type {Map<string, Module>} */
  const modules = new Map();
  const moduleAt = (/** @type {string} */ path) => {
    const known = modules.get(path) ?? readModule(path);
    modules.set(path, known);
    return known;
  };
  const kindOf = (/** @type {string} */ from, /** @type {string} */ name) => moduleAt(from).kinds.get(name);
  /** @type {Map<string, Taken[]>} */
  const takenBy = new Map();
  if (ends.size === 0) return { exports: new Map(), takenBy, kindOf };

  const index = join(folder, 'src', 'index.ts');
  const early = new Set([index]);
  /** @type {[string, Taken][]} */
  const maybeLate = [];
  for (const path of early) {
    for (const one of moduleAt(path).taken) {
      const kinds = one.names.map(({ imported }) => kindOf(one.from, imported));
      const canBeLate = path === index ? kinds.every((kind) => kind === 'function') : ends.has(one.from);
      if (!canBeLate) early.add(one.from);
      else if (kinds.every((kind) => kind !== undefined)) maybeLate.push([path, one]);
      else
        throw new Error(
          `${path} takes a value from ${one.from}, which can be late no more: take it off the list, or move the value`,
        );
    }
  }
  /** @type {Map<string, Map<string, string>>} */
  const exports = new Map();
  const used = new Set();
  for (const [path, one] of maybeLate) {
    if (early.has(one.from)) {
      if (path !== index) throw new Error(`${one.from} is listed as late, but something early takes a value from it`);
      continue;
    }
    takenBy.set(path, [...(takenBy.get(path) ?? []), one]);
    const names = exports.get(one.from) ?? new Map();
    exports.set(one.from, names);
    for (const { imported } of one.names) {
      if (names.has(imported)) continue;
      let name = imported;
      for (let count = 2; used.has(name); count++) name = `${imported}${count}`;
      used.add(name);
      names.set(imported, name);
    }
  }
  const unused = [...ends].filter((path) => !exports.has(path));
  if (unused.length > 0)
    throw new Error(`listed as late, but nothing early takes anything from it: ${unused.join(', ')}`);
  return { exports, takenBy, kindOf };
}

/**
 * @param {string} path
 * @returns {Module}
 */
function readModule(path) {
  if (!existsSync(path)) throw new Error(`${path}: no such module`);
  /** @type {Module} */
  const module = { taken: [], kinds: new Map() };
  const { body } = parseAst(readFileSync(path, 'utf8'), { lang: 'ts' });
  for (const statement of /** @type {any[]} */ (body)) {
    const { type, source, start, end, declaration } = statement;
    if (source) {
      if (!source.value.startsWith('.') || (statement.importKind ?? statement.exportKind) === 'type') continue;
      const names = namesOf(statement);
      const from = join(dirname(path), source.value);
      if (names.length > 0) module.taken.push({ from, names, isExport: type !== 'ImportDeclaration', start, end });
    } else if (type === 'ExportNamedDeclaration' && declaration) {
      for (const [name, kind] of kindsIn(declaration)) module.kinds.set(name, kind);
    }
  }
  return module;
}

/**
 * @param {any} statement
 * @returns {Taken['names']}
 */
function namesOf({ specifiers }) {
  if (specifiers === undefined) return [{ imported: '*', local: '*' }];
  return specifiers
    .filter((/** @type {any} */ one) => (one.importKind ?? one.exportKind) !== 'type')
    .map((/** @type {any} */ { type, imported, local, exported }) => {
      if (type === 'ExportSpecifier') return { imported: local.name, local: exported.name };
      return { imported: type === 'ImportSpecifier' ? imported.name : '*', local: local.name };
    });
}

/**
 * @param {any} declaration
 * @returns {[string, 'function' | 'class'][]}
 */
function kindsIn({ type, id, declarations }) {
  if (type === 'FunctionDeclaration') return [[id.name, 'function']];
  if (type === 'ClassDeclaration') return [[id.name, 'class']];
  if (type !== 'VariableDeclaration') return [];
  return /** @type {any[]} */ (declarations)
    .filter(({ init }) => init?.type === 'ArrowFunctionExpression' || init?.callee?.name === 'lazily')
    .map((one) => [one.id.name, 'function']);
}
