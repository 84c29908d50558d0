/** `brownout report`: a result as one HTML file, as Markdown, or as the skeleton of a postmortem. */
import { didYouMean, postmortemMarkdown, reportMarkdown, type RunResult } from '@brownout/scenarios';
import { reportPage, reportView } from '@brownout/viewer';
import { writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import type { CommandContext } from '../context.ts';
import { exitOk } from '../exit-codes.ts';
import { InputError } from '../input-error.ts';
import type { ReportCommandOptions } from '../program-results.ts';
import { readRun } from '../read-result.ts';
import { reportTemplate } from '../report/template.ts';

/** Formats, and the file each goes to beside the result. */
const files = { html: 'report.html', markdown: 'report.md', postmortem: 'postmortem.md' } as const;
type ReportFormat = keyof typeof files;

/** Writes the report; returns the exit code. */
export async function report(name: string, options: ReportCommandOptions, context: CommandContext): Promise<number> {
  const format = readFormat(options.format);
  const { path, run } = await readRun(name, context.folder);
  const baseline = options.baseline === undefined ? undefined : await readBaseline(options.baseline, run, context);
  if (baseline !== undefined && format === 'postmortem') {
    throw new InputError('--baseline: a postmortem is of one run; use html or markdown');
  }
  const text = await written(format, run, baseline, name, context);
  if (options.out === '-') {
    context.stdout.write(text);
    return exitOk;
  }
  const out = resolve(context.folder, options.out ?? join(dirname(path), files[format]));
  const shown = options.out ?? relative(context.folder, out);
  await writeFile(out, text).catch((error: unknown) => {
    throw new InputError(`cannot write "${shown}": ${error instanceof Error ? error.message : String(error)}`);
  });
  context.stderr.write(`${shown}: ${Math.ceil(Buffer.byteLength(text) / 1024)} KiB\n`);
  return exitOk;
}

async function written(
  format: ReportFormat,
  run: RunResult,
  baseline: RunResult | undefined,
  name: string,
  context: CommandContext,
): Promise<string> {
  try {
    if (format === 'markdown') return reportMarkdown(run, baseline === undefined ? {} : { baseline });
    if (format === 'postmortem') return postmortemMarkdown(run);
    const view = reportView(run, baseline);
    return reportPage(await reportTemplate(context.stderr), view);
  } catch (error) {
    // Entries inside a damaged file that are of the wrong kind; a template that cannot be built stays a defect.
    if (!(error instanceof TypeError || error instanceof RangeError)) throw error;
    throw new InputError(`"${name}" is damaged: ${error.message}`);
  }
}

async function readBaseline(name: string, run: RunResult, context: CommandContext): Promise<RunResult> {
  const { run: baseline } = await readRun(name, context.folder);
  if (baseline.scenario !== run.scenario) {
    throw new InputError(`--baseline: expected a run of ${run.scenario}, got one of ${baseline.scenario}`);
  }
  if (baseline.seed !== run.seed) {
    context.stderr.write(
      `the baseline has seed ${baseline.seed} and the run ${run.seed}: what differs may be luck as well\n`,
    );
  }
  return baseline;
}

function readFormat(name: string): ReportFormat {
  const known = Object.keys(files) as ReportFormat[];
  const found = known.find((each) => each === name);
  if (found !== undefined) return found;
  throw new InputError(`--format: expected one of ${known.join(', ')}, got "${name}"${didYouMean(name, known)}`);
}
