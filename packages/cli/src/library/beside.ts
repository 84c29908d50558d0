/** Two runs of one scenario beside each other: what a change changed. */
import {
  besideChart,
  measureDefinitions,
  measureValues,
  reportContent,
  type ChartSpec,
  type ContentTable,
  type Row,
  type RunResult,
} from '@brownout/scenarios';
import { contentHtml, escaped, Shown, tableText } from './shown.ts';

/** Two runs. */
export interface BesideResult {
  readonly baseline: RunResult;
  readonly run: RunResult;
}

/** KPIs that are shown below a picture. */
const keyNames = [
  'firstSaturation',
  'firstAlert',
  'firstUserError',
  'peakErrorShare',
  'outageSeconds',
  'lockoutSeconds',
  'clustersLost',
  'lastClusterRecovered',
  'apiServerOomKills',
];

/** Of a table of all KPIs those that a glance needs. */
export function keyMeasures({ columns, rows }: ContentTable): ContentTable {
  const titles = measureDefinitions.filter(({ name }) => keyNames.includes(name)).map(({ title }) => title);
  return { columns, rows: rows.filter(([title = '']) => titles.includes(title)) };
}

/** Two runs, and the views of them. */
export class Beside extends Shown<BesideResult> {
  text(): string {
    return tableText(reportContent(this.result.run, this.result.baseline).measures);
  }

  /** One row for each KPI. */
  rows(): Row[] {
    const [before, after] = [measureValues(this.result.baseline), measureValues(this.result.run)];
    return Object.entries(after).map(([measure, value]) => ({
      measure,
      baseline: before[measure] ?? null,
      run: value,
    }));
  }

  /** Both runs in the panels of the overview (default), or in one, such as `user-errors`. */
  toVegaLite(panel: string = 'overview'): ChartSpec {
    const { baseline, run } = this.result;
    const [before, after] = [nameOf(baseline, 'baseline'), nameOf(run, 'this run')];
    // Two runs that differ in something else than mitigations need two names all the same.
    const named = after === before ? `this run: ${after}` : after;
    return besideChart(
      [
        { name: before, run: baseline },
        { name: named, run },
      ],
      panel,
    );
  }

  protected override summary(): string {
    const { outcome, measures } = reportContent(this.result.run, this.result.baseline);
    return `<p>${escaped(outcome)}</p>${contentHtml(keyMeasures(measures))}`;
  }
}

function nameOf({ mitigations }: RunResult, otherwise: string): string {
  return mitigations.length === 0 ? otherwise : mitigations.map(({ id }) => id).join(' + ');
}
