/**
 * Makes the pages of the package, each bundled into one file that needs nothing else: `report.html`, the template of report
 * pages (`page/`), and `exercise.html`, the exercise with its engine inside (`exercise/`).
 *
 *     node build.mjs                      the path of a report template as new as its sources, made now if it is not there
 *     node build.mjs --page exercise      the same for the exercise
 *     node build.mjs --out <file>         the same, copied to a file
 *
 * Pages are kept under the hash of their sources, so a checkout waits once after each change.
 */
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = dirname(fileURLToPath(import.meta.url));
const cache = join(folder, 'node_modules', '.cache', 'brownout');

/**
 * A page: the document it begins with, the folders it is made of, and what it may do beside running the one script and using
 * the one style that are written into it.
 * @typedef {{ entry: string, sources: readonly string[], allowed: readonly string[], what: string }} Page
 */

/** @type {Readonly<Record<string, Page>>} */
const pages = {
  report: { entry: 'index.html', sources: ['page', 'src'], allowed: [], what: 'the report page' },
  exercise: {
    entry: 'exercise.html',
    sources: ['exercise', 'page', 'src', '../scenarios/src', '../core/src'],
    // The engine is a worker made from text inside the page. Styles are set on elements by the chart library.
    // A drill on several machines is hosted by the server that the page came from, and by nobody else.
    allowed: ['worker-src blob:', "connect-src 'self'"],
    what: 'the exercise page',
  },
};

/**
 * @param {Page} page
 * @returns {string} of everything that goes into it
 */
function sourceHash({ entry, sources }) {
  const inside = (/** @type {string} */ name) =>
    readdirSync(join(folder, name), { recursive: true, withFileTypes: true })
      .filter((one) => one.isFile() && !one.name.includes('.test.'))
      .map((one) => relative(folder, join(one.parentPath, one.name)))
      .sort();
  const files = ['build.mjs', entry, 'package.json', ...sources.flatMap(inside)];
  const hash = createHash('sha256');
  for (const file of files)
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(folder, file)))
      .update('\0');
  return hash.digest('hex').slice(0, 16);
}

/**
 * What the page may do: run the one script and use the one style that are written into it, and nothing else but what is
 * allowed by name - no network, no other script, no frame, no form.
 * @param {string} html
 * @param {readonly string[]} allowed
 * @returns {string}
 */
function withPolicy(html, allowed) {
  const hashes = (/** @type {RegExp} */ pattern) =>
    [...html.matchAll(pattern)].map(
      ([, text = '']) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`,
    );
  const scripts = hashes(/<script type="module"[^>]*>([\s\S]*?)<\/script>/g);
  const styles = hashes(/<style[^>]*>([\s\S]*?)<\/style>/g);
  if (scripts.length !== 1 || styles.length !== 1 || /<(?:script|link)[^>]+(?:src|href)=/.test(html)) {
    throw new Error('the bundled page is not in one piece');
  }
  const policy = [
    "default-src 'none'",
    `script-src ${scripts.join(' ')}`,
    `style-src ${styles.join(' ')}`,
    ...allowed,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return html.replace(
    '<meta charset="utf-8" />',
    () => `<meta charset="utf-8" />\n    <meta http-equiv="Content-Security-Policy" content="${policy}" />`,
  );
}

/**
 * @param {Page} page
 * @returns {Promise<string>} the page in one file
 */
async function bundle({ entry, allowed }) {
  // Whatever the surroundings say: a page made by a test would carry the development build, with paths of this machine in it.
  process.env['NODE_ENV'] = 'production';
  const { build } = await import('vite');
  const { viteSingleFile } = await import('vite-plugin-singlefile');
  const made = await build({
    root: folder,
    configFile: false,
    logLevel: 'error',
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
    resolve: { conditions: ['brownout-source', 'module', 'browser', 'production'] },
    plugins: [viteSingleFile({ removeViteModuleLoader: true })],
    worker: { format: 'iife' },
    build: {
      write: false,
      target: 'es2022',
      modulePreload: false,
      chunkSizeWarningLimit: 10_000,
      rolldownOptions: { input: join(folder, entry) },
    },
  });
  const outputs = Array.isArray(made) ? made : [made];
  for (const { output } of /** @type {import('vite').Rolldown.RolldownOutput[]} */ (outputs)) {
    for (const part of output)
      if (part.type === 'asset' && part.fileName === entry) return withPolicy(String(part.source), allowed);
  }
  throw new Error('the bundler left no page');
}

/**
 * @param {string} name
 * @returns {Promise<string>} the path of a page as new as its sources
 */
async function built(name) {
  const page = pages[name];
  if (page === undefined) return refuse(`--page: expected one of ${Object.keys(pages).join(', ')}, got ${name}`);
  const file = join(cache, `${name}-${sourceHash(page)}.html`);
  if (existsSync(file)) return file;
  process.stderr.write(`building ${page.what}, once ...\n`);
  const html = await bundle(page);
  mkdirSync(cache, { recursive: true });
  // Renamed into place, so that nobody ever reads half of it.
  writeFileSync(`${file}.${process.pid}`, html);
  renameSync(`${file}.${process.pid}`, file);
  return file;
}

/**
 * @param {string} problem
 * @returns {never}
 */
function refuse(problem) {
  process.stderr.write(`build: ${problem}\n`);
  process.exit(2);
}

/** @type {Record<string, string>} */
const options = { '--page': 'report' };
for (let i = 2; i < process.argv.length; i += 2) {
  const [option = '', value] = process.argv.slice(i, i + 2);
  if (!['--page', '--out'].includes(option) || value === undefined) {
    refuse(`expected --page <name>, --out <file> or nothing, got ${option}`);
  }
  options[option] = value;
}
const made = await built(options['--page'] ?? 'report');
const out = options['--out'];
if (out !== undefined) {
  mkdirSync(dirname(out), { recursive: true });
  copyFileSync(made, out);
}
process.stdout.write(`${out ?? made}\n`);
