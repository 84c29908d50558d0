/** What a drill leaves behind: the session, which plays again to its digest, the debrief, and the draft of a postmortem. */
import {
  drillFile,
  drillSchema,
  longestDrillFile,
  readDrillText,
  type Debrief,
  type DrillFile,
  type DrillSession,
} from '@brownout/scenarios';
import { writeFileSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { InputError } from '../input-error.ts';

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
  const path = resolve(folder, file);
  const size = await stat(path).then(
    (one) => one.size,
    () => undefined,
  );
  if (size === undefined)
    throw new InputError(`cannot read "${file}": no such file; expected a session (${drillSchema})`);
  if (size > 4 * longestDrillFile) throw new InputError(`cannot read "${file}": larger than a session can be`);
  return readDrillText(await readFile(path, 'utf8'), file);
}
