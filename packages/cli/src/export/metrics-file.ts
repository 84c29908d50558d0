/**
 * Metrics of a run as one OpenMetrics file. A family's samples must stand together, and a run has too many of them to be kept
 * in memory: each family is written to a file of its own while the run lasts, and the files are joined at its end.
 */
import {
  endOfMetrics,
  epochOf,
  openMetricsHead,
  openMetricsSamples,
  simulatedLabels,
  type Labels,
  type MetricDefinition,
  type MetricFamily,
  type Scrape,
} from '@brownout/scenarios';
import { closeSync, copyFileSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What goes into the file. */
export interface MetricsFileOptions {
  /** The trigger of the run, ISO 8601 with offset: samples carry the time of day of the incident. */
  readonly zero: string;
  /** Names of the metrics that are kept; default all. */
  readonly match?: { test(name: string): boolean };
}

interface FamilyFile {
  readonly definition: MetricDefinition;
  readonly file: number;
  readonly path: string;
  lines: string[];
  length: number;
}

/** What Prometheus itself notes about every target: whether it answered. */
const upMetric: MetricDefinition = {
  name: 'up',
  type: 'gauge',
  help: 'Whether the target answered its scrape.',
  labels: [],
  source: 'prometheus/prometheus, scrape/scrape.go',
  isFilled: true,
};

/** Characters of a family that are kept before they are written. */
const writeFrom = 1 << 20;

/** Gathers scrapes; `finish` writes the file, `discard` gives up. One of them must be called. */
export class MetricsFile {
  readonly #epoch: number;
  readonly #match: MetricsFileOptions['match'];
  readonly #folder: string = mkdtempSync(join(tmpdir(), 'brownout-metrics-'));
  readonly #families: Map<string, FamilyFile> = new Map();
  /** Targets seen so far, by cluster: those that are missing later are down. */
  readonly #targets: Map<string, Map<string, Labels>> = new Map();
  #samples = 0;

  constructor({ zero, match }: MetricsFileOptions) {
    this.#epoch = epochOf(zero);
    this.#match = match;
  }

  /** Samples gathered so far. */
  get sampleCount(): number {
    return this.#samples;
  }

  /** Metrics that have samples. */
  get names(): string[] {
    return [...this.#families.keys()];
  }

  /** What the processes of one cluster answered `t` seconds after the trigger. */
  add(t: number, cluster: string, scrapes: readonly Scrape[]): void {
    const answered = new Map<string, Labels>();
    for (const { job, instance, families } of scrapes) {
      const target = { cluster, job, instance, ...simulatedLabels };
      answered.set(JSON.stringify([job, instance]), target);
      for (const family of families) this.#addFamily(family, target, t);
    }
    const known = this.#targets.get(cluster) ?? new Map<string, Labels>();
    this.#targets.set(cluster, new Map([...known, ...answered]));
    for (const [key, target] of this.#targets.get(cluster)!) {
      const samples = [{ labels: {}, value: answered.has(key) ? 1 : 0 }];
      this.#addFamily({ definition: upMetric, samples }, target, t);
    }
  }

  #addFamily(family: MetricFamily, target: Labels, t: number): void {
    const { definition } = family;
    if (this.#match?.test(definition.name) === false) return;
    const text = openMetricsSamples(family, target, this.#epoch + t);
    if (text !== '') this.#append(this.#fileOf(definition), text);
  }

  /** Writes everything gathered to `path`. */
  finish(path: string): void {
    try {
      const joined = join(this.#folder, 'all');
      const output = openSync(joined, 'w');
      for (const one of [...this.#families.values()].sort(byName)) {
        this.#write(one);
        writeSync(output, openMetricsHead(one.definition));
        writeSync(output, readFileSync(one.path));
      }
      writeSync(output, endOfMetrics);
      closeSync(output);
      copyFileSync(joined, path);
    } finally {
      this.discard();
    }
  }

  /** Removes what was gathered. */
  discard(): void {
    for (const { file } of this.#families.values()) closeSync(file);
    this.#families.clear();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #fileOf(definition: MetricDefinition): FamilyFile {
    let one = this.#families.get(definition.name);
    if (one === undefined) {
      const path = join(this.#folder, `${this.#families.size}`);
      one = { definition, path, file: openSync(path, 'w'), lines: [], length: 0 };
      this.#families.set(definition.name, one);
    }
    return one;
  }

  #append(one: FamilyFile, text: string): void {
    one.lines.push(text);
    one.length += text.length;
    this.#samples += text.split('\n').length - 1;
    if (one.length >= writeFrom) this.#write(one);
  }

  #write(one: FamilyFile): void {
    writeSync(one.file, one.lines.join(''));
    one.lines = [];
    one.length = 0;
  }
}

function byName(a: FamilyFile, b: FamilyFile): number {
  return a.definition.name < b.definition.name ? -1 : 1;
}
