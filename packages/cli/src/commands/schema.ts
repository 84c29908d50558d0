import { controlPlaneJsonSchema, didYouMean, incidents, scenarioJsonSchema } from '@brownout/scenarios';
import type { CommandContext } from '../context.ts';
import { InputError } from '../input-error.ts';

/** `brownout schema`: the JSON Schema of scenario documents, or a whole incident as YAML to start from. */
export async function schema(
  { example, controlPlane = false }: { readonly example?: string | true; readonly controlPlane?: boolean },
  context: CommandContext,
): Promise<void> {
  if (controlPlane) {
    context.stdout.write(`${JSON.stringify(controlPlaneJsonSchema(), undefined, 2)}\n`);
    return;
  }
  if (example === undefined) {
    context.stdout.write(`${JSON.stringify(scenarioJsonSchema(), undefined, 2)}\n`);
    return;
  }
  const incident = example === true ? incidents.at(-1) : incidents.find(({ id }) => id === example);
  if (incident === undefined) {
    const ids = incidents.map(({ id }) => id);
    throw new InputError(
      `unknown incident "${String(example)}"${didYouMean(String(example), ids) || `; known: ${ids.join(', ')}`}`,
    );
  }
  const { stringify } = await import('yaml');
  context.stdout.write(stringify(incident.document(), { lineWidth: 100, aliasDuplicateObjects: false }));
}
