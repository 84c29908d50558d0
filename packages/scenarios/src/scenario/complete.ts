import { childOf } from './data-path.ts';
import { kubernetes2024, measuredCosts } from './defaults.ts';
import type { JsonSchema } from './json-schema.ts';
import { applyTemplate, hasKeys, merged, type ScenarioTemplate } from './template.ts';

/**
 * What a scenario file may leave out: the flags and timings of Kubernetes, and what requests cost. Missing parts are filled
 * in with the defaults and their sources before the document is checked, so that they are hashed and listed with the rest.
 */

const defaults: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['kubernetes', kubernetes2024],
  ['costs', measuredCosts],
]);

/**
 * The document with the parts of `kubernetes` and `costs` that it leaves out, and with all that it leaves to the template it
 * names. Anything but keys and values is returned as it is. Throws `DocumentError` for a template that is not among them.
 */
export function completeDocument(data: unknown, templates: readonly ScenarioTemplate[] = []): unknown {
  const stated = applyTemplate(data, templates);
  if (!hasKeys(stated)) return stated;
  const filled: Record<string, unknown> = { ...stated };
  for (const [section, values] of defaults) filled[section] = merged(childOf(stated, section), values);
  return Object.freeze(filled);
}

/**
 * The JSON Schema of documents that may leave those parts out. One that names a template may leave out anything, at any depth;
 * what it leaves out and the template cannot know is found when the document is checked.
 */
export function withOptionalDefaults(schema: JsonSchema): JsonSchema {
  const properties = Object.entries(schema.properties ?? {});
  const template: JsonSchema = { type: 'string', description: 'the template that fills in what is left out' };
  return {
    ...withoutRequired(schema),
    properties: { template, ...withoutRequired(schema).properties },
    if: { required: ['template'] },
    else: requirementsOf({
      ...schema,
      properties: Object.fromEntries(properties.filter(([key]) => !defaults.has(key))),
      required: schema.required?.filter((key) => !defaults.has(key)) ?? [],
    }),
  };
}

function withoutRequired(schema: JsonSchema): JsonSchema {
  const { required: _, ...rest } = schema;
  return {
    ...rest,
    ...(schema.items === undefined ? {} : { items: withoutRequired(schema.items) }),
    ...(schema.properties === undefined ? {} : { properties: eachOf(schema.properties, withoutRequired) }),
  };
}

/** The same schema with nothing left but which keys there must be. */
function requirementsOf(schema: JsonSchema): JsonSchema {
  return {
    ...(schema.required === undefined ? {} : { required: schema.required }),
    ...(schema.items === undefined ? {} : { items: requirementsOf(schema.items) }),
    ...(schema.properties === undefined ? {} : { properties: eachOf(schema.properties, requirementsOf) }),
  };
}

function eachOf(
  properties: Readonly<Record<string, JsonSchema>>,
  change: (schema: JsonSchema) => JsonSchema,
): Readonly<Record<string, JsonSchema>> {
  return Object.fromEntries(Object.entries(properties).map(([key, property]) => [key, change(property)]));
}
