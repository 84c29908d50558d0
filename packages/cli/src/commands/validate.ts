import { documentSummary, parseScenario } from '@brownout/scenarios';
import type { CommandContext } from '../context.ts';
import { findDocument } from '../document-file.ts';

/** `brownout validate`: throws what is wrong with a document, or says what it describes. */
export async function validate(name: string, context: CommandContext): Promise<void> {
  const { document, origin } = await findDocument(name, context.folder);
  const scenario = parseScenario(document, origin);
  context.stdout.write(`${name} is valid\n${documentSummary(document, scenario)}`);
}
