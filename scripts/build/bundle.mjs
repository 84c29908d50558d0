/**
 * Makes `dist/node` of a package: all of its modules in a few files, which Node and Deno take (the condition `node` in the
 * package's exports). Reading some hundred small modules takes them longer than running what is in them. Bundlers and
 * browsers take the modules in `dist` as the compiler leaves them, so that what a program does not use can be left out.
 */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const onFirstUse = join(dirname(fileURLToPath(import.meta.url)), 'on-first-use.mjs');

/** Libraries that are loaded when they are first used, and how they are imported. */
const lateLibraries = ['zod', 'mathjs/lib/browser/math.js', 'jstat'];

/**
 * The entries of a package that have a build for Node: name of the file without its ending, and its source.
 * @param {string} folder
 * @returns {Record<string, string>}
 */
export function nodeEntries(folder) {
  const { exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  /** @type {Record<string, string>} */
  const entries = {};
  for (const conditions of Object.values(exports)) {
    if (typeof conditions !== 'object' || conditions.node === undefined) continue;
    const name = /^\.\/dist\/node\/(.+)\.js$/.exec(conditions.node)?.[1];
    if (name === undefined) throw new Error(`${folder}: "node": "${conditions.node}" is not in ./dist/node`);
    entries[name] = join(folder, conditions['brownout-source']);
  }
  return entries;
}

/**
 * Bundles the entries of a package that have a build for Node, if there are any, into `node` in the folder `out`.
 * @param {string} folder
 * @param {string} out
 */
export async function bundleForNode(folder, out) {
  const input = nodeEntries(folder);
  if (Object.keys(input).length === 0) return;
  const bundle = await rolldown({
    input,
    platform: 'node',
    external: (id) => !id.startsWith('.') && !id.startsWith('/') && !/^[A-Za-z]:/.test(id),
    plugins: [{ name: 'brownout-late-libraries', transform: withLateLibraries }],
  });
  const { output } = await bundle.write({
    dir: join(out, 'node'),
    format: 'esm',
    sourcemap: true,
    chunkFileNames: 'shared-[hash].js',
    comments: { jsdoc: false },
  });
  await bundle.close();
  for (const part of output) {
    const early = part.type === 'chunk' ? part.imports.filter((name) => lateLibraries.includes(name)) : [];
    if (early.length > 0) throw new Error(`${folder}: ${part.fileName} loads ${early.join(', ')} when it is imported`);
  }
}

/**
 * `import * as z from 'zod'` becomes a name that stands for the library, on the same line. Nothing for modules without such a line.
 * @param {string} code
 * @param {string} id
 */
function withLateLibraries(code, id) {
  if (id.startsWith('\0')) return undefined;
  const changed = code.replace(/^import (?:\* as )?(\w+) from '([^']+)';$/gm, (line, name, library) => {
    if (!lateLibraries.includes(library)) return line;
    const helper = `import { onFirstUse as late_${name} } from ${JSON.stringify(onFirstUse)};`;
    return `${helper} const ${name} = late_${name}('${library}');`;
  });
  if (changed === code) return undefined;
  // Every line is where it was.
  const mappings = code.split('\n').map((_, index) => (index === 0 ? 'AAAA' : 'AACA'));
  return {
    code: changed,
    map: { version: 3, sources: [id], sourcesContent: [code], names: [], mappings: mappings.join(';') },
  };
}
