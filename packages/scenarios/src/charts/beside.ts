/** Runs of one scenario in the same panels: what a change changed, minute by minute. */
import { panelFrame, panels, valueAxis, whichOf, type ChartedRun, type Panel } from './over-time.ts';
import { chart, type ChartPart, type ChartSize, type ChartSpec, type Json } from './spec.ts';
import { columnsOf, rowsOf, timeAxis } from './time-axis.ts';

/** A run, and what it is called in the legend. */
export interface NamedRun {
  readonly name: string;
  readonly run: ChartedRun;
}

/** Panels of the overview, from the users down to the cause. */
const shown = ['user-errors', 'dns', 'api-success', 'saturation', 'memory'];

/**
 * The runs beside each other, the first one's clock below: one panel by its id, or with `overview` (default) those in which
 * something happened. Colours tell runs apart, and so do dashes; more than one cluster or product gives a line for each.
 * Throws RangeError without runs and for a panel that is not known.
 */
export function besideChart(runs: readonly NamedRun[], id: string = 'overview', size: ChartSize = {}): ChartSpec {
  const [first] = runs;
  if (first === undefined) throw new RangeError('besideChart: expected at least one run, got none');
  const known = ['overview', ...panels.map((one) => one.id)];
  if (!known.includes(id)) throw new RangeError(`besideChart: expected one of ${known.join(', ')}, got "${id}"`);
  const wanted = id === 'overview' ? shown : [id];
  const named = panels.filter((panel) => wanted.includes(panel.id));
  const moving = named.filter((panel) => isMoving(runs, panel));
  // Where nothing happened, that is what is shown.
  const chosen = moving.length === 0 ? named.slice(0, 1) : moving;
  if (chosen.length === 1) return chart(besidePart(runs, chosen[0]!, size, true));
  return chart({
    title: { text: first.run.title, anchor: 'start', fontSize: 15 },
    spacing: 14,
    vconcat: chosen.map((panel, index) => besidePart(runs, panel, size, index === chosen.length - 1)),
    resolve: { legend: { color: 'shared' } },
  });
}

/** Whether any line of any run leaves the value it begins with. */
function isMoving(runs: readonly NamedRun[], panel: Panel): boolean {
  return runs.some(({ run }) =>
    columnsOf(run, panel.column).some(({ column }) => {
      const [first, ...others] = run.series.columns[column] ?? [];
      return others.some((value) => value !== first);
    }),
  );
}

function besidePart(runs: readonly NamedRun[], panel: Panel, size: ChartSize, isLast: boolean): ChartPart {
  const values = runs.flatMap(({ name, run }) => namedRows(name, run, panel));
  const names = runs.map(({ name }) => name);
  return {
    ...panelFrame(panel, size),
    data: { values },
    encoding: {
      x: timeAxis(runs[0]!.run, isLast),
      y: valueAxis(panel),
      color: { field: 'run', type: 'nominal', title: null, sort: names },
      strokeDash: { field: 'run', type: 'nominal', legend: null, sort: names },
      detail: { field: 'line' },
    },
  };
}

function namedRows(name: string, run: ChartedRun, panel: Panel): readonly Json[] {
  const rows = rowsOf(run, columnsOf(run, panel.column), whichOf(panel)) as readonly Readonly<Record<string, Json>>[];
  return rows.map((row) => ({ ...row, run: name }));
}
