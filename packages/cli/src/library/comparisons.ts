/** `compare` and `sweep`: what differs between variants of a scenario, and over the values of a few parameters. */
import {
  applyMitigations,
  compare as compareStudy,
  compareRows,
  compareText,
  curveChart,
  forestChart,
  heatMapChart,
  measureKind,
  mitigations,
  parseMitigationList,
  parseScenario,
  parseVary,
  plainStyle,
  sweep as sweepStudy,
  sweepRows,
  sweepText,
  type ChartSpec,
  type CompareOptions as CompareStudyOptions,
  type CompareResult,
  type Row,
  type ScenarioDocument,
  type SweepOptions as SweepStudyOptions,
  type SweepResult,
  type Variant,
} from '@brownout/scenarios';
import { conducted } from './runs.ts';
import { changedScenario, type ScenarioSource } from './scenario.ts';
import { escaped, Shown } from './shown.ts';
import { seedAndEnd, stated, type StudyOptions } from './study.ts';

/** What is compared. */
export interface CompareOptions
  extends StudyOptions,
    Pick<CompareStudyOptions, 'replications' | 'precision' | 'measures' | 'level'> {
  /** Mitigation lists as the command takes them, or by name what is to be done to the scenario: a list or a finished document. */
  readonly variants: readonly string[] | Readonly<Record<string, string | ScenarioDocument>>;
}

/** Variants beside their baseline. */
export class Compared extends Shown<CompareResult> {
  text(width: number = 100): string {
    return compareText(this.result, { width, style: plainStyle });
  }

  /** One row for each run of each variant. */
  rows(): Row[] {
    return compareRows(this.result);
  }

  /** Differences from the baseline of one measure (default the first), with their intervals. */
  toVegaLite(measure: string = this.result.measures[0]!.measure): ChartSpec {
    const compared = this.result.measures.find((one) => one.measure === measure);
    if (compared === undefined) {
      const known = this.result.measures.map((one) => one.measure).join(', ');
      throw new RangeError(`toVegaLite: expected one of ${known}, got "${measure}"`);
    }
    const [unit, factor] = unitOf(measure);
    const rows = compared.comparison.variants.map(({ name, difference, lo, hi }) => ({
      label: name,
      estimate: factor * (difference ?? (lo === null ? -Infinity : Infinity)),
      low: factor * (lo ?? -Infinity),
      high: factor * (hi ?? Infinity),
    }));
    const title = `${this.result.title}: ${measure} beside the baseline`;
    return forestChart(rows, { title, axis: `difference${unit === '' ? '' : `, ${unit}`}` });
  }

  /** The first measure alone; `text()` has them all. */
  protected override summary(): string {
    const first: CompareResult = { ...this.result, measures: this.result.measures.slice(0, 1) };
    return `<pre>${escaped(compareText(first, { width: 100, style: plainStyle }))}</pre>`;
  }
}

/** In which unit differences are drawn, and what they are multiplied by for that. */
function unitOf(measure: string): readonly [unit: string, factor: number] {
  switch (measureKind(measure)) {
    case 'moment':
    case 'span':
      return ['minutes', 1 / 60];
    case 'share':
      return ['percentage points', 100];
    case 'bytes':
      return ['GiB', 2 ** -30];
    default:
      return ['', 1];
  }
}

/** Compares variants of a scenario with it, pair by pair under the same seeds. */
export async function compare(source: ScenarioSource, options: CompareOptions): Promise<Compared> {
  const { document, changes } = await changedScenario(source, options);
  const named: readonly (readonly [string, string | ScenarioDocument])[] = Array.isArray(options.variants)
    ? options.variants.map((list: string) => [list, list] as const)
    : Object.entries(options.variants as Readonly<Record<string, string | ScenarioDocument>>);
  const variants: Variant[] = [
    { name: 'baseline', document, changes },
    ...named.map(([name, what]) => variantOf(document, name, what)),
  ];
  const { replications, precision, measures, level } = options;
  const study = compareStudy(variants, {
    ...seedAndEnd(options),
    ...stated({ replications, precision, measures, level }),
  });
  return new Compared(await conducted(study, options));
}

function variantOf(document: ScenarioDocument, name: string, what: string | ScenarioDocument): Variant {
  if (typeof what !== 'string') {
    parseScenario(what, name);
    return { name, document: what, changes: [] };
  }
  const { document: changed, applied } = applyMitigations(document, parseMitigationList(what, mitigations));
  parseScenario(changed, name);
  return { name, document: changed, changes: applied.flatMap(({ difference }) => difference) };
}

/** What is swept. */
export interface SweepOptions
  extends StudyOptions,
    Pick<SweepStudyOptions, 'design' | 'points' | 'replications' | 'measures' | 'level'> {
  /** As the command takes it: `path=a..b:n`, `path=a,b,c`; one or several. */
  readonly vary: string | readonly string[];
}

/** A scenario at many points of a few parameters. */
export class Swept extends Shown<SweepResult> {
  text(width: number = 100): string {
    return sweepText(this.result, { width, style: plainStyle });
  }

  /** One row for each point: its parameters, and of each measure the value, its interval and how often it did not happen. */
  rows(): Row[] {
    return sweepRows(this.result);
  }

  /** A heat map over the first two parameters; over the only one a curve, or a strip where it is no number. */
  toVegaLite(measure: string = this.result.measures[0]!): ChartSpec {
    if (!this.result.measures.includes(measure)) {
      throw new RangeError(`toVegaLite: expected one of ${this.result.measures.join(', ')}, got "${measure}"`);
    }
    const [x, y] = this.result.factors;
    const title = `${this.result.scenario}: ${measure}`;
    const points = this.rows().map((row) => ({
      x: row[x!] as number,
      value: row[measure] as number | null,
      low: (row[`${measure}.low`] ?? null) as number | null,
      high: (row[`${measure}.high`] ?? null) as number | null,
    }));
    if (y === undefined && points.every((point) => typeof point.x === 'number')) {
      return curveChart(points, { title, x: x!, y: measure });
    }
    const cells = this.rows().map((row) => ({
      x: row[x!] as string | number,
      y: y === undefined ? '' : (row[y] as string | number),
      value: row[measure] as number | null,
    }));
    return heatMapChart(cells, { title, x: x!, y: y ?? '', value: measure });
  }
}

/** Runs a scenario at many points of a few parameters, all under the same seeds. */
export async function sweep(source: ScenarioSource, options: SweepOptions): Promise<Swept> {
  const { document } = await changedScenario(source, options);
  const texts = typeof options.vary === 'string' ? [options.vary] : options.vary;
  const { design, points, replications, measures, level } = options;
  const study = sweepStudy(document, {
    factors: texts.map((text) => parseVary(document, text)),
    ...seedAndEnd(options),
    ...stated({ design, points, replications, measures, level }),
  });
  return new Swept(await conducted(study, options));
}
