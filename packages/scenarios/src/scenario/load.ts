import type { Document } from 'yaml';
import type { Path } from './data-path.ts';
import { DocumentError, type Position } from './document-error.ts';
import { shapeProblem } from './shape.ts';
import { checkYamlText, nodePosition, yamlProblem, type YamlLibrary } from './yaml-text.ts';

/**
 * From text to data. This is the one asynchronous place of the package: the YAML library is imported when the first text
 * is read, so that incidents built in TypeScript never pay for it.
 */

/** Data read from a text, with the way back to lines and columns. */
export interface DocumentText {
  /** What messages call it, usually the file name. */
  readonly name: string;
  /** Plain data, deeply frozen, not yet checked against any schema. */
  readonly data: unknown;
  /** Where the value (or its key) at a path stands; the nearest parent for what is not there. */
  readonly locate: (path: Path, part?: 'key' | 'value') => Position | undefined;
}

/** Longest text read, in characters. Large scenarios have some ten thousands. */
export const longestDocument = 400_000;

/** How many times one document may repeat a part through YAML aliases, counting what the repeated parts repeat. */
const mostAliases = 100;

/**
 * Reads YAML, or JSON when the name ends in ".json". Throws `DocumentError` with line and column for text that is
 * malformed, repeats a key, is too large, nests too deeply or hides a flood of aliases.
 */
export async function loadDocument(text: string, name: string): Promise<DocumentText> {
  if (text.length > longestDocument) {
    throw refusal(name, `expected at most ${longestDocument} characters, got ${text.length}`);
  }
  if (name.toLowerCase().endsWith('.json')) checkJson(text, name);
  else checkYamlText(text, name);
  const yaml: YamlLibrary = await import('yaml');
  const lineCounter = new yaml.LineCounter();
  const document = yaml.parseDocument(text, {
    lineCounter,
    version: '1.2',
    schema: 'core',
    stringKeys: true,
    uniqueKeys: false,
    prettyErrors: false,
  });
  const problem = yamlProblem(yaml, document, lineCounter);
  if (problem !== undefined) throw new DocumentError(name, [problem]);
  const data = toData(document, name);
  if (data === null || data === undefined) throw refusal(name, 'the document is empty');
  const locate: DocumentText['locate'] = (path, part) => nodePosition(yaml, document, lineCounter, path, part);
  return Object.freeze({ name, data: freezeDeep(data), locate });
}

/** Freezes data and all that is in it. Returns the same object. */
export function freezeDeep<T>(data: T): T {
  if (typeof data !== 'object' || data === null || Object.isFrozen(data)) return data;
  Object.freeze(data);
  for (const item of Object.values(data)) freezeDeep(item);
  return data;
}

/** YAML is nearly a superset of JSON; a file that says it is JSON has to be JSON all the same. */
function checkJson(text: string, name: string): void {
  const shape = shapeProblem(jsonOf(text, name));
  if (shape !== undefined) throw new DocumentError(name, [shape]);
}

/** JSON of any size, not looked at further. Throws `DocumentError` with line and column for text that is none. */
export function jsonOf(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw malformed(text, name, error instanceof Error ? error.message : String(error));
  }
}

function malformed(text: string, name: string, problem: string): DocumentError {
  const what = problem.replace(
    / in JSON at position.*| at position.*|, (\.\.\.)?".*"(\.\.\.)? is not valid JSON$/s,
    '',
  );
  return refusal(name, `malformed JSON: ${what}`, positionIn(text, jsonOffset(text, problem)));
}

function jsonProblem(text: string): string | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/**
 * Where the text stops being JSON. Engines do not always say; then it is the length of the longest beginning about which
 * they complain of nothing but its end.
 */
function jsonOffset(text: string, problem: string): number {
  const stated = /at position (\d+)/.exec(problem)?.[1];
  if (stated !== undefined) return Number(stated);
  if (/^Unexpected end/.test(problem)) return text.length;
  const isUnfinished = (message: string | undefined): boolean => /end of JSON|Unterminated/.test(message ?? '');
  let [right, wrong] = [0, text.length + 1];
  while (wrong - right > 1) {
    const middle = Math.floor((right + wrong) / 2);
    const message = jsonProblem(text.slice(0, middle));
    if (message === undefined || isUnfinished(message)) right = middle;
    else wrong = middle;
  }
  return right;
}

function toData(document: Document, name: string): unknown {
  try {
    return document.toJS({ maxAliasCount: mostAliases });
  } catch (error) {
    if (error instanceof ReferenceError) throw refusal(name, 'aliases repeat too much of the document');
    throw error;
  }
}

function positionIn(text: string, offset: number): Position {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1) ?? '').length + 1 };
}

function refusal(name: string, message: string, position?: Position): DocumentError {
  return new DocumentError(name, [position === undefined ? { path: '', message } : { path: '', message, position }]);
}
