/** `replay`: one run of a scenario, or several under seeds of their own. */
import {
  forestChart,
  plainStyle,
  replicatedResult,
  replicationRows,
  replicationsText,
  reportContent,
  reportText,
  runChart,
  runRows,
  seedAt,
  summariseMeasures,
  type CauseLink,
  type ChartSpec,
  type Kpis,
  type OneClusterOptions,
  type ReplicatedResult,
  type Replication,
  type Row,
  type RunResult,
  type RunTable,
  type Series,
  type SummarisedValues,
  type TimelineEntry,
} from '@brownout/scenarios';
import { changedScenario, secondsOf, type ScenarioChanges, type ScenarioSource } from './scenario.ts';
import { Beside, keyMeasures } from './beside.ts';
import { watched, withRuns, type RunsOptions } from './runs.ts';
import { Chart, contentHtml, escaped, Shown } from './shown.ts';

/** What is run, and how. */
export interface ReplayOptions extends ScenarioChanges, RunsOptions {
  /** Default 1. Of several runs, the seed of the first; see `seedAt`. */
  readonly seed?: string | number;
  /** Ends runs this long after the trigger: seconds, or a time such as "2h". Default the scenario's horizon. */
  readonly until?: string | number;
}

/** One run, and the views of it. */
export class Run extends Shown<RunResult> {
  get kpis(): Kpis {
    return this.result.kpis;
  }

  get timeline(): readonly TimelineEntry[] {
    return this.result.timeline;
  }

  get series(): Series {
    return this.result.series;
  }

  /** The chain of causes, from the first user request that failed back to the trigger; empty when none failed. */
  why(): readonly CauseLink[] {
    return this.result.causes;
  }

  text(width: number = 100): string {
    return reportText(this.result, { width, style: plainStyle });
  }

  /** `series` (default), `timeline`, `kpis`, `causes` or `assumptions`. */
  rows(table: RunTable = 'series'): Row[] {
    return runRows(this.result, table);
  }

  /**
   * `overview` (default), `timeline`, `causes`, `latencies`, `seats`, or a measure over time such as `saturation`; those of one
   * cluster show the worst unless `cluster` is given.
   */
  toVegaLite(chart: string = 'overview', options: OneClusterOptions = {}): ChartSpec {
    return runChart(this.result, chart, options);
  }

  override chart(of: string = 'overview', options: OneClusterOptions = {}): Chart {
    return new Chart(this.toVegaLite(of, options));
  }

  override async toSVG(of: string = 'overview', options: OneClusterOptions = {}): Promise<string> {
    return await this.chart(of, options).toSVG();
  }

  /** This run beside another one of the same scenario: curves in the same panels, KPIs with what changed. */
  beside(baseline: Run): Beside {
    return new Beside({ baseline: baseline.result, run: this.result });
  }

  protected override summary(): string {
    const { outcome, measures } = reportContent(this.result);
    return `<p>${escaped(outcome)}</p>${contentHtml(keyMeasures(measures))}`;
  }
}

/** Several runs of one scenario, and what they say together. */
export class Replications extends Shown<ReplicatedResult> {
  /** By seed, in order. */
  readonly runs: readonly Replication[];
  /** The run of the first seed, whole. */
  readonly first: Run;

  constructor(first: RunResult, runs: readonly Replication[]) {
    super(replicatedResult(first, runs, []));
    this.first = new Run(first);
    this.runs = runs;
  }

  /** Every KPI over all runs: median with its interval, mean, quantiles, how often it did not happen. */
  get kpis(): SummarisedValues {
    return summariseMeasures(this.runs);
  }

  text(width: number = 100): string {
    const seeds = [this.runs[0]!.seed, this.runs.at(-1)!.seed] as const;
    return replicationsText(this.kpis, { width, style: plainStyle, seeds });
  }

  /** One row for each run. */
  rows(): Row[] {
    return replicationRows(this.runs);
  }

  /** Medians of the times of the outage with their intervals. */
  toVegaLite(): ChartSpec {
    const times = ['firstAlert', 'firstUserError', 'peakImpact', 'firstClusterRecovered', 'lastClusterRecovered'];
    const rows = times.flatMap((name) => {
      const { median, lo, hi } = this.kpis[name] ?? { median: null, lo: null, hi: null };
      if (median === null) return [];
      return [{ label: name, estimate: median / 60, low: (lo ?? median) / 60, high: hi === null ? Infinity : hi / 60 }];
    });
    return forestChart(rows, {
      title: `${this.first.result.title}: median times of ${this.runs.length} runs`,
      axis: 'minutes after the trigger, with the interval of the median',
      isDifference: false,
    });
  }
}

/** Runs a scenario once. */
export function replay(
  source: ScenarioSource,
  options?: ReplayOptions & { readonly replications?: undefined },
): Promise<Run>;
/** Runs a scenario under several seeds. */
export function replay(
  source: ScenarioSource,
  options: ReplayOptions & { readonly replications: number },
): Promise<Replications>;
export async function replay(
  source: ScenarioSource,
  options: ReplayOptions & { readonly replications?: number | undefined } = {},
): Promise<Run | Replications> {
  const { document, applied } = await changedScenario(source, options);
  const { replications = 1 } = options;
  if (!(Number.isSafeInteger(replications) && replications >= 1)) {
    throw new RangeError(`replay: replications must be a whole number >= 1, got ${replications}`);
  }
  const untilSeconds = secondsOf(options.until);
  const seed = String(options.seed ?? 1);
  const wanted = Array.from({ length: replications }, (_, index) => ({
    document,
    seed: seedAt(seed, index),
    ...(untilSeconds === undefined ? {} : { untilSeconds }),
  }));
  let first: RunResult | undefined;
  const runs = await withRuns(options, (maker) =>
    maker.make(wanted, { ...watched(options), resultsOf: [0], onResult: (result) => (first = result) }),
  );
  const told: RunResult = { ...first!, mitigations: applied };
  return options.replications === undefined ? new Run(told) : new Replications(told, runs);
}
