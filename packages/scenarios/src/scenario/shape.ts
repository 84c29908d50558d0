import type { DocumentProblem } from './document-error.ts';
import { joinPath } from './data-path.ts';

/**
 * The first look at data from outside, before any schema sees it: is it plain data of a reasonable size? It stops what a
 * schema would only notice late or never: keys that reach for prototypes, nesting without end, aliases that multiply,
 * class instances, numbers that are none.
 */

/** Deeper documents are refused; real ones stay under 12 levels. */
export const deepestNesting = 40;

/** Documents with more values than this are refused; the largest incident has about a thousand. */
export const mostValues = 20_000;

/** Longer texts inside a document are refused. */
export const longestText = 10_000;

const forbiddenKeys = ['__proto__', 'constructor', 'prototype'];

/** The first reason not to read `data`, or undefined. Cost is bounded whatever the data is, cyclic data included. */
export function shapeProblem(data: unknown): DocumentProblem | undefined {
  return new Inspection().of(data, '', 0);
}

class Inspection {
  #values = 0;

  of(data: unknown, path: string, depth: number): DocumentProblem | undefined {
    this.#values += 1;
    if (this.#values > mostValues) return { path: '', message: `expected at most ${mostValues} values, got more` };
    if (depth > deepestNesting) return { path: '', message: `nested deeper than ${deepestNesting} levels` };
    if (typeof data === 'object' && data !== null) return this.#ofObject(data, path, depth);
    return scalarProblem(data, path);
  }

  #ofObject(data: object, path: string, depth: number): DocumentProblem | undefined {
    if (Array.isArray(data)) {
      for (const [index, item] of data.entries()) {
        const problem = this.of(item, joinPath(path, index), depth + 1);
        if (problem !== undefined) return problem;
      }
      return undefined;
    }
    const prototype: unknown = Object.getPrototypeOf(data);
    if (prototype !== Object.prototype && prototype !== null) {
      return { path, message: `expected plain data, got ${className(data)}` };
    }
    for (const [key, item] of Object.entries(data)) {
      if (forbiddenKeys.includes(key)) return { path, message: `the key "${key}" is not allowed` };
      const problem = this.of(item, joinPath(path, key), depth + 1);
      if (problem !== undefined) return problem;
    }
    return undefined;
  }
}

function scalarProblem(data: unknown, path: string): DocumentProblem | undefined {
  if (typeof data === 'number' && !Number.isFinite(data))
    return { path, message: `expected a finite number, got ${data}` };
  if (typeof data === 'string' && data.length > longestText) {
    return { path, message: `expected a text of at most ${longestText} characters, got ${data.length}` };
  }
  if (typeof data === 'function' || typeof data === 'symbol' || typeof data === 'bigint') {
    return { path, message: `expected plain data, got a ${typeof data}` };
  }
  return undefined;
}

function className(data: object): string {
  const { constructor } = data;
  return typeof constructor === 'function' && constructor.name !== ''
    ? `a ${constructor.name}`
    : 'an object of a class';
}
