/**
 * The lint rules. What the compiler checks is not repeated here, and layout belongs to the formatter.
 *
 * The part that matters is `deterministicCode`: a run must be a function of its document and its seed, on every
 * machine, in Node, Deno and the browser. `test/lint.test.ts` proves that each of these rules fires.
 */
import { builtinModules } from 'node:module';
import tseslint from 'typescript-eslint';

/** Code that runs inside a simulation: the engine and the models, but not their tests. */
const deterministicFiles = ['packages/core/src/**/*.ts', 'packages/scenarios/src/**/*.ts'];
const testFiles = ['**/*.test.ts'];

/** The one file of the models that may wait for something: it loads the libraries that a document needs. */
const documentLoading = ['packages/scenarios/src/scenario/load.ts'];

const WALL_CLOCK = 'The wall clock differs between runs. Simulated time is `simulation.now`.';
const TIMER = 'Timers run on the wall clock. Schedule an event: `simulation.event(...).after(...)`.';
const HOST = 'Core and scenarios run in Node, Deno and the browser alike; this belongs in packages/cli.';
const PROMISE =
  'Promises continue in an order the calendar does not know. Use events or a generator process; documents are loaded in packages/scenarios/src/scenario/load.ts.';
const LOCALE = 'The result depends on the language of the machine. Spell the order or the format out.';
const POWER =
  'V8 changed the last digit of powers between Node 22 and 24. Use `power(base, exponent)` of @brownout/core.';
const BUILTIN = 'Core and scenarios use no Node module; files, threads and sockets belong in packages/cli.';

const forbiddenGlobals = [
  ...['Date', 'performance'].map((name) => ({ name, message: WALL_CLOCK })),
  ...[
    'setTimeout',
    'setInterval',
    'setImmediate',
    'clearTimeout',
    'clearInterval',
    'clearImmediate',
    'queueMicrotask',
    'requestAnimationFrame',
  ].map((name) => ({ name, message: TIMER })),
  ...['console', 'process', 'require', 'Buffer', 'window', 'document', 'fetch', 'crypto', 'Worker', 'Deno'].map(
    (name) => ({ name, message: HOST }),
  ),
  { name: 'Intl', message: LOCALE },
];

const promiseGlobal = { name: 'Promise', message: PROMISE };

const forbiddenProperties = [
  {
    object: 'Math',
    property: 'random',
    message: 'Take a named stream: `simulation.streams.get("part/purpose")`.',
  },
  { object: 'Math', property: 'pow', message: POWER },
  ...['localeCompare', 'toLocaleString', 'toLocaleUpperCase', 'toLocaleLowerCase'].map((property) => ({
    property,
    message: LOCALE,
  })),
];

/** Holds everywhere: every exported name is written once, where it is made, and listed by name. */
const namedExports = [
  {
    selector: 'ExportAllDeclaration',
    message: 'No `export *`: list the names, so that widening the surface is a visible decision.',
  },
  {
    selector: 'ExportDefaultDeclaration',
    message: 'No default export: a thing has one name everywhere.',
  },
];

const noObjectOrder = {
  selector: 'ForInStatement',
  message: 'for..in sorts integer-like keys and walks the prototype. Iterate an array, a Map or Object.keys().',
};

const noAsync = [
  { selector: ':function[async=true]', message: `No async function. ${PROMISE}` },
  { selector: 'AwaitExpression', message: `No await. ${PROMISE}` },
  { selector: 'ForOfStatement[await=true]', message: `No for await. ${PROMISE}` },
  { selector: 'ImportExpression', message: `No dynamic import. ${PROMISE}` },
  { selector: 'TSTypeReference[typeName.name=/^Promise(Like)?$/]', message: PROMISE },
  { selector: "CallExpression[callee.property.name='then']", message: PROMISE },
];

/** Squares and literal powers of two are exact everywhere; see packages/core/src/power.ts for the rest. */
const noPow = {
  selector:
    "BinaryExpression[operator='**']:not([right.raw='2']):not([left.raw='2'][right.type='Literal']):not([left.raw='2'][right.argument.type='Literal']), AssignmentExpression[operator='**=']",
  message: POWER,
};

const globalObjects = ['globalThis', 'self', 'global'];

/** @type {import('eslint').Linter.Config[]} */
const config = [
  {
    ignores: ['**/dist/**', '**/node_modules/**', '**/coverage/**', '**/brownout-out/**', 'benchmarks/.build/**'],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error', reportUnusedInlineConfigs: 'error' } },
  {
    name: 'brownout/everywhere',
    files: ['**/*.ts', '**/*.tsx', '**/*.js', '**/*.mjs'],
    languageOptions: { parser: tseslint.parser, ecmaVersion: 'latest', sourceType: 'module' },
    plugins: { '@typescript-eslint': tseslint.plugin },
    rules: {
      eqeqeq: ['error', 'always'],
      'no-array-constructor': 'error',
      'no-constant-binary-expression': 'error',
      'no-debugger': 'error',
      'no-empty': 'error',
      'no-eval': 'error',
      'no-fallthrough': 'error',
      'no-implied-eval': 'error',
      'no-new-func': 'error',
      'no-restricted-syntax': ['error', ...namedExports, noObjectOrder],
      'no-self-compare': 'error',
      'no-unmodified-loop-condition': 'error',
      'no-unsafe-finally': 'error',
      'no-useless-return': 'error',
      'no-var': 'error',
      'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx', 'hack'], location: 'start' }],
      'object-shorthand': 'error',
      'prefer-const': 'error',
      '@typescript-eslint/ban-ts-comment': ['error', { 'ts-expect-error': 'allow-with-description' }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-empty-object-type': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-extraneous-class': 'error',
      '@typescript-eslint/no-unsafe-function-type': 'error',
      '@typescript-eslint/no-useless-constructor': 'error',
    },
  },
  {
    name: 'brownout/functions-fit-on-a-screen',
    files: ['packages/*/src/**/*.ts', 'packages/*/page/**/*.ts'],
    ignores: testFiles,
    rules: {
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: false, skipComments: false }],
    },
  },
  {
    name: 'brownout/deterministic-code',
    files: deterministicFiles,
    ignores: testFiles,
    rules: {
      'no-restricted-globals': [
        'error',
        { globals: [...forbiddenGlobals, promiseGlobal], checkGlobalObject: true, globalObjects },
      ],
      'no-restricted-properties': ['error', ...forbiddenProperties],
      'no-restricted-imports': [
        'error',
        {
          paths: builtinModules.map((name) => ({ name, message: BUILTIN })),
          patterns: [{ group: ['node:*'], message: BUILTIN }],
        },
      ],
      'no-restricted-syntax': ['error', ...namedExports, noObjectOrder, noPow, ...noAsync],
    },
  },
  {
    name: 'brownout/document-loading-may-wait',
    files: documentLoading,
    rules: {
      'no-restricted-globals': ['error', { globals: forbiddenGlobals, checkGlobalObject: true, globalObjects }],
      'no-restricted-syntax': ['error', ...namedExports, noObjectOrder, noPow],
    },
  },
  {
    name: 'brownout/declarations-describe-others',
    files: ['**/*.d.ts'],
    rules: { 'no-restricted-syntax': 'off', '@typescript-eslint/consistent-type-imports': 'off' },
  },
  {
    name: 'brownout/tools-read-the-default-export',
    files: ['eslint.config.js', 'vitest.config.ts', 'packages/*/vite.config.ts'],
    rules: { 'no-restricted-syntax': ['error', namedExports[0], noObjectOrder] },
  },
];

export default config;
