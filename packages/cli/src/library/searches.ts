/** `tip` and `plan`: where a scenario tips over, and the cheapest set of mitigations with which it does not. */
import {
  forestChart,
  mitigationCostRanks,
  mitigations,
  parseChoice,
  parseCondition,
  parseTipAxis,
  plainStyle,
  plan as planStudy,
  planRows,
  planText,
  questionOf,
  tip as tipStudy,
  tipChart,
  tipRows,
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
import { escaped, Shown } from './shown.ts';
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
    return tipRows(this.result);
  }

  /** Every run: where it was, what it measured, and whether it tipped over; shaded is the interval. */
  toVegaLite(): ChartSpec {
    return tipChart(this.result);
  }

  /** Without the list of all values, which the picture shows. */
  protected override summary(): string {
    return `<pre>${escaped(this.text().split(/\n\n(?= *value )/)[0]!)}</pre>`;
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
    return planRows(this.result);
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
      isDifference: false,
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
