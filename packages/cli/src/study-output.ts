import { plainStyle, type Row, type Style } from '@brownout/scenarios';
import type { CommandContext } from './context.ts';
import { tableText, type OutputFormat } from './output-format.ts';
import { writeRun } from './output-folder.ts';
import { styleFor, widthFor } from './style.ts';

/** Where the result of a study goes: two files, and one of its forms on standard output. */

/** A result, ready to be written. */
export interface StudyOutput {
  readonly json: string;
  /** For people; ends in a line break. */
  readonly text: (width: number, style: Style) => string;
  /** As a table: for `--format ndjson` and `csv`. */
  readonly rows: () => readonly Row[];
}

/** Width of report.txt. */
export const fileWidth = 100;

/** Writes result.json and report.txt, and prints one of them; `closing` comes last, before the names of the files. */
export async function deliver(
  { json, text, rows }: StudyOutput,
  {
    folder,
    format,
    context,
    closing = [],
  }: {
    readonly folder: string;
    readonly format: OutputFormat;
    readonly context: CommandContext;
    readonly closing?: readonly string[];
  },
): Promise<void> {
  const files = await writeRun(folder, context.folder, json, text(fileWidth, plainStyle));
  const { stdout, stderr, environment } = context;
  if (format === 'text') stdout.write(text(widthFor(stdout), styleFor(stdout, environment)));
  else stdout.write(format === 'json' ? json : tableText(rows(), format));
  const messages = format === 'text' ? stdout : stderr;
  messages.write(`${[...closing, `Result: ${files.result}`, `Report: ${files.report}`].join('\n')}\n`);
}
