import {
  type ControlPlaneDocument,
  controlPlaneSummary,
  documentSummary,
  isControlPlaneDocument,
  parseControlPlane,
  parseScenario,
  thresholdsOf,
} from '@brownout/scenarios';
import type { CommandContext } from '../context.ts';
import { findDocument } from '../document-file.ts';

/** `brownout validate`: throws what is wrong with a document, or says what it describes. */
export async function validate(name: string, context: CommandContext): Promise<void> {
  const { document, origin } = await findDocument(name, context.folder);
  const summary = isControlPlaneDocument(document)
    ? controlPlaneSummary(document as unknown as ControlPlaneDocument, parseControlPlane(document, origin))
    : documentSummary(document, parseScenario(document, origin));
  if (!isControlPlaneDocument(document)) thresholdsOf(document);
  context.stdout.write(`${name} is valid\n${summary}`);
}
