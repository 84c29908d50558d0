import {
  completeDocument,
  importCluster,
  parseControlPlane,
  parseScenario,
  readImport,
  scenarioTemplates,
  sourcesOf,
  type Imported,
  type ImportPart,
  type ScenarioDocument,
} from '@brownout/scenarios';
import { access, writeFile } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import type { CommandContext, Sink } from '../context.ts';
import { exitOk } from '../exit-codes.ts';
import { readImportFile, readSeconds } from '../import-file.ts';
import { InputError } from '../input-error.ts';
import type { ImportCommandOptions } from '../program-import.ts';
import { widthFor } from '../style.ts';
import { wrapped } from '../wrapped.ts';

/** `brownout import`: from files of a real cluster to documents that can be replayed, and an account of every number. */

/** Files of one import; more are a mistake. */
const mostFiles = 100;

/** Reads all files, writes the documents, prints the account; returns the exit code. Nothing is written when anything is wrong. */
export async function importFiles(
  files: readonly string[],
  options: ImportCommandOptions,
  context: CommandContext,
): Promise<number> {
  if (files.length > mostFiles) throw new InputError(`expected at most ${mostFiles} files, got ${files.length}`);
  const seconds = readSeconds(options.seconds);
  const parts: ImportPart[] = [];
  for (const file of files) parts.push(readImport(await readImportFile(file, context.folder)));
  const imported = importCluster(parts, {
    ...(seconds === undefined ? {} : { seconds }),
    redact: options.redact === true,
    ...(options.triggerDaemonset === undefined ? {} : { triggerDaemonSet: options.triggerDaemonset }),
  });
  const paths = pathsOf(options.out);
  const completed = imported.scenario && completeDocument(imported.scenario, scenarioTemplates);
  if (completed !== undefined) parseScenario(completed, 'the imported scenario');
  if (imported.controlPlane !== undefined) parseControlPlane(imported.controlPlane, 'the imported load');
  const documents = [
    [paths.scenario, imported.scenario],
    [paths.load, imported.controlPlane],
  ] as const;
  const written = documents.filter(([, document]) => document !== undefined);
  if (written.length === 0) {
    throw new InputError(
      'nothing to write: expected nodes (for a scenario), or an audit log, two scrapes or rates (for a load)',
    );
  }
  for (const [path] of written) await refuseExisting(path, context.folder);
  const { stringify } = await import('yaml');
  for (const [path, document] of written) {
    const text = `# Imported by brownout; every number names its file.\n${stringify(document, { lineWidth: 100, aliasDuplicateObjects: false })}`;
    await writeFile(resolve(context.folder, path), text, { flag: 'wx' });
  }
  if (options.json === true) {
    const account = { ...imported.report, written: written.map(([path]) => path) };
    context.stdout.write(`${JSON.stringify(account, undefined, 2)}\n`);
    return exitOk;
  }
  context.stdout.write(account(imported, completed as ScenarioDocument | undefined, context.stdout));
  context.stdout.write(written.map(([path]) => `Written: ${path}    (brownout replay ${path})\n`).join(''));
  return exitOk;
}

function pathsOf(out: string): { readonly scenario: string; readonly load: string } {
  const extension = extname(out);
  if (!['.yaml', '.yml'].includes(extension.toLowerCase())) {
    throw new InputError(`--out: expected a file ending in .yaml or .yml, got ${JSON.stringify(out)}`);
  }
  return { scenario: out, load: `${out.slice(0, -extension.length)}-load${extension}` };
}

async function refuseExisting(path: string, folder: string): Promise<void> {
  const isThere = await access(resolve(folder, path)).then(
    () => true,
    () => false,
  );
  if (isThere) throw new InputError(`"${path}" exists; remove it, or give --out another name`);
}

/** Rows of an account shown at most, of each kind. */
const mostRows = 40;

function account({ report }: Imported, completed: ScenarioDocument | undefined, stdout: Sink): string {
  const isOfCluster = ({ path }: { readonly path: string }): boolean => /^(clusters|agent)\b/.test(path);
  const ofTemplate = sourcesOf(completed ?? {}).filter((entry) => entry.source !== 'measured' && isOfCluster(entry));
  const assumed = [
    ...ofTemplate.map(({ path, text, note }) => ({ document: 'scenario', path, text, note })),
    ...report.assumed.filter(({ document }) => document === 'load'),
  ];
  const row = ({ document, path, text, note }: (typeof assumed)[number]): string =>
    `  ${document} ${path} = ${text}    ${note}`;
  const isOutside = ({ reason }: { readonly reason: string }): boolean => reason === 'outside the window';
  const outside = report.leftOut.filter(isOutside).reduce((sum, { requests }) => sum + requests, 0);
  const left = [
    ...report.leftOut
      .filter((one) => !isOutside(one))
      .map(({ what, requests, reason }) => `  ${requests} x ${what}: ${reason}`),
    ...(outside === 0 ? [] : [`  ${outside} requests outside the window that rates are taken from`]),
  ];
  const imported = report.imported.filter(({ path }) => !/^stored\.\w+\.stored$/.test(path));
  return (
    [
      ...section(`Imported: ${report.imported.length} numbers`, imported.map(row)),
      ...section(`Not in the files, so assumed: ${assumed.length} numbers (state your own)`, assumed.map(row)),
      ...section(`Requests that are not replayed: ${left.length} kinds`, left),
      ...section(
        'Notes',
        report.notes.map((note) => `  ${note}`),
      ),
    ]
      // In a file or a pipe one fact stays one line.
      .flatMap((line) => (stdout.isTerminal ? wrapped(line, widthFor(stdout)) : [line]))
      .join('\n')
  );
}

function section(title: string, rows: readonly string[]): readonly string[] {
  if (rows.length === 0) return [];
  const shown = rows.slice(0, mostRows);
  const rest = rows.length - shown.length;
  return [title, ...shown, ...(rest > 0 ? [`  and ${rest} more`] : []), ''];
}
