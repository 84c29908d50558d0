/** `brownout export`: a result in the format of another tool. */
import {
  csvText,
  didYouMean,
  documentHash,
  ndjsonText,
  parseScenario,
  readRecords,
  RecordBook,
  replicationRows,
  runChart,
  runChartNames,
  runRows,
  runScraped,
  runTables,
  type ChartSpec,
  type Replication,
  type Row,
  type RunResult,
  type RunTable,
  type ScenarioDocument,
} from '@brownout/scenarios';
import { access, constants, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { CommandContext } from '../context.ts';
import { exitOk } from '../exit-codes.ts';
import { InputError } from '../input-error.ts';
import type { Shown } from '../library/shown.ts';
import type { ExportCommandOptions } from '../program-results.ts';
import { ProgressLine } from '../progress.ts';
import { parsedJson, readNamed, runIn } from '../read-result.ts';
import { readScrape } from '../read-scrape.ts';

const formats = ['ndjson', 'csv', 'parquet', 'openmetrics', 'vega-lite', 'svg'] as const;
type Format = (typeof formats)[number];

const ofOneCluster = ['latencies', 'seats'];

/** What was named: one run, a study, or the replications of one. */
type Exported = { readonly path: string } & (
  | { readonly run: RunResult }
  | { readonly study: Shown<object> }
  | { readonly replications: readonly Replication[] }
);

/** Writes the result; returns the exit code. */
export async function exportResult(
  name: string,
  options: ExportCommandOptions,
  context: CommandContext,
): Promise<number> {
  const format = oneOf('--format', options.format, formats);
  const exported = await readResult(name, context.folder);
  if (format === 'openmetrics') return await exportMetrics(exported, options, context);
  if (format === 'vega-lite' || format === 'svg') {
    const spec =
      'study' in exported ? studyChart(exported.study, options.chart) : chartOf(runOf(exported, format), options);
    const text = format === 'svg' ? await drawn(spec) : `${JSON.stringify(spec, undefined, 2)}\n`;
    await write(text, options.out, context);
    return exitOk;
  }
  const rows = rowsOf(exported, options.table);
  await write(await encoded(rows, format, options.out), options.out, context);
  return exitOk;
}

async function drawn(spec: ChartSpec): Promise<string> {
  const { chartSvg } = await import('../charts/chart-svg.ts');
  return `${await chartSvg(spec)}\n`;
}

function chartOf(run: RunResult, { chart, cluster: [cluster, ...more] = [] }: ExportCommandOptions): ChartSpec {
  const name = oneOf('--chart', chart, runChartNames);
  if (cluster === undefined) return runChart(run, name);
  if (more.length > 0 || !ofOneCluster.includes(name)) {
    throw new InputError(`--cluster: of charts, ${ofOneCluster.join(' and ')} are of one cluster`);
  }
  oneOf(
    '--cluster',
    cluster,
    run.firstFailures.map((one) => one.cluster),
  );
  return runChart(run, name, { cluster });
}

/** A chart of a study, by the measure it is of; the one that the study shows itself by is called `overview`. */
function studyChart(study: Shown<object>, name: string): ChartSpec {
  try {
    return name === 'overview' ? study.toVegaLite() : study.toVegaLite(name);
  } catch (error) {
    throw error instanceof RangeError ? new InputError(`--chart: ${error.message}`) : error;
  }
}

function rowsOf(exported: Exported, table: string): Row[] {
  if ('study' in exported) return exported.study.rows();
  if ('replications' in exported) return replicationRows(exported.replications);
  return runRows(exported.run, oneOf<RunTable>('--table', table, runTables));
}

async function encoded(rows: readonly Row[], format: Format, out: string | undefined): Promise<string | Uint8Array> {
  if (format === 'ndjson') return ndjsonText(rows);
  if (format === 'csv') return csvText(rows);
  if (out === undefined) throw new InputError('--out: Parquet is no text; say which file it goes to');
  if (rows.length === 0) throw new InputError('this table has no rows, and Parquet needs some to know its columns');
  const { parquetFile } = await import('../export/parquet.ts');
  return await parquetFile(rows);
}

/** Metrics are not kept with a result, which would be far larger: the run is made again and scraped, and must be the same. */
async function exportMetrics(
  exported: Exported,
  options: ExportCommandOptions,
  context: CommandContext,
): Promise<number> {
  const run = runOf(exported, 'openmetrics');
  const scrapeSeconds = readScrape(options.scrape);
  const match = options.metrics === undefined ? undefined : readPattern(options.metrics);
  if (options.out === undefined) throw new InputError('--out: say which file the metrics go to');
  const out = await writablePath(options.out, context.folder);
  const document = await documentOf(run, exported.path);
  const ids = document.clusters.map(({ id }) => String(id));
  for (const id of options.cluster ?? []) oneOf('--cluster', id, ids);
  const { MetricsFile } = await import('../export/metrics-file.ts');
  const file = new MetricsFile({ zero: run.clock.zero, ...(match === undefined ? {} : { match }) });
  const progress = new ProgressLine(context.stderr, run.clock);
  try {
    const again = runScraped(document, {
      seed: run.seed,
      untilSeconds: run.horizon.endSeconds,
      scrapeSeconds,
      ...(options.cluster === undefined ? {} : { clusters: options.cluster }),
      onScrape: (t, cluster, scrapes) => file.add(t, cluster, scrapes),
      onProgress: (simulated, end) => progress.update(simulated, end),
    });
    progress.clear();
    if (again.digest !== run.digest) {
      throw new InputError(
        `the run made again differs from the result (digest ${again.digest}, expected ${run.digest}): it is of another engine; replay it first`,
      );
    }
    const samples = file.sampleCount;
    try {
      file.finish(out);
    } catch (error) {
      throw error instanceof Error && 'code' in error ? unwritable(options.out, error) : error;
    }
    context.stderr.write(
      `${options.out}: ${samples} samples; load them with: promtool tsdb create-blocks-from openmetrics ${options.out} <data folder>\n`,
    );
    return exitOk;
  } finally {
    progress.clear();
    file.discard();
  }
}

function runOf(exported: Exported, format: Format): RunResult {
  if ('run' in exported) return exported.run;
  const what = 'study' in exported ? 'is the result of a study' : 'holds replications of a study';
  throw new InputError(`--format ${format} needs one run; "${exported.path}" ${what}`);
}

/** Replays leave the document they ran beside their result. */
async function documentOf(run: RunResult, path: string): Promise<ScenarioDocument> {
  const file = join(dirname(path), 'scenario.json');
  const text = await readFile(file, 'utf8').catch(() => {
    throw new InputError(`cannot read "${file}": the scenario of this result is needed to make its metrics`);
  });
  const document = parsedJson(text, file) as ScenarioDocument;
  if (documentHash(document) !== run.documentHash) {
    throw new InputError(
      `"${file}" is not the scenario of this result: hash ${documentHash(document)}, expected ${run.documentHash}`,
    );
  }
  parseScenario(document, file);
  return document;
}

async function readResult(name: string, folder: string): Promise<Exported> {
  const { path, text } = await readNamed(name, folder, ['result.json', 'replications.ndjson']);
  if (path.endsWith('.ndjson')) return { path, replications: replicationsIn(text, name) };
  const { studyIn } = await import('../read-study.ts');
  const study = studyIn(parsedJson(text, name), name);
  return study === undefined ? { path, run: runIn(text, name) } : { path, study };
}

/** Every replication once, in order. A torn last line is one that was not made; a damaged one is an error. */
function replicationsIn(text: string, name: string): readonly Replication[] {
  const { header, records, damaged } = readRecords(text);
  if (header === undefined) throw new InputError(`"${name}" holds no replications: its first line is no header`);
  const [bad] = damaged;
  if (bad !== undefined) throw new InputError(`${name}:${bad.line}: ${bad.reason}; resume the study to make it again`);
  const book = new RecordBook();
  for (const { line, replication } of records) book.add(replication, `${name}:${line}`);
  return book.sorted();
}

function readPattern(text: string): RegExp {
  try {
    return new RegExp(text);
  } catch (error) {
    throw new InputError(`--metrics: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function oneOf<Name extends string>(option: string, got: string, known: readonly Name[]): Name {
  if ((known as readonly string[]).includes(got)) return got as Name;
  const hint = didYouMean(got, known);
  throw new InputError(`${option}: expected one of ${known.join(', ')}, got "${got}"${hint}`);
}

async function write(content: string | Uint8Array, out: string | undefined, context: CommandContext): Promise<void> {
  if (out === undefined) {
    context.stdout.write(content as string);
    return;
  }
  const path = await writablePath(out, context.folder);
  await writeFile(path, content).catch((error: unknown) => {
    throw unwritable(out, error);
  });
  context.stderr.write(`${out}: ${Math.ceil(content.length / 1024)} KiB\n`);
}

/** Where a file goes, after a look at its folder: a long run is not to be lost to a wrong path. */
async function writablePath(out: string, from: string): Promise<string> {
  const path = resolve(from, out);
  const folder = await stat(dirname(path)).catch(() => undefined);
  if (folder?.isDirectory() !== true) {
    throw new InputError(`cannot write "${out}": there is no folder "${dirname(out)}"; make it first`);
  }
  const there = await stat(path).catch(() => undefined);
  if (there?.isDirectory() === true) throw new InputError(`cannot write "${out}": it is a folder; name a file in it`);
  await access(there === undefined ? dirname(path) : path, constants.W_OK).catch((error: unknown) => {
    throw unwritable(out, error);
  });
  return path;
}

function unwritable(out: string, error: unknown): InputError {
  return new InputError(`cannot write "${out}": ${error instanceof Error ? error.message : String(error)}`);
}
