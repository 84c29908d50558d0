/** Studies over many runs: `compare`, `sweep`, `tip` and `plan`, on all cores. */
import { median } from '@brownout/core';
import {
  applyMitigations,
  compare as compareStudy,
  compareText,
  forestChart,
  heatMapChart,
  mitigationCostRanks,
  mitigations,
  parseChoice,
  parseCondition,
  parseMitigationList,
  parseScenario,
  parseTipAxis,
  parseVary,
  plainStyle,
  plan as planStudy,
  planText,
  questionOf,
  sweep as sweepStudy,
  sweepText,
  tip as tipStudy,
  tipText,
  type ChartSpec,
  type CompareOptions as CompareStudyOptions,
  type CompareResult,
  type PlanOptions as PlanStudyOptions,
  type PlanResult,
  type Row,
  type ScenarioDocument,
  type SweepOptions as SweepStudyOptions,
  type SweepResult,
  type TipOptions as TipStudyOptions,
  type TipResult,
  type Variant,
} from '@brownout/scenarios';
import { conducted, type RunsOptions } from './runs.ts';
import { changedScenario, secondsOf, type ScenarioChanges, type ScenarioSource } from './scenario.ts';
import { Shown } from './shown.ts';

/** What all studies take. */
export interface StudyOptions extends ScenarioChanges, RunsOptions {
  /** Of the first run, default 1. Variants share their seeds. */
  readonly seed?: string | number;
  /** Ends runs this long after the trigger: seconds, or a time such as "2h". */
  readonly until?: string | number;
}

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
    return this.result.variants.flatMap(({ name, values, digests }) =>
      digests.map((digest, index) => ({
        variant: name,
        replication: index + 1,
        digest,
        ...Object.fromEntries(Object.entries(values).map(([measure, column]) => [measure, column[index] ?? null])),
      })),
    );
  }

  /** Differences from the baseline of one measure (default the first), with their intervals. */
  toVegaLite(measure: string = this.result.measures[0]!.measure): ChartSpec {
    const compared = this.result.measures.find((one) => one.measure === measure);
    if (compared === undefined) {
      const known = this.result.measures.map((one) => one.measure).join(', ');
      throw new RangeError(`toVegaLite: expected one of ${known}, got "${measure}"`);
    }
    const rows = compared.comparison.variants.map(({ name, difference, lo, hi }) => ({
      label: name,
      estimate: difference ?? (lo === null ? -Infinity : Infinity),
      low: lo ?? -Infinity,
      high: hi ?? Infinity,
    }));
    return forestChart(rows, { title: `${this.result.title}: ${measure} beside the baseline`, axis: 'difference' });
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

  /** One row for each point, with the median of each measure. */
  rows(): Row[] {
    const { factors, measures } = this.result;
    return this.result.rows.map(({ point, values }) => ({
      ...Object.fromEntries(factors.map((factor, index) => [factor, point[index] ?? null])),
      ...Object.fromEntries(measures.map((measure) => [measure, medianOf(values[measure] ?? [])])),
    }));
  }

  /** A heat map over the first two parameters, or a strip over the only one. */
  toVegaLite(measure: string = this.result.measures[0]!): ChartSpec {
    const [x, y] = this.result.factors;
    const cells = this.rows().map((row) => ({
      x: row[x!] as string | number,
      y: y === undefined ? '' : (row[y] as string | number),
      value: row[measure] as number | null,
    }));
    return heatMapChart(cells, { title: `${this.result.scenario}: ${measure}`, x: x!, y: y ?? '', value: measure });
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

/** What is searched. */
export interface TipOptions
  extends StudyOptions,
    Pick<TipStudyOptions, 'confidence' | 'tolerance' | 'budget' | 'batch'> {
  /** The number that is varied: `path=a..b`, or a mitigation's parameter. */
  readonly vary: string;
  /** What is asked of each run, such as `outageSeconds > 5 min`. */
  readonly when: string;
}

/** Where a scenario tips over. */
export class Tipped extends Shown<TipResult> {
  /** The tipping point as it is written in a document, with its interval; `null` where none was found in the range. */
  get value(): { readonly value: string | null; readonly low: string | null; readonly high: string | null } {
    return this.result.written;
  }

  text(width: number = 100): string {
    return tipText(this.result, { width, style: plainStyle });
  }

  /** One row for each run of the search. */
  rows(): Row[] {
    return this.result.runs.map(({ value, written, seed, isYes, measure }) => ({
      value,
      written,
      seed,
      isYes,
      measure,
    }));
  }

  /** Every run: where it was, and whether it tipped over. */
  toVegaLite(): ChartSpec {
    const cells = this.result.runs.map(({ value, seed, isYes }) => ({ x: value, y: seed, value: isYes ? 1 : 0 }));
    return heatMapChart(cells, {
      title: `${this.result.title}: ${this.result.when}`,
      x: this.result.path,
      y: 'seed',
      value: 'tipped',
    });
  }
}

/** Searches the value of a number at which a scenario tips over. */
export async function tip(source: ScenarioSource, options: TipOptions): Promise<Tipped> {
  const { document } = await changedScenario(source, options);
  const { confidence, tolerance, budget, batch } = options;
  const study = tipStudy(document, {
    axis: parseTipAxis(document, options.vary, mitigations),
    question: questionOf(parseCondition(options.when, document)),
    ...seedAndEnd(options),
    ...stated({ confidence, tolerance, budget, batch }),
  });
  return new Tipped(await conducted(study, options));
}

/** What is planned. */
export interface PlanOptions
  extends StudyOptions,
    Pick<PlanStudyOptions, 'most' | 'chance' | 'confidence' | 'runnersUp' | 'harm'> {
  /** Conditions that must hold, such as `outageSeconds < 5 min`. */
  readonly goal: string | readonly string[];
  /** Mitigations to choose from, as the command takes them: `id[:name=a,b,c]`. */
  readonly choose: readonly string[];
}

/** The cheapest set of mitigations that meets a goal. */
export class Planned extends Shown<PlanResult> {
  /** The cheapest set, as `--mitigate` takes it; `null` when none meets the goal. */
  get best(): string | null {
    return this.result.best === null ? null : this.result.rows[this.result.best]!.set;
  }

  text(width: number = 100): string {
    return planText(this.result, { width, style: plainStyle });
  }

  /** One row for each set. */
  rows(): Row[] {
    return this.result.rows.map(({ set, cost, verdict, hits, count, low, high, medians }) => ({
      set,
      cost,
      verdict,
      hits,
      count,
      low,
      high,
      ...medians,
    }));
  }

  /** The share of runs that meet the goal, by set. */
  toVegaLite(): ChartSpec {
    const rows = this.result.rows
      .filter(({ count }) => count > 0)
      .map(({ set, hits, count, low, high }) => ({
        label: set === '' ? 'as it is' : set,
        estimate: hits / count,
        low: low ?? 0,
        high: high ?? 1,
      }));
    return forestChart(rows, {
      title: `${this.result.title}: ${this.result.goals.join(' and ')}`,
      axis: 'share of runs',
    });
  }
}

/** Searches the cheapest set of mitigations with which a goal is met. */
export async function plan(source: ScenarioSource, options: PlanOptions): Promise<Planned> {
  const { document } = await changedScenario(source, options);
  const goals = typeof options.goal === 'string' ? [options.goal] : options.goal;
  const { most, chance, confidence, runnersUp, harm } = options;
  const study = planStudy(document, {
    goals: goals.map((text) => parseCondition(text, document)),
    choices: options.choose.flatMap((text) => parseChoice(text, mitigations, mitigationCostRanks)),
    ...seedAndEnd(options),
    ...stated({ most, chance, confidence, runnersUp, harm }),
  });
  return new Planned(await conducted(study, options));
}

/** What did not happen ranks last, and is `null` again. */
function medianOf(values: readonly (number | null)[]): number | null {
  if (values.length === 0) return null;
  const middle = median(values.map((value) => value ?? Infinity));
  return Number.isFinite(middle) ? middle : null;
}

function seedAndEnd({ seed, until }: StudyOptions): { readonly seed: string; readonly untilSeconds?: number } {
  const untilSeconds = secondsOf(until);
  return { seed: String(seed ?? 1), ...(untilSeconds === undefined ? {} : { untilSeconds }) };
}

/** Without what was not said, so that defaults hold. */
function stated<T extends object>(options: T): { [Name in keyof T]?: Exclude<T[Name], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as never;
}
