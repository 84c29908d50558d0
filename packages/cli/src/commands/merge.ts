import type { CommandContext } from '../context.ts';
import { access, readFile, rename, writeFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { exitOk } from '../exit-codes.ts';
import { InputError } from '../input-error.ts';
import { commandText } from '../machines/arguments.ts';
import { mergeTexts, type NamedText } from '../machines/merge.ts';

/** `brownout merge`: shares of a study as one file, from which the study then goes on. */

/** What the file of a study is called in its folder. */
const recordFileName = 'replications.ndjson';

/** Merges and returns the exit code. The file appears whole or not at all. */
export async function merge(
  names: readonly string[],
  { out, json = false }: { readonly out: string; readonly json?: boolean },
  context: CommandContext,
): Promise<number> {
  const path = resolve(context.folder, out);
  await access(path).then(
    () => {
      throw new InputError(`merge: "${out}" is there already; remove it, or choose another name with --out`);
    },
    () => undefined,
  );
  const files: NamedText[] = [];
  for (const name of names) files.push({ name, text: await read(name, resolve(context.folder, name)) });
  const { text, header, count, duplicates, remarks } = mergeTexts(files);
  for (const remark of remarks) context.stderr.write(`${remark}\n`);
  const half = `${path}.${process.pid}.tmp`;
  try {
    await writeFile(half, text, { encoding: 'latin1', flag: 'wx' });
    await rename(half, path);
  } catch (error) {
    throw new InputError(`cannot write to "${out}": ${error instanceof Error ? error.message : String(error)}`);
  }
  const isOfStudy = basename(path) === recordFileName;
  const goOn = commandText([...header.arguments, '--out', dirname(out), '--resume']);
  if (json) {
    const merged = { file: out, files: names, replications: count, duplicates, ...(isOfStudy ? { result: goOn } : {}) };
    context.stdout.write(`${JSON.stringify(merged, undefined, 2)}\n`);
    return exitOk;
  }
  const again = duplicates === 0 ? '' : ` (${duplicates} were there more than once)`;
  context.stdout.write(`${count} replications of ${names.length} files are in ${out}${again}\n`);
  if (isOfStudy) context.stdout.write(`Their result: ${goOn}\n`);
  return exitOk;
}

/** Lines are ASCII: one character is one byte, whatever else is in the file. */
async function read(name: string, path: string): Promise<string> {
  try {
    return await readFile(path, 'latin1');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    throw new InputError(`cannot read "${name}": ${code === 'ENOENT' ? 'no such file' : String(error)}`);
  }
}
