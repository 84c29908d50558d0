/** Documents in memory that all threads see: written and hashed once, and kept as long as the document itself. */
import { documentHash, type ScenarioDocument } from '@brownout/scenarios';
import { Buffer } from 'node:buffer';

/** A document as threads read it. */
export interface SharedDocument {
  readonly hash: string;
  /** Its JSON in UTF-8. */
  readonly json: SharedArrayBuffer;
}

const shared: WeakMap<ScenarioDocument, SharedDocument> = new WeakMap();

/** The shared form of a document, which must not change from now on. */
export function sharedOf(document: ScenarioDocument): SharedDocument {
  const known = shared.get(document);
  if (known !== undefined) return known;
  const bytes = Buffer.from(JSON.stringify(document), 'utf8');
  const json = new SharedArrayBuffer(bytes.length);
  new Uint8Array(json).set(bytes);
  const made = { hash: documentHash(document), json };
  shared.set(document, made);
  return made;
}
