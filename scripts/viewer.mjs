/**
 * Opens the exercise page: builds it where it is older than its sources, and hands the file to the browser.
 *
 *     npm run viewer                builds and opens
 *     npm run viewer -- --no-open   builds, and prints the address only
 *
 * The page is one file without a server; where no browser can be started its address is printed all the same.
 */
import { spawn, spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const unknown = process.argv.slice(2).find((option) => option !== '--no-open');
if (unknown !== undefined) {
  process.stderr.write(`viewer: expected --no-open or nothing, got ${unknown}\n`);
  process.exit(2);
}

const file = join(root, 'packages', 'viewer', 'dist', 'exercise.html');
const maker = join(root, 'packages', 'viewer', 'build.mjs');
const made = spawnSync(process.execPath, [maker, '--page', 'exercise', '--out', file], {
  stdio: ['ignore', 'ignore', 'inherit'],
});
if (made.status !== 0) process.exit(made.status ?? 1);

const address = pathToFileURL(file).href;
process.stdout.write(`${address}\n`);
if (!process.argv.includes('--no-open') && process.env['CI'] === undefined) open(address);

/**
 * Starts whatever opens addresses here; nothing happens where there is no such program.
 * @param {string} what
 */
function open(what) {
  /** @type {Record<string, readonly [string, ...string[]]>} */
  const openers = { darwin: ['open'], win32: ['cmd', '/c', 'start', ''], linux: ['xdg-open'] };
  const [command, ...before] = openers[process.platform] ?? ['xdg-open'];
  const child = spawn(command, [...before, what], { stdio: 'ignore', detached: true });
  child.on('error', () => process.stderr.write('viewer: no browser could be started; open the address yourself\n'));
  child.unref();
}
