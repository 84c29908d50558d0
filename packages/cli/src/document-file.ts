import {
  completeDocument,
  didYouMean,
  freezeDeep,
  incidents,
  isControlPlaneDocument,
  loadDocument,
  scenarioTemplates,
  type DocumentText,
  type ScenarioDocument,
} from '@brownout/scenarios';
import { stat } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { InputError } from './input-error.ts';
import { readTextFile, unreadable } from './text-file.ts';

/** From what was typed - the id of an incident or the path of a file - to a scenario document. */

/** A document before any check, and what its messages refer to. */
export interface NamedDocument {
  readonly document: ScenarioDocument;
  /** Gives messages line and column for texts; the name alone for the rest. */
  readonly origin: string | DocumentText;
  /** True for an incident that comes with the package. */
  readonly isIncident: boolean;
}

const textExtensions = ['.yaml', '.yml', '.json'];
const moduleExtensions = ['.ts', '.mts', '.js', '.mjs'];

/** Larger files are refused unread. */
const largestFile = 4_000_000;

/** Finds an incident by id, or reads a file. Throws `InputError`, or `DocumentError` for malformed text. */
export async function findDocument(name: string, folder: string): Promise<NamedDocument> {
  const incident = incidents.find(({ id }) => id === name);
  if (incident !== undefined) return { document: incident.document(), origin: incident.id, isIncident: true };
  const extension = extname(name).toLowerCase();
  if (textExtensions.includes(extension)) return await readText(name, folder);
  if (moduleExtensions.includes(extension)) return await importModule(name, folder);
  if (/[\\/]/.test(name)) {
    throw new InputError(
      `cannot read "${name}": expected a file ending in ${[...textExtensions, ...moduleExtensions].join(', ')}`,
    );
  }
  const ids = incidents.map(({ id }) => id);
  const hint = didYouMean(name, ids) || `; known: ${ids.join(', ')}`;
  throw new InputError(`unknown incident "${name}"${hint}`);
}

async function readText(name: string, folder: string): Promise<NamedDocument> {
  const text = await readTextFile(name, folder, largestFile);
  const origin = await loadDocument(text.replace(/^\uFEFF/, ''), name);
  return { document: complete(origin.data), origin, isIncident: false };
}

/** Imports a module and takes its export `document`, `scenario` or default: a document, or a function that makes one. */
async function importModule(name: string, folder: string): Promise<NamedDocument> {
  const path = resolve(folder, name);
  await stat(path).catch((error: unknown) => unreadable(name, path, error));
  let module: Readonly<Record<string, unknown>>;
  try {
    module = (await import(pathToFileURL(path).href)) as Readonly<Record<string, unknown>>;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ERR_UNKNOWN_FILE_EXTENSION') {
      throw new InputError(
        `cannot import "${name}": this Node does not read TypeScript; use Node 22.18 or later, or tsx`,
      );
    }
    throw new InputError(`cannot import "${name}": ${error instanceof Error ? error.message : String(error)}`);
  }
  const exported = module['document'] ?? module['scenario'] ?? module['default'];
  if (exported === undefined) {
    throw new InputError(`"${name}" exports none of document, scenario and default; expected a scenario document`);
  }
  const made: unknown = typeof exported === 'function' ? (exported as () => unknown)() : exported;
  return { document: complete(freezeDeep(made)), origin: name, isIncident: false };
}

/** Not yet a valid document, but one with all sections; `parseScenario` says what is wrong with it. */
function complete(data: unknown): ScenarioDocument {
  return (isControlPlaneDocument(data) ? data : completeDocument(data, scenarioTemplates)) as ScenarioDocument;
}
