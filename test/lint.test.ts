/** Lints small bad programs and expects each determinism rule to fire, so that no rule can quietly stop working. */
import { join } from 'node:path';
import { ESLint } from 'eslint';
import { describe, expect, it } from 'vitest';

const root: string = join(import.meta.dirname, '..');
const eslint: ESLint = new ESLint({ cwd: root });

async function rulesFor(code: string, path: string): Promise<readonly string[]> {
  const [result] = await eslint.lintText(`${code}\n`, { filePath: join(root, path) });
  expect(result, `${path} must not be ignored by the linter`).toBeDefined();
  const fatal = result?.messages.find((message) => message.fatal === true);
  expect(fatal?.message, `the snippet must parse: ${code}`).toBeUndefined();
  return (result?.messages ?? []).map((message) => message.ruleId ?? 'none');
}

const GLOBALS = 'no-restricted-globals';
const PROPERTIES = 'no-restricted-properties';
const SYNTAX = 'no-restricted-syntax';
const IMPORTS = 'no-restricted-imports';

/** What must not appear in the engine and the models: a name, a program that does it, the rule that says no. */
const forbidden: readonly (readonly [name: string, code: string, rule: string])[] = [
  ['Math.random', 'export const x: number = Math.random();', PROPERTIES],
  ['Math["random"]', 'export const x: number = Math["random"]();', PROPERTIES],
  ['random taken out of Math', 'export const { random }: Math = Math;', PROPERTIES],
  ['Math.pow', 'export const x: number = Math.pow(3, 0.5);', PROPERTIES],
  ['a power', 'export function f(x: number, y: number): number { return x ** y; }', SYNTAX],
  ['a power of two by a variable', 'export function f(y: number): number { return 2 ** y; }', SYNTAX],
  ['a cube', 'export function f(x: number): number { return x ** 3; }', SYNTAX],
  ['a power assignment', 'export function f(x: number): number { let y = x; y **= 3; return y; }', SYNTAX],
  ['Date.now', 'export const x: number = Date.now();', GLOBALS],
  ['new Date', 'export const x: string = new Date().toISOString();', GLOBALS],
  ['globalThis.Date', 'export const x: number = globalThis.Date.now();', GLOBALS],
  ['performance', 'export const x: number = performance.now();', GLOBALS],
  ['setTimeout', 'setTimeout(() => {}, 1);', GLOBALS],
  ['setInterval', 'setInterval(() => {}, 1);', GLOBALS],
  ['setImmediate', 'setImmediate(() => {});', GLOBALS],
  ['queueMicrotask', 'queueMicrotask(() => {});', GLOBALS],
  ['a Promise', 'export const x: unknown = Promise.resolve(1);', GLOBALS],
  ['new Promise', 'export const x: unknown = new Promise(() => {});', GLOBALS],
  ['a Promise type', 'export function f(x: Promise<number>): unknown { return x; }', SYNTAX],
  ['an async function', 'export async function f(): unknown {}', SYNTAX],
  ['an async arrow function', 'export const f: () => unknown = async () => 1;', SYNTAX],
  ['an async method', 'export class A { name = 1; async f(): unknown { return 1; } }', SYNTAX],
  ['an async generator', 'export async function* f(): unknown {}', SYNTAX],
  ['await', 'await 1;', SYNTAX],
  ['for await', 'for await (const x of []) x;', SYNTAX],
  ['then', 'export function f(x: { then(f: () => void): void }): void { x.then(() => {}); }', SYNTAX],
  ['a dynamic import', "export const x: unknown = import('zod');", SYNTAX],
  ['console', 'console.log(1);', GLOBALS],
  ['process', 'export const x: unknown = process.env;', GLOBALS],
  ['globalThis.process', 'export const x: unknown = globalThis.process;', GLOBALS],
  ['fetch', "export const x: unknown = fetch('http://localhost');", GLOBALS],
  ['Intl', 'export const x: unknown = new Intl.NumberFormat();', GLOBALS],
  ['localeCompare', "export const x: number = 'a'.localeCompare('b');", PROPERTIES],
  ['toLocaleString', 'export const x: string = (1).toLocaleString();', PROPERTIES],
  ['a node: import', "import { readFileSync } from 'node:fs';\nreadFileSync('x');", IMPORTS],
  ['a Node module without the prefix', "import { readFileSync } from 'fs';\nreadFileSync('x');", IMPORTS],
  ['a node: re-export', "export { readFileSync } from 'node:fs';", IMPORTS],
  ['export *', "export * from './time.ts';", SYNTAX],
  ['export * as', "export * as time from './time.ts';", SYNTAX],
  ['a default export', 'export default 1;', SYNTAX],
  ['for..in', 'for (const key in { a: 1 }) key;', SYNTAX],
];

describe.each(['packages/core/src/bad.ts', 'packages/scenarios/src/kubernetes/bad.ts'])('in %s', (path) => {
  it.each(forbidden)('%s is refused', async (_name, code, rule) => {
    expect(await rulesFor(code, path)).toContain(rule);
  });
});

describe('what stays allowed', () => {
  it('words that are only local names', async () => {
    const code =
      'export function f(process: { name: string }, document: { id: number }): unknown { return [process, document]; }';
    expect(await rulesFor(code, 'packages/core/src/good.ts')).toEqual([]);
  });

  it('other functions of Math', async () => {
    expect(await rulesFor('export const x: number = Math.log1p(-0.5);', 'packages/core/src/good.ts')).toEqual([]);
  });

  it('squares and literal powers of two', async () => {
    const code = 'export function f(x: number): number { return x ** 2 + 2 ** 32 + 2 ** -53; }';
    expect(await rulesFor(code, 'packages/core/src/good.ts')).toEqual([]);
  });

  const waits = "export async function load(): Promise<unknown> { return await import('mathjs'); }";

  it('document loading may wait, in its one file', async () => {
    expect(await rulesFor(waits, 'packages/scenarios/src/scenario/load.ts')).toEqual([]);
    expect(await rulesFor(waits, 'packages/scenarios/src/scenario/scenario.ts')).not.toEqual([]);
    expect(await rulesFor(waits, 'packages/core/src/scenario/load.ts')).not.toEqual([]);
  });

  it.each(forbidden.filter(([, code]) => /Math|Date|setTimeout|console|node:|export \*|default/.test(code)))(
    'document loading may not use %s',
    async (_name, code, rule) => {
      expect(await rulesFor(code, 'packages/scenarios/src/scenario/load.ts')).toContain(rule);
    },
  );

  it('the command may use the clock and promises, tests may too', async () => {
    const code = 'export async function f(): Promise<number> { return await Promise.resolve(Date.now()); }';
    expect(await rulesFor(code, 'packages/cli/src/good.ts')).toEqual([]);
    expect(await rulesFor(code, 'packages/core/src/good.test.ts')).toEqual([]);
  });
});

describe('everywhere', () => {
  it.each([
    ['any', 'export const x: any = 1;', '@typescript-eslint/no-explicit-any'],
    ['a value import of a type', "import { type A, b } from './a.ts';\nexport const x: A = b;", undefined],
    ['export *', "export * from './time.ts';", SYNTAX],
    ['a default export', 'export default 1;', SYNTAX],
    ['a loose comparison', 'export const x: boolean = null == 1;', 'eqeqeq'],
    ['an unfinished-work comment', `// ${'TO'}${'DO'}: finish\nexport const x: number = 1;`, 'no-warning-comments'],
    ['a silenced compiler', '// @ts-ignore\nexport const x: number = 1;', '@typescript-eslint/ban-ts-comment'],
    ['a function longer than a screen', longFunction(61), 'max-lines-per-function'],
  ])('%s', async (_name, code, rule) => {
    const found = await rulesFor(code, 'packages/cli/src/bad.ts');
    if (rule === undefined) expect(found).toEqual([]);
    else expect(found).toContain(rule);
  });
});

function longFunction(lines: number): string {
  return `export function f(): void {\n${'  f();\n'.repeat(lines - 2)}}`;
}
