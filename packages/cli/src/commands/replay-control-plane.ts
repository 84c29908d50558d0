import {
  type ControlPlaneDocument,
  controlPlaneTable,
  documentHash,
  parseControlPlane,
  runControlPlane,
} from '@brownout/scenarios';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CommandContext } from '../context.ts';
import type { NamedDocument } from '../document-file.ts';
import { exitOk } from '../exit-codes.ts';
import { InputError } from '../input-error.ts';
import { defaultFolder, prepareFolder } from '../output-folder.ts';
import type { ReplayOptions } from '../program.ts';
import { readReplications } from '../read-options.ts';
import { readSeed } from '../replay-plan.ts';

/** `brownout replay` of a control plane alone under declared load: a table, or JSON. */

/** Runs the document of `named` and returns the exit code. */
export async function replayControlPlane(
  named: NamedDocument,
  options: ReplayOptions,
  context: CommandContext,
): Promise<number> {
  refuse(options);
  const seed = readSeed(options.seed);
  const replications = readReplications(options.replications) ?? 1;
  const document = named.document as unknown as ControlPlaneDocument;
  const { id } = parseControlPlane(document, named.origin);
  const changes = [`x${replications}`, documentHash(document).slice(0, 8)];
  const folder = options.out ?? defaultFolder({ scenario: id, seed, mitigationIds: [], changes });
  const path = await prepareFolder(folder, context.folder);
  const result = runControlPlane(document, { seed, replications, origin: id });
  const json = `${JSON.stringify(result, undefined, 2)}\n`;
  const table = controlPlaneTable(result);
  await Promise.all([writeFile(join(path, 'result.json'), json), writeFile(join(path, 'report.txt'), table)]);
  context.stdout.write(options.json === true ? json : table);
  const messages = options.json === true ? context.stderr : context.stdout;
  messages.write(`Result: ${join(folder, 'result.json')}\nReport: ${join(folder, 'report.txt')}\n`);
  return exitOk;
}

/** What belongs to scenarios of clusters alone is refused rather than ignored. */
function refuse(options: ReplayOptions): void {
  const typed = [
    ['--mitigate', options.mitigate.length > 0],
    ['--set', options.set.length > 0],
    ['--no-trigger', !options.trigger],
    ['--until', options.until !== undefined],
    ['--threshold', options.threshold !== undefined],
    ['--workers', options.workers !== undefined],
    ['--resume', options.resume === true],
    ['--redis', options.redis !== undefined],
    ['--shard', options.shard !== undefined],
    ['--format', options.format !== undefined],
    ['--table', options.table !== undefined],
  ] as const;
  const unknown = typed.find(([, isTyped]) => isTyped)?.[0];
  if (unknown !== undefined) throw new InputError(`${unknown}: not for a document of kind control-plane`);
}
