import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { engineVersion, type RunResult, type ScenarioDocument } from '@brownout/scenarios';
import { InputError } from './input-error.ts';

/** Where results go, and where an earlier run of the same scenario is found again. */

/** What tells one run's folder from another's. */
export interface RunName {
  readonly scenario: string;
  readonly seed: string;
  readonly mitigationIds: readonly string[];
  /** Other changes in short words, such as `no-trigger`; a hash where words would be too long. */
  readonly changes: readonly string[];
}

const parentFolder = 'brownout-out';

/** `brownout-out/openai-2024-12-11-1-staged-rollout+break-glass` */
export function defaultFolder({ scenario, seed, mitigationIds, changes }: RunName): string {
  const parts = [scenario, seed, ...(mitigationIds.length === 0 ? [] : [mitigationIds.join('+')]), ...changes];
  const name = parts.map((part) => part.replace(/[^A-Za-z0-9._+-]/g, '_').slice(0, 80)).join('-');
  return join(parentFolder, name);
}

/** Makes the folder, before the run rather than after it, so that a long run is not lost to a wrong path. */
export async function prepareFolder(folder: string, from: string): Promise<string> {
  const path = resolve(from, folder);
  try {
    await mkdir(path, { recursive: true });
  } catch (error) {
    throw unwritable(folder, error);
  }
  return path;
}

/** Writes result.json and report.txt and returns their paths as shown to people. */
export async function writeRun(
  folder: string,
  from: string,
  json: string,
  report: string,
): Promise<{ readonly result: string; readonly report: string }> {
  try {
    await writeFile(resolve(from, folder, 'result.json'), json);
    await writeFile(resolve(from, folder, 'report.txt'), report);
  } catch (error) {
    throw unwritable(folder, error);
  }
  return { result: join(folder, 'result.json'), report: join(folder, 'report.txt') };
}

/** Leaves the document that was run, with every change made, beside its result: making its metrics needs it. */
export async function writeScenario(folder: string, from: string, document: ScenarioDocument): Promise<void> {
  try {
    await writeFile(resolve(from, folder, 'scenario.json'), `${JSON.stringify(document, undefined, 2)}\n`);
  } catch (error) {
    throw unwritable(folder, error);
  }
}

/** What an earlier run must agree in to be set beside a new one. */
export type Counterpart = Pick<RunResult, 'documentHash' | 'seed'> & { readonly endSeconds: number };

/** The result of an earlier run in `folder` if it is the counterpart that is looked for, else undefined. */
export async function findEarlierRun(
  folder: string,
  from: string,
  wanted: Counterpart,
): Promise<RunResult | undefined> {
  try {
    const result = JSON.parse(await readFile(resolve(from, folder, 'result.json'), 'utf8')) as RunResult;
    const isSame =
      result.schema === 'brownout/result@1' &&
      result.engineVersion === engineVersion &&
      result.documentHash === wanted.documentHash &&
      result.seed === wanted.seed &&
      result.horizon.endSeconds === wanted.endSeconds;
    return isSame ? result : undefined;
  } catch {
    return undefined;
  }
}

/** Folders of the newest results that went where results go by default, at most three, the newest first. */
export async function newestResults(from: string): Promise<readonly string[]> {
  const names = await readdir(resolve(from, parentFolder)).catch(() => []);
  const found = await Promise.all(
    names.map(async (name) => {
      const folder = join(parentFolder, name);
      const file = await stat(resolve(from, folder, 'result.json')).catch(() => undefined);
      return { folder, time: file?.mtimeMs ?? -Infinity };
    }),
  );
  const results = found.filter(({ time }) => time !== -Infinity).sort((a, b) => b.time - a.time);
  return results.slice(0, 3).map(({ folder }) => folder);
}

function unwritable(folder: string, error: unknown): InputError {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const reasons = new Map<unknown, string>([
    ['EACCES', 'permission denied'],
    ['EROFS', 'the file system is read-only'],
    ['ENOSPC', 'no space left'],
    ['EEXIST', 'a file is in the way'],
    ['ENOTDIR', 'a file is in the way'],
  ]);
  return new InputError(`cannot write to "${folder}": ${reasons.get(code) ?? String(error)}`);
}
