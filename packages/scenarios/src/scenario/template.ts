/**
 * Templates: a scenario file names one and states only what is different about its own cluster. What it leaves out comes from
 * the template, with its sources, before the document is checked, so that it is hashed and listed like everything else.
 */
import { childOf } from './data-path.ts';
import { DocumentError } from './document-error.ts';
import { didYouMean } from './nearest-name.ts';
import { isSourced } from './provenance.ts';

/** Data with keys, before any check. */
export type DocumentParts = Readonly<Record<string, unknown>>;

/** A scenario that a document may start from, under the key `template`. */
export interface ScenarioTemplate {
  readonly id: string;
  readonly title: string;
  /** The whole document that what is stated amounts to; what is stated wins, whether it is right or not. */
  complete(stated: DocumentParts): DocumentParts;
}

/** Fills in what `data` leaves to the template it names; anything that names none is returned as it is. */
export function applyTemplate(data: unknown, templates: readonly ScenarioTemplate[]): unknown {
  if (!hasKeys(data) || data['template'] === undefined) return data;
  const { template: name, ...stated } = data;
  const template = templates.find(({ id }) => id === name);
  if (template === undefined) throw unknownTemplate(data, name, templates);
  return template.complete(stated);
}

/** What is stated, with what it leaves out taken from `values`, key by key; a list or a value with its source counts as one. */
export function merged(stated: unknown, values: unknown): unknown {
  if (stated === undefined) return values;
  if (!hasKeys(stated) || !hasKeys(values) || isSourced(stated) || isSourced(values)) return stated;
  const keys = new Set([...Object.keys(values), ...Object.keys(stated)]);
  return Object.freeze(
    Object.fromEntries([...keys].map((key) => [key, merged(childOf(stated, key), childOf(values, key))])),
  );
}

/** Whether data has keys. */
export function hasKeys(data: unknown): data is DocumentParts {
  return typeof data === 'object' && data !== null && !Array.isArray(data);
}

function unknownTemplate(data: DocumentParts, name: unknown, templates: readonly ScenarioTemplate[]): DocumentError {
  const ids = templates.map(({ id }) => id);
  const hint = typeof name === 'string' ? didYouMean(name, ids) : '';
  const known = `expected the name of a template (${ids.join(', ')}), got ${JSON.stringify(name)}${hint}`;
  const id = data['id'];
  return new DocumentError(typeof id === 'string' ? id : 'document', [{ path: 'template', message: known }]);
}
