import { plainStyle, type Style } from '@brownout/scenarios';
import type { CommandContext } from './context.ts';
import { writeRun } from './output-folder.ts';
import { styleFor, widthFor } from './style.ts';

/** Where the result of a study goes: two files, and text or JSON on standard output. */

/** A result, ready to be written. */
export interface StudyOutput {
  readonly json: string;
  /** For people; ends in a line break. */
  readonly text: (width: number, style: Style) => string;
}

/** Width of report.txt. */
export const fileWidth = 100;

/** Writes result.json and report.txt, and prints one of them; `closing` comes last, before the names of the files. */
export async function deliver(
  { json, text }: StudyOutput,
  {
    folder,
    asJson,
    context,
    closing = [],
  }: {
    readonly folder: string;
    readonly asJson: boolean;
    readonly context: CommandContext;
    readonly closing?: readonly string[];
  },
): Promise<void> {
  const files = await writeRun(folder, context.folder, json, text(fileWidth, plainStyle));
  const { stdout, stderr, environment } = context;
  stdout.write(asJson ? json : text(widthFor(stdout), styleFor(stdout, environment)));
  const messages = asJson ? stderr : stdout;
  messages.write(`${[...closing, `Result: ${files.result}`, `Report: ${files.report}`].join('\n')}\n`);
}
