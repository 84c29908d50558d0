import { childOf } from './data-path.ts';
import { kubernetes2024, measuredCosts } from './defaults.ts';
import type { JsonSchema } from './json-schema.ts';
import { isSourced } from './provenance.ts';

/**
 * What a scenario file may leave out: the flags and timings of Kubernetes, and what requests cost. Missing parts are filled
 * in with the defaults and their sources before the document is checked, so that they are hashed and listed with the rest.
 */

const defaults: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['kubernetes', kubernetes2024],
  ['costs', measuredCosts],
]);

/** The document with the parts of `kubernetes` and `costs` that it leaves out. Anything but keys and values is returned as it is. */
export function completeDocument(data: unknown): unknown {
  if (!isRecord(data)) return data;
  const filled: Record<string, unknown> = { ...data };
  for (const [section, values] of defaults) filled[section] = merged(childOf(data, section), values);
  return Object.freeze(filled);
}

/** The JSON Schema of documents that may leave those parts out. */
export function withOptionalDefaults(schema: JsonSchema): JsonSchema {
  const properties = Object.entries(schema.properties ?? {}).map(
    ([key, property]) => [key, defaults.has(key) ? withoutRequired(property) : property] as const,
  );
  const required = schema.required?.filter((key) => !defaults.has(key));
  return { ...schema, properties: Object.fromEntries(properties), ...(required === undefined ? {} : { required }) };
}

/** What is stated wins; a value with its source counts as one value. */
function merged(stated: unknown, values: unknown): unknown {
  if (stated === undefined) return values;
  if (!isRecord(stated) || !isRecord(values) || isSourced(stated) || isSourced(values)) return stated;
  const keys = new Set([...Object.keys(values), ...Object.keys(stated)]);
  return Object.freeze(
    Object.fromEntries([...keys].map((key) => [key, merged(childOf(stated, key), childOf(values, key))])),
  );
}

function withoutRequired(schema: JsonSchema): JsonSchema {
  const { required: _, ...rest } = schema;
  if (schema.properties === undefined) return schema;
  const properties = Object.entries(schema.properties).map(
    ([key, property]) => [key, withoutRequired(property)] as const,
  );
  return { ...rest, properties: Object.fromEntries(properties) };
}

function isRecord(data: unknown): data is Readonly<Record<string, unknown>> {
  return typeof data === 'object' && data !== null && !Array.isArray(data);
}
