/** Scenarios for the library: found by id, read from a file, or written as data. */
import {
  applyMitigations,
  completeDocument,
  freezeDeep,
  isControlPlaneDocument,
  mitigations,
  parseMitigationList,
  parseScenario,
  readTime,
  scenarioTemplates,
  type AppliedMitigation,
  type ScenarioDocument,
} from '@brownout/scenarios';
import { findDocument } from '../document-file.ts';
import { assignAll } from '../assign-all.ts';

/** The id of an incident, the path of a file, or a document. */
export type ScenarioSource = string | ScenarioDocument;

/** Changes made to a scenario before it is run. */
export interface ScenarioChanges {
  /** Mitigations as the command takes them: `id[:name=value,...][+id2...]`. */
  readonly mitigate?: string | readonly string[];
  /** Values by path, such as `{ 'clusters[large-1].nodes': 5000 }`. */
  readonly set?: Readonly<Record<string, string | number | boolean | null>>;
  /** False = the same day without its cause. Default true. */
  readonly trigger?: boolean;
}

/** A scenario with its changes made. */
export interface ChangedScenario {
  readonly document: ScenarioDocument;
  readonly applied: readonly AppliedMitigation[];
  readonly changes: readonly string[];
}

/**
 * Finds an incident by its id, or reads a file (.yaml, .json, .ts; paths start at `folder`, default the current one), and
 * checks it. Throws `InputError` or `DocumentError` with everything that is wrong.
 */
export async function loadScenario(source: ScenarioSource, folder: string = process.cwd()): Promise<ScenarioDocument> {
  if (typeof source !== 'string') return defineScenario(source);
  const { document, origin } = await findDocument(source, folder);
  if (!isControlPlaneDocument(document)) parseScenario(document, origin);
  return document;
}

/**
 * Makes a scenario of data as a document states them: what a template fills in is filled in, and everything is checked.
 * The document is frozen. Throws `DocumentError` with everything that is wrong.
 */
export function defineScenario(data: object): ScenarioDocument {
  if (isControlPlaneDocument(data)) return freezeDeep(data) as unknown as ScenarioDocument;
  const document = freezeDeep(completeDocument(data, scenarioTemplates)) as ScenarioDocument;
  parseScenario(document, 'the scenario');
  return document;
}

/** Loads a scenario and changes it. */
export async function changedScenario(source: ScenarioSource, changes: ScenarioChanges): Promise<ChangedScenario> {
  const document = await loadScenario(source);
  // Texts stand in an assignment as they do in a document: without quotes.
  const set = Object.entries(changes.set ?? {}).map(([path, value]) => `${path}=${String(value)}`);
  const assigned = assignAll(document, { set, trigger: changes.trigger ?? true });
  const lists = typeof changes.mitigate === 'string' ? [changes.mitigate] : (changes.mitigate ?? []);
  const chosen = lists.flatMap((list) => parseMitigationList(list, mitigations));
  const { document: changed, applied } = applyMitigations(assigned.document, chosen);
  return { document: changed, applied, changes: assigned.changes };
}

/** A time after the trigger as seconds, or as a document writes it: 7200, "2h". */
export function secondsOf(until: string | number | undefined): number | undefined {
  if (until === undefined || typeof until === 'number') return until;
  const reading = readTime(until);
  if (reading.problem !== undefined) {
    throw new RangeError(`until: expected seconds or a time such as "2h", got ${JSON.stringify(until)}`);
  }
  return reading.value / 1_000_000;
}
