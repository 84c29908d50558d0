/** From a request to the document that is run: read, completed, changed, checked. Runs in the worker. */
import {
  applyMitigations,
  completeDocument,
  didYouMean,
  DocumentError,
  incidents,
  isControlPlaneDocument,
  loadDocument,
  mitigations,
  parseMitigationList,
  parseScenario,
  scenarioJsonSchema,
  scenarioTemplates,
  setPath,
  type AppliedMitigation,
  type DocumentText,
  type Scenario,
  type ScenarioDocument,
} from '@brownout/scenarios';
import { messageOf } from '../message-of.ts';
import type { RunRequest, RunSource } from './protocol.ts';

/** A document that is ready to run. */
export interface ReadRequest {
  readonly document: ScenarioDocument;
  readonly scenario: Scenario;
  readonly applied: readonly AppliedMitigation[];
}

/** Reads everything. Throws `DocumentError` or `RangeError` with words for people. */
export async function readRequest(request: RunRequest): Promise<ReadRequest> {
  if (!/^[\x21-\x7e]{1,64}$/.test(request.seed)) {
    throw new RangeError(`seed: expected 1 to 64 printable characters without spaces, got "${request.seed}"`);
  }
  const { document: first, origin } = await readSource(request.source);
  parseScenario(first, origin);
  let isChanged = false;
  let document = first;
  let schema: ReturnType<typeof scenarioJsonSchema> | undefined;
  for (const assignment of request.assignments ?? []) {
    const assigned = setPath(document, assignment, (schema ??= scenarioJsonSchema()));
    document = assigned.document;
    isChanged ||= assigned.difference.length > 0;
  }
  const chosen = (request.mitigations ?? []).flatMap((list) => parseMitigationList(list, mitigations));
  const { document: mitigated, applied } = applyMitigations(document, chosen);
  const scenario = parseScenario(mitigated, isChanged || applied.length > 0 ? 'the changed document' : origin);
  return { document: mitigated, scenario, applied };
}

async function readSource(
  source: RunSource,
): Promise<{ readonly document: ScenarioDocument; readonly origin: string | DocumentText }> {
  if (source.kind === 'incident') {
    const incident = incidents.find(({ id }) => id === source.id);
    if (incident !== undefined) return { document: incident.document(), origin: incident.id };
    const ids = incidents.map(({ id }) => id);
    const hint = didYouMean(source.id, ids) || `; known: ${ids.join(', ')}`;
    throw new RangeError(`unknown incident "${source.id}"${hint}`);
  }
  const origin = await loadDocument(source.text.replace(/^\uFEFF/, ''), source.name);
  if (isControlPlaneDocument(origin.data)) {
    throw new RangeError(`"${source.name}" describes a control plane alone; this page shows scenarios with users`);
  }
  return { document: completeDocument(origin.data, scenarioTemplates) as ScenarioDocument, origin };
}

/** What went wrong, line by line. */
export function problemsOf(error: unknown): string[] {
  if (error instanceof DocumentError) return error.message.split('\n');
  return [messageOf(error)];
}
