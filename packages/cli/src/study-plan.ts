import {
  applyMitigations,
  documentHash,
  isControlPlaneDocument,
  mitigations,
  parseMitigationList,
  parseScenario,
  thresholdsOf,
  type Scenario,
  type ScenarioDocument,
} from '@brownout/scenarios';
import type { CommandContext } from './context.ts';
import { findDocument, type NamedDocument } from './document-file.ts';
import { InputError } from './input-error.ts';
import { defaultFolder } from './output-folder.ts';
import { readWorkers } from './read-options.ts';
import { assignAll } from './assign-all.ts';
import { changeWords, readSeed, readUntil } from './replay-plan.ts';
import type { StudyOptions } from './study-options.ts';

/** From what was typed to what a study over many runs begins with. All bad input is found before anything is written or run. */

/** What `compare`, `sweep` and their like share. */
export interface StudyPlan {
  /** After `--set` and `--no-trigger`. */
  readonly document: ScenarioDocument;
  readonly scenario: Scenario;
  /** What those changed, as difference lines. */
  readonly changes: readonly string[];
  readonly seed: string;
  /** Seconds after the trigger at which runs end, if not with the document's horizon. */
  readonly untilSeconds: number | undefined;
  readonly workers: number | undefined;
  /** Where everything goes if `--out` says nothing; `kind` is one word for the study, `content` all that tells it apart. */
  readonly folderFor: (kind: string, content: unknown) => string;
}

/** Finds the scenario of a study; `why` ends what is said when it is one of a control plane alone. */
export async function findScenario(name: string, why: string, context: CommandContext): Promise<NamedDocument> {
  const named = await findDocument(name, context.folder);
  if (!isControlPlaneDocument(named.document)) return named;
  throw new InputError(`${why}, got a document of kind control-plane`);
}

/** The document with what `--mitigate` asks for, before anything is varied or searched. */
export function mitigated({ document }: StudyPlan, { mitigate = [] }: StudyOptions): ScenarioDocument {
  const chosen = mitigate.flatMap((list) => parseMitigationList(list, mitigations));
  return applyMitigations(document, chosen).document;
}

/**
 * Reads what studies share. Throws `InputError` or `DocumentError`. Names of clusters in measures, thresholds and places are
 * read later, against the documents that are run: mitigations may rename clusters.
 */
export function planStudy(named: NamedDocument, options: StudyOptions): StudyPlan {
  const seed = readSeed(options.seed);
  const workers = readWorkers(options.workers);
  parseScenario(named.document, named.origin);
  const { document, changes } = assignAll(named.document, { set: options.set ?? [], trigger: options.trigger });
  const scenario = parseScenario(document, String(document.id));
  thresholdsOf(document);
  const untilSeconds = options.until === undefined ? undefined : readUntil(options.until, scenario);
  return {
    document,
    scenario,
    changes,
    seed,
    untilSeconds,
    workers,
    folderFor: (kind, content) => {
      const hash = documentHash([documentHash(document), content]).slice(0, 8);
      const words = [...changeWords(options), kind, hash];
      return options.out ?? defaultFolder({ scenario: scenario.id, seed, mitigationIds: [], changes: words });
    },
  };
}
