/** Tests of the bootstrap against small trees made up on disk; the installation itself is replaced. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BootstrapError, bootstrap, failureMessage, fingerprint, missingPart, nodeProblem } from './bootstrap.mjs';

const NODE = '20.19.0';
const NOBODY = 2 ** 30;

/** @type {string} */
let root;
/** @type {string[]} */
let said;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'brownout-bootstrap-'));
  said = [];
  write('pnpm-lock.yaml', 'lockfileVersion: 9\n');
  write('pnpm-workspace.yaml', 'packages:\n  - packages/*\n');
  write('package.json', JSON.stringify({ packageManager: 'pnpm@1.2.3', devDependencies: { runner: '1.0.0' } }));
  write('packages/core/package.json', JSON.stringify({ dependencies: { '@scope/seed': '3.0.5' } }));
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

/**
 * @param {string} path
 * @param {string} text
 */
function write(path, text) {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** Stands in for pnpm: puts the two dependencies in their places. */
async function install() {
  await new Promise((resolve) => setTimeout(resolve, 20));
  write('node_modules/runner/package.json', '{}');
  write('packages/core/node_modules/@scope/seed/package.json', '{}');
}

/** @param {() => Promise<void>} [installer] */
function run(installer = install) {
  return bootstrap(root, { install: installer, say: (line) => said.push(line) });
}

describe('the Node version', () => {
  it.each([
    ['20.19.0', undefined],
    ['22.0.0', undefined],
    ['20.18.3', 'Node 20.19 or newer is needed, this is 20.18.3.'],
    ['18.20.4', 'Node 20.19 or newer is needed, this is 18.20.4.'],
  ])('%s', (version, expected) => {
    const problem = nodeProblem(version, '>=20.19');
    if (expected === undefined) expect(problem).toBeUndefined();
    else expect(problem).toContain(expected);
  });
});

describe('the fingerprint', () => {
  it('is the same for the same tree and minor versions of Node', () => {
    expect(fingerprint(root, '20.19.0')).toBe(fingerprint(root, '20.20.2'));
  });

  it.each([
    ['the lock file', 'pnpm-lock.yaml', 'lockfileVersion: 10\n'],
    ['the root manifest', 'package.json', '{}'],
    ['the manifest of a package', 'packages/core/package.json', '{}'],
    ['a new package', 'packages/other/package.json', '{}'],
  ])('changes with %s', (_name, path, text) => {
    const before = fingerprint(root, NODE);
    write(path, text);
    expect(fingerprint(root, NODE)).not.toBe(before);
  });

  it('changes with the major version of Node', () => {
    expect(fingerprint(root, '22.1.0')).not.toBe(fingerprint(root, '20.19.0'));
  });
});

describe('bootstrap', () => {
  it('installs into a fresh tree, and has nothing to do the second time', async () => {
    expect(await run()).toBe('no dependencies installed yet');
    expect(said[0]).toBe('bootstrap: no dependencies installed yet; installing with pnpm@1.2.3 ...');
    said = [];
    expect(await run(() => Promise.reject(new Error('must not install again')))).toBeUndefined();
    expect(said).toEqual([]);
  });

  it('notices a package that lost its node_modules', async () => {
    await run();
    rmSync(join(root, 'packages/core/node_modules'), { recursive: true });
    const reason = `${join('packages', 'core', 'node_modules', '@scope', 'seed')} is missing`;
    expect(missingPart(root, fingerprint(root, process.versions.node))).toBe(reason);
    expect(await run()).toBe(reason);
  });

  it('installs once when started several times at once', async () => {
    let count = 0;
    const counting = async () => {
      count++;
      await install();
    };
    const reasons = await Promise.all([run(counting), run(counting), run(counting)]);
    expect(count).toBe(1);
    expect(reasons.filter((reason) => reason === undefined)).toHaveLength(2);
    expect(said.filter((line) => line.includes('another process is installing'))).toHaveLength(2);
  });

  it('takes over from a process that died while installing', async () => {
    write('.bootstrap.lock', String(NOBODY));
    expect(await run()).toBe('no dependencies installed yet');
  });

  it('leaves no stamp and no lock after a failure', async () => {
    await expect(run(() => Promise.reject(new BootstrapError('no network')))).rejects.toThrow('no network');
    expect(readdirSync(root).filter((name) => name.startsWith('.bootstrap'))).toEqual([]);
    expect(await run()).toBe('no dependencies installed yet');
  });
});

describe('the message of a failure', () => {
  it('names the network when the network is the reason', () => {
    const text = failureMessage(
      ['--yes', 'pnpm@1.2.3'],
      1,
      'npm error request failed, reason: getaddrinfo ENOTFOUND host',
    );
    expect(text).toContain('The package registry cannot be reached.');
    expect(text).toContain('`npx --yes pnpm@1.2.3` failed with exit code 1.');
  });

  it('shows the end of the output otherwise', () => {
    const text = failureMessage(['pnpm'], 1, 'ERR_PNPM_OUTDATED_LOCKFILE cannot install');
    expect(text).toContain('ERR_PNPM_OUTDATED_LOCKFILE');
    expect(text).toContain('Delete node_modules and try again');
  });
});
