import type { RunResult } from '@brownout/scenarios';
import { readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { InputError } from './input-error.ts';

/** Results of runs that commands wrote, read back. */

/** A result and the file it was read from. */
export interface ReadResult {
  readonly path: string;
  readonly run: RunResult;
}

/** What a view cannot do without; a file that lacks some of it was cut or written by something else. */
const needed: readonly (readonly [name: keyof RunResult, kind: 'string' | 'number' | 'array' | 'object'])[] = [
  ['scenario', 'string'],
  ['title', 'string'],
  ['documentHash', 'string'],
  ['engineVersion', 'string'],
  ['seed', 'string'],
  ['digest', 'string'],
  ['clock', 'object'],
  ['horizon', 'object'],
  ['kpis', 'object'],
  ['timeline', 'array'],
  ['series', 'object'],
  ['comparison', 'array'],
  ['firstFailures', 'array'],
  ['mitigations', 'array'],
  ['assumptions', 'array'],
  ['causes', 'array'],
  ['warnings', 'array'],
  ['conservation', 'array'],
  ['eventCount', 'number'],
];

/** The result of one run in a folder or a file. Throws `InputError` for everything else, saying what is wrong. */
export async function readRun(name: string, folder: string): Promise<ReadResult> {
  const { path, text } = await readNamed(name, folder, ['result.json']);
  return { path, run: runIn(text, name) };
}

/** The file that was named, or the first of these files that the named folder holds. */
export async function readNamed(
  name: string,
  folder: string,
  files: readonly string[],
): Promise<{ readonly path: string; readonly text: string }> {
  const named = resolve(folder, name);
  const found = await stat(named).catch(() => undefined);
  if (found === undefined) throw new InputError(`cannot read "${name}": no such result`);
  if (!found.isDirectory()) return { path: named, text: await textOf(named, name) };
  for (const file of files) {
    const path = join(named, file);
    if ((await stat(path).catch(() => undefined)) !== undefined) return { path, text: await textOf(path, name) };
  }
  throw new InputError(`"${name}" holds no ${files.join(' and no ')}`);
}

/** The result of one run that a text holds, whole. */
export function runIn(text: string, name: string): RunResult {
  const data = parsedJson(text, name);
  const isObject = typeof data === 'object' && data !== null;
  const { schema, replications } = (isObject ? data : {}) as Partial<Record<string, unknown>>;
  if (schema !== 'brownout/result@1' || replications !== 1) {
    const got = schema === 'brownout/result@1' ? `${String(replications)} replications` : JSON.stringify(schema);
    throw new InputError(
      `"${name}" is no result of a run: expected schema "brownout/result@1" with one replication, got ${got}`,
    );
  }
  const run = data as Partial<Record<string, unknown>>;
  for (const [key, kind] of needed) {
    const value = run[key];
    const got = Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value;
    if (got !== kind) throw new InputError(`"${name}" is damaged: ${key}: expected ${kind}, got ${got}`);
  }
  return data as RunResult;
}

/** JSON that a file holds. */
export function parsedJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InputError(`cannot read "${name}": ${messageOf(error)}`);
  }
}

async function textOf(path: string, name: string): Promise<string> {
  return await readFile(path, 'utf8').catch((error: unknown) => {
    throw new InputError(`cannot read "${name}": ${messageOf(error)}`);
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
