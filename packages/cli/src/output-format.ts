import { csvText, didYouMean, ndjsonText, runTables, type Row, type RunTable } from '@brownout/scenarios';
import { InputError } from './input-error.ts';

/** What a command prints on standard output: a text for people, its result as one JSON document, or its rows as a table. */

/** The formats, the usual one first. */
export const outputFormats = ['text', 'json', 'ndjson', 'csv'] as const;

/** Name of a format. In all but `text`, everything else goes to standard error. */
export type OutputFormat = (typeof outputFormats)[number];

/** `--format` and `--json` as typed. */
export function readFormat({ format, json }: { readonly format?: string; readonly json?: boolean }): OutputFormat {
  const known = outputFormats.find((one) => one === format);
  if (format !== undefined && known === undefined) {
    const hint = didYouMean(format, outputFormats);
    throw new InputError(`--format: expected one of ${outputFormats.join(', ')}, got "${format}"${hint}`);
  }
  if (json !== true) return known ?? 'text';
  if (known === undefined || known === 'json') return 'json';
  throw new InputError(`--json and --format ${known}: expected one of them`);
}

/** `--table` as typed: which rows of a run. Refused where no rows are printed. */
export function readTable(text: string | undefined, format: OutputFormat): RunTable {
  const known = runTables.find((one) => one === text);
  if (text !== undefined && known === undefined) {
    throw new InputError(
      `--table: expected one of ${runTables.join(', ')}, got "${text}"${didYouMean(text, runTables)}`,
    );
  }
  if (known !== undefined && (format === 'text' || format === 'json')) {
    throw new InputError('--table: rows are printed with --format ndjson or csv');
  }
  return known ?? 'series';
}

/** Rows as a table. */
export function tableText(rows: readonly Row[], format: 'ndjson' | 'csv'): string {
  return format === 'ndjson' ? ndjsonText(rows) : csvText(rows);
}
