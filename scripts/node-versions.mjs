/**
 * Same seed, same run, on every supported Node: runs `scripts/digest.ts` on each version and compares what it prints.
 *
 *     node scripts/node-versions.mjs [--require-all]
 *
 * Versions that are not at hand are fetched through npx. One that cannot be fetched is reported as skipped; with
 * `--require-all` it is a failure, as on the build machine.
 */
import { spawnSync } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** The major versions that the packages promise to run on. */
export const supportedMajors = [20, 22, 24];

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const PROGRAM = ['--conditions=brownout-source', '--import', 'tsx', join('scripts', 'digest.ts')];
const LONGEST_MILLISECONDS = 240_000;

/**
 * @typedef {{ major: number, version: string, digests: ReadonlyMap<string, string> }} Digests what one Node printed
 * @typedef {{ major: number, unavailable: string }} Unavailable why one Node could not be had
 */

/**
 * Runs the digests on one major version of Node.
 * @param {number} major
 * @returns {Digests | Unavailable}
 */
export function digestsOn(major) {
  const isCurrent = process.versions.node.split('.')[0] === String(major);
  const [command, ...prefix] = isCurrent
    ? [process.execPath]
    : ['npx', '--yes', '--prefer-offline', '--package', `node@${major}`, 'node'];
  if (!isCurrent) {
    // Fetching and running are told apart: a Node that starts and then fails is a failure, never "unavailable".
    const probe = run(command, [...prefix, '--version']);
    const version = probe.stdout.trim().split('\n').at(-1) ?? '';
    if (probe.status !== 0) return { major, unavailable: firstLine(probe.stderr) };
    if (!version.startsWith(`v${major}.`)) return { major, unavailable: `asked for Node ${major}, got "${version}"` };
  }
  const { status, stdout, stderr } = run(command, [...prefix, ...PROGRAM]);
  if (status !== 0) throw new Error(`scripts/digest.ts failed on Node ${major}:\n${stderr}`);
  const { version, digests } = readDigests(stdout);
  return { major, version, digests };
}

/**
 * @param {string} output lines of `name digest`, the first one being `node v20.19.0`
 * @returns {{ version: string, digests: ReadonlyMap<string, string> }}
 */
export function readDigests(output) {
  /** @type {Map<string, string>} */
  const digests = new Map();
  for (const line of output.trim().split('\n')) {
    const [name = '', digest = ''] = line.split(' ');
    if (digest === '') throw new Error(`expected "name digest", got "${line}"`);
    digests.set(name, digest);
  }
  const version = digests.get('node') ?? 'unknown';
  digests.delete('node');
  return { version, digests };
}

/**
 * Each difference in words; the first one is where to look.
 * @param {Digests} reference
 * @param {Digests} other
 * @returns {string[]}
 */
export function differences(reference, other) {
  const found = [];
  for (const name of new Set([...reference.digests.keys(), ...other.digests.keys()])) {
    const expected = reference.digests.get(name) ?? 'nothing';
    const got = other.digests.get(name) ?? 'nothing';
    if (expected !== got) found.push(`${name}: ${expected} on ${reference.version}, ${got} on ${other.version}`);
  }
  return found;
}

/**
 * @param {string} command
 * @param {readonly string[]} parameters
 */
function run(command, parameters) {
  const result = spawnSync(command, parameters, {
    cwd: root,
    encoding: 'utf8',
    timeout: LONGEST_MILLISECONDS,
    env: {
      ...process.env,
      NODE_OPTIONS: '',
      npm_config_fetch_retries: '1',
      npm_config_fetch_retry_mintimeout: '1000',
      npm_config_loglevel: 'error',
    },
  });
  return { status: result.status, stdout: result.stdout ?? '', stderr: result.stderr || String(result.error ?? '') };
}

/** @param {string} text */
function firstLine(text) {
  return text.trim().split('\n')[0] || 'no reason given';
}

function main() {
  const mustHaveAll = process.argv.includes('--require-all');
  /** @type {Digests | undefined} */
  let reference;
  for (const major of supportedMajors) {
    const result = digestsOn(major);
    if ('unavailable' in result) {
      process.stdout.write(`Node ${major}: skipped: cannot be fetched (${result.unavailable})\n`);
      if (mustHaveAll) process.exitCode = 1;
      continue;
    }
    reference ??= result;
    const found = differences(reference, result);
    process.stdout.write(`Node ${major} (${result.version}): ${found.length === 0 ? 'same digests' : 'DIFFERENT'}\n`);
    for (const line of found) process.stdout.write(`  ${line}\n`);
    if (found.length > 0) process.exitCode = 1;
  }
  for (const [name, digest] of reference?.digests ?? []) process.stdout.write(`  ${name} ${digest}\n`);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(realpathSync(process.argv[1])).href) main();
