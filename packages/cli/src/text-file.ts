/** Text that a user names: read when it is not larger than it can be, with a message that helps when it cannot be. */
import { nearestName } from '@brownout/scenarios';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, extname, resolve } from 'node:path';
import { InputError } from './input-error.ts';

/** The text of the file; larger ones are refused unread. Throws `InputError`. */
export async function readTextFile(name: string, folder: string, mostBytes: number): Promise<string> {
  const path = resolve(folder, name);
  const size = (await stat(path).catch((error: unknown) => unreadable(name, path, error))).size;
  if (size > mostBytes) throw new InputError(`cannot read "${name}": larger than ${mostBytes / 1_000_000} MB`);
  return await readFile(path, 'utf8').catch((error: unknown) => unreadable(name, path, error));
}

/** Says why, with the nearest name beside it that looks like the same kind of file. Throws `InputError` always. */
export async function unreadable(name: string, path: string, error: unknown): Promise<never> {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code !== 'ENOENT' && code !== 'ENOTDIR') {
    const reason = code === 'EISDIR' ? 'it is a folder' : code === 'EACCES' ? 'permission denied' : String(error);
    throw new InputError(`cannot read "${name}": ${reason}`);
  }
  const beside = await readdir(dirname(path)).catch(() => []);
  const isAlike = (file: string): boolean => /\.(ya?ml|json|[cm]?[jt]s)$/.test(file) || extname(file) === extname(path);
  const nearest = nearestName(basename(path), beside.filter(isAlike));
  const hint = nearest === undefined ? '' : `; did you mean "${name.slice(0, -basename(name).length)}${nearest}"?`;
  throw new InputError(`cannot read "${name}": no such file${hint}`);
}
