/** From files of a real cluster to documents and costs: what `brownout import` and `brownout calibrate` do, for scripts. */
import {
  calibrate,
  completeDocument,
  forestChart,
  importCluster,
  parseControlPlane,
  parseScenario,
  readImport,
  scenarioTemplates,
  sharesChart,
  sourcesOf,
  type Calibration,
  type ChartSpec,
  type ControlPlaneDocument,
  type Imported,
  type ImportOptions,
  type ImportPart,
  type Row,
  type ScenarioDocument,
  type ScrapePart,
} from '@brownout/scenarios';
import { basename } from 'node:path';
import { readImportFile } from '../import-file.ts';
import { InputError } from '../input-error.ts';
import { Shown, Table } from './shown.ts';

/** Documents made of a cluster's files, and where each of their numbers comes from. */
export class ImportedCluster extends Shown<Imported> {
  /** What was read, file by file. */
  readonly parts: readonly ImportPart[];
  /** The scenario with what its template fills in; undefined without nodes. */
  readonly scenario: ScenarioDocument | undefined;
  /** A control plane under the load that was seen; undefined without requests. */
  readonly load: ControlPlaneDocument | undefined;

  constructor(parts: readonly ImportPart[], imported: Imported) {
    super(imported);
    const completed = imported.scenario && completeDocument(imported.scenario, scenarioTemplates);
    if (completed !== undefined) parseScenario(completed, 'the imported scenario');
    if (imported.controlPlane !== undefined) parseControlPlane(imported.controlPlane, 'the imported load');
    this.parts = parts;
    this.scenario = completed as ScenarioDocument | undefined;
    this.load = imported.controlPlane;
  }

  /** How much came from files, and what an import could not know. */
  text(): string {
    const rows = this.rows();
    const measured = rows.filter(({ source }) => source === 'measured').length;
    const { leftOut, notes } = this.result.report;
    const requests = leftOut.reduce((sum, one) => sum + one.requests, 0);
    return [
      `${measured} numbers come from ${this.parts.length} files, ${rows.length - measured} are assumed`,
      `${requests} requests are not replayed (see result.report.leftOut)`,
      ...notes.map((note) => `Note: ${note}`),
    ].join('\n');
  }

  /** One row for each number: where it stands, and which file said it or that it is assumed. */
  rows(): Row[] {
    const { imported, assumed } = this.result.report;
    // The template says of what it fills in where it comes from; only what is about this cluster is worth replacing.
    const ofTemplate = sourcesOf(this.scenario ?? {})
      .filter(({ path, source }) => source !== 'measured' && /^(clusters|agent)\b/.test(path))
      .map((number) => ({ document: 'scenario', ...number }));
    // Every stored object has a row; they are counted, not listed.
    const said = imported.filter(({ path }) => !/^stored\.\w+\.stored$/.test(path));
    const ofLoad = assumed.filter(({ document }) => document === 'load');
    return [
      ...said.map((number) => ({ source: 'measured', ...number })),
      ...ofTemplate,
      ...ofLoad.map((number) => ({ source: 'assumed', ...number })),
    ].map(({ document, path, text, source, note }) => ({ document, path, value: text, source, note }));
  }

  /** How many numbers of each document came from files. */
  toVegaLite(): ChartSpec {
    const rows = this.rows().map(({ document, source }) => ({ label: String(document), part: String(source) }));
    return sharesChart(rows, { title: 'Where the numbers come from', axis: 'numbers' });
  }
}

/**
 * Makes documents of saved files: kubectl lists, flags, flow control, scrapes, answers of Prometheus, audit logs; plain or
 * gzip. What a file is, is told by its content. Paths start at the current folder. Throws `InputError` or `DocumentError`.
 */
export async function importFiles(files: readonly string[], options: ImportOptions = {}): Promise<ImportedCluster> {
  const parts: ImportPart[] = [];
  for (const file of files) parts.push(await read(file));
  return new ImportedCluster(parts, importCluster(parts, options));
}

/** One file. Numbers name it without its folders. */
async function read(file: string): Promise<ImportPart> {
  return readImport({ ...(await readImportFile(file, process.cwd())), name: basename(file) });
}

/** What requests cost on an API server. */
export class Calibrated extends Shown<Calibration> {
  /** What could be determined, and what not, with why. */
  text(): string {
    const rows = this.rows();
    const known = rows.filter(({ ms, cpuMs }) => ms !== null || cpuMs !== null);
    const unknown = rows.filter((row) => !known.includes(row));
    return [
      new Table(known, ['request', 'count', 'ms', 'low', 'high', 'cpuMs']).text(),
      ...(unknown.length === 0 ? [] : ['', 'Could not be determined:']),
      ...unknown.map(({ request, why }) => `  ${String(request)}: ${String(why)}`),
      '',
      ...this.result.notes.map((note) => `Note: ${note}`),
    ].join('\n');
  }

  /** One row for each verb and resource. */
  rows(): Row[] {
    return this.result.requests.map(({ verb, resource, count, milliseconds, cpuMilliseconds, why }) => ({
      request: `${verb} ${resource}`,
      count,
      ms: milliseconds?.value ?? null,
      low: milliseconds?.low ?? null,
      high: milliseconds?.high ?? null,
      cpuMs: cpuMilliseconds?.value ?? null,
      why: why.join('; '),
    }));
  }

  /** Durations that could be determined, with their intervals. */
  toVegaLite(): ChartSpec {
    const rows = this.result.requests.flatMap(({ verb, resource, milliseconds }) =>
      milliseconds === undefined
        ? []
        : [
            {
              label: `${verb} ${resource}`,
              estimate: milliseconds.value,
              low: milliseconds.low,
              high: milliseconds.high,
            },
          ],
    );
    return forestChart(rows, {
      title: 'What requests cost on this API server',
      axis: 'milliseconds inside the server, with their 95 % intervals',
      isDifference: false,
    });
  }
}

/** Calibrates from scrapes of `/metrics` of one process. `seconds` lies between two of them; default as the pages say. */
export async function calibrateFiles(files: readonly string[], seconds?: number): Promise<Calibrated> {
  const pages: ScrapePart[] = [];
  for (const file of files) {
    const part = await read(file);
    if (part.kind !== 'scrape') throw new InputError(`${file}: expected a scrape of /metrics, got ${part.kind}`);
    pages.push(part);
  }
  return new Calibrated(calibrate(pages, seconds));
}
