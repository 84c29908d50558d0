import { calibrate, readImport, type CalibratedValue, type Calibration, type ScrapePart } from '@brownout/scenarios';
import type { CommandContext } from '../context.ts';
import { exitOk } from '../exit-codes.ts';
import { readImportFile, readSeconds } from '../import-file.ts';
import { InputError } from '../input-error.ts';
import type { CalibrateCommandOptions } from '../program-import.ts';
import { widthFor } from '../style.ts';
import { wrapped } from '../wrapped.ts';

/** `brownout calibrate`: unit costs from scrapes, and what they do not say. */

/** Reads the pages, prints the costs; returns the exit code. */
export async function calibrateFiles(
  files: readonly string[],
  options: CalibrateCommandOptions,
  context: CommandContext,
): Promise<number> {
  const seconds = readSeconds(options.seconds);
  const pages: ScrapePart[] = [];
  for (const file of files) {
    const part = readImport(await readImportFile(file, context.folder));
    if (part.kind !== 'scrape') throw new InputError(`${file}: expected a scrape of /metrics, got ${part.kind}`);
    pages.push(part);
  }
  const found = calibrate(pages, seconds);
  context.stdout.write(
    options.json === true
      ? `${JSON.stringify(found, undefined, 2)}\n`
      : calibrationText(found, widthFor(context.stdout)),
  );
  return exitOk;
}

function calibrationText({ seconds, clock, coresUsed, cores, requests, notes }: Calibration, width: number): string {
  const known = requests.filter(({ milliseconds, cpuMilliseconds }) => milliseconds ?? cpuMilliseconds);
  const used = coresUsed === undefined ? '' : `, ${short(coresUsed)} of ${cores ?? '?'} cores used`;
  const head = ['request', 'count', 'ms (95 %)', 'CPU ms (95 %)'];
  const rows = known.map(({ verb, resource, count, milliseconds, cpuMilliseconds }) => [
    `${verb} ${resource}`,
    String(count),
    valueText(milliseconds),
    valueText(cpuMilliseconds),
  ]);
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]!.length)));
  const line = (cells: readonly string[]): string =>
    cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join('  ');
  const isOfAll = (reason: string): boolean => notes.some((note) => note.endsWith(reason.replace(/^CPU: /, '')));
  const unknown = requests.flatMap(({ verb, resource, why }) =>
    why.filter((reason) => !isOfAll(reason)).map((reason) => `  ${verb} ${resource}: ${reason}`),
  );
  const wrap = (text: string): readonly string[] => wrapped(text, width);
  return [
    ...wrap(`${short(seconds)} s between the first and the last page (${clock})${used}`),
    '',
    line(head),
    ...rows.map(line),
    ...(unknown.length === 0 ? [] : ['', 'Could not be determined:', ...unknown.flatMap(wrap)]),
    '',
    ...notes.flatMap((note) => wrap(`Note: ${note}`)),
    '',
  ].join('\n');
}

function valueText(value: CalibratedValue | undefined): string {
  return value === undefined ? '-' : `${short(value.value)} (${short(value.low)} to ${short(value.high)})`;
}

function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}
