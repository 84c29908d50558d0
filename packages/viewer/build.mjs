/**
 * Makes `report.html`, the template of report pages: the page in `page/` bundled into one file that needs nothing else.
 *
 *     node build.mjs                the path of a template that is as new as its sources, made now if it is not there
 *     node build.mjs --out <file>   the same, copied to a file
 *
 * Templates are kept under the hash of their sources, so a checkout waits once after each change.
 */
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = dirname(fileURLToPath(import.meta.url));
const cache = join(folder, 'node_modules', '.cache', 'brownout');

/** @returns {string} of everything that goes into the template */
function sourceHash() {
  const inside = (/** @type {string} */ name) =>
    readdirSync(join(folder, name), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.includes('.test.'))
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
  const files = ['build.mjs', 'index.html', 'package.json', ...inside('page').sort(), ...inside('src').sort()];
  const hash = createHash('sha256');
  for (const file of files)
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(folder, file)))
      .update('\0');
  return hash.digest('hex').slice(0, 16);
}

/**
 * What the page may do: run the one script and use the one style that are written into it, and nothing else - no network, no
 * other script, no frame, no form.
 * @param {string} html
 * @returns {string}
 */
function withPolicy(html) {
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
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return html.replace(
    '<meta charset="utf-8" />',
    () => `<meta charset="utf-8" />\n    <meta http-equiv="Content-Security-Policy" content="${policy}" />`,
  );
}

/** @returns {Promise<string>} the page in one file */
async function bundle() {
  const { build } = await import('vite');
  const { viteSingleFile } = await import('vite-plugin-singlefile');
  const made = await build({
    root: folder,
    configFile: false,
    logLevel: 'error',
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
    plugins: [viteSingleFile({ removeViteModuleLoader: true })],
    build: { write: false, target: 'es2022', modulePreload: false },
  });
  const outputs = Array.isArray(made) ? made : [made];
  for (const { output } of /** @type {import('vite').Rolldown.RolldownOutput[]} */ (outputs)) {
    for (const part of output)
      if (part.type === 'asset' && part.fileName === 'index.html') return withPolicy(String(part.source));
  }
  throw new Error('the bundler left no page');
}

/** @returns {Promise<string>} the path of a template as new as its sources */
async function template() {
  const file = join(cache, `report-${sourceHash()}.html`);
  if (existsSync(file)) return file;
  process.stderr.write('building the report page, once ...\n');
  const html = await bundle();
  mkdirSync(cache, { recursive: true });
  // Renamed into place, so that nobody ever reads half of it.
  writeFileSync(`${file}.${process.pid}`, html);
  renameSync(`${file}.${process.pid}`, file);
  return file;
}

const [option, out] = process.argv.slice(2);
if (option !== undefined && (option !== '--out' || out === undefined)) {
  process.stderr.write(`build: expected --out <file> or nothing, got ${option}\n`);
  process.exit(2);
}
const made = await template();
if (out !== undefined) {
  mkdirSync(dirname(out), { recursive: true });
  copyFileSync(made, out);
}
process.stdout.write(`${out ?? made}\n`);
