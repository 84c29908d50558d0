import { enablePatches, produceWithPatches } from 'immer';
import { differenceLines } from './difference.ts';
import { DocumentError } from './document-error.ts';
import { childOf, formatPath, valueAt, type Path } from './data-path.ts';
import { admits, keysAt, type JsonSchema } from './json-schema.ts';
import { didYouMean } from './nearest-name.ts';
import { assumed, isSourced } from './provenance.ts';

/**
 * Places inside a document by name: `clusters[0].nodes`, `clusters[large-1].nodes` (the list item whose id is large-1) and
 * `clusters[*].nodes` (every item). Used by assignments on the command line and by sweeps.
 */

/** A document with one assignment done, and what that changed. */
export interface Assigned<Document> {
  readonly document: Document;
  /** Lines such as `clusters[0].nodes: 7500 -> 5000`. */
  readonly difference: readonly string[];
}

/** One step of a written path: a key, an index, an id or every item. */
type Step =
  | { readonly kind: 'key'; readonly name: string }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'id'; readonly id: string }
  | { readonly kind: 'every' };

/** Longest assignment read. */
const longestAssignment = 2_000;

/**
 * The document with `clusters[0].nodes=5000` done. The value is read as JSON if it is JSON, else as a text, so units need no
 * quotes. Throws `DocumentError` for a place that neither the document nor its schema knows. A value that had a source gets
 * the source `assumed`. The value itself is checked by `parseScenario`, not here.
 */
export function setPath<Document extends object>(
  document: Document,
  assignment: string,
  schema: JsonSchema,
): Assigned<Document> {
  const origin = `assignment "${assignment.length > 60 ? `${assignment.slice(0, 57)}...` : assignment}"`;
  const equals = assignment.indexOf('=');
  if (equals < 1 || assignment.length > longestAssignment) {
    throw problem(origin, 'expected path=value, such as clusters[0].nodes=5000');
  }
  const pathText = assignment.slice(0, equals).trim();
  const value = readScalar(assignment.slice(equals + 1).trim());
  const targets = expand(document, parsePath(pathText, origin), schema, origin);
  enablePatches();
  const [changed, patches] = produceWithPatches(document, (draft) => {
    for (const target of targets) assign(draft, target, value, origin);
  });
  return { document: changed, difference: differenceLines(document, patches) };
}

/** The value at a path such as `clusters[large-1].nodes`, undefined where there is none. */
export function getPath(document: unknown, path: string): unknown {
  let value = document;
  for (const step of parsePath(path, `path "${path}"`)) {
    const key = step.kind === 'key' ? step.name : step.kind === 'index' ? step.index : indexOfId(value, step);
    value = key === undefined ? undefined : childOf(value, key);
  }
  return value;
}

/** JSON where it is JSON (5000, true, null, "quoted", [1, 2]); everything else is a text ("30 min", always). */
export function readScalar(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return text;
  }
}

const pathForm = /^[^.[\]]+(?:\[[^[\]]+\]|\.[^.[\]]+)*$/;

function parsePath(text: string, origin: string): Step[] {
  if (!pathForm.test(text)) throw problem(origin, `malformed path "${text}"; write it as clusters[0].nodes`);
  const parts = text.matchAll(/\[([^[\]]+)\]|([^.[\]]+)/g);
  return Array.from(parts, ([, bracket, name = '']) =>
    bracket === undefined ? { kind: 'key', name: name.trim() } : bracketStep(bracket.trim()),
  );
}

function bracketStep(text: string): Step {
  if (text === '*') return { kind: 'every' };
  return /^\d{1,6}$/.test(text) ? { kind: 'index', index: Number(text) } : { kind: 'id', id: text };
}

/** The concrete places a written path means, each checked against what the document and its schema know. */
function expand(document: unknown, steps: readonly Step[], schema: JsonSchema, origin: string): Path[] {
  let paths: Path[] = [[]];
  for (const step of steps) {
    paths = paths.flatMap((path) => expandStep(document, path, step, schema, origin));
  }
  return paths;
}

function expandStep(document: unknown, path: Path, step: Step, schema: JsonSchema, origin: string): Path[] {
  const here = valueAt(document, path);
  if (step.kind === 'key') {
    const next = [...path, step.name];
    const isKnown = childOf(here, step.name) !== undefined || admits(schema, next, document);
    if (isKnown && !['__proto__', 'constructor', 'prototype'].includes(step.name)) return [next];
    const known = [...keysAt(schema, path, document), ...keysOf(here)];
    const listing = known.length > 0 && known.length <= 15 ? `; known here: ${[...new Set(known)].join(', ')}` : '';
    throw problem(origin, `unknown path "${formatPath(next)}"${didYouMeanPath(path, step.name, known) || listing}`);
  }
  if (!Array.isArray(here)) throw problem(origin, `"${formatPath(path)}" is not a list`);
  if (step.kind === 'every') return here.map((_, index) => [...path, index]);
  const index = step.kind === 'index' ? step.index : indexOfId(here, step);
  if (index !== undefined && index < here.length) return [[...path, index]];
  const ids = here.map((item) => childOf(item, 'id')).filter((id) => typeof id === 'string');
  const asked = step.kind === 'index' ? String(step.index) : step.id;
  const known = ids.length > 0 ? `; known: ${ids.join(', ')}` : '';
  const hint = step.kind === 'id' ? didYouMean(step.id, ids) : '';
  throw problem(origin, `"${formatPath(path)}" has ${here.length} items and none is "${asked}"${hint || known}`);
}

/** Sets one place, making the objects on the way that the document leaves out or has as null. */
function assign(draft: unknown, path: Path, value: unknown, origin: string): void {
  let parent = draft;
  for (const [index, step] of path.entries()) {
    if (typeof parent !== 'object' || parent === null) {
      throw problem(origin, `"${formatPath(path.slice(0, index))}" is a single value and has nothing inside`);
    }
    const fields = parent as Record<string | number, unknown>;
    if (index === path.length - 1) {
      const isReplacingSourced = isSourced(childOf(parent, step)) && childOf(value, 'source') === undefined;
      fields[step] = isReplacingSourced ? assumed(value, 'set for this run') : value;
    } else {
      fields[step] = childOf(parent, step) ?? {};
    }
    parent = fields[step];
  }
}

function indexOfId(list: unknown, step: Step): number | undefined {
  if (!Array.isArray(list) || step.kind !== 'id') return undefined;
  const index = list.findIndex((item) => childOf(item, 'id') === step.id);
  return index < 0 ? undefined : index;
}

function keysOf(data: unknown): string[] {
  return typeof data === 'object' && data !== null && !Array.isArray(data) ? Object.keys(data) : [];
}

function didYouMeanPath(parent: Path, name: string, known: readonly string[]): string {
  const hint = didYouMean(name, known);
  return hint.replace(/"(.+)"/, (_, nearest: string) => `"${formatPath([...parent, nearest])}"`);
}

function problem(origin: string, message: string): DocumentError {
  return new DocumentError(origin, [{ path: '', message }]);
}
