/**
 * Makes a fresh clone runnable with Node and npm alone: installs the dependencies when they are missing or out of date.
 *
 * The root scripts run this first. When a stamp says that nothing changed it only reads a few small files; otherwise it
 * runs the pinned pnpm through npx. It has no dependencies, and speaks on standard error only, so that the output of the
 * command behind it stays clean.
 */
import { spawn } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import {
  existsSync,
  linkSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const STAMP = join('node_modules', '.brownout-bootstrap');
const LOCK = '.bootstrap.lock';
const POLL_MILLISECONDS = 200;
const OLDEST_LOCK_MILLISECONDS = 20 * 60_000;
const OUTPUT_LINES_ON_FAILURE = 30;

/**
 * npm hands its own settings to the scripts it starts as `npm_config_*`, and so does pnpm, in words the other does not
 * know. Only what says where and how to reach a registry is passed on.
 */
const PASSED_SETTINGS =
  /^npm_config_(@|\/\/|registry$|cache$|userconfig$|globalconfig$|.*proxy$|cafile$|ca$|strict_ssl$|fetch_|store_dir$|offline$)/i;

const NETWORK_ERRORS =
  /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|EHOSTUNREACH|ETIMEDOUT|ERR_SOCKET_TIMEOUT|ENOTCACHED|ERR_PNPM_META_FETCH_FAIL|ERR_PNPM_NO_OFFLINE|fetch failed/;

/** A reason to stop that needs no stack trace. */
export class BootstrapError extends Error {}

/**
 * The message for a Node that is too old, or undefined when it will do.
 * @param {string} have a version such as `20.19.0`
 * @param {string} range a range such as `>=20.19`
 * @returns {string | undefined}
 */
export function nodeProblem(have, range) {
  const needed = range.replace(/^>=\s*/, '');
  const [haveMajor = 0, haveMinor = 0] = have.split('.').map(Number);
  const [needMajor = 0, needMinor = 0] = needed.split('.').map(Number);
  if (haveMajor > needMajor || (haveMajor === needMajor && haveMinor >= needMinor)) return undefined;
  return `Node ${needed} or newer is needed, this is ${have}. Get one from https://nodejs.org, then run the command again.`;
}

/**
 * Everything that decides what node_modules must hold, as one hash.
 * @param {string} root
 * @param {string} nodeVersion
 * @returns {string}
 */
export function fingerprint(root, nodeVersion) {
  const hash = createHash('sha256');
  const files = ['pnpm-lock.yaml', 'pnpm-workspace.yaml', ...manifests(root)];
  for (const file of files)
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(root, file)))
      .update('\0');
  hash.update(`node ${nodeVersion.split('.')[0]} ${process.platform} ${process.arch}`);
  return hash.digest('hex');
}

/**
 * The first thing missing from the installed trees, or undefined when they look whole.
 * @param {string} root
 * @param {string} expected a fingerprint
 * @returns {string | undefined}
 */
export function missingPart(root, expected) {
  const stamp = join(root, STAMP);
  if (!existsSync(stamp)) return 'no dependencies installed yet';
  if (readFileSync(stamp, 'utf8').trim() !== expected) return 'dependencies changed';
  for (const file of manifests(root)) {
    const manifest = JSON.parse(readFileSync(join(root, file), 'utf8'));
    for (const name of Object.keys({ ...manifest.dependencies, ...manifest.devDependencies })) {
      const installed = join(dirname(file), 'node_modules', name);
      if (!existsSync(join(root, installed, 'package.json'))) return `${installed} is missing`;
    }
  }
  return undefined;
}

/**
 * Installs what is missing; resolves to the reason it had to, or undefined when there was nothing to do.
 * @param {string} root
 * @param {{ say?: (line: string) => void, install?: (root: string) => Promise<void> }} [options]
 * @returns {Promise<string | undefined>}
 */
export async function bootstrap(root, options = {}) {
  const say = options.say ?? ((line) => process.stderr.write(`${line}\n`));
  const install = options.install ?? runPnpm;
  const expected = fingerprint(root, process.versions.node);
  if (missingPart(root, expected) === undefined) return undefined;
  const release = await lock(root, say);
  try {
    // Whoever held the lock before may have done the work.
    const reason = missingPart(root, expected);
    if (reason === undefined) return undefined;
    const started = Date.now();
    say(`bootstrap: ${reason}; installing with ${packageManager(root)} ...`);
    rmSync(join(root, STAMP), { force: true });
    await install(root);
    writeFileSync(join(root, STAMP), `${expected}\n`);
    say(`bootstrap: done in ${((Date.now() - started) / 1000).toFixed(1)} s`);
    return reason;
  } finally {
    release();
  }
}

/**
 * @param {string} root
 * @returns {string[]} package.json of the root and of every package, in a fixed order
 */
function manifests(root) {
  const packages = readdirSync(join(root, 'packages')).sort();
  const files = packages.map((name) => join('packages', name, 'package.json'));
  return ['package.json', ...files.filter((file) => existsSync(join(root, file)))];
}

/**
 * @param {string} root
 * @returns {string} such as `pnpm@10.34.9`
 */
function packageManager(root) {
  return JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).packageManager;
}

/**
 * Waits for the right to install. The lock is a file with the holder's process id; one whose holder is gone is removed.
 * @param {string} root
 * @param {(line: string) => void} say
 * @returns {Promise<() => void>} gives the lock back
 */
async function lock(root, say) {
  const path = join(root, LOCK);
  const own = `${path}.${randomUUID()}`;
  writeFileSync(own, String(process.pid));
  try {
    for (let announced = false; ; ) {
      try {
        // A link appears with its content or not at all, so nobody ever reads an empty lock.
        linkSync(own, path);
        return () => rmSync(path, { force: true });
      } catch (error) {
        if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
      }
      removeIfAbandoned(path);
      if (!announced) say('bootstrap: another process is installing, waiting for it ...');
      announced = true;
      await sleep(POLL_MILLISECONDS);
    }
  } finally {
    rmSync(own, { force: true });
  }
}

/** @param {string} path */
function removeIfAbandoned(path) {
  try {
    const holder = Number(readFileSync(path, 'utf8'));
    const age = Date.now() - statSync(path).mtimeMs;
    if (isAlive(holder) && age < OLDEST_LOCK_MILLISECONDS) return;
    // Only one process succeeds in renaming; the others find it gone and try again.
    const aside = `${path}.${randomUUID()}`;
    renameSync(path, aside);
    const isStillTheirs = Number(readFileSync(aside, 'utf8')) === holder;
    if (!isStillTheirs && !existsSync(path)) linkSync(aside, path);
    rmSync(aside, { force: true });
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ENOENT') throw error;
  }
}

/**
 * @param {number} processId
 * @returns {boolean}
 */
function isAlive(processId) {
  if (!Number.isInteger(processId) || processId <= 0) return false;
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}

/** @returns {NodeJS.ProcessEnv} */
function cleanEnvironment() {
  /** @type {NodeJS.ProcessEnv} */
  const environment = {};
  for (const [name, value] of Object.entries(process.env)) {
    if (!/^(npm|pnpm)_/i.test(name) || PASSED_SETTINGS.test(name)) environment[name] = value;
  }
  // Without a network, say so after seconds instead of minutes.
  environment['npm_config_fetch_retries'] ??= '2';
  environment['npm_config_fetch_retry_mintimeout'] ??= '1000';
  environment['npm_config_fetch_retry_maxtimeout'] ??= '5000';
  return environment;
}

/**
 * @param {string} root
 * @returns {Promise<void>}
 */
function runPnpm(root) {
  const options = [
    '--frozen-lockfile',
    '--prefer-offline',
    '--config.confirmModulesPurge=false',
    '--reporter=append-only',
  ];
  const command = ['--yes', packageManager(root), 'install', ...options];
  const isWindows = process.platform === 'win32';
  return new Promise((resolve, reject) => {
    const child = spawn(isWindows ? 'npx.cmd' : 'npx', command, {
      cwd: root,
      env: cleanEnvironment(),
      shell: isWindows,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.on('error', (error) =>
      reject(new BootstrapError(`cannot start npx, which comes with npm: ${error.message}`)),
    );
    child.on('close', (code) => {
      if (code === 0) resolve();
      else reject(new BootstrapError(failureMessage(command, code, output)));
    });
  });
}

/**
 * @param {readonly string[]} command
 * @param {number | null} code
 * @param {string} output
 * @returns {string}
 */
export function failureMessage(command, code, output) {
  const lines = output.trimEnd().split('\n').slice(-OUTPUT_LINES_ON_FAILURE);
  const hint = NETWORK_ERRORS.test(output)
    ? 'The package registry cannot be reached. The first run needs the network once; check the connection and proxy settings.'
    : 'Delete node_modules and try again; if it stays, the output above names the package.';
  return [...lines, '', `\`npx ${command.join(' ')}\` failed with exit code ${code}.`, hint].join('\n');
}

async function main() {
  const range = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).engines.node;
  const problem = nodeProblem(process.versions.node, range);
  if (problem !== undefined) throw new BootstrapError(problem);
  await bootstrap(ROOT);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(realpathSync(process.argv[1])).href) {
  try {
    await main();
  } catch (error) {
    if (!(error instanceof BootstrapError)) throw error;
    process.stderr.write(`bootstrap: ${error.message}\n`);
    process.exitCode = 1;
  }
}
