/** Where the result of a study comes from. */
import type { ScenarioDocument } from '../scenario/document.ts';
import { documentHash } from '../scenario/hash.ts';
import { engineVersion } from '../version.ts';

/** What a result says of its origin: with it, the same study can be made again. */
export interface StudyIdentity {
  readonly scenario: string;
  readonly title: string;
  /** Of the document before the study changed anything. */
  readonly documentHash: string;
  readonly engineVersion: string;
  /** Of the first run, see `seedAt`. */
  readonly seed: string;
  /** Seconds after the trigger at which runs end; `null` = with the document's horizon. */
  readonly until: number | null;
}

/** The identity of a study of this document. */
export function identityOf(document: ScenarioDocument, seed: string, untilSeconds: number | undefined): StudyIdentity {
  return {
    scenario: document.id,
    title: document.title,
    documentHash: documentHash(document),
    engineVersion,
    seed,
    until: untilSeconds ?? null,
  };
}
