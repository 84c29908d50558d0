/** Files of drills: scripts, and what a drill leaves behind - the session, which plays again to its digest, the debrief, a postmortem. */
import {
  drillFile,
  loadDocument,
  longestDrillFile,
  readDrillScript,
  readDrillText,
  type Debrief,
  type DrillFile,
  type DrillScript,
  type DrillSession,
} from '@brownout/scenarios';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { InputError } from '../input-error.ts';
import { readTextFile } from '../text-file.ts';

/** The session as text. */
export function sessionText(session: DrillSession): string {
  return `${JSON.stringify(drillFile(session))}\n`;
}

/** Files of one drill in one folder, which exists. */
export class DrillFiles {
  readonly #folder: string;
  readonly #from: string;

  constructor(folder: string, from: string) {
    this.#folder = folder;
    this.#from = from;
  }

  /** Writes the session, and returns the name of its file. Throws `InputError`. */
  saveSession(session: DrillSession, file: string | undefined = undefined): string {
    return this.#write(file ?? join(this.#folder, 'session.json'), sessionText(session));
  }

  /** Writes the debrief and its postmortem; returns their names. */
  saveDebrief(debrief: Debrief): readonly string[] {
    return [
      this.#write(join(this.#folder, 'debrief.json'), `${JSON.stringify(debrief, undefined, 2)}\n`),
      this.#write(join(this.#folder, 'postmortem.md'), debrief.postmortem),
    ];
  }

  #write(file: string, text: string): string {
    try {
      writeFileSync(resolve(this.#from, file), text);
    } catch (error) {
      throw new InputError(`cannot write "${file}": ${error instanceof Error ? error.message : String(error)}`);
    }
    return file;
  }
}

/** Reads a session. Throws `InputError` or `DocumentError`. */
export async function readSession(file: string, folder: string): Promise<DrillFile> {
  // A character has up to four bytes; the reader counts characters.
  return readDrillText(await readTextFile(file, folder, 4 * longestDrillFile), file);
}

/** Larger scripts are refused unread. */
const largestScript = 1_000_000;

/** Reads a script. Throws `InputError`, or `DocumentError` with the places of everything that is wrong. */
export async function readScript(file: string, folder: string): Promise<DrillScript> {
  const script = await loadDocument(await readTextFile(file, folder, largestScript), file);
  return readDrillScript(script.data, script);
}
