import { formOfText, loadDocument, type ImportInput } from '@brownout/scenarios';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { InputError } from './input-error.ts';

/** A file to import: read within limits, unpacked, decoded, and as YAML parsed. */

/** Larger files are refused unread; so is what unpacks to more. */
const largestFile = 200_000_000;

/** Reads one file. Throws `InputError`, or `DocumentError` for malformed text. */
export async function readImportFile(name: string, folder: string): Promise<ImportInput> {
  const path = resolve(folder, name);
  const found = await stat(path).catch((error: unknown) => unreadable(name, error));
  if (found.isDirectory()) throw new InputError(`cannot read "${name}": expected a file, got a folder`);
  if (!found.isFile() && !found.isFIFO()) throw new InputError(`cannot read "${name}": expected a file, got a device`);
  if (found.size > largestFile) throw tooLarge(name);
  const read = found.isFile() ? readFile(path) : readPipe(name, path);
  const bytes = await read.catch((error: unknown) => unreadable(name, error));
  const text = decoded(name, bytes[0] === 0x1f && bytes[1] === 0x8b ? unpacked(name, bytes) : bytes);
  const input = { name, text };
  return formOfText(input) === 'yaml' ? { ...input, data: await yamlData(name, text) } : input;
}

/** What another program writes, as `<(kubectl get nodes -o json)` hands it over: it says nothing of its size. */
async function readPipe(name: string, path: string): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of createReadStream(path)) {
    chunks.push(chunk as Buffer);
    size += (chunk as Buffer).length;
    if (size > largestFile) throw tooLarge(name);
  }
  return Buffer.concat(chunks);
}

function tooLarge(name: string): InputError {
  return new InputError(`cannot read "${name}": larger than ${largestFile / 1_000_000} MB; cut it, or save less`);
}

/** `--seconds` as typed. */
export function readSeconds(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && value >= 1 && value <= 31_536_000) return value;
  throw new InputError(`--seconds: expected a number of seconds from 1 to a year, got ${JSON.stringify(text)}`);
}

function unpacked(name: string, bytes: Uint8Array): Uint8Array {
  try {
    return gunzipSync(bytes, { maxOutputLength: largestFile });
  } catch (error) {
    const isLarge = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
    const why = isLarge
      ? `it unpacks to more than ${largestFile / 1_000_000} MB; cut it, or save less`
      : 'the gzip file is cut or damaged; save it again';
    throw new InputError(`cannot read "${name}": ${why}`);
  }
}

function decoded(name: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new InputError(`cannot read "${name}": expected text in UTF-8, got something else`);
  }
}

/** One document, or several after another as a list; lines keep their numbers. */
async function yamlData(name: string, text: string): Promise<unknown> {
  const pieces: string[] = [];
  let lines = 0;
  for (const piece of text.split(/^---[ \t]*\r?$/m)) {
    if (/^\s*[^\s#]/m.test(piece)) pieces.push('\n'.repeat(lines) + piece);
    lines += piece.split('\n').length - 1;
  }
  const items: unknown[] = [];
  for (const piece of pieces) items.push((await loadDocument(piece, name.replace(/\.json$/i, '.yaml'))).data);
  return items.length === 1 ? items[0] : { apiVersion: 'v1', kind: 'List', items };
}

function unreadable(name: string, error: unknown): never {
  if (error instanceof InputError) throw error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  throw new InputError(`cannot read "${name}": ${code === 'ENOENT' ? 'no such file' : code}`);
}
