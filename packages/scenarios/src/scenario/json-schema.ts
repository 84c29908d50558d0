import { childOf, type Path } from './data-path.ts';
import { didYouMean } from './nearest-name.ts';

/**
 * Questions to the JSON Schema of a document: which keys may stand at a path? Used for the hints of error messages and for
 * assignments to keys that a document leaves out; never to validate.
 */

/** As much of JSON Schema as zod writes. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly const?: unknown;
  readonly type?: string;
  readonly description?: string;
  readonly if?: JsonSchema;
  readonly else?: JsonSchema;
}

/**
 * Names of the keys that the schema admits at `path`. Where a value may take several forms, `data` chooses: forms whose
 * constant keys (such as `kind`) contradict it are left out.
 */
export function keysAt(root: JsonSchema, path: Path, data: unknown): string[] {
  const names = new Set<string>();
  for (const schema of schemasAt(root, path, data)) {
    for (const name of Object.keys(schema.properties ?? {})) names.add(name);
  }
  return [...names];
}

/** True when the schema admits a value at `path`. */
export function admits(root: JsonSchema, path: Path, data: unknown): boolean {
  return schemasAt(root, path, data).length > 0;
}

/** `unknown key "node"; did you mean "nodes"?`, or with the known keys when none is near and they are few. */
export function unknownKeyMessage(key: string, known: readonly string[]): string {
  const hint = didYouMean(key, known);
  if (hint !== '') return `unknown key "${key}"${hint}`;
  return known.length === 0 || known.length > 15
    ? `unknown key "${key}"`
    : `unknown key "${key}"; known here: ${known.join(', ')}`;
}

/** Every form that the value at `path` may take. */
function schemasAt(root: JsonSchema, path: Path, data: unknown): JsonSchema[] {
  let schemas = forms(root, root, data);
  let value = data;
  for (const step of path) {
    value = childOf(value, step);
    const inner = value;
    schemas = schemas.flatMap((schema) => {
      const child = childSchema(schema, step);
      return child === undefined ? [] : forms(root, child, inner);
    });
  }
  return schemas;
}

function childSchema(schema: JsonSchema, step: string | number): JsonSchema | undefined {
  if (typeof step === 'number') return schema.items;
  const properties = new Map(Object.entries(schema.properties ?? {}));
  const { additionalProperties } = schema;
  return properties.get(step) ?? (typeof additionalProperties === 'object' ? additionalProperties : undefined);
}

/** The schema with references and unions resolved into a flat list. */
function forms(root: JsonSchema, schema: JsonSchema, data: unknown): JsonSchema[] {
  if (schema.$ref !== undefined) {
    const target = schema.$ref === '#' ? root : root.$defs?.[schema.$ref.replace('#/$defs/', '')];
    return target === undefined ? [] : forms(root, target, data);
  }
  const parts = [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])];
  if (parts.length === 0) return [schema];
  const open = parts.flatMap((part) => forms(root, part, data));
  const fitting = open.filter((part) => !contradicts(part, data));
  return fitting.length > 0 ? fitting : open;
}

function contradicts(schema: JsonSchema, data: unknown): boolean {
  return Object.entries(schema.properties ?? {}).some(([key, property]) => {
    const value = childOf(data, key);
    return property.const !== undefined && value !== undefined && value !== property.const;
  });
}
