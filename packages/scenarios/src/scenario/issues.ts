import type * as z from 'zod';
import { childOf, formatPath, joinPath, valueAt, type Path } from './data-path.ts';
import type { DocumentProblem, Position } from './document-error.ts';
import { keysAt, unknownKeyMessage, type JsonSchema } from './json-schema.ts';
import { nearestName } from './nearest-name.ts';
import { orList, show } from './wording.ts';

/**
 * Turns zod's issues into problems in this project's words: path, what was expected, what came, the nearest right name.
 */

/** What the wording needs to know about the document. */
export interface IssueContext {
  readonly data: unknown;
  /** The JSON Schema of the document; asked for only when a key is unknown. */
  schema(): JsonSchema;
  /** Where a path stands in the text; `key` asks for the key rather than its value. */
  locate(path: Path, part: 'key' | 'value'): Position | undefined;
}

/** At most this many problems are described: finding words and places for one costs time that grows with the document. */
const mostDescribed = 100;

/** The problems behind the issues, in document order where positions are known, and how many were left out. */
export function problemsOf(
  issues: readonly z.core.$ZodIssue[],
  context: IssueContext,
): { readonly problems: readonly DocumentProblem[]; readonly omitted: number } {
  const single = issues.flatMap((issue): z.core.$ZodIssue[] =>
    issue.code === 'unrecognized_keys' ? issue.keys.map((key) => ({ ...issue, keys: [key] })) : [issue],
  );
  const described = single.slice(0, mostDescribed).flatMap((issue) => describeIssue(issue, [], context));
  const problems = inOrder(described.filter((each) => !isExplained(each, described)));
  return { problems, omitted: single.length - Math.min(single.length, mostDescribed) };
}

/** A missing key needs no line of its own when a misspelt one beside it is already said to mean it. */
function isExplained(problem: DocumentProblem, all: readonly DocumentProblem[]): boolean {
  if (!problem.message.startsWith('missing;')) return false;
  return all.some(({ path, message }) => {
    const meant = /^unknown key ".*"; did you mean "(.*)"\?$/.exec(message)?.[1];
    return meant !== undefined && joinPath(path, meant) === problem.path;
  });
}

function inOrder(problems: readonly DocumentProblem[]): DocumentProblem[] {
  return [...problems].sort((a, b) => {
    if (a.position === undefined || b.position === undefined) return 0;
    return a.position.line - b.position.line || a.position.column - b.position.column;
  });
}

function describeIssue(issue: z.core.$ZodIssue, parent: Path, context: IssueContext): DocumentProblem[] {
  const path = [...parent, ...issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step))];
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(context.schema(), path, context.data);
    return issue.keys.map((key) => problem(path, unknownKeyMessage(key, known), context, [...path, key]));
  }
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const likeliest = [...issue.errors].sort((a, b) => promise(b) - promise(a))[0] ?? [];
    return likeliest.flatMap((inner) => describeIssue(inner, path, context));
  }
  const value = valueAt(context.data, path);
  return [problem(path, wording(issue, value), context)];
}

/** Of the forms a union offers, the one that got furthest into the value is the one that was meant. */
function promise(issues: readonly z.core.$ZodIssue[]): number {
  const depth = Math.min(...issues.map((issue) => issue.path.length));
  return depth * 100 - issues.length;
}

function problem(path: Path, message: string, context: IssueContext, key?: Path): DocumentProblem {
  const position = key === undefined ? context.locate(path, 'value') : context.locate(key, 'key');
  const text = formatPath(path);
  return position === undefined ? { path: text, message } : { path: text, message, position };
}

function wording(issue: z.core.$ZodIssue, value: unknown): string {
  switch (issue.code) {
    case 'custom':
      return issue.message;
    case 'invalid_type':
      return value === undefined
        ? `missing; expected ${typeName(issue.expected)}`
        : `expected ${typeName(issue.expected)}, got ${show(value)}`;
    case 'invalid_value':
      return oneOf(issue.values, value);
    case 'invalid_union':
      return oneOf(unionOptions(issue), childOf(value, issue.discriminator ?? '') ?? value);
    case 'too_small':
      return `expected at least ${amount(issue.minimum, issue.origin, issue.inclusive === false)}, got ${sizeOf(value)}`;
    case 'too_big':
      return `expected at most ${amount(issue.maximum, issue.origin, issue.inclusive === false)}, got ${sizeOf(value)}`;
    case 'invalid_key':
      return `the key is not allowed: ${issue.issues[0]?.message ?? issue.message}`;
    default:
      return `${issue.message.charAt(0).toLowerCase()}${issue.message.slice(1)}, got ${show(value)}`;
  }
}

function oneOf(options: readonly unknown[], value: unknown): string {
  const names = options.filter((option) => typeof option === 'string');
  const nearest = typeof value === 'string' ? nearestName(value, names) : undefined;
  const hint = nearest === undefined ? '' : `; did you mean "${nearest}"?`;
  const expected = options.length === 0 ? 'another form' : orList(options.map(show));
  return value === undefined ? `missing; expected ${expected}` : `expected ${expected}, got ${show(value)}${hint}`;
}

/** zod lists the options of a discriminator although its types do not say so. */
function unionOptions(issue: z.core.$ZodIssueInvalidUnion): readonly unknown[] {
  const options: unknown = childOf(issue, 'options');
  return Array.isArray(options) ? options : [];
}

function typeName(expected: string): string {
  const names = new Map([
    ['string', 'a text'],
    ['number', 'a number'],
    ['int', 'a whole number'],
    ['boolean', 'true or false'],
    ['object', 'keys and values'],
    ['record', 'keys and values'],
    ['array', 'a list'],
  ]);
  return names.get(expected) ?? expected;
}

function amount(limit: number | bigint, origin: string, isExclusive: boolean): string {
  const unit = origin === 'array' ? ' items' : origin === 'string' ? ' characters' : '';
  return `${isExclusive ? 'more than ' : ''}${limit}${unit}`.replace(/^1 items$/, '1 item');
}

function sizeOf(value: unknown): string {
  return Array.isArray(value) ? String(value.length) : show(value);
}
