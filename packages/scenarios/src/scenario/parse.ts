import * as z from 'zod';
import { withOptionalDefaults } from './complete.ts';
import { DocumentError } from './document-error.ts';
import { problemsOf } from './issues.ts';
import type { JsonSchema } from './json-schema.ts';
import { lazily } from './lazily.ts';
import { freezeDeep, type DocumentText } from './load.ts';
import type { Scenario } from './document.ts';
import { scenarioSchema } from './schema.ts';
import { shapeProblem } from './shape.ts';

/**
 * From data to a scenario in base units. Everything that is wrong is reported at once in one `DocumentError`; what comes out
 * needs no further checks.
 */

/**
 * Checks a scenario document and converts it: quantities to numbers, formulas to functions. `origin` is what messages call
 * the document; a `DocumentText` also gives them line and column.
 */
export function parseScenario(data: unknown, origin: string | DocumentText): Scenario {
  return parseDocument(scenarioSchema(), data, origin);
}

/**
 * The JSON Schema of scenario documents as they are written, for editors. What `completeDocument` fills in is not required
 * here. It is one object for all who ask, and frozen.
 */
export function scenarioJsonSchema(): JsonSchema {
  return ofScenarios();
}

/** Made once: commands ask for it at every value that is set, and making it takes longer than checking a document. */
const ofScenarios = lazily(() => freezeDeep(withOptionalDefaults(writtenSchema(scenarioSchema()))));

/** `parseScenario` for any schema built from the blocks of `quantity.ts`. */
export function parseDocument<Output>(schema: z.ZodType<Output>, data: unknown, origin: string | DocumentText): Output {
  const name = typeof origin === 'string' ? origin : origin.name;
  const locate = typeof origin === 'string' ? () => undefined : origin.locate;
  const shape = shapeProblem(data);
  if (shape !== undefined) throw new DocumentError(name, [shape]);
  const result = schema.safeParse(data);
  if (result.success) return result.data;
  const context = { data, locate, schema: () => writtenSchema(schema) };
  const { problems, omitted } = problemsOf(result.error.issues, context);

  throw new DocumentError(name, problems, omitted);
}

/** The JSON Schema of the written form: what goes in, with units and sources, not the numbers that come out. Frozen. */
export function writtenSchema(schema: z.ZodType): JsonSchema {
  const known = written.get(schema);
  if (known !== undefined) return known;
  const made = freezeDeep(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema);
  written.set(schema, made);
  return made;
}

/** Schemas are not changed once they are made, so what is written of one stays true. */
const written = new WeakMap<z.ZodType, JsonSchema>();
