/**
 * All checks, as `npm test` runs them: types, lint, layout, then the tests. Everything runs even when something before
 * it failed, so one look shows all that is wrong. Arguments go to the test runner: `npm test -- packages/core`.
 *
 * The last line is `N passed, N failed`, with `, N skipped` when something was: the tests plus one per static check.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { addCounts, closingLine, countTests } from './summary.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, 'node_modules');
const cache = join(modules, '.cache');

const typescript = [
  join(modules, 'typescript/bin/tsc'),
  '--incremental',
  '--pretty',
  String(process.stdout.isTTY === true),
];

/** @type {readonly { name: string, command: readonly string[], fix: string }[]} */
const staticChecks = [
  {
    name: 'types',
    command: [...typescript, '-p', 'tsconfig.json', '--tsBuildInfoFile', join(cache, 'types.tsbuildinfo')],
    fix: 'npm run typecheck',
  },
  {
    name: 'types of scripts',
    command: [...typescript, '-p', 'tsconfig.scripts.json', '--tsBuildInfoFile', join(cache, 'scripts.tsbuildinfo')],
    fix: 'npm run typecheck',
  },
  {
    name: 'types without those of Node',
    command: [...typescript, '-p', 'tsconfig.portable.json', '--tsBuildInfoFile', join(cache, 'portable.tsbuildinfo')],
    fix: 'npm run typecheck',
  },
  {
    name: 'types of the page',
    command: [
      ...typescript,
      '-p',
      'packages/viewer/tsconfig.page.json',
      '--tsBuildInfoFile',
      join(cache, 'page.tsbuildinfo'),
    ],
    fix: 'npm run typecheck',
  },
  {
    name: 'lint',
    command: [
      join(modules, 'eslint/bin/eslint.js'),
      '--max-warnings=0',
      '--cache',
      '--cache-location',
      `${cache}/eslint/`,
      '.',
    ],
    fix: 'npm run lint',
  },
  {
    name: 'layout',
    command: [join(modules, '@biomejs/biome/bin/biome'), 'format', '--reporter=summary', '.'],
    fix: 'npm run format',
  },
];

/**
 * @param {readonly string[]} command a program of Node with its arguments
 * @param {{ isQuiet: boolean }} options quiet: the output is returned instead of shown
 * @returns {Promise<{ code: number | null, output: string, elapsedSeconds: number }>}
 */
function run(command, { isQuiet }) {
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, command, {
      cwd: root,
      stdio: isQuiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
    });
    let output = '';
    child.stdout?.on('data', (chunk) => (output += chunk));
    child.stderr?.on('data', (chunk) => (output += chunk));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output, elapsedSeconds: (performance.now() - started) / 1000 }));
  });
}

/** @returns {Promise<import('./summary.mjs').Counts[]>} */
async function runStaticChecks() {
  return await Promise.all(
    staticChecks.map(async ({ name, command, fix }) => {
      const { code, output, elapsedSeconds } = await run(command, { isQuiet: true });
      const isGood = code === 0;
      const verdict = isGood ? 'ok' : `FAILED, see it alone with \`${fix}\``;
      const lines = isGood ? [] : [output.trimEnd()];
      process.stdout.write([...lines, `${name}: ${verdict} (${elapsedSeconds.toFixed(1)} s)`, ''].join('\n'));
      return { passed: isGood ? 1 : 0, failed: isGood ? 0 : 1, skipped: 0 };
    }),
  );
}

/** @returns {Promise<import('./summary.mjs').Counts>} */
async function runTests() {
  const directory = mkdtempSync(join(tmpdir(), 'brownout-test-'));
  const file = join(directory, 'report.json');
  try {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
    const vitest = [join(modules, 'vitest/vitest.mjs'), 'run', ...reporters, ...process.argv.slice(2)];
    const { code } = await run(vitest, { isQuiet: false });
    return countTests(readReport(file), code);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/**
 * @param {string} file
 * @returns {import('./summary.mjs').VitestReport | undefined}
 */
function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    process.stdout.write(`The test runner left no readable report: ${String(error)}\n`);
    return undefined;
  }
}

const checked = addCounts(await runStaticChecks());
const tested = await runTests();
process.stdout.write(`\nstatic checks: ${closingLine(checked)}\ntests: ${closingLine(tested)}\n\n`);
const total = addCounts([checked, tested]);
process.stdout.write(`${closingLine(total)}\n`);
process.exitCode = total.failed === 0 ? 0 : 1;
