/**
 * Files that a user has saved, and what kind of thing stands in them. Kinds are told by content; names of files appear in
 * messages and notes only.
 */
import { DocumentError, type Position } from '../scenario/document-error.ts';
import { jsonOf } from '../scenario/load.ts';

/** One file. */
export interface ImportInput {
  /** What messages and notes call it. */
  readonly name: string;
  readonly text: string;
  /** For YAML: what the text says, read by `loadDocument`. */
  readonly data?: unknown;
}

/** How a text is written. */
export type TextForm = 'json' | 'json-lines' | 'metrics' | 'flags' | 'yaml';

/** Longest text that is read, in characters: an audit log of a busy hour, the pods of a large cluster. */
export const longestImport = 200_000_000;

/** Deeper data is refused; Kubernetes objects stay under 30 levels, managedFields included. */
const deepestImport = 100;

const expected =
  'JSON from kubectl (-o json), a FlowSchema or static pod as YAML, flags of kube-apiserver, a /metrics scrape, a Prometheus query_range answer or an audit log';

/** How a text is written. Throws `DocumentError` for texts that are none of these. */
export function formOfText({ name, text }: ImportInput): TextForm {
  if (text.length > longestImport) {
    throw refusal(name, `expected at most ${longestImport} characters, got ${text.length}; cut the file, or save less`);
  }
  const start = text.slice(0, 100_000);
  const binary = start.search(/[\u0000-\u0008\u000e-\u001f\ufffd]/);
  if (binary >= 0) throw refusal(name, `expected text, got a binary file (offset ${binary}); expected ${expected}`);
  const first = /\S/.exec(text);
  if (first === null) throw refusal(name, `the file is empty; expected ${expected}`);
  if (first[0] === '{') return isLines(text.slice(first.index)) ? 'json-lines' : 'json';
  if (first[0] === '[')
    throw refusal(name, 'expected an object, got a list; save what kubectl -o json prints as it is');
  if (/^# (HELP|TYPE) /m.test(start) || /^[a-zA-Z_:][\w:]*(\{.*\})? [-+\d.eE]+( \d+)?$/m.test(start)) return 'metrics';
  if (/^\s*(-\s+)?("?\S*kube-apiserver"?\s|--[a-z])/.test(start) && !/^\s*kind:/m.test(start)) return 'flags';
  if (/^\s*(apiVersion|kind|items|metadata)\s*:/m.test(start)) return 'yaml';
  throw refusal(name, `the kind of this file cannot be told; expected ${expected}`, { line: 1, column: 1 });
}

/** JSON of one text, with the place of what is wrong; keys that reach for prototypes and endless nesting are refused. */
export function plainJson(name: string, text: string): unknown {
  const data = jsonOf(text, name);
  const problem = depthProblem(data);
  if (problem !== undefined) throw refusal(name, problem);
  return data;
}

/** What stops a look at data of any size: nesting without end, keys that reach for prototypes. Not recursive. */
export function depthProblem(root: unknown): string | undefined {
  const stack: (readonly [value: unknown, depth: number])[] = [[root, 0]];
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const [value, depth] = top;
    if (typeof value !== 'object' || value === null) continue;
    if (depth > deepestImport) return `nested deeper than ${deepestImport} levels`;
    if (Object.hasOwn(value, '__proto__')) return 'the key "__proto__" is not allowed';
    for (const item of Object.values(value)) if (typeof item === 'object') stack.push([item, depth + 1]);
  }
  return undefined;
}

/** The error of a file as a whole, or of one of its lines. */
export function refusal(name: string, message: string, position?: Position): DocumentError {
  return new DocumentError(name, [position === undefined ? { path: '', message } : { path: '', message, position }]);
}

/** Lines that are objects of their own: the first ends with its line, and says that it is an audit event. */
function isLines(text: string): boolean {
  const end = text.indexOf('\n');
  const line = end < 0 ? text : text.slice(0, end);
  return /"apiVersion"\s*:\s*"audit\.k8s\.io\//.test(line) && !/"kind"\s*:\s*"EventList"/.test(line);
}
