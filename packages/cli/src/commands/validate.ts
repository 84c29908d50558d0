import {
  type ControlPlaneDocument,
  controlPlaneSummary,
  DocumentError,
  documentSummary,
  isControlPlaneDocument,
  parseControlPlane,
  parseScenario,
  thresholdsOf,
} from '@brownout/scenarios';
import type { CommandContext } from '../context.ts';
import { findDocument } from '../document-file.ts';
import { exitBadInput, exitOk } from '../exit-codes.ts';

/** `brownout validate`: everything that is wrong with a document, or what it describes. */

/** Checks the document and returns the exit code. Throws what is wrong, which is also printed as data with `asJson`. */
export async function validate(name: string, asJson: boolean, context: CommandContext): Promise<number> {
  try {
    const summary = await summaryOf(name, context.folder);
    context.stdout.write(asJson ? json({ valid: true, name, problems: [] }) : `${name} is valid\n${summary}`);
    return exitOk;
  } catch (error) {
    if (!asJson || !(error instanceof DocumentError)) throw error;
    const problems = error.problems.map(({ path, message, position }) => ({ path, message, ...position }));
    context.stdout.write(json({ valid: false, name, problems }));
    return exitBadInput;
  }
}

async function summaryOf(name: string, folder: string): Promise<string> {
  const { document, origin } = await findDocument(name, folder);
  if (isControlPlaneDocument(document)) {
    return controlPlaneSummary(document as unknown as ControlPlaneDocument, parseControlPlane(document, origin));
  }
  const summary = documentSummary(document, parseScenario(document, origin));
  thresholdsOf(document);
  return summary;
}

function json(verdict: object): string {
  return `${JSON.stringify(verdict, undefined, 2)}\n`;
}
