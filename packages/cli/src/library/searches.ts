/** `tip` and `plan`: where a scenario tips over, and the cheapest set of mitigations with which it does not. */
import {
  forestChart,
  heatMapChart,
  mitigationCostRanks,
  mitigations,
  parseChoice,
  parseCondition,
  parseTipAxis,
  plainStyle,
  plan as planStudy,
  planText,
  questionOf,
  tip as tipStudy,
  tipText,
  type ChartSpec,
  type PlanOptions as PlanStudyOptions,
  type PlanResult,
  type Row,
  type TipOptions as TipStudyOptions,
  type TipResult,
} from '@brownout/scenarios';
import { conducted } from './runs.ts';
import { changedScenario, type ScenarioSource } from './scenario.ts';
import { Shown } from './shown.ts';
import { seedAndEnd, stated, type StudyOptions } from './study.ts';

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
