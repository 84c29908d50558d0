/** The committed text files of the repository, and what a tidy check says about them. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Path from the root of the repository, with forward slashes, to text. Checks are functions of this and nothing else. */
export type Tree = ReadonlyMap<string, string>;

/** One broken rule, in words that say what to do. */
export interface Violation {
  readonly path: string;
  /** Counted from 1. */
  readonly line: number;
  readonly rule: string;
  /** What is wrong and what to do about it. */
  readonly message: string;
}

/** The root of this repository. */
export const repositoryRoot: string = join(import.meta.dirname, '..', '..');

const TEXT =
  /\.(ts|tsx|mts|js|mjs|cjs|json|jsonc|md|yaml|yml|css|html|cc|h|csv|txt|out|sh)$|^(\.ci\/|LICENSE|\.[a-z]+$)/;

/** Reads every text file that is committed or about to be: what Git tracks, and what it neither tracks nor ignores. */
export function readRepository(root: string = repositoryRoot): Tree {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root });
  const tree = new Map<string, string>();
  for (const path of listed.toString('utf8').split('\0').sort()) {
    if (!TEXT.test(path)) continue;
    const text = readIfPresent(join(root, path));
    if (text !== undefined) tree.set(path, text);
  }
  return tree;
}

/** A tracked file may have been deleted since: then there is nothing to check. */
function readIfPresent(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** A small tree for testing a check. */
export function treeOf(files: Readonly<Record<string, string>>): Tree {
  return new Map(Object.entries(files));
}

/** `path:line: rule: message`, one line each, so that an editor can jump there. */
export function describeViolations(violations: readonly Violation[]): string {
  return violations.map(({ path, line, rule, message }) => `${path}:${line}: ${rule}: ${message}`).join('\n');
}

/** The line of a character, counted from 1. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let i = text.indexOf('\n'); i >= 0 && i < offset; i = text.indexOf('\n', i + 1)) line++;
  return line;
}

/** Whether a path is a TypeScript source of a package that ships: in `src`, neither a test nor declarations of others. */
export function isShippedSource(path: string): boolean {
  return /^packages\/[^/]+\/src\/.*\.tsx?$/.test(path) && !path.endsWith('.d.ts') && !isTest(path);
}

/** Whether a path is a test. */
export function isTest(path: string): boolean {
  return /\.test\.(ts|tsx|mjs)$/.test(path) || /^packages\/[^/]+\/test\//.test(path) || path.startsWith('test/');
}
