/** `--set @file`: a file with one `path=value` a line, blank lines and lines that begin with # left out. */
import { InputError } from './input-error.ts';
import { readTextFile } from './text-file.ts';

/** Larger files are refused unread: assignments are few. */
const largestFile = 1_000_000;

/** The assignments with every `@file` replaced by what the file holds. Throws InputError for a file that cannot be used. */
export async function expandAssignments(set: readonly string[], folder: string): Promise<readonly string[]> {
  const all = await Promise.all(
    set.map(async (one) => (one.startsWith('@') ? await readAssignments(one.slice(1), folder) : [one])),
  );
  return all.flat();
}

async function readAssignments(name: string, folder: string): Promise<string[]> {
  const text = await readTextFile(name, folder, largestFile);
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const bad = lines.findIndex((line) => line !== '' && !line.startsWith('#') && !/^[^=@]+=/.test(line));
  if (bad >= 0) throw new InputError(`${name}:${bad + 1}: expected path=value, such as clusters[0].nodes=5000`);
  const assignments = lines.filter((line) => line !== '' && !line.startsWith('#'));
  if (assignments.length === 0) throw new InputError(`${name}: expected a path=value in some line, got none`);
  return assignments;
}
